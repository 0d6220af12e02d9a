package org.arrownpz.event;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.event.Packed.PackReport;
import org.arrownpz.event.internal.keys.Groups;
import org.arrownpz.event.internal.pack.PackPlan;
import org.arrownpz.event.internal.pack.Packer;
import org.arrownpz.event.internal.unpack.Unpacker;
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.event.spec.PackSpec.InputOrder;
import org.arrownpz.event.spec.PackSpec.NullKeys;
import org.arrownpz.event.spec.UnpackSpec;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.vector.WriteReport;
import org.arrownpz.vector.internal.gather.Scope;

/**
 * Packs the rows of one key into lists, and lists into rows again: what Python's framezip does, without moving values.
 *
 * <pre>{@code
 * try (Packed packed = Events.pack(root, PackSpec.by("GroupID").pack("EventID", "Timestamp"))) {
 *     Frames.write(packed.frame(), Path.of("packed.npz"), WriteOptions.defaults());
 * }
 * }</pre>
 *
 * <p><b>What is copied.</b> Where rows are sorted by key, one pass over the keys writes one offsets buffer, which all
 * lists share, and each packed column becomes the child of its list where it lies. Keys, carried columns and session
 * columns are new: one value for each group. Where rows must be sorted, or rows without key lie between others, packed
 * columns are copied, and {@link Packed#report()} says why.
 *
 * <p><b>Equality and order</b> are those of pandas: −0.0 equals 0.0 and the group is labelled with whichever came
 * first; NaN, NaT (−2⁶³ in timestamps and durations) and null are one and the same, and come last; text is ordered by
 * code point; the first key counts most. Dictionary-encoded keys go by the values that they stand for, and by the
 * dictionary's order only where it is marked as ordered.
 *
 * <p><b>Where this differs from framezip</b> on the newest pandas, with the names of the golden cases that show it:
 *
 * <ul>
 *   <li>{@code unpack_tuple_set_array_str}: lists have the type of their column, where framezip has object cells, so
 *       that a column cannot hold lists beside text. The type also stays over no rows.
 *   <li>{@code duplicate_column_names}: two columns of one name are refused, as by older pandas; which of them a name
 *       means would be a guess.
 *   <li>{@code bool_as_position}: {@code True} as a position is an error there, of another kind in each pandas; here it
 *       is no {@link PackSpec.ColumnRef} and does not compile.
 * </ul>
 *
 * <p>Beyond those cases, names that do not exist and columns named in two roles are refused also by unpack; keys of
 * categorical type sort by value unless their dictionary is ordered, and only categories that occur make groups; there
 * is no row index; the levels of a frame's index go by their names. A scalar beside a list of one element explodes, as
 * with pandas 2 and 3.
 *
 * <p><b>Errors.</b> References that fit no column, and types that cannot be keys, are
 * {@link IllegalArgumentException}. Rows that contradict the spec (a null key under {@link NullKeys#ERROR}, a carried
 * column that is not constant, lists of different lengths) are {@link NpzException} VALUE or FRAME_SHAPE and name the
 * row; LIMIT is a lack of memory or a result too large for its type. Failed calls free what they allocated.
 *
 * <p>Inputs are read only and stay the caller's; all vectors of an input belong to one root allocator, which gives the
 * memory. The methods are safe for several threads as long as nobody changes an input's vectors meanwhile, or closes
 * them; a frame may be closed meanwhile, see {@link Frame#share()}.
 *
 * <p>Some hundred thousand rows and more that are sorted by one key of 64-bit integers are looked at by the calling
 * thread and, where it has nothing else to do, one of the common pool; the result is the same. A common pool that is told
 * to have no threads ({@code -Djava.util.concurrent.ForkJoinPool.common.parallelism=0}) is not asked.
 */
public final class Events {
    private Events() {}

    /** {@link #pack(VectorSchemaRoot, DictionaryProvider, PackSpec)} for roots without dictionary-encoded keys. */
    public static Packed pack(VectorSchemaRoot root, PackSpec spec) throws NpzException {
        return pack(root, new DictionaryProvider.MapDictionaryProvider(), spec);
    }

    /**
     * Packs a root. The caller closes the result.
     *
     * @throws IllegalArgumentException when the spec does not fit the root
     * @throws NpzException when the rows do not fit the spec
     */
    public static Packed pack(VectorSchemaRoot root, DictionaryProvider dictionaries, PackSpec spec)
            throws NpzException {
        return pack(root, 0, dictionaries, spec);
    }

    /** Packs a frame; its index levels may be keys by name, and are left out otherwise. The caller closes the result. */
    public static Packed pack(Frame frame, PackSpec spec) throws NpzException {
        return checked(frame, held -> pack(held.root(), held.indexLevels(), held.dictionaries(), spec));
    }

    /** Work on a frame that cannot be closed meanwhile. */
    private interface Reading<T> {
        T of(Frame held) throws NpzException;
    }

