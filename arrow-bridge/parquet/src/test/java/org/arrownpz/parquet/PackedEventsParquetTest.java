package org.arrownpz.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.event.Events;
import org.arrownpz.event.Packed;
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.event.spec.PackSpec.PackLayout;
import org.arrownpz.frame.Frame;
import org.arrownpz.ipc.TypeZoo;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.Python;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Packed events are arrays to other readers of Parquet: the standard's three levels, {@code list.element}. */
@ExtendWith(LeakCheck.class)
class PackedEventsParquetTest extends ParquetFiles {
    private static final List<ArrowType> PACKED_TYPES = List.of(
            new ArrowType.Utf8(),
            new ArrowType.LargeUtf8(),
            new ArrowType.Timestamp(TimeUnit.SECOND, null),
            new ArrowType.Timestamp(TimeUnit.MILLISECOND, "UTC"),
            new ArrowType.Timestamp(TimeUnit.MICROSECOND, null),
            new ArrowType.Timestamp(TimeUnit.NANOSECOND, "Europe/Berlin"),
            new ArrowType.Decimal(5, 2, 128),
            new ArrowType.Decimal(18, 4, 128),
            new ArrowType.Decimal(38, 10, 128),
            new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE),
            new ArrowType.Bool());

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

    private Path packedTypes(BufferAllocator allocator, PackLayout layout) throws IOException {
        Path file = directory.resolve(layout + ".parquet");
        List<FieldVector> vectors = new ArrayList<>();
        BigIntVector key = new BigIntVector("key", allocator);
        for (int i = 0; i < 6; i++) {
            key.setSafe(i, i / 2);
        }
        key.setValueCount(6);
        vectors.add(key);
        for (ArrowType type : PACKED_TYPES) {
            Field field = new Field("c" + vectors.size(), FieldType.nullable(type), null);
            vectors.add(TypeZoo.vector(field, 6, allocator));
        }
        try (VectorSchemaRoot root = new VectorSchemaRoot(vectors);
                Packed packed = Events.pack(root, PackSpec.by("key").packRest().layout(layout))) {
            Parquet.write(packed.frame(), file, ParquetOptions.defaults());
        }
        return file;
    }

    /**
     * What Snowflake, BigQuery and ClickHouse ask of a file: optional groups of three levels, {@code UTF8} with STRING,
     * milli-, micro- or nanoseconds that are adjusted to UTC only where there is a zone, decimals of fixed-size bytes.
     */
    @Test
    void haveTheShapeThatWarehousesLoad(@TempDir Path temporary, BufferAllocator allocator) throws Exception {
        Path file = packedTypes(allocator, PackLayout.LISTS);
        String sql = "SELECT concat_ws(' ', name, type, type_length, converted_type, regexp_replace(logical_type,"
                + " 'unit=TimeUnit.*', CASE WHEN logical_type LIKE '%MILLIS=Milli%' THEN 'ms' WHEN logical_type LIKE"
                + " '%MICROS=Micro%' THEN 'us' ELSE 'ns' END)) FROM parquet_schema('" + file + "') OFFSET 2";
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            List<String> lines = query(statement, sql);
            assertThat(lines).hasSize(3 * PACKED_TYPES.size());
            List<String> elements = new ArrayList<>();
            for (int i = 0; i < lines.size(); i += 3) {
                assertThat(lines.get(i)).isEqualTo("c" + (i / 3 + 1) + " LIST ListType()");
                assertThat(lines.get(i + 1)).isEqualTo("list");
                elements.add(lines.get(i + 2));
            }
            assertThat(elements)
                    .containsExactly(
                            "element BYTE_ARRAY UTF8 StringType()",
                            "element BYTE_ARRAY UTF8 StringType()",
                            "element INT64 TimestampType(isAdjustedToUTC=0, ms",
                            "element INT64 TIMESTAMP_MILLIS TimestampType(isAdjustedToUTC=1, ms",
                            "element INT64 TimestampType(isAdjustedToUTC=0, us",
                            "element INT64 TimestampType(isAdjustedToUTC=1, ns",
                            "element FIXED_LEN_BYTE_ARRAY 3 DECIMAL DecimalType(scale=2, precision=5)",
                            "element FIXED_LEN_BYTE_ARRAY 8 DECIMAL DecimalType(scale=4, precision=18)",
                            "element FIXED_LEN_BYTE_ARRAY 16 DECIMAL DecimalType(scale=10, precision=38)",
                            "element DOUBLE",
                            "element BOOLEAN");
            Path structs = packedTypes(allocator, PackLayout.LIST_OF_STRUCT);
            assertThat(query(statement, "SELECT name FROM parquet_schema('" + structs + "') OFFSET 2 LIMIT 4"))
                    .containsExactly("events", "list", "element", "c1");
        }
        String clients = System.getenv("ARROW_NPZ_CLIENTS");
        Assumptions.assumeTrue(clients != null && !clients.isEmpty(), "no clients");
        Python.check(temporary, clients, "-c", """
                import pyarrow.parquet
                schema = pyarrow.parquet.ParquetFile('%s').schema
                columns = [schema.column(i) for i in range(1, len(schema))]
                assert all(c.path.endswith('.list.element') for c in columns), [c.path for c in columns]
                assert all(c.max_repetition_level == 1 for c in columns)
                assert [c.converted_type for c in columns[:2]] == ['UTF8', 'UTF8']
                times = [str(c.logical_type) for c in columns[2:6]]
                found = [(t.split('isAdjustedToUTC=')[1].split(',')[0], t.split('timeUnit=')[1].split(',')[0]) for t in times]
                assert found == [
                    ('false', 'milliseconds'), ('true', 'milliseconds'), ('false', 'microseconds'), ('true', 'nanoseconds')
                ], times
                assert [str(c.logical_type) for c in columns[6:9]] == [
                    'Decimal(precision=5, scale=2)', 'Decimal(precision=18, scale=4)', 'Decimal(precision=38, scale=10)']
                """.formatted(file));
    }
}
