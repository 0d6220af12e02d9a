package org.arrownpz.frame;

import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.frame.internal.data.FrameSelection;
import org.arrownpz.frame.internal.data.FrameState;
import org.arrownpz.frame.internal.exchange.FrameArrowReader;
import org.arrownpz.frame.internal.exchange.Interchange;
import org.arrownpz.frame.internal.exchange.RootFrames;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.frame.label.Label;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.vector.CopyReport;
import org.jspecify.annotations.Nullable;

/**
 * A table with labels: an Arrow root, the index and column labels of StaticFrame, and names.
 *
 * <pre>{@code
 * try (Frame prices = Frames.open(allocator, Path.of("prices.npz"));
 *         Frame closes = prices.select("ticker", "close");
 *         Frame first = closes.take(0, 1, 2)) {
 *     System.out.println(first.columnNames() + " " + first.rowCount());
 *     try (ArrowReader batches = closes.reader(100_000)) {
 *         while (batches.loadNextBatch()) {
 *             batches.getVectorSchemaRoot().getRowCount();
 *         }
 *     }
 *     System.out.println(closes.copyReport());
 * }
 * }</pre>
 *
 * <p><b>Columns when asked for.</b> A frame from {@link Frames#open} makes a column when it is first asked for: {@link
 * #column(int)} makes one, {@link #root()} all, {@link #block} none. Columns are views where the layout allows it, else
 * copies; {@link #copyReport()} tells. A wrong value, a lack of memory, and a file that was changed meanwhile therefore
 * show at these methods, as {@link NpzException}: VALUE, LIMIT, FILE_CHANGED, and for members that were deflated a ZIP
 * code. A column that fails leaves the frame as it was, and may be asked for again.
 *
 * <p><b>Ownership.</b> A frame from {@link Frames#open} owns its columns and the file, which stays open with it; closing
 * the frame closes both, and buffers that others hold keep the mapping until they release it. A frame from {@link #of}
 * borrows the caller's root and does not close it, unless {@link #owning} says so.
 *
 * <p><b>A mapped frame is read-only: {@code set} on one of its vectors ends the JVM.</b> Use {@link #copy()} or
 * {@link org.arrownpz.ReadOptions#inMemory()} for vectors to write to.
 *
 * <p><b>Threads.</b> Safe for use by several threads. A method that reads the data holds them until it is done, also
 * where another thread closes the frame meanwhile; after that it throws {@link IllegalStateException}. <b>Vectors that
 * were handed out ({@link #root()}, {@link #interchangeRoot()}, {@link #dictionaries()}) are Arrow's: several threads
 * may read them, but none while they are closed.</b> A thread that reads them while another may close the frame takes a
 * hold of its own with {@link #share()} first. A vector that others read must not be set, transferred or cleared.
 */
public final class Frame implements AutoCloseable {
    private final FrameState state;
    private @Nullable Map<String, Integer> positions;
    private @Nullable VectorSchemaRoot root;
    private @Nullable VectorSchemaRoot interchangeRoot;

