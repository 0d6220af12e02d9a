package org.arrownpz.flight;

import java.time.Duration;
import java.util.List;

/** The bounds of calls, each and all together. Immutable and safe for use by several threads. */
public final class ServerLimits implements Cloneable {
    private static final ServerLimits DEFAULTS = new ServerLimits();

    private int batchBytes = 2 << 20;
    private int maxMessageBytes = 64 << 20;
    private Duration stall = Duration.ofMinutes(1);
    private int callsPerConnection = 64;
    private int streams = 256;
    private int queries = 4;
    private long queryMemoryBytes = 1L << 30;
    private long queryRows = Long.MAX_VALUE;
    private long queryBytes = Long.MAX_VALUE;
    private Duration queryTime = Duration.ofMinutes(10);
    private Duration queryProcessorTime = Duration.ofHours(1);
    private int callerStreams = Integer.MAX_VALUE;
    private int callerQueries = Integer.MAX_VALUE;
    private int callerPuts = Integer.MAX_VALUE;
    private long callerBytes = Long.MAX_VALUE;
    private long putBytes = Long.MAX_VALUE;
    private int putFiles = Integer.MAX_VALUE;

    private ServerLimits() {}

    /**
     * Batches of 2 MiB, messages to 64 MiB, a minute for clients that stall, 64 calls of a connection and 256 streams in
     * all, four queries of 1 GiB, ten minutes and an hour of processors each, results of any length; no bounds of one caller,
     * and none of what is put.
     */
    public static ServerLimits defaults() {
        return DEFAULTS;
    }

    /** Sends batches of about so many bytes, all columns together. */
    public ServerLimits withBatchBytes(int value) {
        ServerLimits changed = copy();
        changed.batchBytes = value;
        return changed.checked();
    }

    /** Refuses messages of clients that are longer than so many bytes. */
    public ServerLimits withMaxMessageBytes(int value) {
        ServerLimits changed = copy();
        changed.maxMessageBytes = value;
        return changed.checked();
    }

    /** Gives up clients that neither read nor send for so long. */
    public ServerLimits withStall(Duration value) {
        ServerLimits changed = copy();
        changed.stall = value;
        return changed.checked();
    }

    /** Runs so many calls of a connection at a time, and so many streams of all. */
    public ServerLimits withCalls(int newCallsPerConnection, int newStreams) {
        ServerLimits changed = copy();
        changed.callsPerConnection = newCallsPerConnection;
        changed.streams = newStreams;
        return changed.checked();
    }

    /** Runs so many queries at a time, each with so much memory of DuckDB. */
    public ServerLimits withQueries(int newQueries, long newMemoryBytes) {
        ServerLimits changed = copy();
        changed.queries = newQueries;
        changed.queryMemoryBytes = newMemoryBytes;
        return changed.checked();
    }

    /** Ends queries whose results have more rows or bytes, or that take longer. */
    public ServerLimits withResults(long newRows, long newBytes, Duration newTime) {
        ServerLimits changed = copy();
        changed.queryRows = newRows;
        changed.queryBytes = newBytes;
        changed.queryTime = newTime;
        return changed.checked();
    }

    /** Ends queries for which processors, all together, work longer. */
    public ServerLimits withProcessorTime(Duration value) {
        ServerLimits changed = copy();
        changed.queryProcessorTime = value;
        return changed.checked();
    }

    /**
     * Runs so many streams of one caller at a time, and has so many queries of one run or wait; and one begins so many
     * puts in a minute. A caller is the name of a token or of a certificate; without either, all are one.
     */
    public ServerLimits withCallers(int newStreams, int newQueries, int newPuts) {
        ServerLimits changed = copy();
        changed.callerStreams = newStreams;
        changed.callerQueries = newQueries;
        changed.callerPuts = newPuts;
        return changed.checked();
    }

    /** Ends a put when more bytes than these have come of its caller's puts that run. */
    public ServerLimits withCallerBytes(long value) {
        ServerLimits changed = copy();
        changed.callerBytes = value;
        return changed.checked();
    }

    /** Refuses puts with which the files of the served directory, folders aside, had more bytes, or were more. */
    public ServerLimits withPuts(long newBytes, int newFiles) {
        ServerLimits changed = copy();
        changed.putBytes = newBytes;
        changed.putFiles = newFiles;
        return changed.checked();
    }

    private ServerLimits copy() {
        try {
            return (ServerLimits) clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    private ServerLimits checked() {
        for (long count : new long[] {
            batchBytes,
            maxMessageBytes,
            callsPerConnection,
            streams,
            queries,
            queryMemoryBytes,
            queryRows,
            queryBytes,
            callerStreams,
            callerQueries,
            callerPuts,
            callerBytes,
            putBytes,
            putFiles
        }) {
            if (count < 1) {
                throw new IllegalArgumentException("limits are positive");
            }
        }
        for (Duration time : List.of(stall, queryTime, queryProcessorTime)) {
            if (time.isNegative() || time.isZero()) {
                throw new IllegalArgumentException("times are positive");
            }
        }
        return this;
    }

    /** The size of batches that are sent, all columns together. */
    public int batchBytes() {
        return batchBytes;
    }

    /** The longest message that is accepted. */
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    /**
     * The time for which a stream or a put waits for a client that neither reads nor sends; when the server is full it
     * is five seconds at most.
     */
    public Duration stall() {
        return stall;
    }

    /** The number of calls of a connection that run at a time; more wait at the client. */
    public int callsPerConnection() {
        return callsPerConnection;
    }

    /** The number of streams that run at a time, of all clients; more are refused with UNAVAILABLE. */
    public int streams() {
        return streams;
    }

    /** The number of SQL queries that run at a time; more wait for up to 30 seconds. */
    public int queries() {
        return queries;
    }

    /** The memory that DuckDB may take for a query. */
    public long queryMemoryBytes() {
        return queryMemoryBytes;
    }

    /** The most rows of a query's result; a longer one ends with RESOURCE_EXHAUSTED. */
    public long queryRows() {
        return queryRows;
    }

    /** The most bytes of Arrow buffers of a query's result; a longer one ends with RESOURCE_EXHAUSTED. */
    public long queryBytes() {
        return queryBytes;
    }

    /** The time that a query may take, the reading of its result included; then it ends with TIMED_OUT. */
    public Duration queryTime() {
        return queryTime;
    }

    /** The time that processors, all together, may work for a query; then it ends with RESOURCE_EXHAUSTED. */
    public Duration queryProcessorTime() {
        return queryProcessorTime;
    }

    /** The number of streams of one caller that run at a time; more are refused with UNAVAILABLE. */
    public int callerStreams() {
        return callerStreams;
    }

    /** The number of queries of one caller that run or wait at a time; more are refused with UNAVAILABLE. */
    public int callerQueries() {
        return callerQueries;
    }

    /** The number of puts that one caller may begin in a minute; more are refused with UNAVAILABLE. */
    public int callerPuts() {
        return callerPuts;
    }

    /** The most bytes of one caller's puts that run; a put beyond ends with UNAVAILABLE. */
    public long callerBytes() {
        return callerBytes;
    }

    /**
     * The most bytes of the files of the served directory, with a put's; a put beyond ends with RESOURCE_EXHAUSTED.
     */
    public long putBytes() {
        return putBytes;
    }

    /** The most files of the served directory, with a put's; a put beyond ends with RESOURCE_EXHAUSTED. */
    public int putFiles() {
        return putFiles;
    }
}
