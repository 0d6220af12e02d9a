package org.arrownpz.frame.internal.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.SafeText;
import org.arrownpz.frame.internal.data.ColumnSource;
import org.arrownpz.frame.internal.data.FrameSelection;
import org.arrownpz.frame.internal.data.FrameState;
import org.arrownpz.frame.internal.data.FrameState.Form;
import org.arrownpz.frame.internal.data.TablePlan;
import org.arrownpz.frame.internal.store.ArrayStore.MemberStore;
import org.arrownpz.frame.internal.store.ZipStore;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npz.NpzFile;

/** A plain {@code np.savez} archive as a frame: every array is a column named by its key. */
final class PlainArrays {
    private static final String SUFFIX = ".npy";
    private static final Form ARRAYS = Form.of(FrameSummary.Kind.ARRAYS, null);

    private PlainArrays() {}

    static FrameState read(BufferAllocator allocator, NpzFile file, ReadOptions options, List<String> notes)
            throws NpzException {
        ZipStore store = new ZipStore(file);
        return FrameReader.opened(store, () -> open(allocator, file, store, options, notes));
    }

    private static FrameState open(
            BufferAllocator allocator, NpzFile file, ZipStore store, ReadOptions options, List<String> notes)
            throws NpzException {
        List<String> allNotes = new ArrayList<>(notes);
        for (String name : file.names()) {
            if (!name.endsWith(SUFFIX)) {
                allNotes.add("the member " + SafeText.quote(name) + " is no array and no column");
            }
        }
        List<String> columns = columns(file, options);
        if (file.hasDeflated()) {
            file.inflateAll(columns);
        }
        Map<String, NumpyArray> arrays = arrays(store, columns, options);
        TablePlan plan = plan(arrays);
        if (plan.rows() < 0) {
            throw noTable(arrays, file.location());
        }
        return ColumnLoader.load(allocator, store, options, allNotes, plan);
    }

    /**
     * The columns by an archive's headers; the number of rows is -1 where they are no table. Arrays of Python objects are no
     * columns, and there is no table with them.
     */
    static TablePlan plan(NpzFile file, MemberStore store, ReadOptions options) throws NpzException {
        Map<String, NumpyArray> arrays = new LinkedHashMap<>();
        boolean objects = false;
        for (String key : columns(file, options)) {
            try {
                arrays.put(key, store.array(key + SUFFIX).as(options, key));
            } catch (NpzException e) {
                if (e.code() != ErrorCode.OBJECT_DTYPE) {
                    throw e;
                }
                objects = true;
            }
        }
        TablePlan plan = plan(arrays);
        return objects ? TablePlan.of(plan.columns(), -1, plan.sources(), plan.blocks(), ARRAYS) : plan;
    }

    /** The keys of the selected arrays. */
    private static List<String> columns(NpzFile file, ReadOptions options) {
        List<String> keys = new ArrayList<>();
        for (String name : file.names()) {
            if (name.endsWith(SUFFIX)) {
                keys.add(name.substring(0, name.length() - SUFFIX.length()));
            }
        }
        int[] selected = FrameSelection.positions(options, keys);
        if (selected == null) {
            return keys;
        }
        List<String> chosen = Arrays.stream(selected).mapToObj(keys::get).toList();
        file.expectHeaders(chosen);
        return chosen;
    }

    private static Map<String, NumpyArray> arrays(MemberStore store, List<String> columns, ReadOptions options)
            throws NpzException {
        Map<String, NumpyArray> arrays = new LinkedHashMap<>();
        for (String key : columns) {
            arrays.put(key, store.array(key + SUFFIX).as(options, key));
        }
        return arrays;
    }

    private static TablePlan plan(Map<String, NumpyArray> arrays) {
        long rows = -1;
        boolean table = true;
        List<ColumnSource> sources = new ArrayList<>(arrays.size());
        for (Map.Entry<String, NumpyArray> entry : arrays.entrySet()) {
            Shape shape = entry.getValue().header().shape();
            long length = shape.dimensions() == 0 ? 1 : shape.length(0);
            table &= rows < 0 || rows == length;
            rows = length;
            sources.add(new ColumnSource.OfArray(entry.getValue(), entry.getKey()));
        }
        FrameAxis columns = FrameAxis.ofTexts(List.copyOf(arrays.keySet()));
        long known = table ? Math.max(rows, 0) : -1;
        return TablePlan.of(columns, known, sources, List.copyOf(arrays.values()), ARRAYS);
    }

    private static NpzException noTable(Map<String, NumpyArray> arrays, Location location) {
        StringBuilder shapes = new StringBuilder();
        int shown = 0;
        for (Map.Entry<String, NumpyArray> entry : arrays.entrySet()) {
            shapes.append(shown == 0 ? "" : ", ");
            if (shown++ == 20) {
                shapes.append("and ").append(arrays.size() - 20).append(" more");
                break;
            }
            shapes.append(SafeText.escape(entry.getKey()))
                    .append(' ')
                    .append(entry.getValue().header().shape());
        }
        return location.error(ErrorCode.FRAME_SHAPE, "the arrays are not the columns of one table")
                .expected("one common first dimension")
                .found(shapes)
                .remedy(
                        arrays.keySet().containsAll(List.of("format", "shape", "data"))
                                ? "Read a sparse matrix with SparseMatrix"
                                : "Read single arrays with NpzFile (--array NAME on the command line), or select columns")
                .build();
    }
}
