package org.arrownpz.frame.internal.read;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.Verify;
import org.arrownpz.frame.internal.data.ColumnSource;
import org.arrownpz.frame.internal.data.FrameData;
import org.arrownpz.frame.internal.data.FrameParts;
import org.arrownpz.frame.internal.data.PagedData;
import org.arrownpz.frame.internal.data.TablePlan;
import org.arrownpz.frame.internal.data.VectorData;
import org.arrownpz.frame.internal.store.ArrayStore;
import org.arrownpz.frame.label.FrameKind;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.internal.memory.Rollback;
import org.arrownpz.internal.text.SafeText;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.vector.CopyReport;
import org.arrownpz.vector.internal.buffers.VectorValidation;
import org.arrownpz.vector.read.VectorReader;
import org.jspecify.annotations.Nullable;

/** Makes frames without stored labels from column sources. */
public final class ColumnLoader {
    private ColumnLoader() {}

    /** The frame; it takes over what is to be closed, but on failure the caller still has to close it. */
    static FrameParts load(
            BufferAllocator allocator,
            ArrayStore store,
            ReadOptions options,
            List<String> notes,
            TablePlan plan,
            FrameKind kind,
            List<NumpyArray> blocks)
            throws NpzException {
        CopyReport.Builder report = CopyReport.builder();
        notes.forEach(report::note);
        report.note("verified to level " + options.verify());
        AllValidBitmaps ones = new AllValidBitmaps(allocator, store.location());
        FrameData data;
        long rows = plan.rows();
        if (rows > VectorReader.MAX_ROWS) {
            data = PagedData.of(allocator, plan.sources(), options, ones, store, blocks, rows, report);
        } else {
            List<FieldVector> vectors = new ArrayList<>();
            try (Rollback undo = Rollback.of(() -> {
                vectors.forEach(FieldVector::close);
                ones.close();
            })) {
                VectorReader reader = new VectorReader(allocator, options, ones, report);
                for (ColumnSource source : plan.sources()) {
                    source.read(reader, ones, 0, (int) rows, vectors);
                }
                validate(vectors, options, store.location());
                MemoryAccess.deliverFaults();
                store.checkUnchanged();
                undo.commit();
            }
            data = VectorData.read(
                    allocator,
                    vectors,
                    new DictionaryProvider.MapDictionaryProvider(),
                    List.of(ones, store),
                    blocks,
                    (block, name) -> tensor(allocator, options, store.location(), block, name));
        }
        FrameParts parts = new FrameParts(allocator, plan.index(), plan.columns(), data, report.build());
        parts.kind(kind);
        parts.rowCount(rows);
        return parts;
    }

    // Tensors need no shared validity region, for their one bitmap is not a column's.
    static FieldVector tensor(
            BufferAllocator allocator, ReadOptions options, Location location, NumpyArray block, String name)
            throws NpzException {
        try (AllValidBitmaps ones = new AllValidBitmaps(allocator, location)) {
            return new VectorReader(allocator, options, ones, null).tensor(block, name);
        }
    }

    /** Full validation, at the level that asks for it. */
    public static void validate(List<FieldVector> vectors, ReadOptions options, Location location) throws NpzException {
        if (options.verify() != Verify.CONTENT) {
            return;
        }
        for (FieldVector vector : vectors) {
            Throwable refused = null;
            try {
                VectorValidation.validateMapped(vector, location);
            } catch (RuntimeException | OutOfMemoryError e) {
                refused = e;
            }
            if (refused instanceof OutOfMemoryError) {
                // Arrow, which looks at unions, copies each text in them to the heap.
                throw location.error(
                                ErrorCode.LIMIT,
                                "a value of the column " + SafeText.quote(vector.getName())
                                        + " is too large to be validated in this heap")
                        .remedy("Give the JVM more heap (-Xmx)")
                        .cause(refused)
                        .build();
            }
            if (refused != null) {
                // Arrow reports what it finds by several unchecked types; all of them mean values that do not fit.
                throw location.error(
                                ErrorCode.VALUE, "the column " + SafeText.quote(vector.getName()) + " is not valid")
                        .found(SafeText.escape(String.valueOf(refused.getMessage())))
                        .cause(refused)
                        .build();
            }
        }
    }

    /** Text and dictionary indices of columns that were stored as Arrow buffers, at the level that asks for it. */
    static void validateStored(
            List<FieldVector> vectors, DictionaryProvider dictionaries, ReadOptions options, Location location)
            throws NpzException {
        if (options.verify() != Verify.CONTENT) {
            return;
        }
        StoredContent content = new StoredContent(dictionaries);
        for (FieldVector vector : vectors) {
            AtomicReference<@Nullable String> fault = new AtomicReference<>();
            MemoryAccess.guard(location, () -> {
                try {
                    fault.set(content.fault(List.of(vector)));
                } catch (IndexOutOfBoundsException e) {
                    // Offsets were checked before: the file has been rewritten since.
                    fault.set("offsets that point outside the column");
                }
            });
            String found = fault.get();
            if (found != null) {
                throw location.error(
                                ErrorCode.VALUE, "the column " + SafeText.quote(vector.getName()) + " is not valid")
                        .found(found)
                        .build();
            }
        }
    }
}
