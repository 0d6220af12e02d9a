package org.arrownpz.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.FutureTask;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.testing.Await;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients of JDBC say ends statements, whether DuckDB plans them or runs them; the one place is free then. */
@ExtendWith(LeakCheck.class)
class JdbcTimeoutsTest {
    private static final BufferAllocator ALLOCATOR = new RootAllocator();
    private static NpzFlightServer server;

    @BeforeAll
    static void starts(@TempDir Path directory) throws Exception {
        server = NpzFlightServer.start(
                ALLOCATOR,
                directory,
                ServerOptions.defaults()
                        .withSql(256 << 20)
                        .withLimits(ServerLimits.defaults().withQueries(1, 256 << 20))
                        .withWatch(ServerOptions.Watch.none().withMetrics(0)));
    }

    @AfterAll
    static void stops() {
        server.close();
        ALLOCATOR.close();
    }

    private interface Ending {
        void end(Statement statement, String sql) throws Exception;
    }

    private static void ends(String sql, Ending ending) throws Exception {
        try (Connection connection = JdbcDriver.load().connect(server)) {
            try (Statement statement = connection.createStatement()) {
                ending.end(statement, sql);
            }
            Gauges.await(server, "arrownpz_queries 0", "arrownpz_streams 0", "arrownpz_allocated_bytes 0");
            try (Statement next = connection.createStatement();
                    ResultSet rows = next.executeQuery("SELECT 1")) {
                assertThat(rows.next()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {FlightCalls.ENDLESS_PLAN, FlightCalls.ENDLESS_QUERY})
    @Timeout(60)
    void queryTimeoutEndsThem(String sql) throws Exception {
        ends(sql, (statement, text) -> {
            statement.setQueryTimeout(1);
            assertThatThrownBy(() -> {
                        try (ResultSet rows = statement.executeQuery(text)) {
                            rows.next();
                        }
                    })
                    .isInstanceOf(SQLException.class);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {FlightCalls.ENDLESS_PLAN, FlightCalls.ENDLESS_QUERY})
    @Timeout(60)
    void cancelEndsThem(String sql) throws Exception {
        ends(sql, (statement, text) -> {
            FutureTask<Boolean> rows = new FutureTask<>(() -> {
                try (ResultSet result = statement.executeQuery(text)) {
                    return result.next();
                }
            });
            Thread client = new Thread(rows);
            client.start();
            Gauges.await(server, "arrownpz_queries 1", "arrownpz_streams 1");
            // A stream that the driver has asked for, and does not wait for yet, is not cancelled by it.
            Await.until(() -> client.getState() == Thread.State.WAITING, () -> "the client: " + client.getState());
            statement.cancel();
            assertThatThrownBy(rows::get).hasCauseInstanceOf(SQLException.class);
        });
    }

    @Test
    @Timeout(60)
    void cancelEndsWhatIsRead() throws Exception {
        ends("SELECT range FROM range(1000000000000)", (statement, text) -> {
            try (ResultSet rows = statement.executeQuery(text)) {
                assertThat(rows.next()).isTrue();
                statement.cancel();
                assertThatThrownBy(() -> {
                            while (rows.next()) {
                                // Those that are there already.
                            }
                        })
                        .isInstanceOf(SQLException.class);
            }
        });
    }
}
