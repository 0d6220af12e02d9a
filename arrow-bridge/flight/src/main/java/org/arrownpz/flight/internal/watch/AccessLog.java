package org.arrownpz.flight.internal.watch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.grpc.Status;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.arrownpz.SafeText;
import org.arrownpz.flight.internal.FlightFaults;
import org.arrownpz.flight.internal.Json;

/**
 * A line of JSON for each call that ended, appended to a file. It holds nothing of statements, no tokens and no names of
 * files but those in messages of errors. A line that cannot be written is counted, and the server goes on. Safe for use by several
 * threads.
 */
public final class AccessLog implements AutoCloseable {
    private static final int TEXT_LENGTH = 300;

    private final OutputStream out;
    private long lost;

    /**
     * Appends to the file, which is made where there is none.
     *
     * @throws IOException when it cannot be written
     */
    public AccessLog(Path file) throws IOException {
        this.out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    void write(WatchedCall call, Status status, long nanos) {
        ObjectNode line = Json.object()
                .put("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString())
                .put("id", call.id().toString())
                .put("call", call.name())
                .put("caller", SafeText.escape(call.caller(), TEXT_LENGTH))
                .put("peer", call.peer())
                .put("code", status.getCode().name())
                .put("ms", TimeUnit.NANOSECONDS.toMillis(nanos))
                .put("received", call.received())
                .put("sent", call.sent());
        String error = status.getCause() instanceof FlightFaults.OfStatement hidden
                ? hidden.getMessage()
                : status.getDescription();
        if (!status.isOk() && error != null) {
            line.put("error", SafeText.escape(error, TEXT_LENGTH));
        }
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        synchronized (this) {
            try {
                out.write(bytes);
            } catch (IOException e) {
                lost++;
            }
        }
    }

    /** The number of lines that could not be written. */
    synchronized long lost() {
        return lost;
    }

    @Override
    public synchronized void close() throws IOException {
        out.close();
    }
}
