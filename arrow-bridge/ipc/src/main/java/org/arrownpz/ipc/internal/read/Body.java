package org.arrownpz.ipc.internal.read;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.io.ByteSource;
import org.arrownpz.support.SafeMemory;
import org.jspecify.annotations.Nullable;

/**
 * The body of a message: a part of one region that holds it whole, or a part of a source from which its buffers are
 * taken one by one. Owns nothing: region and source outlive it.
 *
 * @param region holds the body whole, or null
 * @param source has it where there is no region
 * @param start of the body there
 * @param size of the body
 * @param mapped whether the region views a file rather than being a copy
 */
public record Body(@Nullable ArrowBuf region, @Nullable ByteSource source, long start, long size, boolean mapped) {
    /** A part of a region; {@code mapped} tells whether that views a file rather than being a copy. */
    public static Body of(ArrowBuf region, long start, long size, boolean mapped) {
        Objects.checkFromIndexSize(start, size, region.capacity());
        return new Body(region, null, start, size, mapped);
    }

    /** A part of a source that gives views of some lengths only, or none. */
    public static Body of(ByteSource source, long start, long size) {
        return new Body(null, source, start, size, true);
    }

    /** Whether a buffer of that length is a view of the file. */
    boolean views(long length) {
        return source == null ? mapped : source.views(length);
    }

    /** A buffer, which the caller releases. */
    ArrowBuf slice(long offset, long length) throws NpzException {
        Objects.checkFromIndexSize(offset, length, size);
        return region != null
                ? SafeMemory.slice(region, start + offset, length)
                : Objects.requireNonNull(source).region(start + offset, length);
    }

    /** Whether all buffers are views of one region. */
    boolean isWhole() {
        return region != null;
    }

    /** Whether a buffer of a whole body begins at a multiple of 8 bytes, as Arrow's readers want it. */
    boolean isAligned(long offset) {
        return (Objects.requireNonNull(region).memoryAddress() + start + offset & 7) == 0;
    }

    /** Copies bytes to the start of a buffer of the caller's. */
    void copy(long offset, long length, ArrowBuf target, Location location) throws NpzException {
        Objects.checkFromIndexSize(offset, length, size);
        if (region != null) {
            SafeMemory.copy(region, start + offset, target, 0, length, location);
            return;
        }
        for (long done = 0; done < length; ) {
            int count = (int) Math.min(1 << 30, length - done);
            Objects.requireNonNull(source).read(start + offset + done, target.nioBuffer(done, count));
            done += count;
        }
    }

    /** Copies as many bytes as the target has room for. */
    void read(long offset, ByteBuffer target, Location location) throws NpzException {
        Objects.checkFromIndexSize(offset, (long) target.remaining(), size);
        if (region != null) {
            SafeMemory.copy(region, start + offset, target, location);
        } else {
            Objects.requireNonNull(source).read(start + offset, target);
        }
    }
}
