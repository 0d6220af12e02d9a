package org.arrownpz.frame.label;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.WriteOptions;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.TimeUnit64;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.internal.meta.ColumnNames;
import org.arrownpz.frame.label.IndexClass.IndexType;
import org.arrownpz.npy.NpyHeaderWriter;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.npz.NpzWriter;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Column labels of any dtype become field names as Python's {@code str()} spells them. */
@ExtendWith(LeakCheck.class)
class LabelTextTest {
    @TempDir
    Path directory;

    private static byte[] longs(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            bytes.putLong(value);
        }
        return bytes.array();
    }

    private static byte[] doubles(double... values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            bytes.putDouble(value);
        }
        return bytes.array();
    }

    private static byte[] unicode(String... values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i++) {
            bytes.position(8 * i);
            values[i].codePoints().forEach(bytes::putInt);
        }
        return bytes.array();
    }

    static Stream<Arguments> labels() {
        ScalarDType day = ScalarDType.datetime(TimeUnit64.of(TimeUnit64.Base.DAY));
        ScalarDType month = ScalarDType.datetime(TimeUnit64.of(TimeUnit64.Base.MONTH));
        return Stream.of(
                Arguments.of(ScalarDType.of(DTypeKind.INT, 8), longs(-1, 7), List.of("-1", "7")),
                Arguments.of(ScalarDType.of(DTypeKind.UINT, 8), longs(-1, 0), List.of("18446744073709551615", "0")),
                Arguments.of(ScalarDType.of(DTypeKind.FLOAT, 8), doubles(1, 1e22), List.of("1.0", "1e+22")),
                Arguments.of(
                        ScalarDType.of(DTypeKind.FLOAT, 8),
                        doubles(Double.NaN, Double.NEGATIVE_INFINITY),
                        List.of("nan", "-inf")),
                Arguments.of(ScalarDType.of(DTypeKind.BOOL, 1), new byte[] {1, 0}, List.of("True", "False")),
                Arguments.of(day, longs(0, 18_262), List.of("1970-01-01", "2020-01-01")),
                Arguments.of(month, longs(600, 601), List.of("2020-01", "2020-02")),
                Arguments.of(ScalarDType.unicode(2), unicode("a", "é😀"), List.of("a", "é😀")),
                Arguments.of(
                        ScalarDType.of(DTypeKind.BYTES, 1),
                        "xy".getBytes(StandardCharsets.US_ASCII),
                        List.of("b'x'", "b'y'")));
    }

    /** A frame of as many one-row columns as there are labels. */
    private Path frame(int depth, List<ScalarDType> types, List<byte[]> labels, int columns, String classes)
            throws Exception {
        Path file = directory.resolve("labels.npz");
        try (NpzWriter writer = NpzWriter.create(file, WriteOptions.defaults())) {
            for (int level = 0; level < depth; level++) {
                byte[] header = NpyHeaderWriter.staticFrame(types.get(level), Shape.of(columns), StorageOrder.FORTRAN);
                writer.bytes("__values_columns_" + level + "__.npy", joined(header, labels.get(level)));
            }
            byte[] header =
                    NpyHeaderWriter.staticFrame(ScalarDType.of(DTypeKind.INT, 8), Shape.of(1, columns), StorageOrder.C);
            writer.bytes("__blocks_0__.npy", joined(header, new byte[8 * columns]));
            String meta = "{\"__names__\": [null, null, null], \"__types__\": [\"Index\", " + classes
                    + "\"__depths__\": [1, 1, " + depth + "]}";
            writer.bytes("__meta__.json", meta.getBytes(StandardCharsets.US_ASCII));
            writer.finish();
        }
        return file;
    }

    private static byte[] joined(byte[] header, byte[] data) {
        return ByteBuffer.allocate(header.length + data.length)
                .put(header)
                .put(data)
                .array();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("labels")
    void areSpelledAsPythonDoes(ScalarDType dtype, byte[] data, List<String> texts, BufferAllocator allocator)
            throws Exception {
        String indexClass = dtype.kind() == DTypeKind.DATETIME
                ? IndexType.ofUnit(dtype.unit()).className()
                : "Index";
        Path file = frame(1, List.of(dtype), List.of(data), 2, "\"" + indexClass + "\"], ");
        Path copy = directory.resolve("copy.npz");
        try (Frame frame = Frames.open(allocator, file)) {
            assertThat(frame.columnNames()).isEqualTo(texts);
            Frames.write(frame, copy, WriteOptions.defaults());
        }
        try (Frame frame = Frames.open(allocator, copy)) {
            assertThat(frame.columns().labels().get(0).dtype()).isEqualTo(dtype);
            assertThat(frame.columns().labels().get(0).data()).isEqualTo(data);
        }
    }

    @Test
    void labelsOfSeveralLevelsAreTuples(BufferAllocator allocator) throws Exception {
        Path file = frame(
                2,
                List.of(ScalarDType.unicode(2), ScalarDType.of(DTypeKind.INT, 8)),
                List.of(unicode("a", "it"), longs(1, 2)),
                2,
                "\"IndexHierarchy\"], \"__types_columns__\": [\"Index\", \"Index\"], ");
        try (Frame frame = Frames.open(allocator, file)) {
            assertThat(frame.columnNames()).containsExactly("('a', 1)", "('it', 2)");
            assertThat(frame.columns().label(0)).isEqualTo(Label.tuple(List.of(Label.of("a"), Label.of(1))));
        }
    }

    @Test
    void equalTextsOfDifferentLabelsAreNumbered(BufferAllocator allocator) throws Exception {
        double quiet = Double.longBitsToDouble(0x7ff8000000000000L);
        double other = Double.longBitsToDouble(0x7ff8000000000001L);
        Path file = frame(
                1, List.of(ScalarDType.of(DTypeKind.FLOAT, 8)), List.of(doubles(quiet, 1, other)), 3, "\"Index\"], ");
        try (Frame frame = Frames.open(allocator, file)) {
            assertThat(frame.columnNames()).containsExactly("nan", "1.0", "nan#2");
        }
    }

    @Test
    void numberedNamesMakeWayForLabelsThatLookLikeThem() {
        assertThat(ColumnNames.unique(List.of("a", "a#2", "a", "a", "b")))
                .containsExactly("a", "a#2", "a#3", "a#4", "b");
    }
}
