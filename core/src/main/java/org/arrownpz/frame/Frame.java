package org.arrownpz.frame;

import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.NpzException;
import org.arrownpz.frame.internal.data.FrameCopies;
import org.arrownpz.frame.internal.data.FrameData;
import org.arrownpz.frame.internal.data.FrameParts;
import org.arrownpz.frame.internal.data.FrameSelection;
import org.arrownpz.frame.internal.exchange.FrameArrowReader;
import org.arrownpz.frame.internal.exchange.Interchange;
import org.arrownpz.frame.internal.exchange.RootFrames;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.FrameKind;
import org.arrownpz.frame.label.Label;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.vector.CopyReport;
import org.jspecify.annotations.Nullable;

/**
 * A table with labels: an Arrow root, the index and column labels of StaticFrame, and names.
 *
 * <p><b>Ownership.</b> A frame from {@link Frames#open} owns its root and the file's mapping; closing the frame closes
 * both, and buffers that others hold keep the mapping until they release it. A frame from {@link #of} borrows the
 * caller's root and never closes it.
 *
 * <p><b>A mapped frame is read-only: {@code set} on one of its vectors ends the JVM.</b> Use {@link #copy()} or
 * {@link org.arrownpz.ReadOptions#inMemory()} for vectors to write to.
 *
 * <p><b>Threads.</b> Safe for use by several threads. A method that reads the data holds them until it is done, also
 * where another thread closes the frame meanwhile; after that it throws {@link IllegalStateException}. <b>Vectors that
 * were handed out ({@link #root()}, {@link #interchangeRoot()}, {@link #dictionaries()}) are Arrow's: several threads
 * may read them, but none while they are closed.</b> A thread that reads them while another may close the frame takes a
 * hold of its own with {@link #share()} first. Nobody may set, transfer or clear a vector that others read.
 */
public final class Frame implements AutoCloseable {
    private final FrameParts parts;
    private @Nullable VectorSchemaRoot root;
    private @Nullable VectorSchemaRoot interchangeRoot;

    Frame(FrameParts parts) {
        this.parts = parts;
    }

    /**
     * A frame over a root of your own, which stays yours. Metadata of the schema restore labels: this library's own key
     * {@code arrow_npz} first, else a complete {@code pandas} key; otherwise every field becomes a column labelled with
     * its name, under an automatic index. Close the frame before the root: it may hold vectors of its own over the root's
     * memory, where Arrow's know less of their fields than the schema does.
     *
     * @throws IllegalArgumentException when field names are duplicated
     * @throws UncheckedIOException of an {@link NpzException}, LIMIT or FILE_CHANGED, where months that {@link
     *     #interchangeRoot} made Int64 cannot be restored
     */
    public static Frame of(VectorSchemaRoot root) {
        return of(root, new DictionaryProvider.MapDictionaryProvider());
    }

    /** {@link #of(VectorSchemaRoot)} for a root with dictionary-encoded columns. */
    public static Frame of(VectorSchemaRoot root, DictionaryProvider dictionaries) {
        return new Frame(RootFrames.of(root, dictionaries));
    }

    /** What the frame was read from, and so what {@link Frames#write} makes of it. */
    public FrameKind kind() {
        return parts.kind();
    }

    /** The frame's name. */
    public Label name() {
        return parts.name();
    }

    /** The rows' index; its labels are the leading columns of {@link #root()}. */
    public FrameAxis index() {
        return parts.index();
    }

    /** The columns' labels. */
    public FrameAxis columns() {
        return parts.columns();
    }

    /** The number of rows. */
    public long rowCount() {
        return parts.rowCount();
    }

    /** The number of leading columns of {@link #root()} that hold index labels; 0 for an automatic index. */
    public int indexLevels() {
        return parts.indexLevels();
    }

    /** The field names of the columns, without the index levels. */
    public List<String> columnNames() {
        return parts.columnNames();
    }

    /** Which columns view the file, which were copied, and why. */
    public CopyReport copyReport() {
        return parts.copyReport();
    }

    /** Dictionaries of dictionary-encoded columns; owned by the frame. */
    public DictionaryProvider dictionaries() {
        return parts.dictionaries();
    }

    /**
     * The data: index levels first, then the columns. Owned by the frame; the same object on every call. Fields carry
     * {@code numpy.dtype}, the exact dtype that they stem from.
     *
     * @throws IllegalStateException when the frame is closed, or has more rows than one root can hold; use {@link
     *     #reader}
     */
    public synchronized VectorSchemaRoot root() {
        parts.data().lifetime().requireOpen();
        if (root == null) {
            root = new VectorSchemaRoot(schema(), parts.vectors(), Math.toIntExact(parts.rowCount()));
        }
        return root;
    }

    /**
     * {@link #root()} with labels, names and classes as schema metadata: the key {@code arrow_npz} restores the frame
     * exactly, and {@code pandas} lets pyarrow's {@code to_pandas()} restore index and columns. Shares the vectors of
     * {@link #root()}, but for timedelta64 columns of months and years: month intervals, which few clients read, are Int64
     * here, as timedelta64 of other units that Arrow lacks is. Owned by the frame.
     *
     * @throws IllegalStateException as {@link #root()}
     * @throws UncheckedIOException of an {@link NpzException}: LIMIT when the allocator cannot give the memory for months,
     *     VALUE when an interval is no whole number of its column's steps, FILE_CHANGED
     */
    public synchronized VectorSchemaRoot interchangeRoot() {
        parts.data().lifetime().requireOpen();
        if (interchangeRoot == null) {
            int rows = Math.toIntExact(parts.rowCount());
            Schema schema = interchangeSchema();
            try {
                interchangeRoot = new VectorSchemaRoot(
                        schema,
                        Interchange.vectors(
                                parts.vectors(),
                                schema,
                                parts.allocator(),
                                parts.data().location(),
                                parts.data().lifetime()::own),
                        rows);
            } catch (NpzException e) {
                throw new UncheckedIOException(e);
            }
        }
        return interchangeRoot;
    }

