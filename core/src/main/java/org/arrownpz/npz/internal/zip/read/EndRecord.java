package org.arrownpz.npz.internal.zip.read;

import static org.arrownpz.npz.internal.zip.LittleEndian.i32;
import static org.arrownpz.npz.internal.zip.LittleEndian.i64;
import static org.arrownpz.npz.internal.zip.LittleEndian.u16;
import static org.arrownpz.npz.internal.zip.LittleEndian.u32;
import static org.arrownpz.npz.internal.zip.ZipRecords.END_LENGTH;
import static org.arrownpz.npz.internal.zip.ZipRecords.END_SIGNATURE;
import static org.arrownpz.npz.internal.zip.ZipRecords.SATURATED_16;
import static org.arrownpz.npz.internal.zip.ZipRecords.SATURATED_32;
import static org.arrownpz.npz.internal.zip.ZipRecords.TOLERANT_REMEDY;
import static org.arrownpz.npz.internal.zip.ZipRecords.ZIP64_END_LENGTH;
import static org.arrownpz.npz.internal.zip.ZipRecords.ZIP64_END_SIGNATURE;
import static org.arrownpz.npz.internal.zip.ZipRecords.ZIP64_LOCATOR_LENGTH;
import static org.arrownpz.npz.internal.zip.ZipRecords.ZIP64_LOCATOR_SIGNATURE;

import java.nio.ByteBuffer;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.ZipLayout;
import org.arrownpz.io.ByteSource;
import org.arrownpz.npz.internal.zip.ZipRecords;

/**
 * The facts at the end of an archive on its directory, checked (APPNOTE 4.3.14 to 4.3.16).
 *
 * @param start file offset of the directory
 * @param size bytes of the directory; start + size never exceeds the file
 * @param count entries as stated; not negative, otherwise unchecked
 * @param shift what to add to every stated offset: the prefix of an archive whose offsets ignore it
 */
record EndRecord(long start, long size, long count, long shift) {

    static EndRecord find(ByteSource source, Location location, ZipLayout layout) throws NpzException {
        return new Finder(source, location, layout).find();
    }

    private static final class Finder {
        /** Room for the three end records. */
        private static final int USUAL_TAIL = 256;

        private final ByteSource source;
        private final Location location;
        private final boolean strict;
        private final byte[] tail;
        private final long tailStart;

        Finder(ByteSource source, Location location, ZipLayout layout) throws NpzException {
            this.source = source;
            this.location = location;
            this.strict = layout == ZipLayout.STRICT;
            int most = SATURATED_16 + END_LENGTH + ZIP64_LOCATOR_LENGTH + ZIP64_END_LENGTH;
            byte[] last = last(Math.min(most, USUAL_TAIL));
            // Nearly every archive ends in a record without comment; a tolerant reader looks at all of the tail.
            boolean usual = strict && last.length >= END_LENGTH && i32(last, last.length - END_LENGTH) == END_SIGNATURE;
            this.tail = usual ? last : last(most);
            this.tailStart = source.size() - tail.length;
        }

        private byte[] last(int most) throws NpzException {
            byte[] bytes = new byte[(int) Math.min(source.size(), most)];
            source.read(source.size() - bytes.length, ByteBuffer.wrap(bytes));
            return bytes;
        }

        EndRecord find() throws NpzException {
            int end = lastEndRecord();
            checkComment(end);
            long count = u16(tail, end + 10);
            long countHere = u16(tail, end + 8);
            long size = u32(tail, end + 12);
            long offset = u32(tail, end + 16);
            int disk = u16(tail, end + 4);
            int directoryDisk = u16(tail, end + 6);
            int locator = end - ZIP64_LOCATOR_LENGTH;
            if (locator < 0 || i32(tail, locator) != ZIP64_LOCATOR_SIGNATURE) {
                requireOneDisk(disk, directoryDisk, countHere, count, tailStart + end);
                return directory(offset, size, count, tailStart + end, 0);
            }
            return zip64(end, locator, disk, directoryDisk, countHere, count, size, offset);
        }

        /** The last signature with room for a whole record behind it, which is what CPython takes too. */
        private int lastEndRecord() throws NpzException {
            for (int at = tail.length - END_LENGTH; at >= 0; at--) {
                if (tail[at] == 'P' && i32(tail, at) == END_SIGNATURE) {
                    return at;
                }
            }
            boolean archive = beginsLikeAnArchive();
            throw location.error(
                            ErrorCode.ZIP_STRUCTURE,
                            archive
                                    ? "not a complete archive (was its writer killed?): no end record"
                                    : "not a zip archive: no end record")
                    .found(source.size() + " bytes")
                    .build();
        }

        private boolean beginsLikeAnArchive() throws NpzException {
            byte[] head = new byte[4];
            if (source.size() < head.length) {
                return false;
            }
            source.read(0, ByteBuffer.wrap(head));
            return head[0] == 'P' && head[1] == 'K';
        }

        private void checkComment(int end) throws NpzException {
            long after = source.size() - (tailStart + end + END_LENGTH);
            int comment = u16(tail, end + 20);
            if (comment > after) {
                throw error("the archive comment runs past the end of the file", end)
                        .expected("a comment of " + comment + " bytes")
                        .found(after + " bytes")
                        .build();
            }
            if (!strict) {
                refuseSecondEndRecord(end);
            } else if (comment < after) {
                throw error((after - comment) + " bytes follow the end of the archive", end)
                        .remedy(TOLERANT_REMEDY)
                        .build();
            }
        }

