package org.arrownpz.npz.internal.zip.read;

import static org.arrownpz.npz.internal.zip.LittleEndian.i32;
import static org.arrownpz.npz.internal.zip.LittleEndian.i64;
import static org.arrownpz.npz.internal.zip.LittleEndian.u16;
import static org.arrownpz.npz.internal.zip.LittleEndian.u32;
import static org.arrownpz.npz.internal.zip.ZipRecords.FLAG_DESCRIPTOR;
import static org.arrownpz.npz.internal.zip.ZipRecords.FLAG_ENCRYPTED;
import static org.arrownpz.npz.internal.zip.ZipRecords.FLAG_MASKED;
import static org.arrownpz.npz.internal.zip.ZipRecords.FLAG_PATCHED;
import static org.arrownpz.npz.internal.zip.ZipRecords.FLAG_STRONG_ENCRYPTION;
import static org.arrownpz.npz.internal.zip.ZipRecords.FLAG_UTF8;
import static org.arrownpz.npz.internal.zip.ZipRecords.LOCAL_LENGTH;
import static org.arrownpz.npz.internal.zip.ZipRecords.LOCAL_SIGNATURE;
import static org.arrownpz.npz.internal.zip.ZipRecords.SATURATED_32;
import static org.arrownpz.npz.internal.zip.ZipRecords.TOLERANT_REMEDY;
import static org.arrownpz.npz.internal.zip.ZipRecords.ZIP64_EXTRA;

import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.ZipLayout;
import org.arrownpz.SafeText;
import org.arrownpz.npz.internal.zip.MemberNames;

/**
 * The record before a member's data (APPNOTE 4.3.7), held against the directory. The directory's sizes count; the
 * local header tells, by its own name and extra lengths, where the data begin, and must otherwise say the same.
 */
public final class LocalHeader {
    /** Read with the fixed part in one go: enough for the extra fields of all known writers. */
    private static final int USUAL_EXTRA = 96;

    /** Bits on which local header and directory must agree; the others are hints of the compressor. */
    private static final int FLAGS_THAT_COUNT =
            FLAG_ENCRYPTED | FLAG_DESCRIPTOR | FLAG_PATCHED | FLAG_STRONG_ENCRYPTION | FLAG_MASKED;

    private final CentralDirectory directory;
    private final HeaderWindow window;
    private int member;
    private long offset;

    /** Looks at headers through a window, one after the other. Used by one thread. */
    public LocalHeader(CentralDirectory directory, HeaderWindow window) {
        this.directory = directory;
        this.window = window;
    }

    /**
     * Checks a member's local header, and where it says that one follows, the data descriptor behind the data.
     *
     * @return the file offset of the member's data
     * @throws NpzException ZIP_STRUCTURE, ZIP_LOCAL_CENTRAL, ZIP_OVERLAP, ZIP_CRC, ZIP_ENCRYPTED for a masked header,
     *     or what the source throws
     */
    public long payloadOffset(int number) throws NpzException {
        member = number;
        offset = directory.offset(number);
        return check();
    }

    private long check() throws NpzException {
        long room = directory.boundary(member) - offset;
        int nameLength = directory.nameLength(member);
        int at = window.load(offset, (int) Math.min(LOCAL_LENGTH + nameLength + USUAL_EXTRA, room));
        byte[] bytes = window.bytes();
        if (i32(bytes, at) != LOCAL_SIGNATURE) {
            throw error(ErrorCode.ZIP_STRUCTURE, "no local header at the member's offset")
                    .build();
        }
        int localName = u16(bytes, at + 26);
        int extraLength = u16(bytes, at + 28);
        long length = (long) LOCAL_LENGTH + localName + extraLength;
        if (length > room - directory.compressedSize(member)) {
            throw error(ErrorCode.ZIP_OVERLAP, "local header and data run into what follows")
                    .expected("an end by byte " + directory.boundary(member))
                    .found(length + " bytes of header, " + directory.compressedSize(member) + " of data")
                    .build();
        }
        at = window.load(offset, (int) length);
        bytes = window.bytes();
        int flags = u16(bytes, at + 6);
        if (((flags | directory.flags(member)) & FLAG_MASKED) != 0) {
            throw error(ErrorCode.ZIP_ENCRYPTED, "the local header is masked").build();
        }
        if (!directory.sameRawName(member, bytes, at + LOCAL_LENGTH, localName)) {
            String name = MemberNames.decode(bytes, at + LOCAL_LENGTH, localName, false);
            throw differs("name", directory.name(member), String.valueOf(name));
        }
        compareFlags(flags);
        compare("compression method", directory.method(member), u16(bytes, at + 8));
        compareContent(bytes, at, at + LOCAL_LENGTH + localName, extraLength, (flags & FLAG_DESCRIPTOR) != 0);
        long payload = offset + length;
        checkEnd(payload + directory.compressedSize(member), (flags & FLAG_DESCRIPTOR) != 0);
        return payload;
    }

