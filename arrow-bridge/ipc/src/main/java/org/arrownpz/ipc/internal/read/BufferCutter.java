package org.arrownpz.ipc.internal.read;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.ReferenceManager;
import org.apache.arrow.vector.BufferLayout.BufferType;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ipc.internal.message.BatchTable;
import org.arrownpz.ipc.internal.read.BatchLoader.LoadContext;
import org.arrownpz.support.Rollback;
import org.arrownpz.support.SafeMemory;
import org.arrownpz.support.column.ColumnAssembler.Wanted;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the buffers of one batch from its body, one after the other, and decompresses, realigns and swaps them. Used
 * once.
 */
final class BufferCutter implements AutoCloseable {
    private final BatchTable batch;
    private final Body body;
    private final LoadContext context;
    private final long offset;
    private final @Nullable BufferDecompressor decompressor;
    private final @Nullable CopyTally tally;
    private int next;
    private int column;

    /**
     * @param tally counts what is viewed and copied; null where this is not reported
     * @param offset of the message in the file, for messages
     */
    BufferCutter(BatchTable batch, Body body, LoadContext context, @Nullable CopyTally tally, long offset)
            throws NpzException {
        this.batch = batch;
        this.body = body;
        this.context = context;
        this.tally = tally;
        this.offset = offset;
        this.decompressor = batch.isCompressed()
                ? BufferDecompressor.of(batch, context.allocator(), context.location(), offset)
                : null;
    }

    /** From now on, buffers are counted for that column of the tally. */
    void startColumn(int number) {
        column = number;
    }

    /** The number of the next buffer. */
    int position() {
        return next;
    }

    void skip(int buffers) {
        next += buffers;
    }

    boolean isCompressed() {
        return decompressor != null;
    }

    boolean isWithin(long start, long length) {
        return start >= 0 && length >= 0 && start <= body.size() && length <= body.size() - start;
    }

    /** Counts bytes that are views of the file. */
    void countViewed(long bytes) {
        if (tally != null) {
            tally.viewed(column, bytes);
        }
    }

    /**
     * The next buffer, which the caller releases, without padding: Arrow's vectors fail to grow when a buffer is longer
     * than its values need. The offsets of an empty column become one zero, since readers look for it: a file may have
     * none, or, for no rows of a longer column, one from the middle of that.
     */
    ArrowBuf next(Wanted wanted) throws NpzException {
        if (next >= batch.bufferCount()) {
            throw fault("a record batch holds fewer buffers than its schema");
        }
        long start = batch.bufferStart(next);
        long length = batch.bufferLength(next++);
        if (!isWithin(start, length)) {
            throw context.location()
                    .error(ErrorCode.META_SCHEMA, "a buffer lies outside of its record batch")
                    .at(offset)
                    .expected("bytes 0 to " + body.size())
                    .found("offset " + start + ", length " + length)
                    .build();
        }
        if (wanted.emptyOffset() > 0) {
            return zeros(wanted.emptyOffset());
        }
        if (decompressor != null && length > 0) {
            long plain = decompressor.plainLength(body, start, length);
            if (plain >= 0) {
                requireBytes(plain, wanted.minimum());
                ArrowBuf buffer = trimmed(decompressor.decompress(body, start, length, plain), wanted.maximum());
                return counted(turned(buffer, wanted), wanted, CopyTally.Reason.COMPRESSION);
            }
            start += BufferDecompressor.PREFIX;
            length -= BufferDecompressor.PREFIX;
        }
        long bytes = Math.min(length, wanted.maximum());
        requireBytes(bytes, wanted.minimum());
        if (bytes == 0) {
            return new ArrowBuf(ReferenceManager.NO_OP, null, 0, 0);
        }
        ArrowBuf buffer = body.slice(start, bytes);
        boolean ordered = !wanted.hasOrder() || !context.schema().isBigEndian();
        if (!ordered || !SafeMemory.isAligned(buffer)) {
            CopyTally.Reason reason = ordered ? CopyTally.Reason.ALIGNMENT : CopyTally.Reason.ORDER;
            return counted(turned(copied(buffer), wanted), wanted, reason);
        }
        CopyTally.Reason reason = context.writable() ? CopyTally.Reason.ASKED : CopyTally.Reason.LENGTH;
        return counted(buffer, wanted, body.views(bytes) ? null : reason);
    }

    private void requireBytes(long length, long minimum) throws NpzException {
        if (length < minimum) {
            throw fault("a buffer of " + length + " bytes holds fewer than the " + minimum + " it must");
        }
    }

    private ArrowBuf zeros(int bytes) throws NpzException {
        ArrowBuf buffer = SafeMemory.allocate(context.allocator(), bytes, context.location(), "offsets");
        buffer.setZero(0, bytes);
        return buffer.writerIndex(bytes);
    }

    private static ArrowBuf trimmed(ArrowBuf buffer, long maximum) {
        if (buffer.capacity() <= maximum) {
            return buffer;
        }
        try (buffer) {
            return SafeMemory.slice(buffer, 0, maximum);
        }
    }

    /** A buffer of allocator memory, in native order from now on. */
    private ArrowBuf turned(ArrowBuf buffer, Wanted wanted) {
        if (context.schema().isBigEndian()) {
            try (Rollback undo = Rollback.of(buffer)) {
                wanted.turn(buffer);
                undo.commit();
            }
        }
        return buffer;
    }

    private ArrowBuf copied(ArrowBuf source) throws NpzException {
        long length = source.capacity();
        try (source) {
            ArrowBuf buffer = SafeMemory.allocate(context.allocator(), length, context.location(), "a copied buffer");
            try (Rollback undo = Rollback.of(buffer)) {
                SafeMemory.copy(source, 0, buffer, 0, length, context.location());
                return undo.commit(buffer.writerIndex(length));
            }
        }
    }

    private ArrowBuf counted(ArrowBuf buffer, Wanted wanted, CopyTally.@Nullable Reason copied) {
        if (tally != null && wanted.buffer() != BufferType.VALIDITY) {
            if (copied == null) {
                tally.viewed(column, buffer.capacity());
            } else {
                tally.copied(column, buffer.capacity(), copied);
            }
        }
        return buffer;
    }

    private NpzException fault(String problem) {
        return context.location()
                .error(ErrorCode.META_SCHEMA, problem)
                .at(offset)
                .build();
    }

    @Override
    public void close() {
        if (decompressor != null) {
            decompressor.close();
        }
    }
}
