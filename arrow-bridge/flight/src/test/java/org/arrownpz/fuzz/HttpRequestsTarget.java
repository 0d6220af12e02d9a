package org.arrownpz.fuzz;

import java.io.IOException;
import java.nio.file.Path;
import org.arrownpz.flight.RawRequests;

/** Requests to the server's HTTP, byte by byte. Statements of SQL do not run: the server is asked for none that could. */
public final class HttpRequestsTarget {
    /** Not started where seeds alone are written. */
    private static final class Server {
        private static final RawRequests STARTED =
                RawRequests.in(Scratch.directory().resolve("http"));
    }

    private HttpRequestsTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        CurrentInput.record(data);
        Server.STARTED.send(data);
    }

    /** Writes seeds and regressions: the target's class, and the folder. */
    public static void main(String[] arguments) throws IOException {
        SeedFiles.write(Path.of(arguments[1]), RawRequests.seeds());
        SeedFiles.write(Path.of(arguments[1]), SeedFiles.regressions(HttpRequestsTarget.class.getSimpleName()));
    }
}
