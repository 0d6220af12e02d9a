package org.arrownpz.cli.console;

import java.time.Duration;
import org.arrownpz.cli.console.FlagValues.MemorySize;
import org.arrownpz.flight.ServerLimits;
import picocli.CommandLine.Option;

/** The flags that bound what clients take of a server. */
public final class ServerBounds {
    @Option(
            names = "--sql-memory",
            paramLabel = "SIZE",
            defaultValue = "1g",
            converter = MemorySize.class,
            description = "With --sql: what a query may take (default: ${DEFAULT-VALUE}).")
    private long sqlMemory;

    @Option(
            names = "--max-message",
            paramLabel = "SIZE",
            defaultValue = "64m",
            converter = MemorySize.class,
            description = "Refuse longer messages of clients (default: ${DEFAULT-VALUE}).")
    private long maxMessage;

    @Option(
            names = "--stall",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "Give up clients that neither read nor send for so long (default: ${DEFAULT-VALUE}).")
    private long stall;

    @Option(
            names = "--queries",
            paramLabel = "N",
            defaultValue = "4",
            description = "With --sql: how many queries run at a time (default: ${DEFAULT-VALUE}).")
    private int queries;

    @Option(
            names = "--query-time",
            paramLabel = "SECONDS",
            defaultValue = "600",
            description = "With --sql: end queries that take longer (default: ${DEFAULT-VALUE}).")
    private long queryTime;

    @Option(
            names = "--query-cpu",
            paramLabel = "SECONDS",
            defaultValue = "3600",
            description = "With --sql: end queries that processors work longer for (default: ${DEFAULT-VALUE}).")
    private long queryCpu;

    @Option(
            names = "--query-rows",
            paramLabel = "N",
            description = "With --sql: end queries whose results have more rows.")
    private long queryRows = Long.MAX_VALUE;

    @Option(
            names = "--query-bytes",
            paramLabel = "SIZE",
            converter = MemorySize.class,
            description = "With --sql: end queries whose results are longer.")
    private long queryBytes = Long.MAX_VALUE;

    @Option(
            names = "--streams",
            paramLabel = "N",
            defaultValue = "256",
            description = "The most streams at a time, of all clients (default: ${DEFAULT-VALUE}).")
    private int streams;

    @Option(
            names = "--calls",
            paramLabel = "N",
            defaultValue = "64",
            description = "The most calls of a connection at a time (default: ${DEFAULT-VALUE}).")
    private int calls;

    @Option(names = "--caller-streams", paramLabel = "N", description = "The most streams of one caller at a time.")
    private int callerStreams = Integer.MAX_VALUE;

    @Option(
            names = "--caller-queries",
            paramLabel = "N",
            description = "With --sql: how many queries of one caller run or wait at a time.")
    private int callerQueries = Integer.MAX_VALUE;

    @Option(names = "--caller-puts", paramLabel = "N", description = "The most puts of one caller in a minute.")
    private int callerPuts = Integer.MAX_VALUE;

    @Option(
            names = "--caller-bytes",
            paramLabel = "SIZE",
            converter = MemorySize.class,
            description = "The most bytes of the puts of one caller that run.")
    private long callerBytes = Long.MAX_VALUE;

    @Option(
            names = "--put-bytes",
            paramLabel = "SIZE",
            converter = MemorySize.class,
            description = "Refuse puts with which the directory's files had more bytes.")
    private long putBytes = Long.MAX_VALUE;

    @Option(
            names = "--put-files",
            paramLabel = "N",
            description = "Refuse puts with which the directory had more files.")
    private int putFiles = Integer.MAX_VALUE;

    /**
     * The bounds of a server.
     *
     * @throws UsageException when a flag is out of its range
     */
    public ServerLimits limits() {
        if (maxMessage > Integer.MAX_VALUE) {
            throw new UsageException("--max-message takes less than 2g");
        }
        try {
            return bounds();
        } catch (IllegalArgumentException e) {
            throw new UsageException(
                    "--stall, --queries, --query-time, --query-cpu, --query-rows, --streams, --calls, --caller-streams,"
                            + " --caller-queries, --caller-puts and --put-files are at least 1");
        }
    }

    private ServerLimits bounds() {
        return ServerLimits.defaults()
                .withMaxMessageBytes((int) maxMessage)
                .withStall(Duration.ofSeconds(stall))
                .withCalls(calls, streams)
                .withQueries(queries, sqlMemory)
                .withResults(queryRows, queryBytes, Duration.ofSeconds(queryTime))
                .withProcessorTime(Duration.ofSeconds(queryCpu))
                .withCallers(callerStreams, callerQueries, callerPuts)
                .withCallerBytes(callerBytes)
                .withPuts(putBytes, putFiles);
    }
}
