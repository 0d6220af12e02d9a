package org.arrownpz.npz.internal.zip.write;

import static org.arrownpz.npz.internal.zip.LittleEndian.put16;
import static org.arrownpz.npz.internal.zip.LittleEndian.put32;
import static org.arrownpz.npz.internal.zip.LittleEndian.put64;
import static org.arrownpz.npz.internal.zip.ZipRecords.CENTRAL_LENGTH;
import static org.arrownpz.npz.internal.zip.ZipRecords.CENTRAL_SIGNATURE;
import static org.arrownpz.npz.internal.zip.ZipRecords.END_LENGTH;
import static org.arrownpz.npz.internal.zip.ZipRecords.END_SIGNATURE;
import static org.arrownpz.npz.internal.zip.ZipRecords.SATURATED_16;
import static org.arrownpz.npz.internal.zip.ZipRecords.SATURATED_32;
import static org.arrownpz.npz.internal.zip.ZipRecords.ZIP64_END_LENGTH;
import static org.arrownpz.npz.internal.zip.ZipRecords.ZIP64_END_SIGNATURE;
import static org.arrownpz.npz.internal.zip.ZipRecords.ZIP64_EXTRA;
import static org.arrownpz.npz.internal.zip.ZipRecords.ZIP64_LOCATOR_LENGTH;
import static org.arrownpz.npz.internal.zip.ZipRecords.ZIP64_LOCATOR_SIGNATURE;

import java.util.Arrays;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.storage.StagedOutput;

/**
 * The directory and end records of an archive being written, as CPython's zipfile writes them: 32-bit fields unless a
 * value needs more.
 */
final class DirectoryBuilder {
    /** Of a directory's memory; readers hold it in one array too. */
    private static final int MOST = Integer.MAX_VALUE - 64;

    /** Regular file, read and write for the owner, as NumPy and StaticFrame state it. */
    private static final int ATTRIBUTES = 0600 << 16;

    private static final int MADE_BY_UNIX = 3 << 8;

    private byte[] bytes = new byte[4096];
    private int length;
    private long count;

    /** Appends a record for a member. Returns where, for {@link #setChecksum}. */
    int add(ZipMember member, Location location) throws NpzException {
        boolean bigSize = member.size >= SATURATED_32;
        boolean bigCompressed = member.compressedSize >= SATURATED_32;
        boolean bigOffset = member.offset >= SATURATED_32;
        int data = (bigSize ? 8 : 0) + (bigCompressed ? 8 : 0) + (bigOffset ? 8 : 0);
        int extra = data == 0 ? 0 : 4 + data;
        int version = data == 0 ? member.version : 45;
        int at = reserve(CENTRAL_LENGTH + member.name.length + extra, location);
        put32(bytes, at, CENTRAL_SIGNATURE);
        put16(bytes, at + 4, MADE_BY_UNIX | version);
        put16(bytes, at + 6, version);
        put16(bytes, at + 8, member.flags);
        put16(bytes, at + 10, member.method);
        put16(bytes, at + 14, ZipMember.DATE_1980);
        put32(bytes, at + 16, member.crc);
        put32(bytes, at + 20, (int) Math.min(member.compressedSize, SATURATED_32));
        put32(bytes, at + 24, (int) Math.min(member.size, SATURATED_32));
        put16(bytes, at + 28, member.name.length);
        put16(bytes, at + 30, extra);
        // Zero stay the time, the comment's length, the disk and the internal attributes.
        put32(bytes, at + 38, ATTRIBUTES);
        put32(bytes, at + 42, (int) Math.min(member.offset, SATURATED_32));
        System.arraycopy(member.name, 0, bytes, at + CENTRAL_LENGTH, member.name.length);
        if (data > 0) {
            int field = at + CENTRAL_LENGTH + member.name.length;
            put16(bytes, field, ZIP64_EXTRA);
            put16(bytes, field + 2, data);
            field += 4;
            field += bigSize ? putLong(field, member.size) : 0;
            field += bigCompressed ? putLong(field, member.compressedSize) : 0;
            field += bigOffset ? putLong(field, member.offset) : 0;
        }
        count++;
        return at;
    }

    /** Enters a member's checksum, which was not known when its record was added. */
    void setChecksum(int record, int checksum) {
        put32(bytes, record + 16, checksum);
    }

    private int putLong(int at, long value) {
        put64(bytes, at, value);
        return 8;
    }

    private int reserve(int more, Location location) throws NpzException {
        if (more > MOST - length) {
            throw location.error(ErrorCode.LIMIT, "the archive's directory would not fit 2 GiB")
                    .remedy("Write fewer members or shorter names")
                    .build();
        }
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(MOST, Math.max(length + (long) more, 2L * bytes.length)));
        }
        int at = length;
        length += more;
        return at;
    }

    /** Writes directory and end records at the output's position. */
    void writeTo(StagedOutput output) throws NpzException {
        long start = output.position();
        output.put(bytes, length);
        boolean zip64 = count >= SATURATED_16 || start >= SATURATED_32;
        if (zip64) {
            byte[] record = new byte[ZIP64_END_LENGTH + ZIP64_LOCATOR_LENGTH];
            put32(record, 0, ZIP64_END_SIGNATURE);
            put64(record, 4, ZIP64_END_LENGTH - 12);
            put16(record, 12, MADE_BY_UNIX | 45);
            put16(record, 14, 45);
            put64(record, 24, count);
            put64(record, 32, count);
            put64(record, 40, length);
            put64(record, 48, start);
            put32(record, 56, ZIP64_LOCATOR_SIGNATURE);
            put64(record, 64, start + length);
            put32(record, 72, 1);
            output.put(record, record.length);
        }
        byte[] end = new byte[END_LENGTH];
        put32(end, 0, END_SIGNATURE);
        put16(end, 8, (int) Math.min(count, SATURATED_16));
        put16(end, 10, (int) Math.min(count, SATURATED_16));
        put32(end, 12, length);
        put32(end, 16, (int) Math.min(start, SATURATED_32));
        output.put(end, end.length);
    }
}
