package org.arrownpz.frame.internal.write;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.arrownpz.NpzException;
import org.arrownpz.TargetFormat;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ArchiveForm;
import org.arrownpz.WriteOptions.ColumnLayout;
import org.arrownpz.WriteOptions.StringEncoding;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Npz;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.StructDType;
import org.arrownpz.frame.internal.data.FrameState;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.frame.label.Label;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.vector.WriteReport;
import org.jspecify.annotations.Nullable;

/** Frames that are all of a file's arrays, and nothing else: these stay what they are, dtype, shape and order. */
final class WholeArrays {
    private WholeArrays() {}

    /** Writes arrays as they lie in the file, without making a column; null where the frame is to be written otherwise. */
    static @Nullable WriteReport write(FrameState frame, Path target, WriteOptions options) throws NpzException {
        Map<String, NumpyArray> arrays = arrays(frame, options);
        boolean npy = TargetFormat.of(target) == TargetFormat.NPY;
        if (arrays == null || (npy && arrays.size() != 1)) {
            return null;
        }
        if (npy) {
            Npy.save(target, arrays.values().iterator().next(), options);
        } else {
            Npz.save(target, arrays, options);
        }
        List<WriteReport.Column> report = new ArrayList<>(arrays.size());
        arrays.forEach((name, array) -> report.add(new WriteReport.Column(
                name, WriteReport.Stored.BLOCK, array.dtype().toString(), null, 0, null, null, array.byteLength())));
        return new WriteReport(report, List.of());
    }

    /** The arrays by name, or null where vectors decide what is written. */
    private static @Nullable Map<String, NumpyArray> arrays(FrameState frame, WriteOptions options) {
        if (!isAsRead(frame, options)) {
            return null;
        }
        List<NumpyArray> intact = frame.data().intact();
        if (frame.form().kind() == FrameSummary.Kind.ARRAY) {
            return intact.size() == 1 && isOneArray(frame) ? Map.of(Npy.UNNAMED, intact.get(0)) : null;
        }
        List<String> names = frame.columnNames();
        if (frame.form().kind() != FrameSummary.Kind.ARRAYS || intact.isEmpty() || intact.size() != names.size()) {
            return null;
        }
        Map<String, NumpyArray> arrays = new LinkedHashMap<>(2 * names.size());
        for (int i = 0; i < names.size(); i++) {
            arrays.put(names.get(i), intact.get(i));
        }
        return arrays;
    }

    private static boolean isAsRead(FrameState frame, WriteOptions options) {
        boolean form = options.form() == ArchiveForm.AS_READ
                || (options.form() == ArchiveForm.ARRAYS && frame.form().kind() == FrameSummary.Kind.ARRAYS);
        return form
                && options.layout() == ColumnLayout.AUTO
                && options.strings() == StringEncoding.AUTO
                && frame.indexLevels() == 0;
    }

    /** Whether the frame is one whole array of a file, which {@link ArchiveForm#AS_READ} writes as one, and no more. */
    static boolean isOneArray(FrameState frame, WriteOptions options) {
        return frame.form().kind() == FrameSummary.Kind.ARRAY
                && options.form() == ArchiveForm.AS_READ
                && isAsRead(frame, options)
                && !frame.data().blocks().isEmpty()
                && isOneArray(frame);
    }

    private static boolean isOneArray(FrameState frame) {
        if (!(frame.name() instanceof Label.None) || !(frame.columns().name() instanceof Label.None)) {
            return false;
        }
        if (frame.form().record() != null || frame.form().layout() != null) {
            return true;
        }
        // Of arrays that are several columns, some were selected.
        NumpyArray array = frame.data().blocks().get(0);
        DType dtype = array.dtype();
        return array.shape().dimensions() != (dtype instanceof StructDType ? 1 : 2);
    }

    /** Writes the array of a frame that is one, to a file of its own or as the only one of an archive. */
    static void save(Path target, ArrayContent content, WriteOptions options) throws NpzException {
        if (TargetFormat.of(target) == TargetFormat.NPY) {
            Npy.save(target, content, options);
        } else {
            Npz.save(target, Map.of(Npy.UNNAMED, content), options);
        }
    }
}