    Frame(FrameState state) {
        this.state = state;
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

    /**
     * Makes this frame close a resource too: after its own vectors, and after all frames that were shared from it are
     * closed. {@code Frame.of(root).owning(root)} closes the root with the frame. Returns this frame.
     *
     * @throws IllegalStateException when the frame is closed
     */
    public Frame owning(AutoCloseable owned) {
        state.lifetime().ownLast(owned);
        return this;
    }

    /** The origin of the frame, and so the form that {@link Frames#write} gives it. */
    public FrameSummary.Kind kind() {
        return state.form().kind();
    }

    /** The frame's name. */
    public Label name() {
        return state.name();
    }

    /** The rows' index; its labels are the leading columns of {@link #root()}. */
    public FrameAxis index() {
        return state.index();
    }

    /** The columns' labels. */
    public FrameAxis columns() {
        return state.columns();
    }

    /** The number of rows. */
    public long rowCount() {
        return state.rowCount();
    }

    /** The number of leading columns of {@link #root()} that hold index labels; 0 for an automatic index. */
    public int indexLevels() {
        return state.indexLevels();
    }

    /** The field names of the columns, without the index levels. */
    public List<String> columnNames() {
        return state.columnNames();
    }

    /**
     * The columns that view the file, were copied or were not read yet, and why: as it is now, in the order of {@link
     * #root()}. Makes no column.
     */
    public CopyReport copyReport() {
        return state.data().report();
    }

    /**
     * Dictionaries of dictionary-encoded columns; owned by the frame.
     *
     * @throws NpzException what making them finds
     * @throws IllegalStateException when the frame is closed
     */
    public DictionaryProvider dictionaries() throws NpzException {
        return state.dictionaries();
    }

    /**
     * The data: index levels first, then the columns. Makes those that were not asked for before, together, or none where
     * one fails. Owned by the frame; the same object on every call. Fields carry {@code numpy.dtype}, the exact dtype that
     * they stem from.
     *
     * @throws NpzException what making a column finds: VALUE, LIMIT, FILE_CHANGED, IO or a ZIP code
     * @throws IllegalStateException when the frame is closed, or has more rows than one root can hold; use {@link
     *     #reader}
     */
    public synchronized VectorSchemaRoot root() throws NpzException {
        state.lifetime().requireOpen();
        if (root == null) {
            List<FieldVector> vectors = state.vectors();
            root = new VectorSchemaRoot(schema(), vectors, Math.toIntExact(state.rowCount()));
        }
        return root;
    }

    /**
     * One column of {@link #root()}, index levels first: the same vector that the root holds. Makes it, and no other, at the
     * first call; owned by the frame, as the root is.
     *
     * @throws NpzException what making it finds, as {@link #root()}
     * @throws IndexOutOfBoundsException when there is no such column
     * @throws IllegalStateException as {@link #root()}
     */
    public FieldVector column(int position) throws NpzException {
        return state.vector(position);
    }

    /**
     * {@link #column(int)} by the name of its field: that of a column or of an index level.
     *
     * @throws NpzException as {@link #column(int)}
     * @throws IllegalArgumentException when there is no such column
     * @throws IllegalStateException as {@link #root()}
     */
    public FieldVector column(String name) throws NpzException {
        Integer position = positions().get(name);
        if (position == null) {
            throw SafeText.unknown("column", name, positions().keySet());
        }
        return column(position);
    }

    private synchronized Map<String, Integer> positions() {
        Map<String, Integer> known = positions;
        if (known == null) {
            List<String> names = state.names();
            known = new HashMap<>(names.size() * 2);
            for (int i = 0; i < names.size(); i++) {
                known.put(names.get(i), i);
            }
            positions = known;
        }
        return known;
    }

    /**
     * {@link #root()} with labels, names and classes as schema metadata: the key {@code arrow_npz} restores the frame
     * exactly, and {@code pandas} lets pyarrow's {@code to_pandas()} restore index and columns. Shares the vectors of
     * {@link #root()}, but for timedelta64 columns of months and years: month intervals, which few clients read, are Int64
     * here, as timedelta64 of other units that Arrow lacks is. Owned by the frame.
     *
     * @throws NpzException as {@link #root()}; LIMIT also when the allocator cannot give the memory for months, VALUE when
     *     an interval is no whole number of its column's steps
     * @throws IllegalStateException as {@link #root()}
     */
    public synchronized VectorSchemaRoot interchangeRoot() throws NpzException {
        state.lifetime().requireOpen();
        if (interchangeRoot == null) {
            int rows = Math.toIntExact(state.rowCount());
            List<FieldVector> vectors = state.vectors();
            Schema schema = interchangeSchema();
            interchangeRoot = new VectorSchemaRoot(
                    schema,
                    Interchange.vectors(
                            vectors, schema, state.allocator(), state.data().location(), state.lifetime()::own),
                    rows);
        }
        return interchangeRoot;
    }

    /**
     * The schema of {@link #root()}. Headers tell it, but for columns whose types depend on their values (text and times
     * that may keep their storage form, see {@link org.arrownpz.ReadOptions.MisfitPolicy}): one pass goes over these once,
     * which holds one MiB of them. Made are those of remote files, and nested ones whose values do not fit. With {@link
     * org.arrownpz.ReadOptions.MisfitPolicy#REFUSE} there are few of them; {@link Frames#inspect} looks at none.
     *
     * @throws NpzException what that finds, as {@link #root()}
     * @throws IllegalStateException when the frame is closed and columns are to be looked at
     */
    public Schema schema() throws NpzException {
        Map<String, String> users = new LinkedHashMap<>(state.origin());
        users.remove(Interchange.PANDAS_KEY);
        return new Schema(state.fields(), users);
    }

    /**
     * The schema of {@link #interchangeRoot()}.
     *
     * @throws NpzException as {@link #schema()}
     */
    public Schema interchangeSchema() throws NpzException {
        return Interchange.schema(state, Interchange.fields(state));
    }

    /**
     * The data in batches of at most that many rows, also of frames with more rows than one root can hold. A batch reads and
     * converts its own rows alone, views them where the layout allows it (but for a few bytes of a long array, which are
     * read), and is given up with the next one, so that memory stays at one batch: text, too, once {@link #schema} has
     * settled its type. Columns that the frame has made and those of stored Arrow buffers are made whole and shared, but
     * for what says where values lie (offsets, views, type codes of dense unions, run ends), which is copied where it is
     * mapped or would not begin at 0, and bitmaps that do not begin a byte. The reader must be closed before the frame. It is for one thread at a time; closing it or the frame while another thread loads
     * is safe, and loading is an {@link IllegalStateException} afterwards.
     *
     * <p>The types are those of {@link #root()}; the schema has the labels as metadata, as that of {@link
     * #interchangeRoot()}.
     *
     * @throws NpzException as {@link #schema()} and {@link #dictionaries()}
     */
    public ArrowReader reader(int batchRows) throws NpzException {
        return FrameArrowReader.of(state, Interchange.schema(state, schema().getFields()), null, batchRows);
    }

    /**
     * {@link #take} batch by batch: the rows of these numbers, in this order, at most {@code batchRows} at once. As {@link
     * #reader(int)} otherwise. The numbers must stay as they are until the reader is closed.
     *
     * @throws NpzException as {@link #reader(int)}; loading, as {@link #take}
     * @throws IndexOutOfBoundsException when there is no such row
     */
    public ArrowReader reader(long[] rows, int batchRows) throws NpzException {
        FrameSelection.checkRows(state, rows);
        FrameState picked = state.withRows(rows.length);
        return FrameArrowReader.of(state, Interchange.schema(picked, schema().getFields()), rows, batchRows);
    }

    /**
     * {@link #reader(int)} with the types of {@link #interchangeRoot()}, for batches that go to other clients.
     *
     * @throws NpzException as {@link #reader(int)}
     */
    public ArrowReader interchangeReader(int batchRows) throws NpzException {
        return FrameArrowReader.of(state, interchangeSchema(), null, batchRows);
    }

    /**
     * The columns of these names, in this order, under the same index. Makes no column: those that this frame has made
     * share memory, the others are made when the new frame is asked for them, and only there. It lives on its own; the caller
     * closes it.
     *
     * @throws IllegalArgumentException for unknown, doubled or no names
     * @throws IllegalStateException when the frame is closed
     */
    public Frame select(String... names) {
        int[] positions = FrameSelection.positions(columnNames(), Arrays.asList(names));
        try (FrameState held = state.share()) {
            return new Frame(FrameSelection.select(held, positions));
        }
    }

    /**
     * Gives the rows of these numbers, counted from 0, in this order, as a frame in memory of the frame's allocator. A number
     * may be named several times. Values are copied, nulls kept; data behind views (of texts and lists) are shared and keep the
     * file mapped. Reads these rows alone, except for columns that {@link #reader(int)} makes whole. Labels come along, and
     * repeat as rows do, which StaticFrame refuses to load; an automatic index counts anew from 0. The copy report stays that of this frame. It lives
     * on its own; the caller closes it.
     *
     * @throws NpzException as {@link #root()}; LIMIT also when the allocator cannot give the memory, or the values together
     *     are more than their type can count; VALUE when offsets or views lie outside of what they point into
     * @throws IndexOutOfBoundsException when there is no such row
     * @throws IllegalStateException when the frame is closed
     */
    public Frame take(long... rows) throws NpzException {
        try (FrameState held = state.share()) {
            return new Frame(FrameSelection.pick(held, rows));
        }
    }

    /**
     * Neighbouring rows as a frame of its own, which shares this one's memory: reads none before it is asked for them, and
     * then these alone, as {@link #reader(int)} does. An automatic index counts anew from 0. It lives on its own; the caller
     * closes it.
     *
     * @throws IndexOutOfBoundsException when the range is not within {@link #rowCount()}
     * @throws IllegalStateException when the frame is closed
     */
    public Frame slice(long from, long count) {
        Objects.checkFromIndexSize(from, count, rowCount());
        return new Frame(FrameSelection.slice(state, from, count));
    }

    /**
     * The number of rows that a batch had better have for a caller that goes through all of them: all that a root holds
     * where they share memory or are few; where columns have to be converted for it, as many as take some ten MiB.
     */
    public int batchRows() {
        return Math.max(1, state.data().batchRows(rowCount()));
    }

    /**
     * A deep copy in memory of the frame's allocator: writable, independent of the file. The caller closes it.
     *
     * @throws NpzException LIMIT or FILE_CHANGED
     * @throws IllegalStateException when the frame is closed
     */
    public Frame copy() throws NpzException {
        try (FrameState held = state.share()) {
            return new Frame(FrameSelection.copy(held));
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
        return new Frame(state.share());
    }

    /** The number of blocks in the file; 0 for frames that stem from a root. */
    public int blockCount() {
        return state.data().blocks().size();
    }

    /**
     * A whole block as one tensor vector, independent of its size: a view of the file also where the columns would have to be
     * transposed. Makes no column. C-order blocks have one row per row of the frame; Fortran-order blocks one row per column. The caller
     * closes the vector.
     *
     * @throws IndexOutOfBoundsException when there is no such block
     * @throws IllegalStateException when the frame is closed
     */
    public FieldVector block(int position) throws NpzException {
        try (FrameState held = state.share()) {
            return held.data().tensor(position);
        }
    }

    /** The dtype and shape of a block. */
    NumpyArray blockArray(int position) {
        return state.data().blocks().get(position);
    }

    /** This frame's data under another name. The caller closes the result or this frame, not both. */
    public Frame withName(String newName) {
        return withName(Label.of(newName));
    }

    /** This frame's data under another name; {@link Label#NONE} removes it. */
    public Frame withName(Label newName) {
        return new Frame(state.withName(newName));
    }

    /** This frame's data with another name of the columns axis. */
    public Frame withColumnsName(String newName) {
        return withColumnsName(Label.of(newName));
    }

    /** This frame's data with another name of the columns axis. */
    public Frame withColumnsName(Label newName) {
        return new Frame(state.withColumns(columns().withName(newName)));
    }

    /**
     * This frame's data with these columns as index, outermost level first; a former index is dropped. Several columns
     * make a hierarchy. The classes are the ones that StaticFrame requires for the types (IndexDate for dates, …). The
     * columns of the index are made and read, for their labels have to be unique. The caller closes the result or this
     * frame, not both.
     *
     * @throws NpzException FRAME_LABELS when two rows have one label, LIMIT when there is no memory to find out, and what
     *     making the columns finds, as {@link #root()}
     * @throws IllegalArgumentException for unknown, doubled or no names
     */
    public Frame withIndex(String... columnNames) throws NpzException {
        return new Frame(FrameSelection.withIndex(state, Arrays.asList(columnNames)));
    }

    /**
     * Fails when the file that this frame views has another size or time of change than when it was opened. Does nothing for
     * frames over memory.
     *
     * @throws NpzException FILE_CHANGED
     */
    public void checkUnchanged() throws NpzException {
        state.data().checkUnchanged();
    }

    FrameState state() {
        return state;
    }

    /**
     * Closes the root and the file, unless the root is the caller's: at once, or when methods that read them on other
     * threads, and frames that were shared, are done with them. May be called more than once.
     */
    @Override
    public void close() {
        state.close();
    }

    @Override
    public String toString() {
        return "Frame " + name().text() + " of " + rowCount() + " rows and "
                + columns().length() + " columns";
    }
}
