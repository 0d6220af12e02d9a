package org.arrownpz.npz.internal.zip.read;

import static org.arrownpz.npz.internal.zip.LittleEndian.i32;
import static org.arrownpz.npz.internal.zip.LittleEndian.i64;
import static org.arrownpz.npz.internal.zip.LittleEndian.u32;
import static org.arrownpz.npz.internal.zip.ZipRecords.DESCRIPTOR_SIGNATURE;

import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.jspecify.annotations.Nullable;

/**
 * The record behind a streamed member's data (APPNOTE 4.3.9): checksum and sizes of 32 or 64 bits, with or without a
 * signature. Which of the four forms it has is nowhere stated; in an archive without gaps its length tells.
 */
record DataDescriptor(CentralDirectory directory, int member, HeaderWindow window) {
    private static final int LONGEST = 24;

    /**
     * Finds the descriptor and holds it against the directory.
     *
     * @param exact whether it must take all the room
     * @return its length
     */
    int check(long offset, long room, boolean exact) throws NpzException {
        int length = (int) Math.min(LONGEST, room);
        int at = length == 0 ? 0 : window.load(offset, length);
        @Nullable NpzException first = null;
        for (int form = 24; form >= 12; form -= 4) {
            if (exact ? form != room : form > room) {
                continue;
            }
            NpzException fault = compare(form, at, offset);
            if (fault == null) {
                return form;
            }
            first = first == null || fault.code() == ErrorCode.ZIP_CRC ? fault : first;
        }
        throw first != null
                ? first
                : error(ErrorCode.ZIP_STRUCTURE, "no data descriptor behind the data")
                        .expected("12, 16, 20 or 24 bytes")
                        .found(room + " bytes")
                        .build();
    }

    private @Nullable NpzException compare(int form, int at, long offset) {
        byte[] bytes = window.bytes();
        boolean signed = form == 16 || form == 24;
        boolean wide = form >= 20;
        if (signed && i32(bytes, at) != DESCRIPTOR_SIGNATURE) {
            return error(ErrorCode.ZIP_STRUCTURE, "no data descriptor behind the data")
                    .build();
        }
        int fields = at + (signed ? 4 : 0);
        long compressed = wide ? i64(bytes, fields + 4) : u32(bytes, fields + 4);
        long size = wide ? i64(bytes, fields + 12) : u32(bytes, fields + 8);
        if (compressed != directory.compressedSize(member) || size != directory.size(member)) {
            return error(ErrorCode.ZIP_LOCAL_CENTRAL, "the data descriptor's sizes are not the directory's")
                    .build();
        }
        if (i32(bytes, fields) != directory.crc(member)) {
            return error(
                            ErrorCode.ZIP_CRC,
                            "the data descriptor's checksum is not the directory's (at byte " + offset
                                    + " of the archive)")
                    .build();
        }
        return null;
    }

    private NpzException.Builder error(ErrorCode code, String problem) {
        return directory.location(member).error(code, problem);
    }
}
