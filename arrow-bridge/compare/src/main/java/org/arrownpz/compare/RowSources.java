package org.arrownpz.compare;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.dataset.file.FileFormat;
import org.apache.arrow.dataset.file.FileSystemDatasetFactory;
import org.apache.arrow.dataset.jni.NativeMemoryPool;
import org.apache.arrow.dataset.scanner.ScanOptions;
import org.apache.arrow.dataset.scanner.Scanner;
import org.apache.arrow.dataset.source.Dataset;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.arrownpz.compare.Contenders.Batch;
import org.arrownpz.compare.Contenders.RowSource;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcFile;
import org.arrownpz.support.Rollback;

/** Rows by their numbers from each reader: by {@link Frame#take} here, by a scan and copies of values elsewhere. */
final class RowSources {
    private RowSources() {}

    /** A source of rows, and the things that are open meanwhile. */
    private record Open(Taker taker, List<AutoCloseable> owned) implements RowSource {
        @Override
        public void take(long[] rows, Batch batch) throws Exception {
            taker.take(rows, batch);
        }

        @Override
        public void close() throws Exception {
            AutoCloseables.close(owned);
        }
    }

    @FunctionalInterface
    private interface Taker {
        void take(long[] rows, Batch batch) throws Exception;
    }

    /** Opens a source; what it has opened is closed where that fails. */
    @FunctionalInterface
    private interface Opening {
        /** @param owned what is to be closed, first first */
        Taker open(List<AutoCloseable> owned) throws Exception;
    }

    private static RowSource open(Opening opening) throws Exception {
        List<AutoCloseable> owned = new ArrayList<>();
        try (Rollback undo = Rollback.all(owned)) {
            return undo.commit(new Open(opening.open(owned), owned));
        }
    }

    /** {@code Frames.open} and {@code take}. */
    static RowSource frames(BufferAllocator allocator, Path file, List<String> columns) throws Exception {
        return open(owned -> {
            Frame frame = Frames.open(allocator, file);
            owned.add(frame);
            return of(frame, columns, owned);
        });
    }

    /** {@code Ipc.read} and {@code take}. */
    static RowSource ipc(BufferAllocator allocator, Path file, List<String> columns) throws Exception {
        return open(owned -> {
            IpcFile ipc = Ipc.read(allocator, file);
            owned.add(ipc);
            return of(ipc.frame(), columns, owned);
        });
    }

    private static Taker of(Frame frame, List<String> columns, List<AutoCloseable> owned) throws Exception {
        Frame some = frame.select(columns.toArray(String[]::new));
        owned.add(0, some);
        return (rows, batch) -> {
            try (Frame taken = some.take(rows)) {
                hand(taken, batch);
            }
        };
    }

    /** Hands over the columns without the index. */
    static void hand(Frame taken, Batch batch) throws IOException {
        List<FieldVector> vectors = taken.root().getFieldVectors();
        batch.take(vectors.subList(taken.indexLevels(), vectors.size()), taken.dictionaries());
    }

    /** The stock reader. A file of one batch is loaded when it is opened, others at each call. */
    static RowSource arrowFile(BufferAllocator allocator, Path file, List<String> columns) throws Exception {
        return open(owned -> {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            owned.add(channel);
            ArrowFileReader reader = new ArrowFileReader(channel, allocator, CommonsCompressionFactory.INSTANCE);
            owned.add(0, reader);
            List<ArrowBlock> blocks = reader.getRecordBlocks();
            if (blocks.size() == 1) {
                reader.loadRecordBatch(blocks.get(0));
            }
            return (rows, batch) -> {
                try (Picker picker = new Picker(allocator, columns, rows)) {
                    for (ArrowBlock block : blocks) {
                        if (blocks.size() > 1) {
                            reader.loadRecordBatch(block);
                        }
                        picker.add(reader.getVectorSchemaRoot());
                    }
                    batch.take(picker.finish(), reader);
                }
            };
        });
    }

    /** A scan of the columns for each call; the dataset, which knows the file's metadata, stays open. */
    static RowSource.Opener dataset(FileFormat format, String parameters) {
        return (allocator, file, columns) -> open(owned -> {
            FileSystemDatasetFactory factory = new FileSystemDatasetFactory(
                    allocator,
                    NativeMemoryPool.getDefault(),
                    format,
                    file.toAbsolutePath().toUri() + parameters);
            owned.add(factory);
            Dataset dataset = factory.finish();
            owned.add(0, dataset);
            String[] names = columns.toArray(String[]::new);
            ScanOptions options = new ScanOptions(Contenders.BATCH_ROWS, Optional.of(names));
            return (rows, batch) -> {
                try (Scanner scanner = dataset.newScan(options);
                        ArrowReader reader = scanner.scanBatches();
                        Picker picker = new Picker(allocator, columns, rows)) {
                    while (reader.loadNextBatch()) {
                        picker.add(reader.getVectorSchemaRoot());
                    }
                    batch.take(picker.finish(), reader);
                }
            };
        });
    }

    /** Copies rows out of batches, value by value, as Arrow's vectors allow it. */
    private static final class Picker implements AutoCloseable {
        private final BufferAllocator allocator;
        private final List<String> columns;
        private final long[] rows;
        private final List<FieldVector> targets = new ArrayList<>();
        private long passed;
        private int next;

        Picker(BufferAllocator allocator, List<String> columns, long[] rows) {
            this.allocator = allocator;
            this.columns = columns;
            this.rows = rows;
        }

        void add(VectorSchemaRoot root) {
            int end = next;
            while (end < rows.length && rows[end] < passed + root.getRowCount()) {
                end++;
            }
            for (int column = 0; column < columns.size(); column++) {
                FieldVector source = root.getVector(columns.get(column));
                if (source == null) {
                    throw new IllegalArgumentException("there is no column " + columns.get(column));
                }
                if (targets.size() == column) {
                    FieldVector made = source.getField().createVector(allocator);
                    targets.add(made);
                    made.setInitialCapacity(rows.length);
                    made.allocateNew();
                }
                FieldVector target = targets.get(column);
                for (int i = next; i < end; i++) {
                    target.copyFromSafe((int) (rows[i] - passed), i, source);
                }
            }
            next = end;
            passed += root.getRowCount();
        }

        List<FieldVector> finish() {
            if (next < rows.length) {
                throw new IllegalStateException("there are only " + passed + " rows");
            }
            targets.forEach(target -> target.setValueCount(rows.length));
            return targets;
        }

        @Override
        public void close() {
            targets.forEach(FieldVector::close);
        }
    }
}
