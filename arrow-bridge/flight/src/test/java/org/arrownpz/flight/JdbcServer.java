package org.arrownpz.flight;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** A server with SQL that the tests of a class share, and a connection of Arrow's JDBC driver to it. */
final class JdbcServer implements AutoCloseable {
    private final BufferAllocator allocator = new RootAllocator();
    private final NpzFlightServer server;
    private final Connection connection;

    JdbcServer(Path directory) throws Exception {
        server = NpzFlightServer.start(
                allocator, directory, ServerOptions.defaults().withSql(256 << 20));
        connection = JdbcDriver.load().connect(server);
    }

    NpzFlightServer server() {
        return server;
    }

    Connection connection() {
        return connection;
    }

    /** Fails where memory is left, of the server or of the connection. */
    @Override
    public void close() throws SQLException {
        try (allocator;
                server) {
            connection.close();
        }
    }
}
