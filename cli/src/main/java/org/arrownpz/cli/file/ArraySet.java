package org.arrownpz.cli.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.array.Npz;
import org.arrownpz.array.NumpyArrays;
import org.arrownpz.cli.console.Likely;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.support.Rollback;
import org.jspecify.annotations.Nullable;

/**
 * The arrays of a file or directory by name: as they are, for those that are no table.
 *
 * @param names in their order
 * @param npy whether the file is one array, which has no name in it
 * @param single whether it is one array that was named, or all of a file
 */
public record ArraySet(List<String> names, NumpyArrays arrays, boolean npy, boolean single) implements AutoCloseable {
    static final String NPY = ".npy";

    /** Takes an array. */
    @FunctionalInterface
    public interface Use {
        void array(NumpyArray array) throws IOException;
    }

    /**
     * The arrays that the flags choose; null where the file holds no NumPy arrays, or a frame of them.
     *
     * @throws NpzException as opening the file throws
     */
    public static @Nullable ArraySet open(BufferAllocator allocator, String name, ReadFlags flags) throws NpzException {
        Address address = Address.of(name);
        Path path = Urls.path(address.path());
        Format format = Source.format(address.path());
        ReadOptions options = flags.withoutColumns();
        boolean frameWanted = format != null && format.isBatched() || format == Format.BUS || flags.frame != null;
        if (Files.isDirectory(path)) {
            List<String> files = files(address.path());
            frameWanted = files.isEmpty() || files.stream().anyMatch(file -> file.startsWith("__"));
        }
        if (frameWanted) {
            return null;
        }
        boolean npy = false;
        if (format != Format.SAFETENSORS && !Files.isDirectory(path)) {
            FrameSummary.Kind kind = Frames.inspect(allocator, path, options).kind();
            npy = kind == FrameSummary.Kind.ARRAY;
            if (!npy && kind != FrameSummary.Kind.ARRAYS) {
                return null;
            }
        }
        NumpyArrays arrays = Npz.open(allocator, path, options);
        try (Rollback undo = Rollback.of(arrays)) {
            List<String> all = npy ? List.of(ConvertPlan.stem(address.path())) : arrays.names();
            String array = address.array() != null ? address.array() : flags.array;
            List<String> chosen = array != null ? List.of(array) : flags.columns != null ? flags.columns : all;
            chosen.forEach(one -> require(one, all));
            return undo.commit(new ArraySet(List.copyOf(chosen), arrays, npy, npy || array != null));
        }
    }

    /** The {@code .npy} files of a directory, without their extension, by name. */
    static List<String> files(String directory) {
        try {
            return Urls.list(Path.of(directory), file -> file.toString().endsWith(NPY) && Files.isRegularFile(file))
                    .stream()
                    .map(file -> Path.of(file).getFileName().toString())
                    .map(name -> name.substring(0, name.length() - NPY.length()))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** That name, where it is one of these. */
    public static String require(String name, Collection<String> known) {
        if (known.contains(name)) {
            return name;
        }
        throw Likely.missing("array", name, known);
    }

    /**
     * Gives one array to its use, unless its elements are Python objects.
     *
     * @return why it cannot be had, or null
     */
    public @Nullable NpzException use(String name, Use use) throws IOException {
        NumpyArray array;
        try {
            array = arrays.get(npy ? arrays.names().get(0) : name);
        } catch (NpzException e) {
            if (e.code() == ErrorCode.OBJECT_DTYPE) {
                return e;
            }
            throw e;
        }
        try (array) {
            use.array(array);
        }
        return null;
    }

    /** The texts that a safetensors file has beside its arrays. */
    public Map<String, String> metadata() {
        return arrays.metadata();
    }

    /** Its dtype, or what else its elements are. */
    public static String dtype(NumpyArray array) {
        NumpyArray.Packed packed = array.packed();
        return packed != null
                ? packed.type()
                : array.smallFloat() != null
                        ? array.smallFloat().mlName()
                        : array.dtype().toString();
    }

    @Override
    public void close() {
        arrays.close();
    }
}