    private void compareFlags(int flags) throws NpzException {
        int difference = flags ^ directory.flags(member);
        if ((difference & FLAGS_THAT_COUNT) != 0 || (difference & FLAG_UTF8) != 0 && !directory.hasAsciiName(member)) {
            throw differs("flags", hex(directory.flags(member)), hex(flags));
        }
    }

    /** Checksum and sizes; with a descriptor they may be zero here, since a streaming writer did not know them yet. */
    private void compareContent(byte[] bytes, int at, int extra, int extraLength, boolean descriptor)
            throws NpzException {
        if (!ExtraFields.wellFormed(bytes, extra, extraLength)) {
            throw error(ErrorCode.ZIP_STRUCTURE, "the extra fields of the local header are malformed")
                    .build();
        }
        int crc = i32(bytes, at + 14);
        if (crc != directory.crc(member) && !(descriptor && crc == 0)) {
            throw differs("checksum", hex(directory.crc(member)), hex(crc));
        }
        long compressed = u32(bytes, at + 18);
        long size = u32(bytes, at + 22);
        if (size == SATURATED_32 || compressed == SATURATED_32) {
            int field = ExtraFields.find(bytes, extra, extraLength, ZIP64_EXTRA);
            int needed = (size == SATURATED_32 ? 8 : 0) + (compressed == SATURATED_32 ? 8 : 0);
            if (field < 0 || u16(bytes, field - 2) < needed) {
                throw error(ErrorCode.ZIP_LOCAL_CENTRAL, "the local header points to a zip64 field that is not there")
                        .build();
            }
            if (size == SATURATED_32) {
                size = i64(bytes, field);
                field += 8;
            }
            if (compressed == SATURATED_32) {
                compressed = i64(bytes, field);
            }
        }
        if (!(descriptor && size == 0)) {
            compare("size", directory.size(member), size);
        }
        if (!(descriptor && compressed == 0)) {
            compare("compressed size", directory.compressedSize(member), compressed);
        }
    }

    private void checkEnd(long dataEnd, boolean descriptor) throws NpzException {
        boolean strict = directory.layout() == ZipLayout.STRICT;
        long left = directory.boundary(member) - dataEnd;
        if (descriptor) {
            left -= new DataDescriptor(directory, member, window).check(dataEnd, left, strict);
        }
        if (left != 0 && strict) {
            throw error(ErrorCode.ZIP_STRUCTURE, left + " bytes between this member and what follows")
                    .remedy(TOLERANT_REMEDY)
                    .build();
        }
    }

    private void compare(String what, long expected, long found) throws NpzException {
        if (expected != found) {
            throw differs(what, String.valueOf(expected), Long.toUnsignedString(found));
        }
    }

    private NpzException differs(String what, String expected, String found) {
        return error(ErrorCode.ZIP_LOCAL_CENTRAL, "the local header's " + what + " is not the directory's")
                .expected(SafeText.escape(expected))
                .found(SafeText.escape(found))
                .build();
    }

    private static String hex(int value) {
        return "0x" + Integer.toHexString(value);
    }

    private NpzException.Builder error(ErrorCode code, String problem) {
        return directory
                .location(member)
                .error(code, problem + " (local header at byte " + offset + " of the archive)");
    }
}
