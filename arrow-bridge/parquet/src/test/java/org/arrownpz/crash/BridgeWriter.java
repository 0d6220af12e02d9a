package org.arrownpz.crash;

import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcFile;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.ipc.IpcReadOptions;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetFile;
import org.arrownpz.parquet.ParquetOptions;

/** The writers of this module. */
enum BridgeWriter implements CrashWriter {
    FEATHER("table.feather") {
        @Override
        public void write(BufferAllocator allocator, VectorSchemaRoot content, Path target, Durability durability)
                throws Exception {
            Ipc.write(content, target, IpcOptions.defaults().withDurability(durability));
        }

        @Override
        public int read(BufferAllocator allocator, Path target, Contents contents) throws Exception {
            IpcReadOptions options =
                    IpcReadOptions.defaults().withMapping(Mapping.COPY).withVerify(Verify.CONTENT);
            try (IpcFile file = Ipc.read(allocator, target, options)) {
                return contents.identify(file.frame().root().getFieldVectors());
            }
        }
    },

    PARQUET("table.parquet") {
        @Override
        public void write(BufferAllocator allocator, VectorSchemaRoot content, Path target, Durability durability)
                throws Exception {
            Parquet.write(content, target, ParquetOptions.defaults().withDurability(durability));
        }

        @Override
        public int read(BufferAllocator allocator, Path target, Contents contents) throws Exception {
            try (ParquetFile file = Parquet.read(allocator, target)) {
                return contents.identify(file.frame().root().getFieldVectors());
            }
        }
    };

    static final List<CrashWriter> ALL = List.of(values());

    private final String target;

    BridgeWriter(String target) {
        this.target = target;
    }

    @Override
    public String target() {
        return target;
    }
}
