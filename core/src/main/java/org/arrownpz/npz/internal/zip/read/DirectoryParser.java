package org.arrownpz.npz.internal.zip.read;

import static org.arrownpz.npz.internal.zip.LittleEndian.i32;
import static org.arrownpz.npz.internal.zip.LittleEndian.i64;
import static org.arrownpz.npz.internal.zip.LittleEndian.u16;
import static org.arrownpz.npz.internal.zip.LittleEndian.u32;
import static org.arrownpz.npz.internal.zip.ZipRecords.CENTRAL_LENGTH;
import static org.arrownpz.npz.internal.zip.ZipRecords.CENTRAL_SIGNATURE;
import static org.arrownpz.npz.internal.zip.ZipRecords.FLAG_UTF8;
import static org.arrownpz.npz.internal.zip.ZipRecords.LOCAL_LENGTH;
import static org.arrownpz.npz.internal.zip.ZipRecords.SATURATED_16;
import static org.arrownpz.npz.internal.zip.ZipRecords.SATURATED_32;
import static org.arrownpz.npz.internal.zip.ZipRecords.TOLERANT_REMEDY;
import static org.arrownpz.npz.internal.zip.ZipRecords.UNICODE_PATH_EXTRA;
import static org.arrownpz.npz.internal.zip.ZipRecords.ZIP64_EXTRA;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.ReadOptions.ZipLayout;
import org.arrownpz.SafeText;
import org.arrownpz.io.ByteSource;
import org.arrownpz.npz.internal.zip.MemberNames;
import org.arrownpz.npz.internal.zip.ZipRecords;

/** Reads the records of a directory (APPNOTE 4.3.12) and checks all that they alone can tell. Used once. */
final class DirectoryParser {
    private final ByteSource source;
    private final Location location;
    private final ZipLayout layout;
    private final EndRecord end;
    private final int count;
    private final byte[] bytes;
    private final CentralDirectory directory;

    DirectoryParser(ByteSource source, Location location, ReadLimits limits, ZipLayout layout, EndRecord end)
            throws NpzException {
        this.source = source;
        this.location = location;
        this.layout = layout;
        this.end = end;
        // A count sizes arrays only once the directory's own bytes could hold that many records.
        if (end.count() > end.size() / CENTRAL_LENGTH) {
            throw wrongCount("at most " + end.size() / CENTRAL_LENGTH);
        }
        if (end.size() > limits.directoryBytes()) {
            throw location.error(ErrorCode.LIMIT, "the directory is too large")
                    .expected("at most " + limits.directoryBytes() + " bytes")
                    .found(end.size())
                    .remedy("Raise ReadLimits.directoryBytes")
                    .build();
        }
        if (end.count() > limits.members()) {
            throw location.error(ErrorCode.LIMIT, "too many members")
                    .expected("at most " + limits.members())
                    .found(end.count())
                    .remedy("Raise ReadLimits.members")
                    .build();
        }
        this.count = (int) end.count();
        this.bytes = new byte[(int) end.size()];
        source.read(end.start(), ByteBuffer.wrap(bytes));
        this.directory = new CentralDirectory(location, layout, bytes, end.start(), count);
    }

    CentralDirectory parse() throws NpzException {
        if (!readRecords()) {
            directory.boundaries = directory.offsets.clone();
            Arrays.sort(directory.boundaries);
        }
        checkPlaces();
        return directory;
    }

    /** Reads all records, and tells whether members lie in the directory's order. */
    private boolean readRecords() throws NpzException {
        int at = 0;
        boolean inOrder = true;
        long previous = -1;
        for (int member = 0; member < count; member++) {
            if (bytes.length - at < CENTRAL_LENGTH || i32(bytes, at) != CENTRAL_SIGNATURE) {
                throw at == bytes.length
                        ? wrongCount(String.valueOf(member))
                        : error("no directory record", at).build();
            }
            directory.records[member] = at;
            int nameLength = u16(bytes, at + 28);
            int extraLength = u16(bytes, at + 30);
            int length = CENTRAL_LENGTH + nameLength + extraLength + u16(bytes, at + 32);
            if (length > bytes.length - at) {
                throw error("a directory record runs past the directory", at).build();
            }
            addName(member, at, nameLength);
            readPlace(member, at, nameLength, extraLength);
            inOrder &= directory.offsets[member] > previous;
            previous = directory.offsets[member];
            at += length;
        }
        if (at != bytes.length) {
            throw i32Or0(at) == CENTRAL_SIGNATURE
                    ? wrongCount("more")
                    : error("bytes follow the last directory record", at).build();
        }
        return inOrder;
    }

