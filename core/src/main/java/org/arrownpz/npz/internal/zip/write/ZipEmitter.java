package org.arrownpz.npz.internal.zip.write;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.internal.storage.StagedOutput;
import org.arrownpz.io.ByteSink;
import org.arrownpz.io.ByteSource;
import org.arrownpz.npz.internal.zip.ZipRecords;
import org.jspecify.annotations.Nullable;

/**
 * Writes the members and the directory of an archive in one pass. Content is copied piece by piece into own memory,
 * its checksum taken there while it is in cache, and written in large pieces; the checksum is entered into the local
 * header afterwards, nearly always still in memory.
 *
 * <p>Usage: {@link #begin}, {@link #write}s of exactly the stated number of bytes, {@link #end}, and so on, then
 * {@link #finish}. Used by one thread. Does not own the channel.
 */
public final class ZipEmitter implements ByteSink, AutoCloseable {
    /** The alignment of array data in the file: a cache line, and what Arrow recommends. */
    public static final int ALIGNMENT = 64;

    private static final Location NOWHERE = Location.ofFile(null);
    private final Location location;
    private final StagedOutput output;
    private final DirectoryBuilder directory = new DirectoryBuilder();
    private final CRC32 checksum = new CRC32();
    private final @Nullable DeflateStage deflate;
    /** Own memory that content is copied into: the output's buffer, or the deflater's input. */
    private ByteBuffer stage;

    private ByteBuffer view;
    private int summed;
    private @Nullable ZipMember member;
    private byte[] header = new byte[0];
    private long left;

    /**
     * Starts an archive at the channel's position; offsets count from the beginning of the file.
     *
     * @param level 0 for stored members, else zlib's level
     */
    public ZipEmitter(FileChannel channel, Location location, int level) throws NpzException {
        this.location = location;
        this.output = new StagedOutput(channel, location);
        this.deflate = level == Deflater.NO_COMPRESSION ? null : new DeflateStage(output, level);
        this.stage = deflate == null ? output.staging() : deflate.input();
        this.view = stage.duplicate();
    }

    /**
     * Starts a member.
     *
     * @param name UTF-8
     * @param size bytes of its content
     * @param array whether to write it as NumPy writes arrays: sizes in a zip64 field
     * @param lead where a stored array has its data: so many bytes into the content a multiple of
     *     {@link #ALIGNMENT} is reached; negative for no alignment
     */
    public void begin(byte[] name, long size, boolean array, int lead) throws NpzException {
        if (member != null) {
            throw new IllegalStateException("A member is under way");
        }
        int method = deflate == null ? ZipRecords.STORED : ZipRecords.DEFLATED;
        boolean wide = array || size >= ZipRecords.SATURATED_32;
        ZipMember started = new ZipMember(name, method, output.position(), size, wide);
        boolean align = lead >= 0 && deflate == null;
        header = align ? started.localHeader(ALIGNMENT, lead) : started.localHeader(1, 0);
        long whole = header.length + Math.min(size, StagedOutput.CAPACITY);
        if (deflate == null
                && whole <= StagedOutput.CAPACITY
                && whole > output.staging().remaining()) {
            // In one piece, so that the checksum is entered before the header leaves: each that comes after it is
            // a write of its own, for which the helper has to be waited for.
            output.spill();
        }
        output.put(header, header.length);
        restage();
        checksum.reset();
        summed = stage.position();
        left = size;
        member = started;
    }

    @Override
    public void write(ArrowBuf source, long offset, long length) throws NpzException {
        take(length);
        for (long done = 0; done < length; ) {
            int part = (int) Math.min(room(), length - done);
            stage.limit(stage.position() + part);
            try {
                Allocations.copy(source, offset + done, stage, NOWHERE);
            } finally {
                stage.limit(stage.capacity());
            }
            done += part;
        }
    }

    @Override
    public void write(ByteBuffer source) throws NpzException {
        take(source.remaining());
        int end = source.limit();
        while (source.position() < end) {
            source.limit(source.position() + Math.min(room(), end - source.position()));
            stage.put(source);
            source.limit(end);
        }
    }

    /** The room in the stage, at least one byte. */
    private int room() throws NpzException {
        if (!stage.hasRemaining()) {
            sum();
            if (deflate == null) {
                output.spill();
                restage();
            } else {
                deflate.drain();
            }
            summed = stage.position();
        }
        return stage.remaining();
    }

    private void restage() {
        if (deflate == null && stage != output.staging()) {
            stage = output.staging();
            view = stage.duplicate();
        }
    }

