package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.compare.VectorEqualsVisitor;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.ReadOptions.MisfitPolicy;
import org.arrownpz.testing.AllocationFaults;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that have to be converted are read, as long as there are many of them; those of other mappings are looked at. */
@ExtendWith(LeakCheck.class)
class ConvertedColumnsTest {
    /** No multiple of what fits a strip; two threads work on eight bytes each. */
    private static final int ROWS = 270_001;

    private static final long NAT = Long.MIN_VALUE;
    private static final ReadOptions LOOKED_AT = ReadOptions.defaults().withMapping(Mapping.COPY_ON_WRITE);

    @TempDir
    Path directory;

    private Path file(String dtype, byte[] data) throws Exception {
        return Files.write(directory.resolve("array.npy"), Parts.npy(dtype, data, ROWS));
    }

    /** Times of all sizes, of which some are NaT. */
    private static byte[] times(ByteOrder order) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * ROWS).order(order);
        Random random = new Random(5);
        for (int i = 0; i < ROWS; i++) {
            bytes.putLong(i % 1000 == 7 ? NAT : random.nextInt(100_000) - 50_000);
        }
        return bytes.array();
    }

    private static List<String> words(int units) {
        List<String> words = new ArrayList<>(ROWS);
        for (int i = 0; i < ROWS; i++) {
            String word = i % 97 == 5 ? "żółw" + i : i % 13 == 0 ? "" : "w" + Integer.toString(i, 36);
            words.add(word.substring(0, Math.min(units, word.length())));
        }
        return words;
    }

    private static byte[] text(List<String> words, int units, String charset) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * units * ROWS);
        for (int i = 0; i < ROWS; i++) {
            bytes.position(4 * units * i).put(words.get(i).getBytes(Charset.forName(charset)));
        }
        return bytes.array();
    }

    private static void assertSame(BufferAllocator allocator, Path file) throws Exception {
        try (Frame read = Frames.open(allocator, file);
                Frame lookedAt = Frames.open(allocator, file, LOOKED_AT)) {
            FieldVector vector = read.column(0);
            assertThat(vector.getField()).isEqualTo(lookedAt.column(0).getField());
            assertThat(vector.getNullCount()).isEqualTo(lookedAt.column(0).getNullCount());
            assertThat(VectorEqualsVisitor.vectorEquals(vector, lookedAt.column(0)))
                    .isTrue();
            assertThat(read.copyReport()).hasToString(lookedAt.copyReport().toString());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 9})
    void textReadsAsWritten(int units, BufferAllocator allocator) throws Exception {
        List<String> words = words(units);
        for (String order : List.of("<", ">")) {
            Path file = file(order + "U" + units, text(words, units, order.equals("<") ? "UTF-32LE" : "UTF-32BE"));
            try (Frame frame = Frames.open(allocator, file)) {
                assertThat(Roots.values(frame.column(0))).map(Object::toString).isEqualTo(words);
            }
            assertSame(allocator, file);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<M8[D]", ">M8[D]", "<M8[M]", "<M8[Y]", "<M8[h]", ">M8[m]", ">M8[ns]", ">m8[us]", "<m8[h]", "<m8[M]"
            })
    void timesReadAsFromAMapping(String dtype, BufferAllocator allocator) throws Exception {
        byte[] times = times(dtype.startsWith("<") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        Path file = file(dtype, times);
        assertSame(allocator, file);
        try (Frame frame = Frames.open(allocator, file)) {
            assertThat(frame.column(0).getNullCount()).isEqualTo(270);
            assertThat(frame.column(0).isNull(1007)).isTrue();
            assertThat(frame.column(0).isNull(1008)).isFalse();
        }
    }

    @Test
    void timesWithoutNatShareTheBitmap(BufferAllocator allocator) throws Exception {
        try (Frame frame = Frames.open(allocator, file("<M8[D]", new byte[8 * ROWS]))) {
            assertThat(frame.column(0).getNullCount()).isZero();
            assertThat(frame.copyReport().copiedBytes()).isEqualTo(4L * ROWS);
            assertThat(frame.column(0).isNull(ROWS - 1)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {">i2", ">u4", ">f8", ">c16", ">f4"})
    void bigEndianNumbersReadAsFromAMapping(String dtype, BufferAllocator allocator) throws Exception {
        byte[] bytes = new byte[Integer.parseInt(dtype.substring(2)) * ROWS];
        new Random(3).nextBytes(bytes);
        assertSame(allocator, file(dtype, bytes));
    }

    @Test
    void boolsReadAsFromAMapping(BufferAllocator allocator) throws Exception {
        byte[] bytes = new byte[ROWS];
        for (int i = 0; i < ROWS; i++) {
            bytes[i] = (byte) (Integer.bitCount(i) & 1);
        }
        assertSame(allocator, file("|b1", bytes));
    }

    @Test
    void aTimeThatDoesNotFitKeepsTheStorage(BufferAllocator allocator) throws Exception {
        byte[] times = times(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer.wrap(times).order(ByteOrder.LITTLE_ENDIAN).putLong(8 * 200_000, Long.MAX_VALUE);
        Path file = file("<M8[D]", times);
        assertSame(allocator, file);
        ReadOptions refusing = ReadOptions.defaults().withMisfitPolicy(MisfitPolicy.REFUSE);
        try (Frame frame = Frames.open(allocator, file, refusing)) {
            assertThatThrownBy(() -> frame.column(0)).hasMessageContaining("element 200000");
        }
    }

    @Test
    void aLoneSurrogateKeepsTheStorage(BufferAllocator allocator) throws Exception {
        byte[] text = text(words(5), 5, "UTF-32LE");
        ByteBuffer.wrap(text).order(ByteOrder.LITTLE_ENDIAN).putInt(20 * 250_000 + 4, 0xD800);
        Path file = file("<U5", text);
        assertSame(allocator, file);
        try (Frame frame = Frames.open(allocator, file)) {
            assertThat(frame.column(0).getField().getType()).isNotEqualTo(ArrowType.Utf8.INSTANCE);
        }
    }

    @Test
    void aUnitThatIsNoCharacterIsNamed(BufferAllocator allocator) throws Exception {
        byte[] text = text(words(5), 5, "UTF-32LE");
        ByteBuffer.wrap(text).order(ByteOrder.LITTLE_ENDIAN).putInt(20 * 250_000 + 4, 0x110000);
        Path file = file("<U5", text);
        long dataOffset = Files.size(file) - text.length;
        try (Frame frame = Frames.open(allocator, file)) {
            assertThatThrownBy(() -> frame.column(0)).isInstanceOfSatisfying(NpzException.class, e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.VALUE);
                assertThat(e).hasMessageContaining("element 250000").hasMessageContaining("0x110000");
                assertThat(e.offset()).isEqualTo(dataOffset + 20 * 250_000 + 4);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<U2", ">U2", ">i8", "<M8[D]", "<m8[h]"})
    void aFileCutShortIsFileChanged(String dtype, BufferAllocator allocator) throws Exception {
        Path file = file(dtype, new byte[8 * ROWS]);
        try (Frame frame = Frames.open(allocator, file)) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(5000);
            }
            assertThatThrownBy(() -> frame.column(0))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_CHANGED));
        }
    }

    @Test
    void everyRefusedAllocationIsLimitAndLeavesNothing() throws Exception {
        for (String dtype : List.of("<U2", ">i8", "<M8[D]", "|b1")) {
            byte[] zeros = new byte[(dtype.equals("|b1") ? 1 : 8) * ROWS];
            Path file = file(dtype, zeros);
            AllocationFaults.refuseEach(allocator -> {
                try (Frame frame = Frames.open(allocator, file)) {
                    frame.root();
                }
            });
        }
    }
}
