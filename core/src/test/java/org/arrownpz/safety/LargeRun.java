package org.arrownpz.safety;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.io.ByteSink;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NpyHeaderWriter;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.npz.NpzWriter;

/** Writes and reads large files in a JVM of its own; throws when anything is not as written. */
final class LargeRun {
    private static final WriteOptions FAST = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);
    private static final long BEYOND_INT = (1L << 31) + 5;
    private static final long BEYOND_4_GIB = (1L << 32) + 7;
    private static final byte MARK = 42;

    private LargeRun() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        try (BufferAllocator allocator = new RootAllocator()) {
            switch (arguments[0]) {
                case "members" -> members(allocator, folder, Integer.parseInt(arguments[2]));
                case "sparse" -> sparse(allocator, folder);
                case "large" -> large(allocator, folder);
                default -> align(allocator, folder);
            }
        }
        System.out.println("done");
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new IllegalStateException(what);
        }
    }

    /** Zeros, but for a mark at the end. */
    private record Bytes(long length) implements ArrayContent {
        @Override
        public DType dtype() {
            return ScalarDType.of(DTypeKind.UINT, 1);
        }

        @Override
        public Shape shape() {
            return Shape.of(length);
        }

        @Override
        public StorageOrder order() {
            return StorageOrder.C;
        }

        @Override
        public void writeTo(ByteSink sink) throws NpzException {
            byte[] zeros = new byte[1 << 20];
            for (long at = 0; at < length - 1; at += zeros.length) {
                sink.write(ByteBuffer.wrap(zeros, 0, (int) Math.min(zeros.length, length - 1 - at)));
            }
            sink.write(ByteBuffer.wrap(new byte[] {MARK}));
        }

        void write(NpzWriter writer, String name) throws NpzException {
            writer.array(name, NpyHeaderWriter.numpy(dtype(), shape(), order()), this);
        }
    }

    private static void members(BufferAllocator allocator, Path folder, int count) throws Exception {
        Path path = folder.resolve("members.npz");
        try (NpzWriter writer = NpzWriter.create(path, FAST)) {
            for (int i = 0; i < count; i++) {
                byte[] value = ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(i)
                        .array();
                writer.bytes("m" + i + ".npy", Members.npy("<i4", "(1,)", value));
            }
            writer.finish();
        }
        try (NpzFile file = NpzFile.open(allocator, path, ReadOptions.defaults().withVerify(Verify.CRC))) {
            require(file.size() == count, "size " + file.size());
            for (int i : new int[] {0, 1, count / 2, 65_533, count - 1}) {
                require(last(file.array("m" + i)) == (byte) (i >> 24), "member " + i);
                require(file.entries().get(i).name().equals("m" + i + ".npy"), "order");
            }
        }
        if (count < 70_000) {
            return;
        }
        try (Frame frame = Frames.open(allocator, path)) {
            require(frame.columnNames().size() == count, "columns");
            require(((IntVector) frame.root().getVector(count - 1)).get(0) == count - 1, "value");
        }
    }

    private static byte last(NumpyArray array) throws NpzException {
        try (ArrowBuf end = array.region(array.header().dataLength() - 1, 1)) {
            return end.getByte(0);
        }
    }

    /** An NPY file whose data are a hole, but for a mark at the end. */
    private static Path hole(Path path, String descr, String shape, long length) throws IOException {
        Files.write(path, Members.npy(descr, shape, new byte[0]));
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {MARK}), channel.size() + length - 1);
        }
        return path;
    }

    private static void sparse(BufferAllocator allocator, Path folder) throws Exception {
        Path flat = hole(folder.resolve("flat.npy"), "|i1", "(" + BEYOND_INT + ",)", BEYOND_INT);
        try (Frame frame = Frames.open(allocator, flat)) {
            require(frame.rowCount() == BEYOND_INT, "rows");
            boolean refused = false;
            try {
                frame.root();
            } catch (IllegalStateException e) {
                refused = true;
            }
            require(refused, "root() of more rows than a vector holds");
            try (var reader = frame.reader(1 << 30)) {
                byte end = 0;
                long rows = 0;
                while (reader.loadNextBatch()) {
                    TinyIntVector vector =
                            (TinyIntVector) reader.getVectorSchemaRoot().getVector(0);
                    rows += vector.getValueCount();
                    end = vector.get(vector.getValueCount() - 1);
                }
                require(rows == BEYOND_INT && end == MARK, "rows " + rows);
            }
        }
        long columns = 3;
        long rows = BEYOND_INT;
        Path wide = hole(
                folder.resolve("wide.npy"),
                "|i1",
                "(" + columns + ", " + rows + ")",
                Math.multiplyExact(columns, rows));
        boolean refused = false;
        try {
            Frames.open(allocator, wide).close();
        } catch (NpzException e) {
            refused = true;
        }
        require(refused, "more columns than allowed");
        Path tall = hole(folder.resolve("tall.npy"), "<f8", "(600000000,)", 4_800_000_000L);
        if (Runtime.version().feature() >= 22) {
            try (Frame frame = Frames.open(allocator, tall)) {
                FieldVector vector = frame.root().getVector(0);
                require(vector.getDataBuffer().getByte(4_799_999_999L) == MARK, "mark");
                require(allocator.getAllocatedMemory() < (200L << 20), "copied");
            }
        }
    }

    private static Path writeLarge(Path folder) throws Exception {
        Path path = folder.resolve("large.npz");
        try (NpzWriter writer = NpzWriter.create(path, FAST)) {
            new Bytes(BEYOND_4_GIB).write(writer, "big.npy");
            new Bytes(1000).write(writer, "small.npy");
            writer.finish();
        }
        return path;
    }

    private static void check(BufferAllocator allocator, Path path) throws Exception {
        try (NpzFile file = NpzFile.open(allocator, path)) {
            require(file.array("big").header().dataLength() == BEYOND_4_GIB, "length");
            require(last(file.array("big")) == MARK, "big");
            require(last(file.array("small")) == MARK, "small");
            require(file.entry("small").localHeaderOffset() > BEYOND_4_GIB, "offset");
            require((file.payloadOffset("small") + 128) % 64 == 0, "alignment");
            file.verifyCrc("big");
        }
        try (Frame frame = Frames.openArray(allocator, path, "small", ReadOptions.defaults())) {
            require(((UInt1Vector) frame.root().getVector(0)).get(999) == MARK, "frame");
        }
    }

    private static void large(BufferAllocator allocator, Path folder) throws Exception {
        check(allocator, writeLarge(folder));
    }

    private static void align(BufferAllocator allocator, Path folder) throws Exception {
        Path target = folder.resolve("aligned.npz");
        Frames.align(allocator, writeLarge(folder), target, ReadOptions.defaults(), FAST);
        check(allocator, target);
    }
}
