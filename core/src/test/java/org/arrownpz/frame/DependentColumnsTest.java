package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.RandomVectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches of columns whose types depend on their values: as the whole column, of which none is held. */
@ExtendWith(LeakCheck.class)
class DependentColumnsTest {
    private static final int ROWS = 600_003;
    private static final String HOSTILE = "a\0b \0\0c żółw \uD83D\uDE00 \uFFFD\uFFFF \uDBFF\uDFFF";

    @TempDir
    Path directory;

    private static ByteBuffer buffer(String dtype, byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(dtype.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    }

    /** Texts of at most 8 code units: hostile ones in the middle, plain ones else. */
    private static byte[] texts(String dtype, int rows) {
        byte[] bytes = new byte[32 * rows];
        ByteBuffer units = buffer(dtype, bytes);
        int[] hostile = HOSTILE.codePoints().toArray();
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < 8 && i >> 3 * j != 0; j++) {
                int plain = 'a' + (i >> 3 * j & 7);
                units.putInt(32 * i + 4 * j, i / 1000 == rows / 2000 ? hostile[(i + j) % hostile.length] : plain);
            }
        }
        return bytes;
    }

    private static byte[] values(String dtype, int rows) {
        if (dtype.contains("U")) {
            return texts(dtype, rows);
        }
        byte[] bytes = new byte[8 * rows];
        for (int i = 0; i < rows; i++) {
            buffer(dtype, bytes).putLong(8 * i, i % 1000 == 7 ? Long.MIN_VALUE : i - 500);
        }
        return bytes;
    }

    /** Makes the last element none of its column's type. */
    private static byte[] misfit(String dtype, byte[] values) {
        if (dtype.contains("U")) {
            buffer(dtype, values).putInt(values.length - 32, 0xDC80);
        } else {
            buffer(dtype, values).putLong(values.length - 8, Long.MAX_VALUE);
        }
        return values;
    }

    private Path file(String dtype, byte[] data, long... shape) throws Exception {
        return Files.write(directory.resolve("array.npy"), Parts.npy(dtype, data, shape));
    }

    private static int batches(Frame frame, int batchRows, List<List<Object>> columns) throws Exception {
        int batches = 0;
        try (ArrowReader reader = frame.reader(batchRows)) {
            for (; reader.loadNextBatch(); batches++) {
                List<FieldVector> vectors = reader.getVectorSchemaRoot().getFieldVectors();
                for (int i = 0; i < columns.size(); i++) {
                    assertThat(vectors.get(i).getField())
                            .isEqualTo(reader.getVectorSchemaRoot()
                                    .getSchema()
                                    .getFields()
                                    .get(i));
                    columns.get(i).addAll(RandomVectors.values(vectors.get(i)));
                }
            }
        }
        return batches;
    }

    private static void assertBatchesAreTheWhole(BufferAllocator allocator, Path file, int batchRows) throws Exception {
        try (Frame batched = Frames.open(allocator, file);
                Frame whole = Frames.open(allocator, file)) {
            List<FieldVector> vectors = whole.root().getFieldVectors();
            assertThat(batched.schema()).isEqualTo(whole.schema());
            List<List<Object>> columns = Stream.<List<Object>>generate(ArrayList::new)
                    .limit(vectors.size())
                    .toList();
            batches(batched, batchRows, columns);
            for (int i = 0; i < vectors.size(); i++) {
                assertThat(columns.get(i)).isEqualTo(RandomVectors.values(vectors.get(i)));
            }
            assertThat(batched.schema()).isEqualTo(whole.schema());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<U8", ">U8", "<M8[D]", ">M8[M]", "<m8[Y]", ">M8[h]"})
    void holdNoWholeColumn(String dtype, BufferAllocator allocator) throws Exception {
        Path file = file(dtype, values(dtype, ROWS), ROWS);
        try (Frame frame = Frames.open(allocator, file)) {
            assertThat(batches(frame, 1000, List.of())).isEqualTo(601);
            assertThat(allocator.getPeakMemoryAllocation()).isLessThan(2 << 20);
            assertThat(frame.copyReport().columns()).noneMatch(column -> column.isRead());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<U8", ">U8", "<M8[D]", ">M8[M]"})
    void holdNoWholeColumnOfValuesThatStayAsTheyAreStored(String dtype, BufferAllocator allocator) throws Exception {
        Path file = file(dtype, misfit(dtype, values(dtype, ROWS)), ROWS);
        try (Frame frame = Frames.open(allocator, file)) {
            assertThat(frame.schema().getFields().get(0).getType())
                    .isNotIn(ArrowType.Utf8.INSTANCE)
                    .isNotInstanceOf(ArrowType.Date.class);
            assertThat(batches(frame, 1000, List.of())).isEqualTo(601);
            assertThat(allocator.getPeakMemoryAllocation()).isLessThan(2 << 20);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "<U8, false",
        ">U8, false",
        "<U8, true",
        ">U8, true",
        "<M8[D], false",
        ">M8[D], true",
        "<M8[h], true",
        ">m8[M], true",
        "<m8[Y], false",
    })
    void agreeWithTheWholeColumn(String dtype, boolean misfit, BufferAllocator allocator) throws Exception {
        byte[] values = values(dtype, 9_001);
        assertBatchesAreTheWhole(allocator, file(dtype, misfit ? misfit(dtype, values) : values, 9_001), 977);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<U8", ">M8[D]"})
    void agreeOfBlocksWithAMisfitInOneColumn(String dtype, BufferAllocator allocator) throws Exception {
        byte[] values = misfit(dtype, values(dtype, 9_000));
        assertBatchesAreTheWhole(allocator, file(dtype, values, 3_000, 3), 301);
        byte[] fortran = Parts.npy(dtype, values, StorageOrder.FORTRAN, 3_000, 3);
        assertBatchesAreTheWhole(allocator, Files.write(directory.resolve("columns.npy"), fortran), 301);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[('t', '<U8'), ('n', '<i8')]",
                "[('d', '>M8[D]'), ('s', [('t', '<U6')])]",
                "[('l', '<U4', (2,)), ('d', '<M8[D]')]"
            })
    void agreeOfRecords(String dtype, BufferAllocator allocator) throws Exception {
        byte[] values = new byte[40 * 20_000];
        for (int i = 0; i < values.length; i += 4) {
            values[i] = 'a';
        }
        assertBatchesAreTheWhole(allocator, file(dtype, values.clone(), values.length / width(dtype)), 1000);
        // A lone surrogate, or a date beyond all.
        values[values.length - 39] = (byte) 0xD8;
        assertBatchesAreTheWhole(allocator, file(dtype, values, values.length / width(dtype)), 1000);
    }

    private static int width(String dtype) {
        return dtype.contains("U6") ? 32 : 40;
    }

    @ParameterizedTest
    @ValueSource(strings = {"<U8", ">U8"})
    void refuseWhatIsNoCharacterAsTheWholeColumnDoes(String dtype, BufferAllocator allocator) throws Exception {
        for (int unit : new int[] {0x110000, -1, Integer.MIN_VALUE}) {
            byte[] texts = texts(dtype, 20_000);
            buffer(dtype, texts).putInt(32 * 19_998 + 4, unit);
            Path file = file(dtype, texts, 20_000);
            try (Frame frame = Frames.open(allocator, file)) {
                assertThatThrownBy(() -> frame.reader(100)).isInstanceOfSatisfying(NpzException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.VALUE);
                    assertThat(e).hasMessageContaining("element 19998");
                    assertThat(e.offset()).isEqualTo(sizeOf(file) - 2 * 32 + 4);
                });
            }
        }
    }

    private static long sizeOf(Path file) {
        return file.toFile().length();
    }

    static Stream<Path> golden() throws Exception {
        return Golden.sidecars("staticframe-npz").stream()
                .map(sidecar -> Golden.folder("static-frame")
                        .resolve(sidecar.get("file").asText()));
    }

    @ParameterizedTest
    @MethodSource
    void golden(Path file, BufferAllocator allocator) throws Exception {
        assertBatchesAreTheWhole(allocator, file, 3);
    }

    @Test
    void selectionsKnowWhatIsKnown(BufferAllocator allocator) throws Exception {
        byte[] values = misfit("<U8", values("<U8", 3000));
        try (Frame frame = Frames.open(allocator, file("<U8", values, 1000, 3))) {
            frame.schema();
            try (Frame last = frame.select(frame.columnNames().get(2));
                    Frame first = frame.select(frame.columnNames().get(0))) {
                assertThat(last.schema().getFields().get(0))
                        .isEqualTo(frame.schema().getFields().get(2));
                assertThat(first.schema().getFields().get(0).getType()).isEqualTo(ArrowType.Utf8.INSTANCE);
            }
        }
    }
}
