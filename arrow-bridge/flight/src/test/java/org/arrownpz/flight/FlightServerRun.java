package org.arrownpz.flight;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.testing.Await;
import org.arrownpz.testing.Maps;

/**
 * Serves a folder until its standard input ends, and prints its port, and at the end what it still holds. Arguments: the
 * folder, and the token.
 */
final class FlightServerRun {
    static final int BATCH_BYTES = 64 << 10;
    static final int MESSAGE_BYTES = 1 << 20;
    /** More than any file of the test has. */
    static final long QUERY_ROWS = 1_000_000;

    private static final long QUERY_MEMORY = 64 << 20;

    private FlightServerRun() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]).toRealPath();
        ServerOptions options = ServerOptions.defaults().withToken(arguments[1]).withSql(QUERY_MEMORY);
        options = options.withLimits(options.limits()
                .withBatchBytes(BATCH_BYTES)
                .withMaxMessageBytes(MESSAGE_BYTES)
                .withResults(QUERY_ROWS, Long.MAX_VALUE, Duration.ofMinutes(5)));
        try (BufferAllocator allocator = new RootAllocator()) {
            try (NpzFlightServer server = NpzFlightServer.start(allocator, folder, options)) {
                System.out.println("port " + server.port());
                waitForEnd();
            }
            // Netty releases what it was about to send on threads of its own.
            Await.holds(Duration.ofSeconds(10), () -> allocator.getAllocatedMemory() == 0 && left(folder) == 0);
            System.out.println("allocated " + allocator.getAllocatedMemory());
            System.out.println("left " + left(folder));
            if (allocator.getAllocatedMemory() > 0) {
                System.out.println(allocator.toVerboseString());
            }
        }
        System.out.println("done");
    }

    private static void waitForEnd() throws IOException {
        int read;
        do {
            read = System.in.read();
        } while (read >= 0);
    }

    /** Files of the folder that are open or mapped. */
    private static long left(Path folder) {
        String prefix = folder + "/";
        return Maps.openFiles().stream().filter(path -> path.startsWith(prefix)).count()
                + Maps.mappedFiles().stream()
                        .filter(path -> path.startsWith(prefix))
                        .count();
    }
}