    private void addName(int member, int at, int length) throws NpzException {
        if (length > MemberNames.MAX_LENGTH) {
            throw nameError("a member's name is too long", at)
                    .expected("at most " + MemberNames.MAX_LENGTH + " bytes")
                    .found(length)
                    .build();
        }
        boolean utf8 = (u16(bytes, at + 8) & FLAG_UTF8) != 0;
        String name = MemberNames.decode(bytes, at + CENTRAL_LENGTH, length, utf8);
        if (name == null) {
            throw nameError("a member's name is flagged as UTF-8 but is not", at)
                    .build();
        }
        String refusal = MemberNames.fault(name);
        if (refusal != null) {
            throw location.member(name).fault(ErrorCode.ZIP_NAME, refusal);
        }
        directory.names[member] = name;
        Integer first = directory.members.putIfAbsent(MemberNames.key(name), member);
        if (first != null) {
            String other = directory.name(first);
            String problem = name.equals(other)
                    ? "two members have this name"
                    : "member " + SafeText.quote(other) + " has the same key";
            throw location.member(name).fault(ErrorCode.ZIP_DUPLICATE, problem);
        }
    }

    private NpzException.Builder nameError(String problem, int at) {
        return location.error(ErrorCode.ZIP_NAME, problem).at(end.start() + at);
    }

    private int i32Or0(int at) {
        return bytes.length - at >= 4 ? i32(bytes, at) : 0;
    }

    /** Sizes and offset: 32-bit, or where saturated from the zip64 field, which holds only those (APPNOTE 4.5.3). */
    private void readPlace(int member, int at, int nameLength, int extraLength) throws NpzException {
        long compressed = u32(bytes, at + 20);
        long size = u32(bytes, at + 24);
        long offset = u32(bytes, at + 42);
        int disk = u16(bytes, at + 34);
        if (extraLength > 0) {
            checkExtra(member, at, nameLength, extraLength);
        }
        if (size == SATURATED_32 || compressed == SATURATED_32 || offset == SATURATED_32 || disk == SATURATED_16) {
            int extra = at + CENTRAL_LENGTH + nameLength;
            int field = ExtraFields.find(bytes, extra, extraLength, ZIP64_EXTRA);
            if (field == ExtraFields.ABSENT) {
                throw error(member, "the directory points to a zip64 field that is not there", at);
            }
            int left = u16(bytes, field - 2);
            int needed = (size == SATURATED_32 ? 8 : 0)
                    + (compressed == SATURATED_32 ? 8 : 0)
                    + (offset == SATURATED_32 ? 8 : 0)
                    + (disk == SATURATED_16 ? 4 : 0);
            if (left < needed) {
                throw error(member, "the zip64 field of the directory is too short", at);
            }
            if (size == SATURATED_32) {
                size = i64(bytes, field);
                field += 8;
            }
            if (compressed == SATURATED_32) {
                compressed = i64(bytes, field);
                field += 8;
            }
            if (offset == SATURATED_32) {
                offset = i64(bytes, field);
                field += 8;
            }
            if (disk == SATURATED_16) {
                disk = i32(bytes, field);
            }
        }
        if (disk != 0) {
            throw error(member, "the member lies on another disk", at);
        }
        // What is not within the file cannot overflow when added up below.
        if (size < 0 || compressed < 0 || offset < 0 || offset > end.start() - end.shift() - LOCAL_LENGTH) {
            throw error(member, "size or offset lies beyond the archive", at);
        }
        directory.offsets[member] = offset + end.shift();
        directory.compressedSizes[member] = compressed;
        directory.sizes[member] = size;
    }

