package org.arrownpz.crash;

import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** An open file, or an open directory that is to be forced, of a {@link Disk}. */
final class DiskChannel extends FileChannel {
    private final Disk disk;
    private final DiskNode node;
    private int position;

    DiskChannel(Disk disk, DiskNode node) {
        this.disk = disk;
        this.node = node;
    }

    @Override
    public int read(ByteBuffer target) {
        int count = read(target, position);
        position += Math.max(count, 0);
        return count;
    }

    @Override
    public int read(ByteBuffer target, long at) {
        int left = node.bytes.length - (int) at;
        if (left <= 0) {
            return -1;
        }
        int count = Math.min(left, target.remaining());
        target.put(node.bytes, (int) at, count);
        return count;
    }

    @Override
    public int write(ByteBuffer source) {
        int count = write(source, position);
        position += count;
        return count;
    }

    @Override
    public int write(ByteBuffer source, long at) {
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        if (bytes.length > 0) {
            disk.write(node, (int) at, bytes);
        }
        return bytes.length;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public FileChannel position(long value) {
        position = Math.toIntExact(value);
        return this;
    }

    @Override
    public long size() {
        return node.bytes.length;
    }

    @Override
    public FileChannel truncate(long size) {
        if (size < node.bytes.length) {
            disk.resize(node, (int) size);
        }
        position = (int) Math.min(position, size);
        return this;
    }

    @Override
    public void force(boolean metadata) {
        disk.force(node);
    }

    @Override
    public FileLock tryLock(long at, long size, boolean shared) {
        return new FileLock(this, at, size, shared) {
            @Override
            public boolean isValid() {
                return true;
            }

            @Override
            public void release() {
                // Nobody else is there.
            }
        };
    }

    @Override
    public FileLock lock(long at, long size, boolean shared) {
        return tryLock(at, size, shared);
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        int bytes = 0;
        for (int i = offset; i < offset + length; i++) {
            bytes += sources[i].remaining();
        }
        ByteBuffer all = ByteBuffer.allocate(bytes);
        for (int i = offset; i < offset + length; i++) {
            all.put(sources[i]);
        }
        return write(all.flip());
    }

    @Override
    public long transferTo(long at, long count, WritableByteChannel target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long at, long count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long at, long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    protected void implCloseChannel() {
        // What was written stays unforced.
    }
}
