package org.arrownpz.frame.internal.write;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.TargetFormat;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ArchiveForm;
import org.arrownpz.WriteOptions.DictionaryEncoding;
import org.arrownpz.frame.internal.data.FrameState;
import org.arrownpz.frame.internal.store.ArraySinkFactory;
import org.arrownpz.frame.internal.store.ArraySinkFactory.ArraySink;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.WriteReport;
import org.arrownpz.vector.internal.gather.DictionaryValues;

/** Chooses the form in which a frame is written. */
public final class WriterChoice {
    private WriterChoice() {}

    public static WriteReport write(FrameState frame, Path target, WriteOptions options) throws NpzException {
        try (FrameState held = frame.share()) {
            return guarded(held, target, () -> writeFile(held, target, options));
        }
    }

    public static WriteReport writeDirectory(FrameState frame, Path target, WriteOptions options) throws NpzException {
        try (FrameState held = frame.share()) {
            return guarded(held, target, () -> writeFolder(held, target, options));
        }
    }

    // A file that changes under its frame's vectors makes them malformed, and encoders fail as they like.
    private static WriteReport guarded(FrameState frame, Path target, MemoryAccess.Reading<WriteReport> writing)
            throws NpzException {
        try {
            return MemoryAccess.reading(Location.ofFile(target.toString()), () -> {
                WriteReport report = writing.run();
                MemoryAccess.deliverFaults();
                return report;
            });
        } catch (RuntimeException e) {
            frame.data().checkUnchanged();
            throw e;
        }
    }

    private static WriteReport writeFile(FrameState frame, Path target, WriteOptions options) throws NpzException {
        WriteReport arrays = WholeArrays.write(frame, target, options);
        if (arrays != null) {
            return arrays;
        }
        WriteReport batches = PositionalWriter.write(frame, target, options);
        if (batches != null) {
            return batches;
        }
        try (Columns columns = Columns.of(frame, options)) {
            return write(frame, columns, target, options);
        }
    }

    static WriteReport write(FrameState frame, Columns columns, Path target, WriteOptions options) throws NpzException {
        boolean npy = TargetFormat.of(target) == TargetFormat.NPY;
        boolean one = npy || WholeArrays.isOneArray(frame, options);
        boolean arrays = options.form() == ArchiveForm.ARRAYS
                || (options.form() == ArchiveForm.AS_READ
                        && (frame.form().kind() == FrameSummary.Kind.ARRAYS || isEmptyArray(frame, columns)));
        if (one || arrays) {
            ArrayWriter writer = new ArrayWriter(frame, columns.chunks(), target, options);
            if (npy || one && writer.holdsAll()) {
                return writer.single();
            } else if (arrays && (writer.holdsAll() || options.form() == ArchiveForm.ARRAYS)) {
                return writer.archive();
            }
        }
        try (ArraySink sink = ArraySinkFactory.archive(target, options)) {
            return new FrameWriter(frame, columns, sink, options).write();
        }
    }

    private static boolean isEmptyArray(FrameState frame, Columns columns) {
        return frame.form().emptyType() != null && columns.chunks().isEmpty();
    }

    private static WriteReport writeFolder(FrameState frame, Path target, WriteOptions options) throws NpzException {
        try (Columns columns = Columns.of(frame, options);
                ArraySink sink = ArraySinkFactory.directory(target, options)) {
            return new FrameWriter(frame, columns, sink, options).write();
        }
    }

    /** The columns to be written, each in one or several vectors, and dictionaries decoded where the options say so. */
    static final class Columns implements AutoCloseable {
        private final List<List<FieldVector>> chunks;
        private final List<FieldVector> decoded = new ArrayList<>();

        private Columns(List<List<FieldVector>> chunks) {
            this.chunks = chunks;
        }

        static Columns of(FrameState frame, WriteOptions options) throws NpzException {
            List<List<FieldVector>> chunks = new ArrayList<>();
            for (FieldVector vector : frame.vectors()) {
                chunks.add(List.of(vector));
            }
            return of(chunks, frame, options);
        }

        static Columns of(List<List<FieldVector>> chunks, FrameState frame, WriteOptions options) throws NpzException {
            Columns columns = new Columns(new ArrayList<>(chunks));
            if (options.dictionaries() == DictionaryEncoding.DECODE) {
                try (Rollback undo = Rollback.of(columns)) {
                    columns.decode(frame);
                    undo.commit();
                }
            }
            return columns;
        }

        private void decode(FrameState frame) throws NpzException {
            for (int i = 0; i < chunks.size(); i++) {
                if (chunks.get(i).get(0).getField().getDictionary() == null) {
                    continue;
                }
                List<FieldVector> plain = new ArrayList<>();
                for (FieldVector chunk : chunks.get(i)) {
                    FieldVector values = DictionaryValues.decode(chunk, frame.dictionaries(), frame.allocator());
                    decoded.add(values);
                    plain.add(values);
                }
                chunks.set(i, plain);
            }
        }

        /** The vectors of each column, index levels first. */
        List<List<FieldVector>> chunks() {
            return chunks;
        }

        @Override
        public void close() {
            decoded.forEach(FieldVector::close);
            decoded.clear();
        }
    }
}
