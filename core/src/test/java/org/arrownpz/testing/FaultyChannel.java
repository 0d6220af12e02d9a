package org.arrownpz.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** An open file of a {@link FaultyFileSystem}; it can be mapped in the modes that the system has. */
final class FaultyChannel extends FileChannel {
    private final FaultyFileSystem system;
    private final FileChannel real;

    FaultyChannel(FaultyFileSystem system, FileChannel real) {
        this.system = system;
        this.real = real;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        system.passRead();
        return real.read(target);
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        system.passRead();
        return real.read(targets, offset, length);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        system.passRead();
        return real.read(target, position);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        system.pass("write");
        return real.write(source);
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        system.pass("write");
        return real.write(sources, offset, length);
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
        system.pass("write");
        return real.write(source, position);
    }

    @Override
    public long position() throws IOException {
        return real.position();
    }

    @Override
    public FileChannel position(long position) throws IOException {
        real.position(position);
        return this;
    }

    @Override
    public long size() throws IOException {
        system.passRead();
        return real.size();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        system.pass("write");
        real.truncate(size);
        return this;
    }

    @Override
    public void force(boolean metadata) throws IOException {
        // Not passed on: the machine does not fail here, and a disk takes seconds for what tests force.
        system.pass("force");
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
        return real.transferTo(position, count, target);
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
        system.pass("write");
        return real.transferFrom(source, position, count);
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
        if (!system.maps(mode)) {
            throw new UnsupportedOperationException();
        }
        system.pass("map");
        return real.map(mode, position, size);
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
        return real.lock(position, size, shared);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
        return real.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
        real.close();
        system.pass("close");
    }
}
