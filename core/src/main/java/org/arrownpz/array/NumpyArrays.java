package org.arrownpz.array;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.SafeText;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.npz.NpzFile.NpzEntry;
import org.jspecify.annotations.Nullable;

/**
 * The arrays of an archive, a directory or a safetensors file by name, in the members' order. Members that are no arrays
 * (their names do not end in {@code .npy}) are left out.
 *
 * <pre>{@code
 * try (NumpyArrays model = Npz.load(allocator, Path.of("model.npz"))) {
 *     for (String name : model.names()) {
 *         System.out.println(name + " " + model.get(name).header());
 *     }
 *     try (FieldVector bias = model.vector("bias")) {
 *         System.out.println(bias.getObject(0));
 *     }
 * }
 * }</pre>
 *
 * <p>Closed by the caller, and with it all arrays that it gave; regions, views, vectors and Java arrays live on. Safe for
 * use by several threads.
 */
public final class NumpyArrays implements AutoCloseable {
    private final BufferAllocator allocator;
    private final Getter arrays;
    private final Runnable owner;
    private final Map<String, String> metadata;
    private final ReadOptions options;
    private final List<String> names;

    /** One array by its name, or null where there is none. */
    interface Getter {
        @Nullable
        NumpyArray get(String name) throws NpzException;
    }

    /** @param owner closed with this */
    NumpyArrays(
            BufferAllocator allocator,
            List<String> names,
            Getter arrays,
            Map<String, String> metadata,
            Runnable owner,
            ReadOptions options) {
        this.allocator = allocator;
        this.names = List.copyOf(names);
        this.arrays = arrays;
        this.metadata = Collections.unmodifiableMap(metadata);
        this.owner = owner;
        this.options = options;
    }

    /** The arrays of an archive, which is taken over. */
    NumpyArrays(BufferAllocator allocator, NpzFile file, Getter arrays, ReadOptions options) {
        this(
                allocator,
                file.entries().stream().filter(NpzEntry::npy).map(NpzEntry::key).toList(),
                arrays,
                Map.of(),
                file::close,
                options);
    }

    /** The arrays' names, without {@code .npy}, in the members' order. */
    public List<String> names() {
        return names;
    }

    /** The number of arrays. */
    public int size() {
        return names.size();
    }

    /** Whether there is an array of that name. */
    public boolean contains(String name) {
        return names.contains(name);
    }

    /**
     * One array. Its elements are where the file is mapped, or inflated at their first use; closing it does nothing.
     *
     * @throws NpzException OBJECT_DTYPE for pickled Python objects, which are never read, any other NPY code, or a fault
     *     of the member; ARRAY_DTYPE when it is not what {@link ReadOptions#withSmallFloat} says
     * @throws IllegalArgumentException when there is no array of that name
     */
    public NumpyArray get(String name) throws NpzException {
        NumpyArray array = arrays.get(name);
        if (array == null) {
            throw SafeText.unknown("array", name, names);
        }
        return array.as(options, name);
    }

    /**
     * One array as an Arrow vector, as {@link Vectors#of(BufferAllocator, NumpyArray, String, ReadOptions)} makes it with
     * the options of {@code load}. The caller closes it.
     *
     * @throws NpzException as {@link #get} and {@link Vectors#of(BufferAllocator, NumpyArray, String)}
     * @throws IllegalArgumentException when there is no array of that name
     */
    public FieldVector vector(String name) throws NpzException {
        return Vectors.of(allocator, get(name), name, options);
    }

    /**
     * All arrays by name, in their order, for {@link Npz#save(java.nio.file.Path, Map)} and {@link Safetensors#save}. They
     * live as long as this.
     *
     * @throws NpzException as {@link #get}
     */
    public Map<String, NumpyArray> toMap() throws NpzException {
        Map<String, NumpyArray> all = new LinkedHashMap<>();
        for (String name : names) {
            all.put(name, get(name));
        }
        return all;
    }

    /** The texts that a safetensors file has beside its arrays; none of an archive. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** Gives up the file. May be called more than once. */
    @Override
    public void close() {
        owner.run();
    }

    @Override
    public String toString() {
        return names.stream()
                .limit(20)
                .collect(Collectors.joining(", ", "NumpyArrays[", names.size() > 20 ? ", …]" : "]"));
    }
}
