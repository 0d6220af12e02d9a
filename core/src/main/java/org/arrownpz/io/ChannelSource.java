package org.arrownpz.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayDeque;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.support.Faults;
import org.arrownpz.support.Rollback;
import org.jspecify.annotations.Nullable;

/** Bytes behind a channel: every region is a copy in allocator memory. File channels are read without a lock. */
final class ChannelSource implements ByteSource {
    /** One request to a channel; larger ones gain nothing. */
    private static final int MAX_REQUEST = 1 << 30;

    /** Small reads of a channel, which may be a request each, are answered from so many bytes read at once. */
    private static final int READ_AHEAD = 64 << 10;

    /** So many of them are kept: first the local headers of an archive are read, then the headers of arrays behind them. */
    private static final int WINDOWS = 8;

    /** Reads of a file from here on gain nothing by that; nor do those that do not follow one another. */
    private static final int SHORT = 4 << 10;

    private final BufferAllocator allocator;
    private final SeekableByteChannel channel;
    private final @Nullable FileState state;
    private final Location location;
    private final long size;
    // Guarded by the channel.
    private final ArrayDeque<Window> windows = new ArrayDeque<>(WINDOWS);
    /** Behind the last short read of a file; a race costs nothing but time. */
    private volatile long next = Long.MIN_VALUE / 2;

    /** A channel that stays the caller's. */
    ChannelSource(BufferAllocator allocator, SeekableByteChannel channel, Location location) throws NpzException {
        this(allocator, channel, null, location);
    }

    /** The channel of a file, closed with this source. */
    ChannelSource(BufferAllocator allocator, SeekableByteChannel channel, @Nullable FileState state, Location location)
            throws NpzException {
        this.allocator = allocator;
        this.channel = channel;
        this.state = state;
        this.location = location;
        try {
            // A file may be cut short since its state was seen, which the read then tells.
            this.size = state == null ? channel.size() : state.size();
        } catch (IOException e) {
            throw Faults.reading(location, e);
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(long offset, ByteBuffer target) throws NpzException {
        Objects.checkFromIndexSize(offset, (long) target.remaining(), size);
        try {
            int length = target.remaining();
            boolean isAhead = length < (channel instanceof FileChannel ? SHORT : READ_AHEAD);
            if (channel instanceof FileChannel && isAhead) {
                long gap = offset - next;
                next = offset + length;
                isAhead = gap >= 0 && gap < SHORT;
            }
            if (isAhead) {
                synchronized (channel) {
                    readWindow(offset, target);
                }
            } else {
                readChannel(offset, target);
            }
        } catch (IOException e) {
            throw Faults.reading(location, e);
        }
    }

    private void readFile(FileChannel file, long offset, ByteBuffer target) throws IOException {
        long position = offset;
        while (target.hasRemaining()) {
            int count = file.read(target, position);
            if (count < 0) {
                throw shorter(position, target);
            }
            position += count;
        }
    }

    private record Window(long start, ByteBuffer bytes) {
        boolean holds(long offset, int length) {
            return offset >= start && offset + length <= start + bytes.limit();
        }
    }

    // Headers lie close to one another, so that one request answers many of them.
    private void readWindow(long offset, ByteBuffer target) throws IOException {
        int length = target.remaining();
        for (Window window : windows) {
            if (window.holds(offset, length)) {
                target.put(window.bytes().slice((int) (offset - window.start()), length));
                return;
            }
        }
        // Near the end the window reaches back, for archives are read from their end record to their directory.
        long start = Math.min(offset, Math.max(0, size - READ_AHEAD));
        ByteBuffer bytes = windows.size() == WINDOWS
                ? windows.removeLast().bytes().clear()
                : ByteBuffer.allocate((int) Math.min(READ_AHEAD, size));
        readChannel(start, bytes);
        windows.addFirst(new Window(start, bytes.flip()));
        target.put(bytes.slice((int) (offset - start), length));
    }

    private void readChannel(long offset, ByteBuffer target) throws IOException {
        if (channel instanceof FileChannel file) {
            readFile(file, offset, target);
            return;
        }
        synchronized (channel) {
            readInTurn(offset, target);
        }
    }

    private void readInTurn(long offset, ByteBuffer target) throws IOException {
        channel.position(offset);
        long position = offset;
        while (target.hasRemaining()) {
            int count = channel.read(target);
            if (count < 0) {
                throw shorter(position, target);
            }
            position += count;
        }
    }

    private NpzException shorter(long position, ByteBuffer target) {
        return location.error(ErrorCode.FILE_CHANGED, "the file became shorter while in use")
                .at(position)
                .expected(target.remaining() + " more bytes")
                .found("the end")
                .build();
    }

    @Override
    public ArrowBuf region(long offset, long length) throws NpzException {
        Objects.checkFromIndexSize(offset, length, size);
        ArrowBuf memory = Allocations.allocate(allocator, length, location, "a region of the file");
        try (Rollback undo = Rollback.of(memory)) {
            for (long done = 0; done < length; ) {
                int count = (int) Math.min(MAX_REQUEST, length - done);
                read(offset + done, memory.nioBuffer(done, count));
                done += count;
            }
            return undo.commit(memory.writerIndex(length));
        }
    }

    @Override
    public long transferTo(long offset, long length, FileChannel target) throws IOException {
        Objects.checkFromIndexSize(offset, length, size);
        if (!(channel instanceof FileChannel file)) {
            return 0;
        }
        long done = 0;
        while (done < length) {
            long count = file.transferTo(offset + done, length - done, target);
            if (count <= 0) {
                // At the file's end, or what the system cannot move: reading tells which.
                break;
            }
            done += count;
        }
        return done;
    }

    @Override
    public boolean isReadQuickly() {
        return channel instanceof FileChannel;
    }

    @Override
    public void checkUnchanged() throws NpzException {
        if (state != null) {
            state.checkUnchanged(location);
        }
    }

    @Override
    public void close() {
        if (state != null) {
            Faults.closeQuietly(channel);
        }
    }
}
