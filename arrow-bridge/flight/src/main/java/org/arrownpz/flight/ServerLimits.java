package org.arrownpz.flight;

import java.time.Duration;
import java.util.List;

/**
 * The bounds of calls, each and all together. Immutable and safe for use by several threads.
 *
 * @param batchBytes the size of batches that are sent, all columns together
 * @param maxMessageBytes the longest message that is accepted
 * @param stall how long a stream or a put waits for a client that neither reads nor sends; when the server is full it is
 *     five seconds at most
 * @param callsPerConnection how many calls of a connection run at a time; more wait at the client
 * @param streams how many streams run at a time, of all clients; more are refused with UNAVAILABLE
 * @param queries how many SQL queries run at a time; more wait for up to 30 seconds
 * @param queryMemoryBytes what DuckDB may take for a query
 * @param queryRows how many rows a query's result may have; a longer one ends with RESOURCE_EXHAUSTED
 * @param queryBytes how many bytes of Arrow buffers a query's result may have; a longer one ends with RESOURCE_EXHAUSTED
 * @param queryTime how long a query may run, the reading of its result included; then it ends with TIMED_OUT
 * @param queryProcessorTime how long processors, all together, may work for a query; then it ends with RESOURCE_EXHAUSTED
 */
public record ServerLimits(
        int batchBytes,
        int maxMessageBytes,
        Duration stall,
        int callsPerConnection,
        int streams,
        int queries,
        long queryMemoryBytes,
        long queryRows,
        long queryBytes,
        Duration queryTime,
        Duration queryProcessorTime) {
    private static final ServerLimits DEFAULTS = new ServerLimits(
            2 << 20,
            64 << 20,
            Duration.ofMinutes(1),
            64,
            256,
            4,
            1L << 30,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            Duration.ofMinutes(10),
            Duration.ofHours(1));

    public ServerLimits {
        if (batchBytes < 1
                || maxMessageBytes < 1
                || callsPerConnection < 1
                || streams < 1
                || queries < 1
                || queryMemoryBytes < 1
                || queryRows < 1
                || queryBytes < 1) {
            throw new IllegalArgumentException("limits are positive");
        }
        for (Duration time : List.of(stall, queryTime, queryProcessorTime)) {
            if (time.isNegative() || time.isZero()) {
                throw new IllegalArgumentException("times are positive");
            }
        }
    }

    /**
     * Batches of 2 MiB, messages to 64 MiB, a minute for clients that stall, 64 calls of a connection and 256 streams in
     * all, four queries of 1 GiB, ten minutes and an hour of processors each, results of any length.
     */
    public static ServerLimits defaults() {
        return DEFAULTS;
    }

    /** Sends batches of about so many bytes, all columns together. */
    public ServerLimits withBatchBytes(int value) {
        return new ServerLimits(
                value,
                maxMessageBytes,
                stall,
                callsPerConnection,
                streams,
                queries,
                queryMemoryBytes,
                queryRows,
                queryBytes,
                queryTime,
                queryProcessorTime);
    }

    /** Refuses messages of clients that are longer than so many bytes. */
    public ServerLimits withMaxMessageBytes(int value) {
        return new ServerLimits(
                batchBytes,
                value,
                stall,
                callsPerConnection,
                streams,
                queries,
                queryMemoryBytes,
                queryRows,
                queryBytes,
                queryTime,
                queryProcessorTime);
    }

    /** Gives up clients that neither read nor send for so long. */
    public ServerLimits withStall(Duration value) {
        return new ServerLimits(
                batchBytes,
                maxMessageBytes,
                value,
                callsPerConnection,
                streams,
                queries,
                queryMemoryBytes,
                queryRows,
                queryBytes,
                queryTime,
                queryProcessorTime);
    }

    /** Runs so many calls of a connection at a time, and so many streams of all. */
    public ServerLimits withCalls(int newCallsPerConnection, int newStreams) {
        return new ServerLimits(
                batchBytes,
                maxMessageBytes,
                stall,
                newCallsPerConnection,
                newStreams,
                queries,
                queryMemoryBytes,
                queryRows,
                queryBytes,
                queryTime,
                queryProcessorTime);
    }

    /** Runs so many queries at a time, each with so much memory of DuckDB. */
    public ServerLimits withQueries(int newQueries, long newMemoryBytes) {
        return new ServerLimits(
                batchBytes,
                maxMessageBytes,
                stall,
                callsPerConnection,
                streams,
                newQueries,
                newMemoryBytes,
                queryRows,
                queryBytes,
                queryTime,
                queryProcessorTime);
    }

    /** Ends queries whose results have more rows or bytes, or that take longer. */
    public ServerLimits withResults(long newRows, long newBytes, Duration newTime) {
        return new ServerLimits(
                batchBytes,
                maxMessageBytes,
                stall,
                callsPerConnection,
                streams,
                queries,
                queryMemoryBytes,
                newRows,
                newBytes,
                newTime,
                queryProcessorTime);
    }

    /** Ends queries for which processors, all together, work longer. */
    public ServerLimits withProcessorTime(Duration value) {
        return new ServerLimits(
                batchBytes,
                maxMessageBytes,
                stall,
                callsPerConnection,
                streams,
                queries,
                queryMemoryBytes,
                queryRows,
                queryBytes,
                queryTime,
                value);
    }
}
