package org.arrownpz.ipc.internal.write;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.io.ByteSink;
import org.arrownpz.ipc.internal.IpcFaults;
import org.arrownpz.support.SafeMemory;

/**
 * Writes to a channel in few calls: short pieces are gathered, long ones go to the system from where they lie, together
 * with what was gathered before them. The channel stays the caller's. Has to be flushed at the end.
 */
public final class IpcSink implements ByteSink {
    private static final int STAGING = 1 << 18;
    /** From here on, a call of its own is cheaper than a copy. */
    private static final int LONG = 1 << 17;

    private static final int CHUNK = 1 << 30;

    private final WritableByteChannel channel;
    private final Location location;
    private final ByteBuffer staging = ByteBuffer.allocateDirect(STAGING);
    private long flushed;

    public IpcSink(WritableByteChannel channel, Location location) {
        this.channel = channel;
        this.location = location;
    }

    /** The number of bytes taken so far. */
    public long position() {
        return flushed + staging.position();
    }

    @Override
    public void write(ArrowBuf source, long offset, long length) throws NpzException {
        Objects.checkFromIndexSize(offset, length, source.capacity());
        boolean direct = length >= LONG;
        for (long done = 0; done < length; ) {
            int count;
            if (direct) {
                count = (int) Math.min(CHUNK, length - done);
                drain(source.nioBuffer(offset + done, count));
            } else {
                // The source may be a mapped file that was cut short: a guarded copy says so.
                count = (int) Math.min(room(), length - done);
                staging.limit(staging.position() + count);
                SafeMemory.copy(source, offset + done, staging, location);
                staging.limit(STAGING);
            }
            done += count;
        }
    }

    @Override
    public void write(ByteBuffer source) throws NpzException {
        while (source.hasRemaining()) {
            int count = Math.min(room(), source.remaining());
            staging.put(source.slice(source.position(), count));
            source.position(source.position() + count);
        }
    }

    /** Writes zeros up to the next multiple of that many bytes. */
    public void pad(int multiple) throws NpzException {
        for (long left = Math.floorMod(-position(), (long) multiple); left > 0; left--) {
            room();
            staging.put((byte) 0);
        }
    }

    private int room() throws NpzException {
        if (!staging.hasRemaining()) {
            flush();
        }
        return staging.remaining();
    }

    /** Hands on everything written so far. */
    public void flush() throws NpzException {
        drain(ByteBuffer.allocate(0));
    }

    /** Hands on what was gathered, and then the rest. */
    private void drain(ByteBuffer rest) throws NpzException {
        staging.flip();
        try {
            if (channel instanceof GatheringByteChannel gathering) {
                ByteBuffer[] both = {staging, rest};
                while (staging.hasRemaining() || rest.hasRemaining()) {
                    flushed += gathering.write(both);
                }
            }
            while (staging.hasRemaining()) {
                flushed += channel.write(staging);
            }
            while (rest.hasRemaining()) {
                flushed += channel.write(rest);
            }
        } catch (IOException e) {
            throw IpcFaults.writing(location, e);
        }
        staging.clear();
    }
}
