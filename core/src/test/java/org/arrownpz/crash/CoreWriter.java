package org.arrownpz.crash;

import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.array.Npy;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.io.ByteSink;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NpyHeaderWriter;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.npz.NpzWriter;

/** The writers of this module. */
enum CoreWriter implements CrashWriter {
    ARRAYS("arrays.npz") {
        @Override
        public void write(BufferAllocator allocator, VectorSchemaRoot content, Path target, Durability durability)
                throws Exception {
            try (NpzWriter writer = NpzWriter.create(target, options(durability))) {
                for (FieldVector vector : content.getFieldVectors()) {
                    Array array = Array.of(vector);
                    byte[] header = NpyHeaderWriter.numpy(array.dtype(), array.shape(), array.order());
                    writer.array(vector.getName() + ".npy", header, array);
                }
                writer.finish();
            }
        }
    },

    FRAME("frame.npz") {
        @Override
        public void write(BufferAllocator allocator, VectorSchemaRoot content, Path target, Durability durability)
                throws Exception {
            Frames.write(content, target, options(durability));
        }
    },

    DEFLATED("deflated.npz") {
        @Override
        public void write(BufferAllocator allocator, VectorSchemaRoot content, Path target, Durability durability)
                throws Exception {
            Frames.write(content, target, options(durability).deflate(1));
        }
    },

    BATCHES("batches.npz") {
        @Override
        public void write(BufferAllocator allocator, VectorSchemaRoot content, Path target, Durability durability)
                throws Exception {
            try (Frame frame = Frame.of(content);
                    ArrowReader reader = frame.reader(1 + content.getRowCount() / 3)) {
                Frames.write(reader, content.getRowCount(), target, options(durability));
            }
        }
    },

    ARRAY("array.npy") {
        @Override
        public void write(BufferAllocator allocator, VectorSchemaRoot content, Path target, Durability durability)
                throws Exception {
            Npy.save(target, Array.of(content.getVector(0)), options(durability));
        }
    },

    DIRECTORY("directory") {
        @Override
        public boolean isDirectory() {
            return true;
        }

        @Override
        public void write(BufferAllocator allocator, VectorSchemaRoot content, Path target, Durability durability)
                throws Exception {
            try (Frame frame = Frame.of(content)) {
                Frames.writeDirectory(frame, target, options(durability).withOverwrite());
            }
        }
    };

    static final List<CrashWriter> ALL = List.of(values());

    private final String target;

    CoreWriter(String target) {
        this.target = target;
    }

    private static WriteOptions options(Durability durability) {
        return WriteOptions.defaults().withDurability(durability);
    }

    @Override
    public String target() {
        return target;
    }

    /** A column's values as an array. */
    private record Array(DType dtype, Shape shape, ArrowBuf values) implements ArrayContent {
        static Array of(FieldVector vector) {
            ScalarDType dtype = switch (vector.getMinorType()) {
                case BIGINT -> ScalarDType.of(DTypeKind.INT, 8);
                case FLOAT8 -> ScalarDType.of(DTypeKind.FLOAT, 8);
                case INT -> ScalarDType.of(DTypeKind.INT, 4);
                default -> throw new AssertionError(vector.getMinorType());
            };
            return new Array(dtype, Shape.of(vector.getValueCount()), vector.getDataBuffer());
        }

        @Override
        public StorageOrder order() {
            return StorageOrder.C;
        }

        @Override
        public void writeTo(ByteSink sink) throws NpzException {
            sink.write(values, 0, byteLength());
        }
    }
}
