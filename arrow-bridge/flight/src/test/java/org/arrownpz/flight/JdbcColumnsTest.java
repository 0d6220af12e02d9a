package org.arrownpz.flight;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns of types that Arrow's JDBC driver would show as others. */
@DisplayName("A13: columns of JDBC")
class JdbcColumnsTest {
    private static final List<String> NAMES = List.of("u8", "u16", "u32", "u64");

    @TempDir
    static Path directory;

    private static JdbcServer jdbc;

    /** Zero, the highest value, and one that is negative as a signed number. */
    @BeforeAll
    static void start() throws Exception {
        try (BufferAllocator allocator = new RootAllocator()) {
            UInt1Vector u8 = new UInt1Vector("u8", allocator);
            UInt2Vector u16 = new UInt2Vector("u16", allocator);
            UInt4Vector u32 = new UInt4Vector("u32", allocator);
            UInt8Vector u64 = new UInt8Vector("u64", allocator);
            int row = 0;
            for (long value : new long[] {0, -1, -3}) {
                u8.setSafe(row, (int) value);
                u16.setSafe(row, (int) value);
                u32.setSafe(row, (int) value);
                u64.setSafe(row++, value);
            }
            List<FieldVector> columns = List.of(u8, u16, u32, u64);
            columns.forEach(column -> column.setValueCount(3));
            try (VectorSchemaRoot root = new VectorSchemaRoot(columns);
                    Frame frame = Frame.of(root)) {
                Frames.write(frame, directory.resolve("t.npz"), WriteOptions.defaults());
            }
        }
        jdbc = new JdbcServer(directory);
    }

    @AfterAll
    static void stop() throws Exception {
        jdbc.close();
    }

    private static List<Object> objects(String sql) throws Exception {
        List<Object> objects = new ArrayList<>();
        try (Statement statement = jdbc.connection().createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    Object value = rows.getObject(i);
                    // Lists are read while the result is open.
                    objects.add(value instanceof Array ? value.toString() : value);
                }
            }
        }
        return objects;
    }

    @Test
    void unsignedIntegersAreTheNextWiderOnes() throws Exception {
        assertThat(objects("SELECT u8, u16, u32, u64 FROM t"))
                .containsExactly(
                        (short) 0,
                        0,
                        0L,
                        BigDecimal.ZERO,
                        (short) 255,
                        65535,
                        4294967295L,
                        new BigDecimal("18446744073709551615"),
                        (short) 253,
                        65533,
                        4294967293L,
                        new BigDecimal("18446744073709551613"));
        assertThat(objects("SELECT max(u8), NULL::UTINYINT, NULL::UBIGINT FROM t WHERE u8 < 254"))
                .containsExactly((short) 253, null, null);
        assertThat(objects("SELECT u8 FROM t WHERE u8 > 300")).isEmpty();
    }

    @Test
    void unsignedIntegersAreTheirTextsAndDecimals() throws Exception {
        try (Statement statement = jdbc.connection().createStatement();
                ResultSet rows = statement.executeQuery("SELECT u8, u16, u32, u64 FROM t WHERE u8 = 255")) {
            assertThat(rows.next()).isTrue();
            for (int i = 1; i <= 4; i++) {
                String max = List.of("255", "65535", "4294967295", "18446744073709551615")
                        .get(i - 1);
                assertThat(rows.getString(i)).isEqualTo(max);
                assertThat(rows.getBigDecimal(i)).isEqualTo(new BigDecimal(max));
                assertThat(rows.getDouble(i)).isEqualTo(Double.parseDouble(max));
            }
            assertThat(rows.getLong("u32")).isEqualTo(4294967295L);
        }
    }

    @Test
    void longResultsAreTheSame() throws Exception {
        assertThat(objects("SELECT CASE WHEN range % 3 <> 1 THEN (range % 256)::UTINYINT END FROM range(5000)"))
                .isEqualTo(IntStream.range(0, 5000)
                        .mapToObj(i -> i % 3 == 1 ? null : (Object) (short) (i % 256))
                        .toList());
    }

    @Test
    void partsOfNestedValuesAreToo() throws Exception {
        assertThat(objects("SELECT [255::UTINYINT, NULL], {'a': [{'b': 65535::USMALLINT}], 'c': 'x'},"
                                + " MAP {'k': 4294967295::UINTEGER}, [18446744073709551615::UBIGINT]::UBIGINT[1],"
                                + " union_value(a := 255::UTINYINT), NULL::UTINYINT[], [[]]::UTINYINT[][]")
                        .stream()
                        .map(String::valueOf))
                .containsExactly(
                        "[255,null]",
                        "{\"a\":[{\"b\":65535}],\"c\":\"x\"}",
                        "{\"k\":4294967295}",
                        "[18446744073709551615]",
                        "255",
                        "null",
                        "[[]]");
    }

    /** The driver gives the places of values in a dictionary. */
    @Test
    void enumsAreTheirTexts() throws Exception {
        assertThat(objects("SELECT 'b'::ENUM('a', 'b'), ['b'::ENUM('a', 'b'), NULL], NULL::ENUM('a', 'b'), 1").stream()
                        .map(String::valueOf))
                .containsExactly("b", "[\"b\",null]", "null", "1");
    }

    @Test
    void tablesTellTheTypesOfResults() throws Exception {
        try (Statement statement = jdbc.connection().createStatement();
                ResultSet rows = statement.executeQuery("SELECT u8, u16, u32, u64 FROM t");
                ResultSet columns = jdbc.connection().getMetaData().getColumns(null, null, "t", "u%")) {
            for (int i = 1; i <= NAMES.size(); i++) {
                assertThat(columns.next()).isTrue();
                assertThat(columns.getString("COLUMN_NAME")).isEqualTo(NAMES.get(i - 1));
                assertThat(columns.getInt("DATA_TYPE"))
                        .isEqualTo(rows.getMetaData().getColumnType(i))
                        .isEqualTo(List.of(
                                        java.sql.Types.SMALLINT,
                                        java.sql.Types.INTEGER,
                                        java.sql.Types.BIGINT,
                                        java.sql.Types.DECIMAL)
                                .get(i - 1));
            }
        }
    }

    /** What asks by {@code {"sql":…}} knows Arrow's types. */
    @Test
    void otherwiseUnsignedStaysUnsigned() throws Exception {
        try (BufferAllocator allocator = new RootAllocator();
                FlightClient client = FlightCalls.client(jdbc.server(), allocator);
                FlightStream stream = client.getStream(new SqlQuery("SELECT u8, u16, u32, u64 FROM t").toTicket())) {
            assertThat(stream.getSchema().getFields().stream().map(field -> field.getType()))
                    .isEqualTo(Arrays.stream(new int[] {8, 16, 32, 64})
                            .mapToObj(bits -> (ArrowType) new ArrowType.Int(bits, false))
                            .toList());
        }
    }
}
