package org.arrownpz.frame.internal.read;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.ReadOptions.MisfitPolicy;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.SafeText;
import org.arrownpz.frame.internal.data.FileData;
import org.arrownpz.frame.internal.data.FrameState;
import org.arrownpz.frame.internal.data.TablePlan;
import org.arrownpz.frame.internal.meta.FrameMetadata;
import org.arrownpz.frame.internal.store.ArrayStore;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.support.Rollback;
import org.arrownpz.support.column.VectorRows;
import org.arrownpz.vector.internal.buffers.VectorValidation;
import org.jspecify.annotations.Nullable;

/** Makes frames without stored labels from column sources. */
public final class ColumnLoader {
    private ColumnLoader() {}

    /**
     * The frame of a table, which takes over the store, also on failure. Nothing is read, unless the options ask for a copy
     * at once; more rows than a vector holds are read in parts only, and keep their types.
     *
     * @param given notes for the report
     */
    static FrameState load(
            BufferAllocator allocator, ArrayStore store, ReadOptions wished, List<String> given, TablePlan plan)
            throws NpzException {
        ReadOptions options = plan.isPaged() ? wished.withMisfitPolicy(MisfitPolicy.REFUSE) : wished;
        List<String> notes = new ArrayList<>(given);
        notes.add("verified to level " + options.verify());
        if (plan.isPaged()) {
            notes.add(plan.rows() + " rows are more than one root holds: read them with Frame.reader");
        }
        boolean validated = options.verify() == Verify.CONTENT && !plan.isPaged();
        FileData data = new FileData(allocator, plan, options, store, notes);
        try (Rollback undo = Rollback.of(data)) {
            data.outline();
            if (validated || options.mapping() == Mapping.COPY && !plan.isPaged()) {
                data.vectors();
                data.dictionaries();
            }
            if (validated) {
                validate(data, plan.dictionaries() != null, options, store.location());
            }
            MemoryAccess.deliverFaults();
            if (validated) {
                store.checkUnchanged();
            } else {
                store.checkUnchanged(List.of());
            }
            undo.commit();
        }
        return FrameState.of(data, plan.index(), plan.columns(), plan.rows())
                .withName(plan.name())
                .withIndex(plan.index(), plan.rows(), plan.uniqueIndex())
                .withForm(plan.form())
                .withOrigin(plan.origin());
    }

    private static void validate(FileData data, boolean stated, ReadOptions options, Location file)
            throws NpzException {
        if (!stated) {
            validate(data.vectors(), options, file);
            return;
        }
        Location location = file.member(FrameMetadata.MEMBER);
        DictionaryProvider dictionaries = data.dictionaries();
        List<FieldVector> words = new ArrayList<>();
        for (long id : dictionaries.getDictionaryIds()) {
            words.add(dictionaries.lookup(id).getVector());
        }
        validate(data.vectors(), options, location);
        validate(words, options, location);
        validateStored(words, dictionaries, options, location);
        validateStored(data.vectors(), dictionaries, options, location);
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

    /** Dictionary indices of columns that were stored as Arrow buffers, at the level that asks for it. */
    private static void validateStored(
            List<FieldVector> vectors, DictionaryProvider dictionaries, ReadOptions options, Location location)
            throws NpzException {
        if (options.verify() != Verify.CONTENT) {
            return;
        }
        for (FieldVector vector : vectors) {
            AtomicReference<@Nullable String> fault = new AtomicReference<>();
            MemoryAccess.guard(location, () -> {
                try {
                    fault.set(indexFault(vector, dictionaries));
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

    private static @Nullable String indexFault(FieldVector vector, DictionaryProvider dictionaries) {
        DictionaryEncoding encoding = vector.getField().getDictionary();
        if (encoding != null) {
            Dictionary dictionary = dictionaries.lookup(encoding.getId());
            int entries = dictionary == null ? 0 : dictionary.getVector().getValueCount();
            int bad = VectorRows.firstIndexOutside(vector, entries);
            return bad < 0 ? null : "index " + bad + " points outside the dictionary";
        }
        return vector.getChildrenFromFields().stream()
                .map(child -> indexFault(child, dictionaries))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
