package org.arrownpz.spark;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The local disk as a foreign file system {@code counted:}, which counts what is read. Public for Hadoop. */
public final class CountedFileSystem extends RawLocalFileSystem {
    static final AtomicLong BYTES = new AtomicLong();
    static final AtomicInteger OPEN = new AtomicInteger();
    /** Reads up to the last byte, where an archive's end record is. */
    public static final AtomicInteger ENDS = new AtomicInteger();

    @Override
    public URI getUri() {
        return URI.create("counted:///");
    }

    @Override
    public String getScheme() {
        return "counted";
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        FSDataInputStream plain = super.open(path, bufferSize);
        long end = getFileStatus(path).getLen();
        OPEN.incrementAndGet();
        return new FSDataInputStream(new FSInputStream() {
            @Override
            public void seek(long position) throws IOException {
                plain.seek(position);
            }

            @Override
            public long getPos() throws IOException {
                return plain.getPos();
            }

            @Override
            public boolean seekToNewSource(long position) {
                return false;
            }

            @Override
            public int read() throws IOException {
                BYTES.incrementAndGet();
                return plain.read();
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                int count = plain.read(target, offset, length);
                BYTES.addAndGet(Math.max(0, count));
                ENDS.addAndGet(plain.getPos() == end ? 1 : 0);
                return count;
            }

            @Override
            public void close() throws IOException {
                OPEN.decrementAndGet();
                plain.close();
            }
        });
    }
}
