package org.arrownpz.dataset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.bridge.internal.Faults;
import org.arrownpz.cdata.CNames;

/**
 * The end of a Parquet file: a Thrift struct FileMetaData (parquet-format, section "File format"), its length, and the
 * magic bytes. Arrow's dataset writer drops schema metadata, so that they are added here, where all readers look.
 */
final class ParquetFooter {
    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final int TAIL = Integer.BYTES + MAGIC.length;
    private static final int MAX_LENGTH = 1 << 29;

    // Fields of FileMetaData.
    private static final int SCHEMA = 2;
    private static final int NUM_ROWS = 3;
    private static final int ROW_GROUPS = 4;
    private static final int KEY_VALUES = 5;
    // Of SchemaElement, RowGroup, ColumnChunk and ColumnMetaData.
    private static final int NAME = 4;
    private static final int COLUMNS = 1;
    private static final int META_DATA = 3;
    private static final int PATH_IN_SCHEMA = 3;

    private ParquetFooter() {}

    /** The key-value metadata of a file. */
    static Map<String, String> read(Path file, Location location) throws NpzException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer footer = footer(channel, location);
            return CompactStruct.parse(footer, location).texts(KEY_VALUES);
        } catch (NpzException e) {
            throw e;
        } catch (IOException e) {
            throw Faults.io(location, "the file cannot be read", e);
        }
    }

    /**
     * Gives a finished file key-value metadata.
     *
     * @param empty whether the file's rows are placeholders to be taken out, with their pages
     * @param names what the names in the file stand for
     */
    static void complete(
            FileChannel channel, Map<String, String> metadata, boolean empty, CNames names, Location location)
            throws IOException {
        ByteBuffer footer = footer(channel, location);
        long start = empty ? MAGIC.length : channel.size() - TAIL - footer.remaining();
        CompactStruct struct = CompactStruct.parse(footer, location);
        if (empty) {
            struct.put(NUM_ROWS, CompactStruct.I64, new byte[] {0});
            struct.put(ROW_GROUPS, CompactStruct.LIST, new byte[] {CompactStruct.STRUCT});
        }
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

    private static void restore(CompactStruct file, CNames names) throws NpzException {
        List<CompactStruct> elements = file.structs(SCHEMA);
        for (CompactStruct element : elements) {
            element.putText(NAME, names.restore(element.text(NAME)));
        }
        file.putStructs(SCHEMA, elements);
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
            throw location.fault(ErrorCode.DATA_TRUNCATED, "too short for a Parquet file")
                    .expected("at least " + (MAGIC.length + TAIL) + " bytes")
                    .found(size)
                    .exception();
        }
        requireMagic(bytes(channel, 0, MAGIC.length).array(), 0, location);
        ByteBuffer tail = bytes(channel, size - TAIL, TAIL);
        int length = tail.getInt();
        requireMagic(Arrays.copyOfRange(tail.array(), Integer.BYTES, TAIL), size - MAGIC.length, location);
        if (length < 0 || length > size - TAIL - MAGIC.length) {
            throw location.fault(ErrorCode.META_SCHEMA, "the Parquet footer does not fit the file")
                    .at(size - TAIL)
                    .found(length)
                    .exception();
        }
        if (length > MAX_LENGTH) {
            throw location.fault(ErrorCode.LIMIT, "the Parquet footer is too long")
                    .expected("at most " + MAX_LENGTH)
                    .found(length)
                    .exception();
        }
        return bytes(channel, size - TAIL - length, length);
    }

    private static void requireMagic(byte[] found, long offset, Location location) throws NpzException {
        if (!Arrays.equals(found, MAGIC)) {
            throw location.fault(ErrorCode.META_SCHEMA, "no Parquet file")
                    .at(offset)
                    .expected("PAR1")
                    .found(SafeText.quote(new String(found, StandardCharsets.ISO_8859_1)))
                    .exception();
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
