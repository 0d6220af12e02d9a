package org.arrownpz.npy;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.io.ByteSource;

/** One field of all records, which lie a record apart: its bytes come together as they are read. */
record FieldSource(ByteSource records, Location location, long step, long start, long width, long size)
        implements ByteSource {
    private static final int STRIP = 1 << 16;

    @Override
    public void read(long offset, ByteBuffer target) throws NpzException {
        Objects.checkFromIndexSize(offset, (long) target.remaining(), size);
        ByteBuffer strip = null;
        long stripAt = 0;
        for (long at = offset; target.hasRemaining(); ) {
            long within = at % width;
            long place = at / width * step + start + within;
            int count = (int) Math.min(width - within, target.remaining());
            if (count > STRIP / 2) {
                int limit = target.limit();
                records.read(place, target.limit(target.position() + count));
                target.limit(limit);
            } else {
                if (strip == null || place < stripAt || place + count > stripAt + strip.limit()) {
                    strip = strip == null ? ByteBuffer.allocate((int) Math.min(STRIP, records.size())) : strip;
                    stripAt = place;
                    long end = Math.min(records.size(), lastByte(target, at));
                    records.read(stripAt, strip.clear().limit((int) Math.min(strip.capacity(), end - stripAt)));
                }
                target.put(strip.duplicate().position((int) (place - stripAt)).limit((int) (place - stripAt) + count));
            }
            at += count;
        }
    }

    /** Behind the last record's part that a read asks for. */
    private long lastByte(ByteBuffer target, long at) {
        long last = at + target.remaining() - 1;
        return Math.addExact(last / width * step + start, last % width + 1);
    }

    @Override
    public void checkUnchanged() throws NpzException {
        records.checkUnchanged();
    }

    @Override
    public ArrowBuf region(long offset, long length) throws NpzException {
        Objects.checkFromIndexSize(offset, length, size);
        if (length == 0) {
            return records.region(0, 0);
        }
        // Records are held for the time of the copy; their memory tells whose allocator they came by.
        try (ArrowBuf held = records.region(0, 1)) {
            ArrowBuf copy = Allocations.allocate(
                    held.getReferenceManager().getAllocator(), length, location, "a field's bytes");
            try {
                for (long done = 0; done < length; done += STRIP) {
                    int count = (int) Math.min(STRIP, length - done);
                    read(offset + done, copy.nioBuffer(done, count));
                }
                return copy.writerIndex(length);
            } catch (NpzException | RuntimeException | Error e) {
                copy.close();
                throw e;
            }
        }
    }

    @Override
    public boolean views(long length) {
        return false;
    }

    @Override
    public void close() {
        // The records are the array's.
    }
}
