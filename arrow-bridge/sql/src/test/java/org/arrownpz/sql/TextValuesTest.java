package org.arrownpz.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntervalMonthDayNanoVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.TimeStampNanoTZVector;
import org.apache.arrow.vector.TimeStampNanoVector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Frame;
import org.arrownpz.ipc.Tables;
import org.arrownpz.ipc.cdata.BatchReader;
import org.arrownpz.testing.Effort;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Written text has the values that the columns have, as an independent reader of JSON and this library see them. */
@ExtendWith(LeakCheck.class)
class TextValuesTest {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private static final String[] TEXTS = {
        "",
        " ",
        "a,b",
        "\"",
        "two\nlines",
        "cr\r",
        "tab\t",
        "null",
        "NULL",
        "\u00fc\ud83d\ude00",
        "\ufeff",
        "a;b|c",
        "'x'",
        "#x",
        "[1]"
    };

    @TempDir
    Path directory;

    @BeforeAll
    static void loadNativeLibraries() throws Exception {
        org.apache.arrow.c.jni.JniLoader.get().ensureLoaded();
    }

    private static FieldType type(ArrowType type) {
        return FieldType.nullable(type);
    }

    /** Columns of types that both forms keep, with any values. */
    private static VectorSchemaRoot kept(BufferAllocator allocator, Random random) {
        BigIntVector numbers = new BigIntVector("long", allocator);
        Float8Vector floats = new Float8Vector("double", allocator);
        BitVector bits = new BitVector("bool", allocator);
        VarCharVector texts = new VarCharVector("text", allocator);
        TimeMicroVector times = new TimeMicroVector("time", allocator);
        TimeStampMicroVector stamps = new TimeStampMicroVector("stamp", allocator);
        VectorSchemaRoot root = VectorSchemaRoot.of(numbers, floats, bits, texts, times, stamps);
        root.allocateNew();
        int rows = 1 + random.nextInt(30);
        for (int row = 0; row < rows; row++) {
            if (row == 0 || random.nextInt(6) > 0) {
                double value = Double.longBitsToDouble(random.nextLong());
                numbers.setSafe(row, random.nextLong() >> random.nextInt(64));
                floats.setSafe(row, Double.isFinite(value) && row > 0 ? value : 0.5);
                bits.setSafe(row, random.nextInt(2));
                texts.setSafe(
                        row,
                        (row == 0 ? "plain" : TEXTS[random.nextInt(TEXTS.length)]).getBytes(StandardCharsets.UTF_8));
                times.setSafe(row, random.nextLong(86_400_000_000L));
                // The years 1 to 9999: of others, JSON lines keep the text.
                stamps.setSafe(row, row == 0 ? 1 : random.nextLong(-62_135_596_800_000_000L, 253_402_300_800_000_000L));
            }
        }
        root.setRowCount(rows);
        return root;
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.csv", "x.tsv", "x.json", "x.csv.gz"})
    void randomTablesComeBackEqual(String name, BufferAllocator allocator) throws Exception {
        Random random = new Random(11);
        Path file = directory.resolve(name);
        for (int i = 0; i < Effort.of(12, 300); i++) {
            try (VectorSchemaRoot root = kept(allocator, random);
                    Frame frame = Frame.of(root)) {
                TextTables.write(frame, file, Durability.RENAME_ONLY);
                try (Frame back = Tables.read(allocator, file)) {
                    assertThat(back.root().getSchema().getFields())
                            .isEqualTo(root.getSchema().getFields());
                    assertThat(back.root().contentToTSVString()).isEqualTo(root.contentToTSVString());
                }
            }
        }
    }

    @Test
    void numbersAreExactInEveryForm(BufferAllocator allocator) throws Exception {
        UInt8Vector unsigned = new UInt8Vector("u", allocator);
        DecimalVector decimals = new DecimalVector("d", allocator, 38, 3);
        Float2Vector halves = new Float2Vector("h", allocator);
        Float4Vector floats = new Float4Vector("f", allocator);
        Float8Vector doubles = new Float8Vector("n", allocator);
        VarBinaryVector bytes = new VarBinaryVector("b", allocator);
        TimeStampNanoVector local = new TimeStampNanoVector("l", allocator);
        TimeStampNanoTZVector zoned = new TimeStampNanoTZVector(
                "z", type(new ArrowType.Timestamp(TimeUnit.NANOSECOND, "Asia/Tokyo")), allocator);
        TimeNanoVector times = new TimeNanoVector("t", allocator);
        DurationVector spans = new DurationVector("s", type(new ArrowType.Duration(TimeUnit.NANOSECOND)), allocator);
        try (VectorSchemaRoot root =
                VectorSchemaRoot.of(unsigned, decimals, halves, floats, doubles, bytes, local, zoned, times, spans)) {
            root.allocateNew();
            unsigned.setSafe(0, -1);
            decimals.setSafe(0, new BigDecimal("12345678901234567890123456789012345.670"));
            halves.setSafeWithPossibleTruncate(0, 0.5f);
            floats.setSafe(0, 0.1f);
            doubles.setSafe(0, Double.NaN);
            doubles.setSafe(1, Double.NEGATIVE_INFINITY);
            doubles.setSafe(2, -0.0);
            bytes.setSafe(0, new byte[] {0, -1, 'a'});
            local.setSafe(0, 1_577_836_800_123_456_789L);
            zoned.setSafe(0, 1_577_836_800_123_456_789L);
            times.setSafe(0, 3_600_123_456_789L);
            spans.setSafe(0, Long.MIN_VALUE + 1);
            root.setRowCount(4);
            Frame frame = Frame.of(root);
            Path json = directory.resolve("x.json");
            TextTables.write(frame, json, Durability.RENAME_ONLY);
            assertThat(json).hasContent("""
                    {"u":18446744073709551615,"d":12345678901234567890123456789012345.670,"h":0.5,"f":0.1,"n":"NaN",\
                    "b":"AP9h","l":"2020-01-01 00:00:00.123456789","z":"2020-01-01 00:00:00.123456789+00",\
                    "t":"01:00:00.123456789","s":-9223372036854775807}
                    {"u":null,"d":null,"h":null,"f":null,"n":"-Infinity","b":null,"l":null,"z":null,"t":null,"s":null}
                    {"u":null,"d":null,"h":null,"f":null,"n":-0.0,"b":null,"l":null,"z":null,"t":null,"s":null}
                    {"u":null,"d":null,"h":null,"f":null,"n":null,"b":null,"l":null,"z":null,"t":null,"s":null}
                    """);
            Path csv = directory.resolve("x.csv");
            TextTables.write(frame, csv, Durability.RENAME_ONLY);
            assertThat(csv).hasContent("""
                    u,d,h,f,n,b,l,z,t,s
                    18446744073709551615,12345678901234567890123456789012345.670,0.5,0.1,nan,AP9h,\
                    2020-01-01 00:00:00.123456789,2020-01-01 00:00:00.123456789+00,01:00:00.123456789,-9223372036854775807
                    ,,,,-inf,,,,,
                    ,,,,-0.0,,,,,
                    ,,,,,,,,,
                    """);
        }
    }

    @Test
    void nestedValuesAreJsonInEveryForm(BufferAllocator allocator) throws Exception {
        Field number = Field.nullable("n", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE));
        Field bytes = Field.nullable("b\"c", new ArrowType.Binary());
        Field part = new Field("s", type(new ArrowType.Struct()), List.of(number, bytes));
        Field lists = new Field("l", type(new ArrowType.List()), List.of(part));
        try (ListVector list = (ListVector) lists.createVector(allocator)) {
            list.allocateNew();
            StructVector struct = (StructVector) list.getDataVector();
            list.startNewValue(0);
            struct.setIndexDefined(0);
            struct.getChild("n", Float8Vector.class).setSafe(0, Double.POSITIVE_INFINITY);
            struct.getChild("b\"c", VarBinaryVector.class).setSafe(0, new byte[] {-1});
            struct.setIndexDefined(1);
            struct.getChild("n", Float8Vector.class).setSafe(1, 1e300);
            list.endValue(0, 3);
            list.startNewValue(1);
            list.endValue(1, 0);
            list.setValueCount(3);
            struct.setValueCount(3);
            VectorSchemaRoot root = new VectorSchemaRoot(List.of(list));
            root.setRowCount(3);
            String value = "[{\"n\":\"Infinity\",\"b\\\"c\":\"/w==\"},{\"n\":1e300,\"b\\\"c\":null},null]";
            Path json = directory.resolve("x.json");
            TextTables.write(Frame.of(root), json, Durability.RENAME_ONLY);
            assertThat(json).hasContent("{\"l\":" + value + "}\n{\"l\":[]}\n{\"l\":null}\n");
            Path csv = directory.resolve("x.csv");
            TextTables.write(Frame.of(root), csv, Durability.RENAME_ONLY);
            assertThat(csv).hasContent("l\n\"" + value.replace("\"", "\"\"") + "\"\n[]\n\n");
        }
    }

