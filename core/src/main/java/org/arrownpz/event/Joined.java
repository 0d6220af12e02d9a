package org.arrownpz.event;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.NpzException;
import org.arrownpz.memory.Allocations;
import org.arrownpz.memory.ByteSink;
import org.arrownpz.memory.ByteSources;
import org.arrownpz.memory.ValidityOnes;
import org.arrownpz.npy.NpyArray;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.vector.ArrowColumn;
import org.arrownpz.vector.ArrowColumnBuffer;

/** Vectors of one field, one after the other, as one vector of any type. */
final class Joined {
    private Joined() {}

    /** A copy of all chunks, which the caller closes. */
    static FieldVector of(List<FieldVector> chunks, BufferAllocator allocator) throws NpzException {
        ArrowColumn.Stored stored = ArrowColumn.decompose(chunks);
        List<NpyArray> arrays = new ArrayList<>();
        try (ValidityOnes ones = new ValidityOnes(allocator)) {
            for (ArrowColumnBuffer buffer : stored.buffers()) {
                arrays.add(buffer == null ? null : array(buffer, allocator));
            }
            return ArrowColumn.compose(
                    chunks.get(0).getField(), stored.nodes(), arrays, allocator, ones, Scope.NOWHERE);
        } finally {
            for (NpyArray array : arrays) {
                if (array != null) {
                    array.data().close();
                }
            }
        }
    }

    private static NpyArray array(ArrowColumnBuffer buffer, BufferAllocator allocator) throws NpzException {
        long length = buffer.byteLength();
        try (ArrowBuf memory = Allocations.allocate(allocator, length, Scope.NOWHERE, "joining batches")) {
            buffer.writeTo(new Sink(memory));
            NpyHeader header = new NpyHeader(1, buffer.dtype(), buffer.shape(), buffer.order(), 0, length);
            return new NpyArray(Scope.NOWHERE, header, ByteSources.of(memory.writerIndex(length)));
        }
    }

    /** Fills memory front to back. */
    private static final class Sink implements ByteSink {
        private final ArrowBuf memory;
        private long used;

        Sink(ArrowBuf memory) {
            this.memory = memory;
        }

        @Override
        public void write(ArrowBuf source, long offset, long length) throws NpzException {
            Allocations.copy(source, offset, memory, used, length, Scope.NOWHERE);
            used += length;
        }

        @Override
        public void write(ByteBuffer source) {
            int length = source.remaining();
            memory.setBytes(used, source);
            used += length;
        }
    }
}
