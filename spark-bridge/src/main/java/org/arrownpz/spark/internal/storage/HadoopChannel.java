package org.arrownpz.spark.internal.storage;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import org.apache.hadoop.fs.FSDataInputStream;

/** A file of a Hadoop file system or object store, read by ranges. Used by one thread at a time. */
public final class HadoopChannel implements SeekableByteChannel {
    private static final int MAX_REQUEST = 8 << 20;

    private final FSDataInputStream stream;
    private final long size;
    private long position;
    private boolean open = true;

    public HadoopChannel(FSDataInputStream stream, long size) {
        this.stream = stream;
        this.size = size;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        requireOpen();
        if (!target.hasRemaining()) {
            return 0;
        }
        if (position >= size) {
            return -1;
        }
        int wanted = (int) Math.min(Math.min(target.remaining(), MAX_REQUEST), size - position);
        if (target.hasArray()) {
            stream.readFully(position, target.array(), target.arrayOffset() + target.position(), wanted);
            target.position(target.position() + wanted);
        } else {
            byte[] bytes = new byte[wanted];
            stream.readFully(position, bytes, 0, wanted);
            target.put(bytes);
        }
        position += wanted;
        return wanted;
    }

    @Override
    public int write(ByteBuffer source) {
        throw new NonWritableChannelException();
    }

    @Override
    public long position() throws IOException {
        requireOpen();
        return position;
    }

    @Override
    public SeekableByteChannel position(long newPosition) throws IOException {
        requireOpen();
        if (newPosition < 0) {
            throw new EOFException("a position before the file: " + newPosition);
        }
        position = newPosition;
        return this;
    }

    @Override
    public long size() throws IOException {
        requireOpen();
        return size;
    }

    @Override
    public SeekableByteChannel truncate(long newSize) {
        throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() throws IOException {
        open = false;
        stream.close();
    }

    private void requireOpen() throws ClosedChannelException {
        if (!open) {
            throw new ClosedChannelException();
        }
    }
}