    @Test
    void anotherReaderOfJsonSeesTheValues(BufferAllocator allocator) throws Exception {
        Random random = new Random(5);
        Path file = directory.resolve("x.json");
        try (VectorSchemaRoot root = kept(allocator, random);
                Frame frame = Frame.of(root)) {
            TextTables.write(frame, file, Durability.RENAME_ONLY);
            List<String> lines = Files.readAllLines(file);
            assertThat(lines).hasSize(root.getRowCount());
            for (int row = 0; row < root.getRowCount(); row++) {
                JsonNode object = JSON.readTree(lines.get(row));
                for (FieldVector column : root.getFieldVectors().subList(0, 4)) {
                    Object value = column.getObject(row);
                    JsonNode found = object.get(column.getName());
                    if (value instanceof Double number) {
                        assertThat(found.doubleValue()).isEqualTo(number);
                    } else if (value != null) {
                        assertThat(found.asText()).isEqualTo(value.toString());
                    } else {
                        assertThat(found.isNull()).isTrue();
                    }
                }
            }
        }
    }

    @Test
    void refusesWhatTextDoesNotHold(BufferAllocator allocator) throws Exception {
        Path target = directory.resolve("x.json");
        try (BigIntVector a = new BigIntVector("a", allocator);
                BigIntVector again = new BigIntVector("a", allocator);
                BigIntVector upper = new BigIntVector("A", allocator);
                IntervalMonthDayNanoVector months = new IntervalMonthDayNanoVector("m", allocator)) {
            VectorSchemaRoot twice = VectorSchemaRoot.of(a, again);
            months.setSafe(0, 1, 2, 3);
            months.setValueCount(1);
            assertThatThrownBy(() -> TextTables.write(Frame.of(VectorSchemaRoot.of(months)), target, Durability.FSYNC))
                    .hasMessageContaining("column 'm' holds a time that is no whole microsecond");
            assertThatThrownBy(() -> TextTables.write(reader(allocator, twice), target, Durability.FSYNC))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("JSON cannot hold two values of 'a'");
            assertThat(target).doesNotExist();
            TextTables.write(Frame.of(VectorSchemaRoot.of(a, upper)), target, Durability.FSYNC);
        }
    }

    private static ArrowReader reader(BufferAllocator allocator, VectorSchemaRoot root) {
        return new BatchReader(allocator) {
            @Override
            public VectorSchemaRoot getVectorSchemaRoot() {
                return root;
            }

            @Override
            public boolean loadNextBatch() {
                return false;
            }

            @Override
            public void close() {
                root.close();
            }
        };
    }
}
