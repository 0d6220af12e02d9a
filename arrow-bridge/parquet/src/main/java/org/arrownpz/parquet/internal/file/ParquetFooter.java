package org.arrownpz.parquet.internal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.parquet.internal.write.Bytes;
import org.arrownpz.parquet.internal.write.ThriftStruct;
import org.arrownpz.support.Faults;

/**
 * The end of a Parquet file: a Thrift struct FileMetaData (parquet-format, section "File format"), its length, and the
 * magic bytes.
 */
public final class ParquetFooter {
    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ENCRYPTED = "PARE".getBytes(StandardCharsets.US_ASCII);
    static final int TAIL = Integer.BYTES + MAGIC.length;
    static final int MAX_LENGTH = 1 << 29;

    // Fields of FileMetaData, of the structs in it, and members of the union LogicalType.
    private static final int SCHEMA = 2;
    private static final int ROWS = 3;
    private static final int ROW_GROUPS = 4;
    private static final int KEY_VALUES = 5;
    // Of SchemaElement, RowGroup, ColumnChunk, ColumnMetaData and Statistics.
    private static final int TYPE = 1;
    private static final int LOGICAL_TYPE = 10;
    private static final int COLUMNS = 1;
    private static final int META_DATA = 3;
    private static final int PATH_IN_SCHEMA = 3;
    private static final int CODEC = 4;
    private static final int STATISTICS = 12;
    private static final int NULL_COUNT = 3;
    // Of LogicalType.
    private static final int UUID = 14;
    private static final int VARIANT = 16;

    /** By their numbers in parquet-format's enum CompressionCodec. */
    private static final List<String> CODECS =
            List.of("plain", "Snappy", "gzip", "LZO", "Brotli", "LZ4 (Hadoop's)", "ZSTD", "LZ4");

    private final CompactStruct struct;

    private ParquetFooter(CompactStruct struct) {
        this.struct = struct;
    }

