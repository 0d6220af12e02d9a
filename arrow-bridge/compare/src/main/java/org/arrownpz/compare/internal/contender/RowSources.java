package org.arrownpz.compare.internal.contender;

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
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.internal.memory.Rollback;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcFile;

/** How readers give rows by their numbers: by {@link Frame#take} here, by a scan and copies of values elsewhere. */
public final class RowSources {
    private static final long BATCH_ROWS = 1L << 30;

    private RowSources() {}

    /** {@code Frames.open} and {@code take}. */
    public static RowSource frames(BufferAllocator allocator, Path file, List<String> columns) throws Exception {
        Frame frame = Frames.open(allocator, file);
        return of(frame, frame, columns);
    }

    /** {@code Ipc.read} and {@code take}. */
    public static RowSource ipc(BufferAllocator allocator, Path file, List<String> columns) throws Exception {
        IpcFile ipc = Ipc.read(allocator, file);
        return of(ipc, ipc.frame(), columns);
    }

    private static RowSource of(AutoCloseable file, Frame frame, List<String> columns) throws Exception {
        try (Rollback undo = Rollback.of(file)) {
            Frame some = frame.select(columns.toArray(String[]::new));
            return undo.commit(new RowSource() {
                @Override
                public void take(long[] rows, Batch batch) throws Exception {
                    try (Frame taken = some.take(rows)) {
                        List<FieldVector> vectors = taken.root().getFieldVectors();
                        batch.take(vectors.subList(taken.indexLevels(), vectors.size()), taken.dictionaries());
                    }
                }

                @Override
                public void close() throws Exception {
                    AutoCloseables.close(some, file);
                }
            });
        }
    }

    /** The stock reader. A file of one batch is loaded when it is opened, others at each call. */
    public static RowSource arrowFile(BufferAllocator allocator, Path file, List<String> columns) throws Exception {
        List<AutoCloseable> owned = new ArrayList<>();
        try (Rollback undo = Rollback.all(owned)) {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            owned.add(channel);
            ArrowFileReader reader = new ArrowFileReader(channel, allocator, CommonsCompressionFactory.INSTANCE);
            owned.add(0, reader);
            List<ArrowBlock> blocks = reader.getRecordBlocks();
            if (blocks.size() == 1) {
                reader.loadRecordBatch(blocks.get(0));
            }
            return undo.commit(new RowSource() {
                @Override
                public void take(long[] rows, Batch batch) throws Exception {
                    try (Picker picker = new Picker(allocator, columns, rows)) {
                        for (ArrowBlock block : blocks) {
                            if (blocks.size() > 1) {
                                reader.loadRecordBatch(block);
                            }
                            picker.add(reader.getVectorSchemaRoot());
                        }
                        batch.take(picker.finish(), reader);
                    }
                }

                @Override
                public void close() throws IOException {
                    reader.close();
                }
            });
        }
    }

    /** A scan of the columns for each call; the dataset, which knows the file's metadata, stays open. */
    public static RowSource.Opener dataset(FileFormat format, String parameters) {
        return (allocator, file, columns) -> {
            String uri = file.toAbsolutePath().toUri() + parameters;
            List<AutoCloseable> owned = new ArrayList<>();
            try (Rollback undo = Rollback.all(owned)) {
                FileSystemDatasetFactory factory =
                        new FileSystemDatasetFactory(allocator, NativeMemoryPool.getDefault(), format, uri);
                owned.add(factory);
                Dataset dataset = factory.finish();
                owned.add(0, dataset);
                ScanOptions options = new ScanOptions(BATCH_ROWS, Optional.of(columns.toArray(String[]::new)));
                return undo.commit(new RowSource() {
                    @Override
                    public void take(long[] rows, Batch batch) throws Exception {
                        try (Scanner scanner = dataset.newScan(options);
                                ArrowReader reader = scanner.scanBatches()) {
                            taken(allocator, reader, columns, rows, batch);
                        }
                    }

                    @Override
                    public void close() throws Exception {
                        AutoCloseables.close(owned);
                    }
                });
            }
        };
    }

    /** Hands over the rows of all batches of a reader. */
    private static void taken(
            BufferAllocator allocator, ArrowReader reader, List<String> columns, long[] rows, Batch batch)
            throws IOException {
        try (Picker picker = new Picker(allocator, columns, rows)) {
            while (reader.loadNextBatch()) {
                picker.add(reader.getVectorSchemaRoot());
            }
            batch.take(picker.finish(), reader);
        }
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
