package org.arrownpz.parquet.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.ipc.Tables;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetOptions;
import org.arrownpz.parquet.internal.write.Bytes;
import org.arrownpz.parquet.internal.write.ThriftStruct;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A7: the checksums of pages are written, and compared where {@link Verify#CRC} asks for it. */
@ExtendWith(LeakCheck.class)
class PageChecksumsTest {
    private static final int ROWS = 300;
    private static final int ROW_GROUPS = 4;
    private static final int COLUMNS = 1;
    private static final int META_DATA = 3;
    private static final int COMPRESSED_SIZE = 7;
    private static final int DATA_PAGE = 9;

    @TempDir
    Path directory;

    private Path path;

    @BeforeAll
    static void loadNativeLibraries() {
        org.apache.arrow.c.jni.JniLoader.get().ensureLoaded();
        org.apache.arrow.dataset.jni.JniLoader.get().ensureLoaded();
    }

    @BeforeEach
    void name() {
        path = directory.resolve("a.parquet");
    }

    @Test
    void noticesAChecksumOfAnotherWriterThatIsWrong(BufferAllocator allocator) throws IOException {
        resource("rle_dict_uncompressed_corrupt_checksum");
        Tables.read(allocator, path).close();
        ReadOptions options = ReadOptions.defaults().withVerify(Verify.CRC);
        assertThatThrownBy(() -> Tables.read(allocator, path, options).close())
                .isInstanceOfSatisfying(NpzException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.ZIP_CRC);
                    assertThat(e.member()).isEqualTo("column long_field");
                    assertThat(e.offset()).isEqualTo(23);
                    assertThat(e).hasMessageContaining("expected 0x6522df6a but found 0x6522df69");
                });
        assertThatThrownBy(() -> Tables.open(allocator, path, options).close())
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ZIP_CRC));
    }

    @Test
    void looksAtTheColumnsThatAreRead(BufferAllocator allocator) throws IOException {
        write(ParquetOptions.Compression.NONE, allocator);
        byte[] bytes = Files.readAllBytes(path);
        bytes[pages().get(0)[0]] ^= 1;
        Files.write(path, bytes);
        ReadOptions options = ReadOptions.defaults().withVerify(Verify.CRC);
        Tables.open(allocator, path, options.withColumns("texts")).close();
        assertThatThrownBy(() -> Tables.open(allocator, path, options.withColumns("numbers"))
                        .close())
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.member()).isEqualTo("column numbers"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rle_dict_snappy_checksum", "plain_dict_uncompressed_checksum", "names", "row_groups"})
    void takesFilesOfOtherWritersWithRightChecksumsAndWithout(String name) throws IOException {
        resource(name);
        verify();
    }

    @ParameterizedTest
    @EnumSource(ParquetOptions.Compression.class)
    void noticesEveryBitThatFlipsInAPage(ParquetOptions.Compression codec, BufferAllocator allocator)
            throws IOException {
        write(codec, allocator);
        verify();
        byte[] bytes = Files.readAllBytes(path);
        List<int[]> pages = pages();
        assertThat(pages)
                .as("dictionaries and data of two columns and two groups")
                .hasSizeGreaterThan(4);
        for (int[] page : pages) {
            for (int at = page[0]; at < page[1]; at += 1 + (page[1] - page[0]) / 50) {
                byte[] damaged = bytes.clone();
                damaged[at] ^= (byte) (1 << at % Byte.SIZE);
                Files.write(path, damaged);
                assertThatThrownBy(this::verify)
                        .isInstanceOfSatisfying(
                                NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ZIP_CRC));
            }
        }
    }

    @Test
    void givesTypedErrorsForDamagedHeaders(BufferAllocator allocator) throws IOException {
        write(ParquetOptions.Compression.NONE, allocator);
        byte[] bytes = Files.readAllBytes(path);
        for (int at = 4; at < bytes.length; at += at < 100 ? 1 : 13) {
            for (int mask : new int[] {0x01, 0x80, 0xFF}) {
                byte[] damaged = bytes.clone();
                damaged[at] ^= (byte) mask;
                Files.write(path, damaged);
                try {
                    verify();
                } catch (NpzException e) {
                    assertThat(e.file()).isEqualTo(path.toString());
                }
            }
        }
    }

    @Test
    void refusesChunksThatShareBytesOrLieOutsideTheFile(BufferAllocator allocator) throws IOException {
        write(ParquetOptions.Compression.NONE, allocator);
        byte[] bytes = Files.readAllBytes(path);
        long[][] lies = {
            {DATA_PAGE, bytes.length + 1},
            {DATA_PAGE, Long.MAX_VALUE},
            {COMPRESSED_SIZE, bytes.length},
            {COMPRESSED_SIZE, bytes.length - 100},
            {COMPRESSED_SIZE, Long.MAX_VALUE}
        };
        for (long[] lie : lies) {
            change(bytes, (int) lie[0], lie[1]);
            assertThatThrownBy(this::verify)
                    .as(Arrays.toString(lie))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.META_SCHEMA));
        }
    }

    /** Statistics of texts may be long: 100,000 bytes of header before a page whose checksum is wrong. */
    @Test
    void readsHeadersOfAnyLength() throws IOException {
        byte[] header = header(new byte[100_000]);
        byte[] file = new byte[4 + header.length + 1];
        System.arraycopy("PAR1".getBytes(StandardCharsets.US_ASCII), 0, file, 0, 4);
        System.arraycopy(header, 0, file, 4, header.length);
        CompactStruct chunk = empty();
        chunk.put(META_DATA, CompactStruct.STRUCT, bytes(data(4, file.length - 4), Map.of()));
        finish(file, chunk);
        assertThatThrownBy(this::verify).isInstanceOfSatisfying(NpzException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.ZIP_CRC);
            assertThat(e.offset()).isEqualTo(4L + header.length);
        });
    }

    private void verify() throws NpzException {
        Location location = Location.ofFile(path.toString());
        PageChecksums.verify(path, ParquetFooter.read(path, location), List.of(), location);
    }

    private void resource(String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(PageChecksumsTest.class.getResourceAsStream("/parquet/" + name + ".parquet"))) {
            Files.write(path, in.readAllBytes());
        }
    }

    private void write(ParquetOptions.Compression codec, BufferAllocator allocator) throws IOException {
        try (BigIntVector numbers = new BigIntVector("numbers", allocator);
                VarCharVector texts = new VarCharVector("texts", allocator)) {
            for (int row = 0; row < ROWS; row++) {
                numbers.setSafe(row, row * 1_000_003L);
                texts.setSafe(row, ("text " + row % 7).getBytes(StandardCharsets.UTF_8));
            }
            VectorSchemaRoot root = VectorSchemaRoot.of(numbers, texts);
            root.setRowCount(ROWS);
            ParquetOptions options = ParquetOptions.defaults()
                    .withDurability(Durability.RENAME_ONLY)
                    .withCompression(codec)
                    .withRowGroupRows(ROWS / 2);
            Parquet.write(root, path, options);
        }
    }

    /** Where pages lie, by their headers. */
    private List<int[]> pages() throws IOException {
        Location location = Location.ofFile(path.toString());
        byte[] bytes = Files.readAllBytes(path);
        List<int[]> pages = new ArrayList<>();
        for (CompactStruct chunk : ParquetFooter.read(path, location).chunks()) {
            CompactStruct data = chunk.struct(META_DATA);
            long dictionary = data.count(11);
            long at = dictionary > 0 ? dictionary : data.count(DATA_PAGE);
            long end = at + data.count(COMPRESSED_SIZE);
            while (at < end) {
                ByteBuffer header = ByteBuffer.wrap(bytes, (int) at, (int) (end - at));
                int length = CompactStruct.parse(header, location).number(3);
                pages.add(new int[] {header.position(), header.position() + length});
                at = header.position() + length;
            }
        }
        return pages;
    }

    /** Writes the file with another number in the first column chunk. */
    private void change(byte[] bytes, int field, long value) throws IOException {
        ByteBuffer tail = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int length = tail.getInt(bytes.length - 8);
        int start = bytes.length - 8 - length;
        CompactStruct footer =
                CompactStruct.parse(ByteBuffer.wrap(bytes, start, length), Location.ofFile(path.toString()));
        CompactStruct group = footer.structs(ROW_GROUPS).get(0);
        List<CompactStruct> chunks = group.structs(COLUMNS);
        CompactStruct data = chunks.get(0).struct(META_DATA);
        data.remove(11);
        data.put(field, CompactStruct.I64, zigzag(value));
        chunks.get(0).put(META_DATA, CompactStruct.STRUCT, bytes(data, Map.of()));
        List<ThriftStruct> groups = new ArrayList<>();
        for (CompactStruct each : footer.structs(ROW_GROUPS)) {
            groups.add(each.with(groups.isEmpty() ? Map.of(COLUMNS, all(chunks)) : Map.of()));
        }
        finish(Arrays.copyOf(bytes, start), bytes(footer, Map.of(ROW_GROUPS, groups)));
    }

    private void finish(byte[] pages, CompactStruct chunk) throws IOException {
        List<ThriftStruct> groups = List.of(empty().with(Map.of(COLUMNS, all(List.of(chunk)))));
        finish(pages, bytes(empty(), Map.of(ROW_GROUPS, groups)));
    }

    private static List<ThriftStruct> all(List<CompactStruct> structs) {
        return structs.stream().map(struct -> struct.with(Map.of())).toList();
    }

    private static byte[] bytes(CompactStruct struct, Map<Integer, List<ThriftStruct>> lists) {
        Bytes bytes = new Bytes();
        struct.with(lists).writeTo(bytes);
        return Arrays.copyOf(bytes.array(), bytes.size());
    }

    private void finish(byte[] pages, byte[] footer) throws IOException {
        ByteBuffer file = ByteBuffer.allocate(pages.length + footer.length + 8).order(ByteOrder.LITTLE_ENDIAN);
        file.put(pages).put(footer).putInt(footer.length).put("PAR1".getBytes(StandardCharsets.US_ASCII));
        Files.write(path, file.array());
    }

    private static CompactStruct empty() throws NpzException {
        return CompactStruct.parse(ByteBuffer.wrap(new byte[1]), Location.ofFile("a"));
    }

    private static CompactStruct data(long start, long length) throws NpzException {
        CompactStruct data = empty();
        // One path of one letter.
        data.put(3, CompactStruct.LIST, new byte[] {0x18, 1, 'x'});
        data.put(COMPRESSED_SIZE, CompactStruct.I64, zigzag(length));
        data.put(DATA_PAGE, CompactStruct.I64, zigzag(start));
        return data;
    }

    /** Of a page of one byte, with a checksum of 1. */
    private static byte[] header(byte[] statistics) throws NpzException {
        CompactStruct header = empty();
        header.put(3, CompactStruct.I32, zigzag(1));
        header.put(4, CompactStruct.I32, zigzag(1));
        Bytes text = new Bytes();
        new ThriftStruct()
                .text(5, new String(statistics, StandardCharsets.US_ASCII))
                .writeTo(text);
        header.put(5, CompactStruct.STRUCT, Arrays.copyOf(text.array(), text.size()));
        return bytes(header, Map.of());
    }

    private static byte[] zigzag(long value) {
        ByteBuffer out = ByteBuffer.allocate(10);
        long rest = value << 1 ^ value >> 63;
        while ((rest & ~0x7FL) != 0) {
            out.put((byte) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
        return Arrays.copyOf(out.array(), out.position());
    }
}