    /** The schema of {@link #root()}. */
    public Schema schema() {
        Map<String, String> users = new LinkedHashMap<>(parts.origin());
        users.remove(Interchange.PANDAS_KEY);
        return new Schema(parts.data().fields(), users);
    }

    /** The schema of {@link #interchangeRoot()}. */
    public Schema interchangeSchema() {
        return Interchange.schema(parts, Interchange.fields(parts));
    }

    /**
     * The data in batches of at most that many rows, also of frames with more rows than one root can hold. Batches share
     * the frame's memory but for what says where values lie (offsets, views, type codes of dense unions, run ends), which
     * is copied where it is mapped or would not begin at 0, and bitmaps that do not begin a byte. The reader must be closed before the frame. It is for one thread at a time; closing it or the frame while
     * another thread loads is safe, and loading is an {@link IllegalStateException} afterwards.
     *
     * <p>The types are those of {@link #root()}; the schema has the labels as metadata, as that of {@link
     * #interchangeRoot()}.
     */
    public ArrowReader reader(int batchRows) {
        return new FrameArrowReader(parts, Interchange.schema(parts, schema().getFields()), batchRows);
    }

    /** {@link #reader(int)} with the types of {@link #interchangeRoot()}, for batches that go to other clients. */
    public ArrowReader interchangeReader(int batchRows) {
        return new FrameArrowReader(parts, interchangeSchema(), batchRows);
    }

    /**
     * The columns of these names, in this order, under the same index. Shares memory with this frame but lives on its
     * own; the caller closes it.
     *
     * @throws IllegalArgumentException for unknown, doubled or no names
     * @throws IllegalStateException when the frame is closed
     */
    public Frame select(String... names) {
        int[] positions = FrameSelection.positions(columnNames(), Arrays.asList(names));
        try (FrameParts held = parts.share()) {
            return new Frame(FrameSelection.select(held, positions));
        }
    }

    /**
     * A deep copy in memory of the frame's allocator: writable, independent of the file. The caller closes it.
     *
     * @throws NpzException LIMIT or FILE_CHANGED
     * @throws IllegalStateException when the frame is closed
     */
    public Frame copy() throws NpzException {
        try (FrameParts held = parts.share()) {
            return new Frame(FrameCopies.copy(held));
        }
    }

    /**
     * This frame once more, with a close of its own: the same vectors, without a copy, which stay until this frame and
     * all that were shared from it are closed, in whatever order. For a thread that reads vectors of a frame which
     * others may close. The vectors of a frame from {@link #of} stay the caller's, and are not held.
     *
     * @throws IllegalStateException when the frame is closed
     */
    public Frame share() {
        return new Frame(parts.share());
    }

    /** The number of blocks in the file; 0 for frames that stem from a root. */
    public int blockCount() {
        return parts.data().blocks().size();
    }

    /**
     * A whole block as one tensor vector, independent of its size: a view of the file also where the columns had to be
     * transposed. C-order blocks have one row per row of the frame; Fortran-order blocks one row per column. The caller
     * closes the vector.
     *
     * @throws IndexOutOfBoundsException when there is no such block
     * @throws IllegalStateException when the frame is closed
     */
    public FieldVector block(int position) throws NpzException {
        try (FrameData held = parts.data().share()) {
            return held.tensor(position);
        }
    }

    /** The dtype and shape of a block. */
    NumpyArray blockArray(int position) {
        return parts.data().blocks().get(position);
    }

    /** This frame's data under another name. The caller closes the result or this frame, not both. */
    public Frame withName(String newName) {
        return withName(Label.of(newName));
    }

    /** This frame's data under another name; {@link Label#NONE} removes it. */
    public Frame withName(Label newName) {
        return new Frame(parts.copy().name(newName));
    }

    /** This frame's data with another name of the columns axis. */
    public Frame withColumnsName(String newName) {
        return withColumnsName(Label.of(newName));
    }

    /** This frame's data with another name of the columns axis. */
    public Frame withColumnsName(Label newName) {
        return new Frame(parts.copy().columns(columns().withName(newName)));
    }

    /**
     * This frame's data with these columns as index, outermost level first; a former index is dropped. Several columns
     * make a hierarchy. The classes are the ones that StaticFrame requires for the types (IndexDate for dates, …).
     *
     * @throws IllegalArgumentException for unknown, doubled or no names
     */
    public Frame withIndex(String... columnNames) {
        return new Frame(FrameSelection.withIndex(parts, Arrays.asList(columnNames)));
    }

    /**
     * Fails when the file that this frame views is not the one that was opened any more, by its size and time of change.
     * Does nothing for frames over memory.
     *
     * @throws NpzException FILE_CHANGED
     */
    public void checkUnchanged() throws NpzException {
        parts.data().checkUnchanged();
    }

    /** What this frame consists of. */
    FrameParts parts() {
        return parts;
    }

    /**
     * Closes the root and the file, unless the root is the caller's: at once, or when methods that read them on other
     * threads, and frames that were shared, are done with them. May be called more than once.
     */
    @Override
    public void close() {
        parts.close();
    }

    @Override
    public String toString() {
        return "Frame " + name().text() + " of " + rowCount() + " rows and "
                + columns().length() + " columns";
    }
}
