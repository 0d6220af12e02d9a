package org.arrownpz.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.NpzException;
import org.arrownpz.flight.NpzFlightServer;
import org.arrownpz.flight.ServerOptions;
import org.arrownpz.sql.Sql;
import org.arrownpz.testing.Effort;
import org.arrownpz.testing.LeakCheck;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The columns that lists of tables tell are those of {@code SELECT *}, whether DuckDB was asked about the table or the answer
 * is put together from those about others.
 */
@ExtendWith(LeakCheck.class)
class ListedTypesTest {
    @TempDir
    Path directory;

    private static Map<String, Schema> listed(FlightSqlClient client) throws Exception {
        Map<String, Schema> found = new HashMap<>();
        FlightInfo info = client.getTables(null, null, null, null, true);
        try (FlightStream rows = client.getStream(info.getEndpoints().get(0).getTicket())) {
            while (rows.next()) {
                var names = (VarCharVector) rows.getRoot().getVector("table_name");
                var schemas = (VarBinaryVector) rows.getRoot().getVector("table_schema");
                for (int i = 0; i < rows.getRoot().getRowCount(); i++) {
                    var message = Channels.newChannel(new ByteArrayInputStream(schemas.get(i)));
                    found.put(
                            names.getObject(i).toString(),
                            MessageSerializer.deserializeSchema(new ReadChannel(message)));
                }
            }
        }
        return found;
    }

    /** Clients in Java get others of unsigned integers, which tests of their driver look at. */
    private static boolean isSigned(Schema schema) {
        return !schema.toString().contains("Int(8, false)")
                && !schema.toString().contains("Int(16, false)")
                && !schema.toString().contains("Int(32, false)")
                && !schema.toString().contains("Int(64, false)")
                && !schema.toString().contains("dictionary");
    }

    @Test
    void areThoseThatDuckDbGives(BufferAllocator allocator) throws Exception {
        Map<String, Path> files = new HashMap<>();
        // Each type twice: of the first file DuckDB is asked, of the second nobody need be.
        for (Column column : Effort.some(25, Column.all())) {
            for (String part : new String[] {"a", "b"}) {
                String name = part + files.size();
                Path file = directory.resolve(name + ".npz");
                column.maker().write(allocator, file);
                Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-02T03:04:05Z")));
                files.put(name, file);
            }
        }
        SoftAssertions all = new SoftAssertions();
        try (NpzFlightServer server = NpzFlightServer.start(
                        allocator, directory, ServerOptions.defaults().withSql(256 << 20));
                FlightSqlClient client = new FlightSqlClient(
                        FlightClient.builder(allocator, Location.forGrpcInsecure("localhost", server.port()))
                                .build())) {
            Map<String, Schema> first = listed(client);
            for (Map.Entry<String, Path> file : files.entrySet()) {
                Schema expected = null;
                try (Sql sql = Sql.open(allocator).with("t", file.getValue())) {
                    expected = sql.schema("SELECT * FROM t");
                } catch (NpzException | IllegalArgumentException e) {
                    // It is no table of SQL, and not listed.
                }
                Schema found = first.get(file.getKey());
                if (expected == null || isSigned(expected)) {
                    all.assertThat(found).as(file.toString()).isEqualTo(expected);
                } else {
                    all.assertThat(found).as(file.toString()).isNotNull();
                }
            }
            all.assertThat(listed(client)).isEqualTo(first);
        }
        all.assertAll();
        assertThat(files).hasSizeGreaterThan(40);
    }
}
