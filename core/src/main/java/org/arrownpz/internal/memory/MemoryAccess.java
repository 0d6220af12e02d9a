package org.arrownpz.internal.memory;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.apache.arrow.memory.util.MemoryUtil;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.jspecify.annotations.Nullable;

/**
 * Access to raw memory: copies that survive a file cut short under its mapping.
 *
 * <p>All methods are safe for use by several threads.
 */
public final class MemoryAccess {
    /** Long copies are cut here, so that they do not hold up the JVM's safepoints. */
    private static final long CHUNK = 1 << 20;

    /** Stands in the last byte of a target while a copy runs; whatever is rare at the end of data. */
    private static final byte CANARY = (byte) 0xA5;

    private static final Object MONITOR = new Object();

    private static volatile int one = 1;
    /** Written, so that the allocation is not optimised away. */
    private static volatile byte @Nullable [][] arrays;

    private MemoryAccess() {}

    /**
     * Runs code that reads mapped memory by address, such as a conversion kernel. Without this, the
     * {@link InternalError} of a file cut short comes up at some later point, in code that has nothing to do with it.
     * The code must not take or give up ownership of anything after it has read: the error may come up at any line.
     *
     * @throws NpzException FILE_CHANGED when a page that the code read is gone, also where the code has thrown something
     *     else because of that; what it has written is then undefined
     */
    public static void guard(Location location, Runnable kernel) throws NpzException {
        guarded(location, () -> {
            kernel.run();
            return null;
        });
    }

    /** As {@link #guard}, for code that gives what it has found. */
    public static <T extends @Nullable Object> T guarded(Location location, Supplier<T> kernel) throws NpzException {
        try {
            try {
                return kernel.get();
            } finally {
                deliverFaults();
            }
        } catch (InternalError e) {
            throw vanished(location, e);
        }
    }

    /** Something that reads mapped memory, and delivers its faults before it gives a result. */
    @FunctionalInterface
    public interface Reading<T> {
        T run() throws NpzException;
    }

    /**
     * Runs code that reads mapped memory and may refuse what it finds there. Whatever it throws where a page is gone stems
     * from that page. A result is given as it is.
     *
     * @throws NpzException FILE_CHANGED when a page that the code has read is gone and it has thrown something
     */
    public static <T> T reading(Location location, Reading<T> reading) throws NpzException {
        try {
            try {
                return reading.run();
            } catch (NpzException | RuntimeException e) {
                // In here: the fault may come up at the entry of any method.
                deliverFaults();
                throw e;
            }
        } catch (InternalError e) {
            throw vanished(location, e);
        }
    }

    /** Copies between addresses that the caller has checked; a vanished source page is FILE_CHANGED. */
    public static void copy(long source, long target, long length, Location location) throws NpzException {
        try {
            for (long done = 0; done < length; done += CHUNK) {
                long count = Math.min(CHUNK, length - done);
                long last = target + done + count - 1;
                MemoryUtil.putByte(last, CANARY);
                MemoryUtil.copyMemory(source + done, target + done, count);
                if (MemoryUtil.getByte(last) == CANARY) {
                    deliverFaults();
                }
            }
        } catch (InternalError e) {
            throw vanished(location, e);
        }
    }

    /** Fills the buffer's remaining bytes from an address; a vanished source page is FILE_CHANGED. */
    public static void copy(long source, ByteBuffer target, Location location) throws NpzException {
        int length = target.remaining();
        int position = target.position();
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("The target buffer is read-only");
        }
        if (length == 0) {
            return;
        }
        if (target.isDirect()) {
            copy(source, MemoryUtil.getByteBufferAddress(target) + position, length, location);
            Reference.reachabilityFence(target);
        } else {
            copy(source, target.array(), target.arrayOffset() + position, length, location);
        }
        target.position(position + length);
    }

    private static void copy(long source, byte[] target, int targetOffset, int length, Location location)
            throws NpzException {
        try {
            for (int done = 0; done < length; done += (int) CHUNK) {
                int count = (int) Math.min(CHUNK, length - done);
                int last = targetOffset + done + count - 1;
                target[last] = CANARY;
                MemoryUtil.copyFromMemory(source + done, target, targetOffset + done, count);
                if (target[last] == CANARY) {
                    deliverFaults();
                }
            }
        } catch (InternalError e) {
            throw vanished(location, e);
        }
    }

    /**
     * Makes a pending fault come up here rather than after the handler.
     *
     * <p>The JVM does not throw where a copy faults: it gives up the copy, which leaves the last byte of the target as
     * it was, and throws at some later point. Up to JDK 17 that is the thread's next call into the JVM's runtime
     * (native methods do not count; allocating an array of arrays whose lengths are not constants always is one),
     * afterwards its next safepoint poll.
     */
    public static void deliverFaults() {
        arrays = new byte[one][one];
        Thread.holdsLock(MONITOR);
    }

    /** The exception for a fault that the JVM reported where mapped memory was read. */
    public static NpzException vanished(Location location, InternalError cause) {
        return location.error(ErrorCode.FILE_CHANGED, "the mapped file became shorter or unreadable while in use")
                .remedy("Read files that others may change with Mapping.COPY")
                .cause(cause)
                .build();
    }
}
