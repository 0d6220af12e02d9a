package org.arrownpz.npz.internal.zip.write;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.zip.CRC32;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.NpzException;
import org.arrownpz.io.ByteSink;

/**
 * A stored member whose data come later than those of the members behind it, in parts of one length that lie one after
 * the other. Each part is written front to back, in turns with others. Used by the emitter's thread.
 */
public final class ReservedMember {
    final ZipMember member;
    final byte[] header;
    final int record;
    private final ZipEmitter emitter;
    private final int startChecksum;
    private final Part[] parts;

    ReservedMember(
            ZipEmitter emitter,
            ZipMember member,
            byte[] header,
            int record,
            int startChecksum,
            long data,
            int parts,
            long partLength) {
        this.emitter = emitter;
        this.member = member;
        this.header = header;
        this.record = record;
        this.startChecksum = startChecksum;
        this.parts = new Part[parts];
        for (int i = 0; i < parts; i++) {
            this.parts[i] = new Part(data + i * partLength, partLength);
        }
    }

    /** The sink for the bytes of a part. */
    public ByteSink part(int index) {
        return parts[index];
    }

    /** The number of bytes that have not been written yet. */
    public long missing() {
        long missing = 0;
        for (Part part : parts) {
            missing += part.left;
        }
        return missing;
    }

    /** The checksum of the member's start and of its parts. */
    int checksum() {
        int checksum = startChecksum;
        int shift = parts.length == 0 ? 0 : ChecksumJoin.shift(parts[0].length);
        for (Part part : parts) {
            checksum = ChecksumJoin.join(checksum, (int) part.checksum.getValue(), shift);
        }
        return checksum;
    }

    private final class Part implements ByteSink {
        private final CRC32 checksum = new CRC32();
        private final long length;
        private long position;
        private long left;

        Part(long position, long length) {
            this.position = position;
            this.length = length;
            this.left = length;
        }

        @Override
        public void write(ArrowBuf source, long offset, long bytes) throws NpzException {
            Objects.checkFromIndexSize(offset, bytes, source.capacity());
            take(bytes);
            emitter.writeAt(position, source, offset, bytes, checksum);
            took(bytes);
        }

        @Override
        public void write(ByteBuffer source) throws NpzException {
            long bytes = source.remaining();
            take(bytes);
            emitter.writeAt(position, source, checksum);
            took(bytes);
        }

        private void take(long bytes) {
            if (bytes > left) {
                throw new IllegalArgumentException("more content than the part's stated length");
            }
        }

        // After the bytes have been written: a part that failed is never complete.
        private void took(long bytes) {
            position += bytes;
            left -= bytes;
        }
    }
}
