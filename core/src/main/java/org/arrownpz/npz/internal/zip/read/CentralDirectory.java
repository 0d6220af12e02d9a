package org.arrownpz.npz.internal.zip.read;

import static org.arrownpz.npz.internal.zip.LittleEndian.i32;
import static org.arrownpz.npz.internal.zip.LittleEndian.u16;
import static org.arrownpz.npz.internal.zip.ZipRecords.CENTRAL_LENGTH;
import static org.arrownpz.npz.internal.zip.ZipRecords.FLAG_ENCRYPTED;
import static org.arrownpz.npz.internal.zip.ZipRecords.FLAG_MASKED;
import static org.arrownpz.npz.internal.zip.ZipRecords.FLAG_PATCHED;
import static org.arrownpz.npz.internal.zip.ZipRecords.FLAG_STRONG_ENCRYPTION;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.ReadOptions.ZipLayout;
import org.arrownpz.io.ByteSource;
import org.arrownpz.npz.internal.zip.MemberNames;

/**
 * The directory of an archive, whole and checked: one entry per member, addressed by its number in directory order.
 *
 * <p>Held as the directory's own bytes, primitive arrays and names. Every value was checked when the directory was read:
 * offsets and sizes are not negative, and members neither overlap each other nor the directory as far as the directory itself can tell (the
 * lengths of local headers are only known to {@link LocalHeader}). Immutable and safe for use by several threads.
 */
public final class CentralDirectory {
    /** APPNOTE 4.4.3.2: 6.3 is the newest feature level. */
    public static final int NEWEST_VERSION = 63;

    private static final int FLAGS_OF_OTHERS = FLAG_ENCRYPTED | FLAG_STRONG_ENCRYPTION | FLAG_MASKED | FLAG_PATCHED;

    private final Location location;
    private final ZipLayout layout;
    private final byte[] bytes;
    private final long start;
    final int[] records;
    final long[] offsets;
    final long[] compressedSizes;
    final long[] sizes;
    final String[] names;
    final Map<String, Integer> members;
    /**
     * All offsets in ascending order; the same array as {@link #offsets} where the directory is in file order. Set before
     * anything but the parser knows the directory.
     */
    long[] boundaries;

    /** A directory that {@link DirectoryParser} fills. */
    CentralDirectory(Location location, ZipLayout layout, byte[] bytes, long start, int count) {
        this.location = location;
        this.layout = layout;
        this.bytes = bytes;
        this.start = start;
        this.records = new int[count];
        this.offsets = new long[count];
        this.compressedSizes = new long[count];
        this.sizes = new long[count];
        this.names = new String[count];
        this.members = new HashMap<>(2 * count);
        this.boundaries = offsets;
    }

    /**
     * Reads and checks the directory of an archive.
     *
     * @throws NpzException ZIP_STRUCTURE, ZIP_OVERLAP, ZIP_DUPLICATE, ZIP_NAME, LIMIT, or what the source throws
     */
    public static CentralDirectory read(ByteSource source, Location location, ReadLimits limits, ZipLayout layout)
            throws NpzException {
        EndRecord end = EndRecord.find(source, location, layout);
        return new DirectoryParser(source, location, limits, layout, end).parse();
    }

    /** The number of members. */
    public int count() {
        return records.length;
    }

    ZipLayout layout() {
        return layout;
    }

    /** A member, for messages. */
    public Location location(int member) {
        return location.member(name(member));
    }

    public String name(int member) {
        return names[member];
    }

    int flags(int member) {
        return u16(bytes, records[member] + 8);
    }

    /** Whether a member's content, or its local header, is encrypted or masked. */
    public boolean encrypted(int member) {
        return (flags(member) & (FLAG_ENCRYPTED | FLAG_STRONG_ENCRYPTION | FLAG_MASKED)) != 0;
    }

    /** Whether a member's content is a patch of other data (APPNOTE 4.4.4, bit 5). */
    public boolean patched(int member) {
        return (flags(member) & FLAG_PATCHED) != 0;
    }

    /** Whether a member's content lies in the file as it is, and nothing about it needs a newer reader. */
    public boolean isPlain(int member) {
        return method(member) == 0
                && (flags(member) & FLAGS_OF_OTHERS) == 0
                && versionNeeded(member) <= NEWEST_VERSION
                && sizes[member] == compressedSizes[member];
    }

    /** The compression method: 0 for stored, 8 for deflated. */
    public int method(int member) {
        return u16(bytes, records[member] + 10);
    }

    /** The feature level that a reader needs, times ten (APPNOTE 4.4.3). */
    public int versionNeeded(int member) {
        return u16(bytes, records[member] + 6) & 0xff;
    }

    public int crc(int member) {
        return i32(bytes, records[member] + 16);
    }

    public long compressedSize(int member) {
        return compressedSizes[member];
    }

    public long size(int member) {
        return sizes[member];
    }

    /** The file offset of a member's local header. */
    public long offset(int member) {
        return offsets[member];
    }

    /** The file offset where a member must end at the latest: of the next member, or of the directory. */
    public long boundary(int member) {
        long offset = offsets[member];
        if (boundaries == offsets) {
            return member + 1 < offsets.length ? offsets[member + 1] : start;
        }
        int next = Arrays.binarySearch(boundaries, offset + 1);
        next = next < 0 ? -next - 1 : next;
        return next < boundaries.length ? boundaries[next] : start;
    }

    /** The member of a name or, where no name matches, of a key (its name without {@code .npy}); -1 for none. */
    public int find(String nameOrKey) {
        Integer member = members.get(MemberNames.key(nameOrKey));
        if (member == null || !names[member].equals(nameOrKey)) {
            member = members.get(nameOrKey);
        }
        return member == null ? -1 : member;
    }

    /** Whether a local header's name is this member's, byte for byte. */
    boolean sameRawName(int member, byte[] other, int from, int length) {
        int mine = records[member] + CENTRAL_LENGTH;
        return Arrays.equals(bytes, mine, mine + nameLength(member), other, from, from + length);
    }

    /** Whether the name has the same characters whatever the UTF-8 flag says. */
    boolean hasAsciiName(int member) {
        return names[member].chars().allMatch(c -> c < 0x80);
    }

    int nameLength(int member) {
        return u16(bytes, records[member] + 28);
    }
}