    /** Takes what came into the stage since the last time into the checksum: once per small member. */
    private void sum() {
        checksum.update(view.limit(stage.position()).position(summed));
        summed = stage.position();
    }

    private void take(long length) {
        if (member == null || length > left) {
            throw new IllegalArgumentException("more content than the member's stated size");
        }
        left -= length;
    }

    /** Completes a member: its checksum, and the size of its deflated content. */
    public void end() throws NpzException {
        ZipMember ended = member;
        if (ended == null || left != 0) {
            throw new IllegalArgumentException(left + " bytes of content less than the member's stated size");
        }
        sum();
        if (deflate != null) {
            ended.compressedSize = deflate.end();
        }
        ended.crc = (int) checksum.getValue();
        ended.fillIn(header);
        if (deflate == null) {
            output.patch(ended.offset + 14, header, 14, 4);
        } else {
            output.patch(ended.offset, header, 0, header.length);
        }
        directory.add(ended, location);
        member = null;
    }

    /**
     * Writes a member as another archive has it, compressed or not, with the checksum that stands there.
     *
     * @param name UTF-8
     * @param method of the packed content
     * @param size bytes of the content
     * @param crc the content's checksum
     * @param array whether to write sizes in a zip64 field, as NumPy does for arrays
     * @param place the file offset of the packed content there: a stored one keeps its alignment
     */
    public void transfer(byte[] name, int method, long size, int crc, boolean array, long place, ByteSource packed)
            throws NpzException {
        if (member != null) {
            throw new IllegalStateException("A member is under way");
        }
        boolean wide = array || Math.max(size, packed.size()) >= ZipRecords.SATURATED_32;
        ZipMember taken = new ZipMember(name, method, output.position(), size, wide);
        taken.compressedSize = packed.size();
        taken.crc = crc;
        boolean stored = method == ZipRecords.STORED;
        byte[] start = taken.localHeader(stored ? ALIGNMENT : 1, stored ? Math.floorMod(-place, ALIGNMENT) : 0);
        output.put(start, start.length);
        output.transfer(packed);
        directory.add(taken, location);
    }

    /**
     * Starts and ends a stored array member whose data, behind the given start, come later. What follows may be written
     * at once; {@link #complete} is due when the last part is.
     *
     * @param start the member's first bytes, behind which a multiple of {@link #ALIGNMENT} is reached
     */
    public ReservedMember reserve(byte[] name, byte[] start, int parts, long partLength) throws NpzException {
        if (deflate != null) {
            throw new IllegalStateException("Where deflated data end is not known beforehand");
        }
        long length = Math.multiplyExact(partLength, (long) parts);
        begin(name, Math.addExact(length, start.length), true, start.length);
        write(ByteBuffer.wrap(start));
        sum();
        ZipMember reserved = Objects.requireNonNull(member);
        long data = output.position();
        output.skip(length);
        member = null;
        int record = directory.add(reserved, location);
        return new ReservedMember(this, reserved, header, record, (int) checksum.getValue(), data, parts, partLength);
    }

    void writeAt(long place, ArrowBuf source, long offset, long length, CRC32 sum) throws NpzException {
        output.checkOpen();
        if (member != null) {
            throw new IllegalStateException("A member is under way");
        }
        output.flush();
        try {
            for (long done = 0; done < length; ) {
                int part = (int) Math.min(stage.capacity(), length - done);
                stage.clear().limit(part);
                Allocations.copy(source, offset + done, stage, NOWHERE);
                sum.update(stage.flip());
                output.writeAt(place + done, stage.rewind());
                done += part;
            }
        } finally {
            stage.clear();
        }
    }

    void writeAt(long place, ByteBuffer source, CRC32 sum) throws NpzException {
        sum.update(source.duplicate());
        output.writeAt(place, source);
    }

    /** Enters the checksum of a reserved member, all of whose parts have been written. */
    public void complete(ReservedMember reserved) throws NpzException {
        if (reserved.missing() > 0) {
            throw new IllegalStateException(reserved.missing() + " bytes of a member have not been written");
        }
        reserved.member.crc = reserved.checksum();
        reserved.member.fillIn(reserved.header);
        output.patch(reserved.member.offset + 14, reserved.header, 14, 4);
        directory.setChecksum(reserved.record, reserved.member.crc);
    }

    /** Writes the directory and the end record; the channel then holds the whole archive. */
    public void finish() throws NpzException {
        if (member != null) {
            throw new IllegalStateException("A member is under way");
        }
        directory.writeTo(output);
        output.flush();
    }

    /** Gives back memory; the file is complete only after {@link #finish}. */
    @Override
    public void close() {
        output.close();
        if (deflate != null) {
            deflate.close();
        }
    }
}