    // Where the frame's file was cut short, that is what has to be said, and rows read meanwhile are worth nothing.
    private static <T extends AutoCloseable> T checked(Frame frame, Reading<T> reading) throws NpzException {
        try (Frame held = frame.share()) {
            T result;
            try {
                result = reading.of(held);
            } catch (NpzException e) {
                held.checkUnchanged();
                throw e;
            }
            try {
                held.checkUnchanged();
                return result;
            } catch (NpzException e) {
                AutoCloseables.closeNoChecked(result);
                throw e;
            }
        }
    }

    private static Packed pack(VectorSchemaRoot root, int levels, DictionaryProvider dictionaries, PackSpec spec)
            throws NpzException {
        List<Field> fields = root.getSchema().getFields();
        PackPlan plan = PackPlan.of(fields, levels, spec);
        return Scope.run(() -> {
            Packer.Result packed = new Packer(plan, root.getFieldVectors(), root.getRowCount(), dictionaries).pack();
            Groups groups = packed.groups();
            boolean fell = spec.order() == InputOrder.SORTED && groups.used() == InputOrder.STABLE_SORT;
            PackReport report = new PackReport(
                    root.getRowCount(),
                    groups.dropped(),
                    groups.count(),
                    spec.order(),
                    groups.used(),
                    fell ? groups.reason() : null,
                    groups.rows() == null,
                    packed.copies());
            return new Packed(plan.fields(), packed.vectors(), groups.count(), dictionaries, report);
        });
    }

    /**
     * Explodes the lists of a root, those of one row in step. Elements are the lists' children themselves, without a
     * copy, unless an empty list becomes a row. The caller closes the result.
     *
     * @throws IllegalArgumentException when the spec does not fit the root
     * @throws NpzException FRAME_SHAPE when lists of one row differ in length
     */
    public static Unpacked unpack(VectorSchemaRoot root, UnpackSpec spec) throws NpzException {
        return unpack(root, new DictionaryProvider.MapDictionaryProvider(), spec);
    }

    /** {@link #unpack(VectorSchemaRoot, UnpackSpec)} for a root with dictionary-encoded columns. */
    public static Unpacked unpack(VectorSchemaRoot root, DictionaryProvider dictionaries, UnpackSpec spec)
            throws NpzException {
        return unpack(root, 0, dictionaries, spec);
    }

    /** Explodes the lists of a frame; its index levels are repeated as the keys are. The caller closes the result. */
    public static Unpacked unpack(Frame frame, UnpackSpec spec) throws NpzException {
        return checked(frame, held -> unpack(held.root(), held.indexLevels(), held.dictionaries(), spec));
    }

    private static Unpacked unpack(VectorSchemaRoot root, int levels, DictionaryProvider dictionaries, UnpackSpec spec)
            throws NpzException {
        Unpacker unpacker =
                new Unpacker(spec, root.getSchema().getFields(), root.getFieldVectors(), levels, root.getRowCount());
        return Scope.run(() -> {
            Unpacker.Result unpacked = unpacker.unpack();
            return new Unpacked(
                    unpacked.fields(), unpacked.vectors(), unpacked.rows(), dictionaries, unpacked.copies());
        });
    }

    /**
     * Packs batches one at a time. Groups that cross a border are held back and joined, so that memory holds one batch
     * and one group; a batch may come out as two, the joined group first. Closing the result closes the source.
     *
     * <p>Rows must lie in order over all batches: {@link InputOrder#RUNS}, or {@link InputOrder#SORTED}, which is
     * checked. {@link InputOrder#STABLE_SORT} would need all batches at once and is refused: read them into one root
     * and pack that. Whatever {@code loadNextBatch} throws for rows that do not fit is {@link NpzException}.
     *
     * <p>A dictionary may grow from batch to batch; one whose values change is META_SCHEMA.
     *
     * @throws IllegalArgumentException when the spec does not fit the source's schema, or asks for sorting
     * @throws IOException when the source's schema cannot be read
     */
    public static PackingReader packing(ArrowReader source, PackSpec spec) throws IOException {
        return PackingReader.of(source, spec);
    }

    /**
     * Explodes batches one at a time, as {@link #unpack(VectorSchemaRoot, UnpackSpec)} does. Batches without elements
     * are passed over. Closing the result closes the source.
     *
     * @throws IllegalArgumentException when the spec does not fit the source's schema
     * @throws IOException when the source's schema cannot be read
     */
    public static ArrowReader unpacking(ArrowReader source, UnpackSpec spec) throws IOException {
        return UnpackingReader.of(source, spec);
    }

    /**
     * Writes packed events as NPZ: keys as columns that NumPy and StaticFrame read, the offsets as one member, and one
     * member for each packed column, so that {@code np.split(values, offsets[1:-1])} gives the lists.
     */
    public static WriteReport write(Packed packed, Path target, WriteOptions options) throws NpzException {
        return Frames.write(packed.frame(), target, options);
    }
}
