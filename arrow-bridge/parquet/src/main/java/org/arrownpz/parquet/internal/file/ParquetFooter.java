package org.arrownpz.parquet.internal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Faults;
import org.arrownpz.internal.text.SafeText;
import org.arrownpz.ipc.cdata.CNames;

/**
 * The end of a Parquet file: a Thrift struct FileMetaData (parquet-format, section "File format"), its length, and the
 * magic bytes. Arrow's dataset writer drops schema metadata, so that they are added here, where all readers look.
 */
public final class ParquetFooter {
    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final int TAIL = Integer.BYTES + MAGIC.length;
    private static final int MAX_LENGTH = 1 << 29;

    // Fields of FileMetaData, of the structs in it, and members of the union LogicalType.
    private static final int SCHEMA = 2;
    private static final int NUM_ROWS = 3;
    private static final int ROW_GROUPS = 4;
    private static final int KEY_VALUES = 5;
    // Of SchemaElement, RowGroup, ColumnChunk, ColumnMetaData and Statistics.
    private static final int TYPE = 1;
    private static final int NAME = 4;
    private static final int CONVERTED_TYPE = 6;
    private static final int LOGICAL_TYPE = 10;
    private static final int COLUMNS = 1;
    private static final int META_DATA = 3;
    private static final int PATH_IN_SCHEMA = 3;
    private static final int STATISTICS = 12;
    private static final int NULL_COUNT = 3;
    // Of LogicalType and TimeType.
    private static final int TIME = 7;
    private static final int UUID = 14;
    private static final int IS_ADJUSTED_TO_UTC = 1;

    private final CompactStruct struct;

    private ParquetFooter(CompactStruct struct) {
        this.struct = struct;
    }

    public static ParquetFooter read(Path file, Location location) throws NpzException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new ParquetFooter(CompactStruct.parse(footer(channel, location), location));
        } catch (NpzException e) {
            throw e;
        } catch (IOException e) {
            throw Faults.translate(location, "the file cannot be read", e);
        }
    }

    /** The key-value metadata of the file. */
    public Map<String, String> metadata() throws NpzException {
        return struct.texts(KEY_VALUES);
    }

    /** Which of the file's columns are UUIDs, counted as Parquet does: parts of nested columns are columns. */
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
        for (CompactStruct group : struct.structs(ROW_GROUPS)) {
            for (CompactStruct column : group.structs(COLUMNS)) {
                CompactStruct data = column.struct(META_DATA);
                List<String> path = data.strings(PATH_IN_SCHEMA);
                boolean none = data.structOrNew(STATISTICS).isZero(NULL_COUNT);
                if (!path.isEmpty() && !none) {
                    names.add(path.get(0));
                }
            }
        }
        return names;
    }

    /**
     * Gives a finished file key-value metadata, and has it say that times are not adjusted to UTC, as Arrow's are not.
     *
     * @param empty whether the file's rows are placeholders to be taken out, with their pages
     * @param names what the names in the file stand for
     * @param uuids see {@link #uuids()}
     */
    public static void complete(
            FileChannel channel,
            Map<String, String> metadata,
            boolean empty,
            CNames names,
            BitSet uuids,
            Location location)
            throws IOException {
        ByteBuffer footer = footer(channel, location);
        long start = empty ? MAGIC.length : channel.size() - TAIL - footer.remaining();
        CompactStruct struct = CompactStruct.parse(footer, location);
        if (empty) {
            struct.put(NUM_ROWS, CompactStruct.I64, new byte[] {0});
            struct.put(ROW_GROUPS, CompactStruct.LIST, new byte[] {CompactStruct.STRUCT});
        }
        describe(struct, names, uuids);
        if (!names.areExact()) {
            restore(struct, names);
        }
        struct.putTexts(KEY_VALUES, metadata);
        byte[] bytes = struct.toBytes();
        ByteBuffer tail = ByteBuffer.allocate(Math.addExact(bytes.length, TAIL)).order(ByteOrder.LITTLE_ENDIAN);
        tail.put(bytes).putInt(bytes.length).put(MAGIC).flip();
        channel.position(start);
        while (tail.hasRemaining()) {
            channel.write(tail);
        }
        channel.truncate(channel.position());
    }

    private static void describe(CompactStruct file, CNames names, BitSet uuids) throws NpzException {
        List<CompactStruct> elements = file.structs(SCHEMA);
        int leaf = 0;
        for (CompactStruct element : elements) {
            if (!names.areExact()) {
                element.putText(NAME, names.restore(element.text(NAME)));
            }
            if (element.has(TYPE) && uuids.get(leaf++)) {
                CompactStruct uuid = element.structOrNew(LOGICAL_TYPE);
                uuid.putStruct(UUID, uuid.structOrNew(UUID));
                element.putStruct(LOGICAL_TYPE, uuid);
            }
            CompactStruct logical = element.structOrNew(LOGICAL_TYPE);
            if (logical.has(TIME)) {
                CompactStruct time = logical.struct(TIME);
                time.put(IS_ADJUSTED_TO_UTC, CompactStruct.FALSE, new byte[0]);
                logical.putStruct(TIME, time);
                element.putStruct(LOGICAL_TYPE, logical);
                // The older way to say the same knows no other times than those in UTC.
                element.remove(CONVERTED_TYPE);
            }
        }
        file.putStructs(SCHEMA, elements);
    }

    private static void restore(CompactStruct file, CNames names) throws NpzException {
        List<CompactStruct> groups = file.structs(ROW_GROUPS);
        for (CompactStruct group : groups) {
            List<CompactStruct> columns = group.structs(COLUMNS);
            for (CompactStruct column : columns) {
                CompactStruct data = column.struct(META_DATA);
                data.putStrings(
                        PATH_IN_SCHEMA,
                        data.strings(PATH_IN_SCHEMA).stream()
                                .map(names::restore)
                                .toList());
                column.putStruct(META_DATA, data);
            }
            group.putStructs(COLUMNS, columns);
        }
        file.putStructs(ROW_GROUPS, groups);
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
        if (!Arrays.equals(found, MAGIC)) {
            throw location.error(ErrorCode.META_SCHEMA, "no Parquet file")
                    .at(offset)
                    .expected("PAR1")
                    .found(SafeText.quote(new String(found, StandardCharsets.ISO_8859_1)))
                    .build();
        }
    }

    private static ByteBuffer bytes(FileChannel channel, long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, offset + bytes.position()) < 0) {
                throw new IOException("the file became shorter");
            }
        }
        return bytes.flip();
    }
}
