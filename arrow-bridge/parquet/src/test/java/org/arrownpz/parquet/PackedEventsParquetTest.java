package org.arrownpz.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.event.Events;
import org.arrownpz.event.Packed;
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.frame.Frame;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Packed events are arrays to other readers of Parquet: the standard's three levels, {@code list.element}. */
@ExtendWith(LeakCheck.class)
class PackedEventsParquetTest extends ParquetFiles {
    @BeforeAll
    static void loadDuckDb() throws SQLException {
        DriverManager.getConnection("jdbc:duckdb:").close();
    }

    private static VectorSchemaRoot events(BufferAllocator allocator) {
        BigIntVector group = new BigIntVector("GroupID", allocator);
        VarCharVector event = new VarCharVector("EventID", allocator);
        TimeStampMicroVector time = new TimeStampMicroVector("Timestamp", allocator);
        for (int i = 0; i < 6; i++) {
            group.setSafe(i, i / 2);
            event.setSafe(i, ("E" + i).getBytes(StandardCharsets.UTF_8));
            time.setSafe(i, i * 1_000_000L);
        }
        List<FieldVector> vectors = List.of(group, event, time);
        vectors.forEach(vector -> vector.setValueCount(6));
        return new VectorSchemaRoot(vectors);
    }

    private static List<String> query(Statement statement, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                rows.add(result.getString(1));
            }
        }
        return rows;
    }

    @Test
    void areArraysOfElementsToOtherReaders(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("packed.parquet");
        try (VectorSchemaRoot root = events(allocator);
                Frame frame = Frame.of(root);
                Packed packed = Events.pack(frame, PackSpec.by("GroupID").pack("EventID", "Timestamp"))) {
            Parquet.write(packed.frame(), file, ParquetOptions.defaults());
        }
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            assertThat(query(statement, "SELECT name FROM parquet_schema('" + file + "') OFFSET 1"))
                    .containsExactly("GroupID", "EventID", "list", "element", "Timestamp", "list", "element");
            assertThat(query(statement, "SELECT column_type FROM (DESCRIBE FROM '" + file + "')"))
                    .containsExactly("BIGINT", "VARCHAR[]", "TIMESTAMP[]");
            assertThat(query(statement, "SELECT array_to_string(EventID, ',') FROM '" + file + "' ORDER BY GroupID"))
                    .containsExactly("E0,E1", "E2,E3", "E4,E5");
        }
    }
}