        /** Another end record whose comment holds the one we took: two readers would see two archives. */
        private void refuseSecondEndRecord(int taken) throws NpzException {
            for (int at = taken - 1; at >= 0; at--) {
                if (tail[at] == 'P'
                        && i32(tail, at) == END_SIGNATURE
                        && tailStart + at + END_LENGTH + u16(tail, at + 20) == source.size()) {
                    throw error("two end records", at).build();
                }
            }
        }

        private void requireOneDisk(int disk, int directoryDisk, long countHere, long count, long at)
                throws NpzException {
            if (disk != 0 || directoryDisk != 0 || countHere != count) {
                throw location.error(ErrorCode.ZIP_STRUCTURE, "archives split over several disks are not read")
                        .at(at)
                        .build();
            }
        }

        private EndRecord zip64(
                int end, int locator, int disk, int directoryDisk, long countHere, long count, long size, long offset)
                throws NpzException {
            long stated = i64(tail, locator + 8);
            long locatorAt = tailStart + locator;
            if (i32(tail, locator + 4) != 0 || u32(tail, locator + 16) > 1) {
                throw error("archives split over several disks are not read", locator)
                        .build();
            }
            byte[] record = new byte[ZIP64_END_LENGTH];
            long at = locateZip64(stated, locatorAt, record);
            long zipCountHere = i64(record, 24);
            long zipCount = i64(record, 32);
            long zipSize = i64(record, 40);
            long zipOffset = i64(record, 48);
            requireOneDisk(i32(record, 16), i32(record, 20), zipCountHere, zipCount, at);
            boolean agrees = (disk == 0 || disk == SATURATED_16)
                    && (directoryDisk == 0 || directoryDisk == SATURATED_16)
                    && (countHere == SATURATED_16 || countHere == zipCountHere)
                    && (count == SATURATED_16 || count == zipCount)
                    && (size == SATURATED_32 || size == zipSize)
                    && (offset == SATURATED_32 || offset == zipOffset);
            if (!agrees) {
                throw error("the end record contradicts the zip64 end record", end)
                        .build();
            }
            return directory(zipOffset, zipSize, zipCount, at, at - stated);
        }

        /** Reads the zip64 end record and returns where it begins: it must end at its locator. */
        private long locateZip64(long stated, long locatorAt, byte[] record) throws NpzException {
            if (readsZip64(stated, locatorAt, record)) {
                return stated;
            }
            long before = locatorAt - ZIP64_END_LENGTH;
            if (stated >= 0 && stated < before && readsZip64(before, locatorAt, record)) {
                if (strict) {
                    throw location.error(ErrorCode.ZIP_STRUCTURE, "the zip64 end record is not where its locator says")
                            .at(locatorAt)
                            .expected("offset " + stated)
                            .found("offset " + before)
                            .remedy(TOLERANT_REMEDY)
                            .build();
                }
                return before;
            }
            throw location.error(ErrorCode.ZIP_STRUCTURE, "no zip64 end record where its locator points")
                    .at(locatorAt)
                    .found("offset " + Long.toUnsignedString(stated))
                    .build();
        }

        private boolean readsZip64(long at, long locatorAt, byte[] record) throws NpzException {
            if (at < 0 || at > locatorAt - ZIP64_END_LENGTH) {
                return false;
            }
            source.read(at, ByteBuffer.wrap(record));
            // The size field does not count the signature and itself.
            return i32(record, 0) == ZIP64_END_SIGNATURE && i64(record, 4) == locatorAt - at - 12;
        }

        /**
         * Places the directory. Exact is: stated offset + size = where the end records begin. Tolerated are bytes
         * between, and offsets that all miss the same prefix (CPython's "concat"), but not both readings at once.
         */
        private EndRecord directory(long offset, long size, long count, long end, long zip64Shift) throws NpzException {
            if (offset < 0 || size < 0 || count < 0 || size > end) {
                throw misplaced(offset, size, end).build();
            }
            long relative = end - size;
            if (offset == relative && zip64Shift == 0) {
                return new EndRecord(offset, size, count, 0);
            }
            boolean asStated = offset < relative && zip64Shift == 0 && (size == 0 || directoryBegins(offset));
            boolean shifted = offset < relative
                    && (zip64Shift == 0 || zip64Shift == relative - offset)
                    && size > 0
                    && directoryBegins(relative);
            if (asStated == shifted) {
                throw misplaced(offset, size, end).build();
            }
            if (strict) {
                throw misplaced(offset, size, end).remedy(TOLERANT_REMEDY).build();
            }
            return asStated
                    ? new EndRecord(offset, size, count, 0)
                    : new EndRecord(relative, size, count, relative - offset);
        }

        private boolean directoryBegins(long at) throws NpzException {
            if (source.size() - at < 4) {
                return false;
            }
            byte[] signature = new byte[4];
            source.read(at, ByteBuffer.wrap(signature));
            return i32(signature, 0) == ZipRecords.CENTRAL_SIGNATURE;
        }

        private NpzException.Builder misplaced(long offset, long size, long end) {
            return location.error(ErrorCode.ZIP_STRUCTURE, "the directory does not lie directly before the end record")
                    .expected("an end at byte " + end)
                    .found("offset " + Long.toUnsignedString(offset) + ", " + Long.toUnsignedString(size) + " bytes");
        }

        private NpzException.Builder error(String problem, int at) {
            return location.error(ErrorCode.ZIP_STRUCTURE, problem).at(tailStart + at);
        }
    }
}
