package org.arrownpz.cli.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.SafeText;
import org.arrownpz.SmallFloat;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ArchiveForm;
import org.arrownpz.WriteOptions.ColumnLayout;
import org.arrownpz.WriteOptions.DictionaryEncoding;
import org.arrownpz.WriteOptions.StringEncoding;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Npz;
import org.arrownpz.array.NumpyArrays;
import org.arrownpz.array.Safetensors;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.npy.NumpyArray;
import org.jspecify.annotations.Nullable;

/**
 * NumPy's arrays from one file into another as they are: dtype, shape and order. No table is made of them.
 *
 * @param job what becomes what
 * @param flags how the source is read
 * @param write how the target is written
 * @param types what opaque elements of arrays are
 * @param directory made before something is written, or null
 */
public record ArrayCopy(
        ConvertPlan.Job job,
        ReadFlags flags,
        WriteOptions write,
        Map<String, SmallFloat> types,
        @Nullable String directory) {
    /** The name that {@code np.savez} gives to an array without one. */
    private static final String UNNAMED = "arr_0";

    /**
     * Copies where source and target are files of arrays and nothing asks for a table.
     *
     * @return whether it did
     */
    public boolean run(BufferAllocator allocator) throws IOException {
        if (!isForArrays()) {
            return false;
        }
        Address address = Address.of(job.source());
        String one = address.array() != null ? address.array() : flags.array;
        Path source = Urls.path(address.path());
        // A selection of arrays is none of columns.
        ReadOptions options = flags.withoutColumns();
        if (Source.format(job.source()) == Format.SAFETENSORS) {
            try (NumpyArrays arrays = Safetensors.load(allocator, source, options)) {
                save(chosen(arrays, one), arrays.metadata());
            }
            return true;
        }
        FrameSummary.Kind kind = Frames.inspect(allocator, source, options).kind();
        if (kind == FrameSummary.Kind.ARRAY && flags.columns == null && one == null) {
            try (NumpyArray array = Npy.load(allocator, source, options)) {
                save(Map.of(UNNAMED, typed(UNNAMED, array)), Map.of());
            }
            return true;
        }
        if (kind != FrameSummary.Kind.ARRAYS) {
            return false;
        }
        try (NumpyArrays arrays = Npz.load(allocator, source, options)) {
            if (!names(arrays, one).stream().allMatch(arrays::contains)) {
                // Whoever reads them as a table says which is missing.
                return false;
            }
            save(chosen(arrays, one), Map.of());
        }
        return true;
    }

    private List<String> names(NumpyArrays arrays, @Nullable String array) {
        return array != null ? List.of(array) : flags.columns != null ? flags.columns : arrays.names();
    }

    private Map<String, NumpyArray> chosen(NumpyArrays arrays, @Nullable String array) throws NpzException {
        Map<String, NumpyArray> chosen = new LinkedHashMap<>();
        for (String name : names(arrays, array)) {
            chosen.put(name, typed(name, arrays.get(name)));
        }
        return chosen;
    }

    private NumpyArray typed(String name, NumpyArray array) {
        SmallFloat type = types.get(name);
        return type == null ? array : array.as(type);
    }

    private boolean isForArrays() {
        Format format = Source.format(job.source());
        boolean source =
                (format == null || format == Format.NPZ || format == Format.NPY || format == Format.SAFETENSORS)
                        && flags.frame == null
                        && flags.vectors == null
                        && Files.isRegularFile(
                                Urls.path(Address.of(job.source()).path()));
        return source
                && (job.format() == Format.NPZ || job.format() == Format.NPY || job.format() == Format.SAFETENSORS)
                && write.form() != ArchiveForm.FRAME
                && write.layout() == ColumnLayout.AUTO
                && write.strings() == StringEncoding.AUTO
                && write.dictionaries() == DictionaryEncoding.BUFFERS;
    }

    private void save(Map<String, NumpyArray> arrays, Map<String, String> metadata) throws IOException {
        Path target = Urls.path(job.target());
        if (job.format() == Format.NPY && arrays.size() != 1) {
            throw new UsageException("an .npy file holds one array, and "
                    + SafeText.escape(job.source(), 1000) + " has " + arrays.size()
                    + "; choose one with --array NAME, or make a table of them with --form frame");
        }
        if (directory != null) {
            Files.createDirectories(Path.of(directory));
        }
        if (job.format() == Format.NPZ) {
            Npz.save(target, arrays, write);
        } else if (job.format() == Format.SAFETENSORS) {
            Safetensors.save(target, arrays, metadata, write);
        } else {
            Npy.save(target, arrays.values().iterator().next(), write);
        }
    }
}
