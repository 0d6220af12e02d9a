package org.arrownpz.flight;

import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.arrownpz.flight.internal.watch.AccessLog;
import org.arrownpz.flight.internal.watch.Watch;
import org.jspecify.annotations.Nullable;

/** The open parts of a server's {@link ServerOptions.Watch}. */
final class Watching implements AutoCloseable {
    private @Nullable AccessLog log;
    private @Nullable Watch watch;

    /** Watches the calls of these services. */
    Watch watch(List<ServerServiceDefinition> services, ServerOptions.Watch wanted) throws IOException {
        Path file = wanted.accessLog();
        if (file != null) {
            try {
                log = new AccessLog(file);
            } catch (IOException e) {
                throw new IOException("the access log cannot be written", e);
            }
        }
        watch = new Watch(
                services.stream()
                        .flatMap(service -> service.getMethods().stream())
                        .map(method -> method.getMethodDescriptor().getFullMethodName())
                        .collect(Collectors.toSet()),
                log);
        return watch;
    }

    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
        if (log != null) {
            try {
                log.close();
            } catch (IOException e) {
                // Lines are written at once: there is nothing left to lose.
            }
        }
    }
}
