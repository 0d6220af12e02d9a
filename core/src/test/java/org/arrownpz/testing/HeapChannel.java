package org.arrownpz.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;

/** A channel over a byte array, as an object store gives one: it records its reads, and can make them short. */
public final class HeapChannel implements SeekableByteChannel {
    private final byte[] content;
    private final int longestRead;
    private final List<Range> reads = new ArrayList<>();
    private long position;
    private boolean open = true;
    private int visibleLength;

    /** A read that was answered. */
    public record Range(long offset, int length) {}

    public HeapChannel(byte[] content) {
        this(content, Integer.MAX_VALUE);
    }

    /** @param longestRead the most bytes that one read gives */
    public HeapChannel(byte[] content, int longestRead) {
        this.content = content.clone();
        this.visibleLength = content.length;
        this.longestRead = longestRead;
    }

    /** The answered reads so far, in order. */
    public synchronized List<Range> reads() {
        return List.copyOf(reads);
    }

    /** The number of bytes read so far. */
    public synchronized long bytesRead() {
        return reads.stream().mapToLong(Range::length).sum();
    }

    /** Lets the content end earlier from now on, as when somebody replaces the object. */
    public synchronized void cut(int length) {
        visibleLength = length;
    }

    @Override
    public synchronized int read(ByteBuffer target) throws IOException {
        checkOpen();
        if (position >= visibleLength) {
            return -1;
        }
        int count = (int) Math.min(Math.min(target.remaining(), longestRead), visibleLength - position);
        target.put(content, (int) position, count);
        reads.add(new Range(position, count));
        position += count;
        return count;
    }

    @Override
    public synchronized long position() {
        return position;
    }

    @Override
    public synchronized SeekableByteChannel position(long newPosition) throws IOException {
        checkOpen();
        position = newPosition;
        return this;
    }

    @Override
    public synchronized long size() throws IOException {
        checkOpen();
        return visibleLength;
    }

    @Override
    public int write(ByteBuffer source) {
        throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
        throw new NonWritableChannelException();
    }

    @Override
    public synchronized boolean isOpen() {
        return open;
    }

    @Override
    public synchronized void close() {
        open = false;
    }

    private void checkOpen() throws IOException {
        if (!open) {
            throw new ClosedChannelException();
        }
    }
}
