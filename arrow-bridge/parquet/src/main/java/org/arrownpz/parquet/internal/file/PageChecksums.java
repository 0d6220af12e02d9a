package org.arrownpz.parquet.internal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.support.Faults;

/**
 * The checksums in the headers of a file's pages (parquet-format, parquet.thrift, "PageHeader"): CRC-32 of the bytes that
 * follow the header. The native reader has an option to compare them that Java cannot set. Pages without one pass.
 */
public final class PageChecksums {
    // Fields of ColumnChunk, ColumnMetaData and PageHeader.
    private static final int FILE_PATH = 1;
    private static final int META_DATA = 3;
    private static final int ENCRYPTION = 8;
    private static final int PATH_IN_SCHEMA = 3;
    private static final int COMPRESSED_SIZE = 7;
    private static final int DATA_PAGE = 9;
    private static final int DICTIONARY_PAGE = 11;
    private static final int PAGE_SIZE = 3;
    private static final int CRC = 4;

    /** Headers have a hundred bytes, but for those with long statistics. */
    private static final int FIRST_HEADER = 1 << 12;

    private static final int MAX_HEADER = 1 << 24;

    private final FileChannel channel;
    private final ByteBuffer window = ByteBuffer.allocate(1 << 18);

    private PageChecksums(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Reads all pages of some columns and compares their checksums.
     *
     * @param columns by name, none for all
     * @throws NpzException ZIP_CRC when one differs; META_SCHEMA when pages are not where the file says
     */
    public static void verify(Path file, ParquetFooter footer, List<String> columns, Location location)
            throws NpzException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            PageChecksums checksums = new PageChecksums(channel);
            for (Chunk chunk : chunks(footer, columns, channel.size(), location)) {
                checksums.verify(chunk.start, chunk.start + chunk.length, channel.size(), chunk.place);
            }
        } catch (IOException e) {
            throw Faults.reading(location, e);
        }
    }

    /** Pages of a column in a row group, which lie in the file, apart from all others. */
    record Chunk(Location place, long start, long length) {}

    /** @param columns by name, none for all */
    static List<Chunk> chunks(ParquetFooter footer, List<String> columns, long size, Location location)
            throws NpzException {
        List<Chunk> chunks = new ArrayList<>();
        long left = size;
        for (CompactStruct chunk : footer.chunks()) {
            // What lies in other files, or is encrypted, is nothing that is read here.
            if (chunk.has(FILE_PATH) || chunk.has(ENCRYPTION)) {
                continue;
            }
            CompactStruct data = chunk.struct(META_DATA);
            List<String> path = data.strings(PATH_IN_SCHEMA);
            if (path.isEmpty() || !columns.isEmpty() && !columns.contains(path.get(0))) {
                continue;
            }
            Location place = location.member("column " + String.join(".", path));
            long dictionary = data.count(DICTIONARY_PAGE);
            long pages = data.count(DATA_PAGE);
            // Columns without rows may have a dictionary alone.
            long start = dictionary > 0 && (pages == 0 || dictionary < pages) ? dictionary : pages;
            long length = data.count(COMPRESSED_SIZE);
            // Chunks share no bytes, so that a file is read once, whatever it says.
            if (start > size || length > size - start || length > left) {
                throw damaged(place, "its pages are not in the file", start);
            }
            left -= length;
            chunks.add(new Chunk(place, start, length));
        }
        return chunks;
    }

    private void verify(long start, long end, long size, Location place) throws IOException {
        long position = start;
        while (position < end) {
            int room = FIRST_HEADER;
            ByteBuffer bytes = read(position, room, size);
            CompactStruct header = CompactStruct.parseOrNull(bytes, place);
            while (header == null && room < MAX_HEADER && room < size - position) {
                room <<= 4;
                bytes = read(position, room, size);
                header = CompactStruct.parseOrNull(bytes, place);
            }
            long page = position + bytes.position();
            int length = header == null ? -1 : header.number(PAGE_SIZE);
            if (header == null || length < 0 || length > size - page) {
                throw damaged(place, "the header of a page is damaged", position);
            }
            if (header.has(CRC)) {
                compare(header.number(CRC), checksum(page, length), page, place);
            }
            position = page + length;
        }
    }

    private ByteBuffer read(long position, int most, long size) throws IOException {
        return ParquetFooter.bytes(channel, position, (int) Math.min(most, size - position));
    }

    private int checksum(long from, int length) throws IOException {
        CRC32 checksum = new CRC32();
        int left = length;
        while (left > 0) {
            window.clear().limit(Math.min(window.capacity(), left));
            int count = channel.read(window, from + length - left);
            if (count < 0) {
                throw new IOException("the file became shorter");
            }
            checksum.update(window.flip());
            left -= count;
        }
        return (int) checksum.getValue();
    }

    private static void compare(int expected, int found, long offset, Location place) throws NpzException {
        if (expected != found) {
            throw place.error(ErrorCode.ZIP_CRC, "the checksum of a page is not the stated one")
                    .at(offset)
                    .expected("0x" + Integer.toHexString(expected))
                    .found("0x" + Integer.toHexString(found))
                    .remedy("The data are damaged: restore the file from a copy")
                    .build();
        }
    }

    private static NpzException damaged(Location place, String problem, long offset) {
        return place.error(ErrorCode.META_SCHEMA, problem).at(offset).build();
    }
}
