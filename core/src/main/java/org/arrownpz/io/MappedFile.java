package org.arrownpz.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.Arrays;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ReferenceManager;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.MappedReferenceManager;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.support.Faults;
import org.jspecify.annotations.Nullable;

/**
 * A mapped file. Where one mapping can hold it, it is mapped whole: regions then cost a counter and an object, and the
 * descriptor is closed at once or kept for long reads. Else (before JDK 22) windows are mapped on demand, starting at the region that asked,
 * which cuts them at column boundaries; a region longer than a window is copied.
 */
final class MappedFile implements ByteSource {
    /** Longer reads go through the channel where there is one, and spare the mapping's page faults. */
    private static final int MAPPED_READ = 1 << 16;
    /** Of longer files, what is read into native memory lies far apart, and a page fault reads MiB around it. */
    private static final long LONG_FILE = 1L << 30;

    private final BufferAllocator allocator;
    private final Location location;
    private final FileState state;
    private final MapMode mode;
    private final long windowLimit;
    /** Whether the first window holds all of the file. */
    private final boolean whole;
    /** Whether long reads go through the channel although it does. */
    private final boolean quick;

    private final FileChannel channel;
    private final ChannelSource copier;
    /** Replaced, never changed; guarded by this for writing. */
    private volatile Window[] windows;

    private boolean closed;

    private record Window(long start, MappedReferenceManager memory) {
        boolean holds(long offset, long length) {
            return offset >= start && offset + length <= start + memory.getSize();
        }
    }

    /**
     * Takes over the channel, and closes it when it is not needed or on failure.
     *
     * @param windowLimit the longest mapping, {@link Mapper#limit()} but in tests
     * @param keepsOpen whether to read long ranges from the channel where one mapping holds the file: not for private
     *     mappings, whose pages may differ from the file's
     * @throws UnsupportedOperationException when the channel's file system has no mappings
     */
    MappedFile(
            BufferAllocator allocator,
            FileChannel channel,
            MapMode mode,
            FileState state,
            Location location,
            long windowLimit,
            boolean keepsOpen)
            throws IOException {
        this.allocator = allocator;
        this.location = location;
        this.state = state;
        this.mode = mode;
        this.windowLimit = windowLimit;
        this.quick = keepsOpen && state.size() > MAPPED_READ;
        this.whole = state.size() <= windowLimit;
        try {
            state.check(channel, location);
            this.windows = whole && state.size() > 0
                    ? new Window[] {new Window(0, Mapper.map(channel, mode, 0, state.size(), allocator))}
                    : new Window[0];
            this.channel = channel;
            this.copier = new ChannelSource(allocator, channel, state, location);
        } catch (IOException | RuntimeException | Error e) {
            Faults.closeQuietly(channel);
            throw e;
        }
        if (whole && !quick) {
            Faults.closeQuietly(channel);
        }
    }

    @Override
    public long size() {
        return state.size();
    }

    @Override
    public void read(long offset, ByteBuffer target) throws NpzException {
        int length = target.remaining();
        Objects.checkFromIndexSize(offset, (long) length, size());
        if (length == 0) {
            return;
        }
        boolean longRead = length > MAPPED_READ && (!whole || quick);
        boolean apart = quick && target.isDirect() && size() > LONG_FILE;
        if ((longRead || apart) && readChannel(offset, target)) {
            return;
        }
        Window window = find(offset, length);
        if (window == null) {
            if (whole) {
                throw new IllegalStateException("The source is closed");
            }
            copier.read(offset, target);
            return;
        }
        // Held, so that a close by another thread does not unmap what is being copied.
        if (!window.memory.tryRetain()) {
            throw new IllegalStateException("The source is closed");
        }
        try {
            MemoryAccess.copy(window.memory.address() + (offset - window.start), target, location);
        } finally {
            window.memory.release();
        }
    }

    /** Whether the channel has given the bytes: the JDK closes that of a thread which is interrupted. */
    private boolean readChannel(long offset, ByteBuffer target) throws NpzException {
        int position = target.position();
        try {
            copier.read(offset, target);
            return true;
        } catch (NpzException e) {
            if (!whole || !(e.getCause() instanceof ClosedChannelException)) {
                throw e;
            }
            target.position(position);
            return false;
        }
    }

    @Override
    public ArrowBuf region(long offset, long length) throws NpzException {
        Objects.checkFromIndexSize(offset, length, size());
        if (length == 0) {
            return new ArrowBuf(ReferenceManager.NO_OP, null, 0, 0);
        }
        Window window = find(offset, length);
        if (window == null && views(length)) {
            window = map(offset, length);
        }
        if (window != null) {
            return window.memory.buffer(offset - window.start, length);
        }
        if (whole) {
            throw new IllegalStateException("The source is closed");
        }
        return copier.region(offset, length);
    }

    private @Nullable Window find(long offset, long length) {
        for (Window window : windows) {
            if (window.holds(offset, length)) {
                return window;
            }
        }
        return null;
    }

    /** A new window from the offset on, or null where the system gives none: then the bytes are copied. */
    private synchronized @Nullable Window map(long offset, long length) throws NpzException {
        Window window = find(offset, length);
        if (window != null || whole) {
            return window;
        }
        if (closed) {
            throw new IllegalStateException("The source is closed");
        }
        long start = offset - offset % Mapper.GRANULARITY;
        long extent = Math.min(windowLimit, size() - start);
        try {
            // Mapping beyond the end of a file that is open for writing would make it longer.
            state.check(channel, location);
            window = new Window(start, Mapper.map(channel, mode, start, extent, allocator));
        } catch (NpzException e) {
            throw e;
        } catch (IOException e) {
            return null;
        }
        Window[] more = Arrays.copyOf(windows, windows.length + 1);
        more[windows.length] = window;
        windows = more;
        return window;
    }

    @Override
    public boolean views(long length) {
        return whole || length <= windowLimit - Mapper.GRANULARITY;
    }

    @Override
    public Object state() {
        return state;
    }

    @Override
    public boolean isReadQuickly() {
        return quick;
    }

    @Override
    public long transferTo(long offset, long length, FileChannel target) throws IOException {
        Objects.checkFromIndexSize(offset, length, size());
        // Private mappings may differ from the file, and the JDK closes the channel of a thread that is interrupted.
        return quick && channel.isOpen() ? copier.transferTo(offset, length, target) : 0;
    }

    @Override
    public void checkUnchanged() throws NpzException {
        state.checkUnchanged(location);
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        Window[] held = windows;
        windows = new Window[0];
        for (Window window : held) {
            window.memory.release();
        }
        copier.close();
    }
}