    private void checkExtra(int member, int at, int nameLength, int extraLength) throws NpzException {
        int name = at + CENTRAL_LENGTH;
        int extra = name + nameLength;
        if (!ExtraFields.wellFormed(bytes, extra, extraLength)
                || ExtraFields.find(bytes, extra, extraLength, ZIP64_EXTRA) == ExtraFields.TWICE) {
            throw error(member, "the extra fields of the directory are malformed", at);
        }
        int path = ExtraFields.find(bytes, extra, extraLength, UNICODE_PATH_EXTRA);
        if (path == ExtraFields.ABSENT) {
            return;
        }
        // APPNOTE 4.6.9: version, CRC of the raw name, UTF-8 name; not meant for this name where the CRC differs.
        int length = path == ExtraFields.TWICE ? 0 : u16(bytes, path - 2) - 5;
        if (length >= 0 && path >= 0 && bytes[path] == 1) {
            CRC32 crc = new CRC32();
            crc.update(bytes, name, nameLength);
            String other = MemberNames.decode(bytes, path + 5, length, true);
            if ((int) crc.getValue() != i32(bytes, path + 1)
                    || directory.name(member).equals(other)) {
                return;
            }
        }
        throw directory.location(member).fault(ErrorCode.ZIP_NAME, "the Unicode path field gives another name");
    }

    /** Members must lie one behind the other between the start of the file and the directory. */
    private void checkPlaces() throws NpzException {
        for (int member = 0; member < count; member++) {
            long room =
                    directory.boundary(member) - directory.offset(member) - LOCAL_LENGTH - directory.nameLength(member);
            boolean twin = directory.boundaries != directory.offsets && hasTwin(member);
            if (directory.compressedSize(member) > room || twin) {
                throw overlap(member, twin);
            }
        }
        long first = count == 0 ? end.start() : directory.boundaries[0];
        if (layout == ZipLayout.STRICT && first != 0) {
            throw location.error(ErrorCode.ZIP_STRUCTURE, first + " bytes precede the first member")
                    .at(0)
                    .remedy(TOLERANT_REMEDY)
                    .build();
        }
    }

    private boolean hasTwin(int member) {
        int found = Arrays.binarySearch(directory.boundaries, directory.offsets[member]);
        boolean before = found > 0 && directory.boundaries[found - 1] == directory.boundaries[found];
        boolean after = found + 1 < count && directory.boundaries[found + 1] == directory.boundaries[found];
        return before || after;
    }

    private NpzException overlap(int member, boolean twin) throws NpzException {
        long offset = directory.offset(member);
        int culprit = member;
        for (int other = member + 1; twin && other < count; other++) {
            culprit = directory.offset(other) == offset ? other : culprit;
        }
        byte[] signature = new byte[4];
        source.read(offset, ByteBuffer.wrap(signature));
        Location place = directory.location(culprit);
        if (i32(signature, 0) != ZipRecords.LOCAL_SIGNATURE) {
            return place.fault(ErrorCode.ZIP_STRUCTURE, "no local header at the member's offset " + offset);
        }
        return place.error(ErrorCode.ZIP_OVERLAP, "the member shares bytes with another or with the directory")
                .expected("an end by byte " + directory.boundary(culprit))
                .found("a header at byte " + offset + " with " + directory.compressedSize(culprit) + " bytes of data")
                .build();
    }

    private NpzException wrongCount(String found) {
        return location.error(ErrorCode.ZIP_STRUCTURE, "the end record states another number of members")
                .expected(Long.toUnsignedString(end.count()))
                .found(found)
                .build();
    }

    private NpzException.Builder error(String problem, int at) {
        return location.error(ErrorCode.ZIP_STRUCTURE, problem).at(end.start() + at);
    }

    private NpzException error(int member, String problem, int at) {
        return directory
                .location(member)
                .error(ErrorCode.ZIP_STRUCTURE, problem)
                .found("directory record at byte " + (end.start() + at))
                .build();
    }
}
