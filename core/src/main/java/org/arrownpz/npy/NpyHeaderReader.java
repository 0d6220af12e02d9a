package org.arrownpz.npy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.io.ByteSource;

/**
 * Reads and checks NPY headers of versions 1.0, 2.0 and 3.0 (NEP 1). Headers repeat within an archive, so parsed ones
 * are remembered by their bytes; remembering is bounded, and what is remembered does not depend on the file.
 *
 * <p>Safe for use by several threads. A length that a header states is compared with the file's and with
 * {@link ReadLimits#headerCharacters()} before anything is allocated for it.
 */
public final class NpyHeaderReader {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int VERSION_OFFSET = 6;
    private static final int LENGTH_OFFSET = 8;
    /** Covers StaticFrame's headers (64 bytes as a rule) and NumPy's (128) with one read. */
    private static final int FIRST_READ = 128;

    private static final int MOST_KNOWN = 256;
    private static final int LONGEST_KNOWN = 4096;

    private final ReadLimits limits;
    private final Map<ByteBuffer, NpyHeader> known = new ConcurrentHashMap<>();

    public NpyHeaderReader(ReadLimits limits) {
        this.limits = limits;
    }

    /**
     * The header at the start of a source, checked against the bytes that follow it.
     *
     * @param source one NPY file or member; neither kept nor closed
     * @param location file and member, for messages
     * @param exactSize whether bytes behind the array are a fault (in archives and directories, where no writer leaves
     *     any) or ignored as NumPy does in a file of its own
     */
    public NpyHeader read(ByteSource source, Location location, boolean exactSize) throws NpzException {
        ByteBuffer first =
                ByteBuffer.allocate((int) Math.min(source.size(), FIRST_READ)).order(ByteOrder.LITTLE_ENDIAN);
        NpyHeader header = header(source, first, location);
        checkData(header, source.size(), location, exactSize);
        return header;
    }

    /** The array at the start of a source, under the conditions of {@link #read}; the source is kept but not owned. */
    public NumpyArray open(ByteSource source, Location location, boolean exactSize) throws NpzException {
        NpyHeader header = read(source, location, exactSize);
        return new NumpyArray(location, header, source.slice(header.dataOffset(), header.dataLength()));
    }

    private NpyHeader header(ByteSource source, ByteBuffer first, Location location) throws NpzException {
        source.read(0, first);
        byte[] bytes = first.array();
        int read = first.limit();
        int major = version(bytes, read, location);
        int textOffset = major == 1 ? 10 : 12;
        int end = textOffset + textLength(first, textOffset, source.size(), location);
        if (end <= read) {
            return knownOrParsed(bytes, end, major, textOffset, location);
        }
        ByteBuffer whole = ByteBuffer.allocate(end).order(ByteOrder.LITTLE_ENDIAN);
        source.read(0, whole);
        // The bytes may have changed since the first read; what was checked then must hold now.
        if (!Arrays.equals(bytes, 0, textOffset, whole.array(), 0, textOffset)) {
            throw location.fault(ErrorCode.FILE_CHANGED, "the header changed while it was read");
        }
        return knownOrParsed(whole.array(), end, major, textOffset, location);
    }

    private static int version(byte[] bytes, int length, Location location) throws NpzException {
        if (length < LENGTH_OFFSET || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw NpyMagic.fault(bytes, length, location);
        }
        int major = bytes[VERSION_OFFSET] & 0xff;
        int minor = bytes[VERSION_OFFSET + 1] & 0xff;
        if (major < 1 || major > 3 || minor != 0) {
            throw location.error(ErrorCode.VERSION, "unknown NPY format version")
                    .at(VERSION_OFFSET)
                    .expected("1.0, 2.0 or 3.0")
                    .found(major + "." + minor)
                    .build();
        }
        return major;
    }

    private int textLength(ByteBuffer first, int textOffset, long size, Location location) throws NpzException {
        if (size < textOffset) {
            throw lengthFault("the file ends within the header length", location)
                    .build();
        }
        long length =
                textOffset == 10 ? first.getShort(LENGTH_OFFSET) & 0xffffL : first.getInt(LENGTH_OFFSET) & 0xffffffffL;
        if (length == 0) {
            throw lengthFault("the header is empty", location).build();
        }
        if (length > size - textOffset) {
            throw lengthFault("the header is longer than the file", location)
                    .expected("at most " + (size - textOffset) + " bytes")
                    .found(length)
                    .build();
        }
        // Characters are counted exactly once decoded; in UTF-8 one takes up to four bytes.
        long mostBytes = (long) limits.headerCharacters() * (first.get(VERSION_OFFSET) == 3 ? 4 : 1);
        if (length > mostBytes) {
            throw tooLong(limits, length + " bytes", location);
        }
        return (int) length;
    }

    private static NpzException.Builder lengthFault(String problem, Location location) {
        return location.error(ErrorCode.HEADER_LENGTH, problem).at(LENGTH_OFFSET);
    }

    static NpzException tooLong(ReadLimits limits, String found, Location location) {
        return location.error(ErrorCode.LIMIT, "the header is too long")
                .at(LENGTH_OFFSET)
                .expected("at most " + limits.headerCharacters() + " characters")
                .found(found)
                .remedy("ReadLimits.withHeaderCharacters (--max-header-size on the command line) raises the limit"
                        + " for files that you trust.")
                .build();
    }

    private NpyHeader knownOrParsed(byte[] bytes, int end, int major, int textOffset, Location location)
            throws NpzException {
        NpyHeader header = end > LONGEST_KNOWN ? null : known.get(ByteBuffer.wrap(bytes, 0, end));
        if (header == null) {
            header = new NpyHeaderText(major, textOffset, limits, location).parse(bytes, end);
            if (end <= LONGEST_KNOWN && known.size() < MOST_KNOWN) {
                known.put(ByteBuffer.wrap(Arrays.copyOf(bytes, end)), header);
            }
        }
        return header;
    }

    private static void checkData(NpyHeader header, long size, Location location, boolean exactSize)
            throws NpzException {
        long available = size - header.dataOffset();
        if (available < header.dataLength()) {
            throw location.error(ErrorCode.DATA_TRUNCATED, "the array data are cut short: " + demand(header))
                    .at(header.major() == 1 ? 10 : 12)
                    .expected(header.dataLength() + " bytes from byte " + header.dataOffset())
                    .found(available)
                    .build();
        }
        if (exactSize && available > header.dataLength()) {
            throw location.error(ErrorCode.DATA_TRAILING, "bytes follow the array data: " + demand(header))
                    .at(header.dataOffset() + header.dataLength())
                    .expected(header.dataLength() + " bytes from byte " + header.dataOffset())
                    .found(available)
                    .build();
        }
    }

    private static String demand(NpyHeader header) {
        return "shape " + header.shape() + " of items of " + header.dtype().itemSize() + " bytes";
    }
}
