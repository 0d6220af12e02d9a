package org.arrownpz.compare;

import java.nio.file.Path;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.io.ByteSink;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NpyHeaderWriter;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.npz.NpzFile.NpzEntry;
import org.arrownpz.npz.NpzWriter;
import org.arrownpz.support.SafeMemory;
import org.arrownpz.vector.internal.kernel.Transpose;

/**
 * Lays an archive of this library out as StaticFrame does: blocks of several columns row by row, and each array where
 * the member before it ends. All bytes are StaticFrame's but the date of the metadata, which is a fixed one here.
 */
final class StaticFrameLayout {
    private static final int METADATA_LIMIT = 1 << 28;
    /** Rows are put together in pieces of this many bytes, which stay in cache until they are written. */
    private static final long PIECE = 1 << 20;

    private StaticFrameLayout() {}

    /**
     * Rewrites an archive.
     *
     * @param aligned a frame written by {@link org.arrownpz.frame.Frames#write}
     * @throws NpzException IO or LIMIT
     */
    static void write(BufferAllocator allocator, Path aligned, Path target) throws NpzException {
        WriteOptions options = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);
        try (NpzFile file = NpzFile.open(allocator, aligned);
                NpzWriter writer = NpzWriter.create(target, options)) {
            for (NpzEntry entry : file.entries()) {
                if (!entry.npy()) {
                    writer.bytes(entry.name(), file.bytes(entry.name(), METADATA_LIMIT));
                    continue;
                }
                NumpyArray array = file.array(entry.name());
                Shape shape = array.header().shape();
                StorageOrder order = NpyHeaderWriter.staticFrameOrder(shape, StorageOrder.C);
                byte[] header =
                        NpyHeaderWriter.staticFrame((ScalarDType) array.header().dtype(), shape, order);
                writer.unalignedArray(entry.name(), header, new Rows(allocator, array, order));
            }
            writer.finish();
        }
    }

    /** The elements of an array, those of a Fortran-order block row by row. */
    private record Rows(BufferAllocator allocator, NumpyArray array, StorageOrder order) implements ArrayContent {
        @Override
        public DType dtype() {
            return array.header().dtype();
        }

        @Override
        public Shape shape() {
            return array.header().shape();
        }

        @Override
        public void writeTo(ByteSink sink) throws NpzException {
            long bytes = byteLength();
            if (bytes == 0) {
                return;
            }
            try (ArrowBuf data = array.region(0, bytes)) {
                if (order == array.header().order()) {
                    sink.write(data, 0, bytes);
                    return;
                }
                long[] lengths = shape().lengths();
                long width = dtype().itemSize();
                long rowBytes = lengths[1] * width;
                long rows = Math.max(1, PIECE / rowBytes);
                Location location = array.location();
                try (ArrowBuf piece = SafeMemory.allocate(allocator, rows * rowBytes, location, "rows of a block")) {
                    for (long row = 0; row < lengths[0]; row += rows) {
                        long count = Math.min(rows, lengths[0] - row);
                        Transpose.fortranRows(data, 0, lengths, row, count, piece, width);
                        sink.write(piece, 0, count * rowBytes);
                    }
                }
            }
        }
    }
}