    public static ParquetFooter read(Path file, Location location) throws NpzException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new ParquetFooter(CompactStruct.parse(footer(channel, location), location));
        } catch (IOException e) {
            throw Faults.reading(location, e);
        }
    }

    /** The key-value metadata of the file. */
    public Map<String, String> metadata() throws NpzException {
        return struct.texts(KEY_VALUES);
    }

    /** The number of rows that the file says it has; nothing checks that, and 0 is where it does not say. */
    long rows() {
        return struct.count(ROWS);
    }

    /** The codecs of all columns by the names that people know, sorted; empty without row groups. */
    public Set<String> codecs() throws NpzException {
        Set<String> names = new TreeSet<>();
        for (CompactStruct column : chunks()) {
            int codec = column.struct(META_DATA).number(CODEC);
            names.add(codec >= 0 && codec < CODECS.size() ? CODECS.get(codec) : "codec " + codec);
        }
        return names;
    }

    /** The column chunks of all row groups. */
    List<CompactStruct> chunks() throws NpzException {
        List<CompactStruct> chunks = new ArrayList<>();
        for (CompactStruct group : struct.structs(ROW_GROUPS)) {
            chunks.addAll(group.structs(COLUMNS));
        }
        return chunks;
    }

    /** Whether the file has variants, whose annotation the native reader refuses. */
    boolean hasVariants() throws NpzException {
        for (CompactStruct element : struct.structs(SCHEMA)) {
            if (element.structOrNew(LOGICAL_TYPE).has(VARIANT)) {
                return true;
            }
        }
        return false;
    }

    /** The file's columns that are UUIDs, counted as Parquet does: parts of nested columns are columns. */
    BitSet uuids() throws NpzException {
        BitSet uuids = new BitSet();
        int leaf = 0;
        for (CompactStruct element : struct.structs(SCHEMA)) {
            if (element.has(TYPE)) {
                uuids.set(leaf++, element.structOrNew(LOGICAL_TYPE).has(UUID));
            }
        }
        return uuids;
    }

    /** Names of the columns that may hold nulls, themselves or in a part: all whose statistics do not say otherwise. */
    Set<String> withNulls() throws NpzException {
        Set<String> names = new HashSet<>();
        for (CompactStruct column : chunks()) {
            CompactStruct data = column.struct(META_DATA);
            List<String> path = data.strings(PATH_IN_SCHEMA);
            boolean none = data.structOrNew(STATISTICS).isZero(NULL_COUNT);
            if (!path.isEmpty() && !none) {
                names.add(path.get(0));
            }
        }
        return names;
    }

    /** Gives a finished file other key-value metadata, and leaves its variants the structs that they are stored as. */
    public static void replaceMetadata(FileChannel channel, Map<String, String> metadata, Location location)
            throws IOException {
        ByteBuffer footer = footer(channel, location);
        long start = channel.size() - TAIL - footer.remaining();
        CompactStruct struct = CompactStruct.parse(footer, location);
        List<ThriftStruct> pairs = new ArrayList<>();
        metadata.forEach(
                (key, value) -> pairs.add(new ThriftStruct().text(1, key).text(2, value)));
        List<ThriftStruct> elements = new ArrayList<>();
        for (CompactStruct element : struct.structs(SCHEMA)) {
            if (element.structOrNew(LOGICAL_TYPE).has(VARIANT)) {
                element.remove(LOGICAL_TYPE);
            }
            elements.add(element.with(Map.of()));
        }
        Bytes bytes = new Bytes();
        struct.with(Map.of(SCHEMA, elements, KEY_VALUES, pairs)).writeTo(bytes);
        bytes.putInt(bytes.size());
        bytes.put(MAGIC, 0, MAGIC.length);
        ByteBuffer tail = ByteBuffer.wrap(bytes.array(), 0, bytes.size());
        channel.position(start);
        while (tail.hasRemaining()) {
            channel.write(tail);
        }
        channel.truncate(channel.position());
    }

    private static ByteBuffer footer(FileChannel channel, Location location) throws IOException {
        long size = channel.size();
        if (size < MAGIC.length + TAIL) {
            throw location.error(ErrorCode.DATA_TRUNCATED, "too short for a Parquet file")
                    .expected("at least " + (MAGIC.length + TAIL) + " bytes")
                    .found(size)
                    .build();
        }
        requireMagic(bytes(channel, 0, MAGIC.length).array(), 0, location);
        ByteBuffer tail = bytes(channel, size - TAIL, TAIL);
        int length = tail.getInt();
        requireMagic(Arrays.copyOfRange(tail.array(), Integer.BYTES, TAIL), size - MAGIC.length, location);
        if (length < 0 || length > size - TAIL - MAGIC.length) {
            throw location.error(ErrorCode.META_SCHEMA, "the Parquet footer does not fit the file")
                    .at(size - TAIL)
                    .found(length)
                    .build();
        }
        if (length > MAX_LENGTH) {
            throw location.error(ErrorCode.LIMIT, "the Parquet footer is too long")
                    .expected("at most " + MAX_LENGTH)
                    .found(length)
                    .build();
        }
        return bytes(channel, size - TAIL - length, length);
    }

    private static void requireMagic(byte[] found, long offset, Location location) throws NpzException {
        if (Arrays.equals(found, ENCRYPTED)) {
            throw location.error(ErrorCode.META_SCHEMA, "the file's footer is encrypted")
                    .remedy("Decrypt the file first: nothing here has keys")
                    .build();
        }
        if (!Arrays.equals(found, MAGIC)) {
            throw location.error(ErrorCode.META_SCHEMA, "no Parquet file")
                    .at(offset)
                    .expected("PAR1")
                    .found(SafeText.quote(new String(found, StandardCharsets.ISO_8859_1)))
                    .build();
        }
    }

    static ByteBuffer bytes(FileChannel channel, long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, offset + bytes.position()) < 0) {
                throw new IOException("the file became shorter");
            }
        }
        return bytes.flip();
    }
}
