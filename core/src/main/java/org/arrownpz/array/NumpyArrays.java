package org.arrownpz.array;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npz.NpzEntry;
import org.arrownpz.npz.NpzFile;

/**
 * The arrays of an archive by name, in the members' order. Members that are no arrays (their names do not end in
 * {@code .npy}) are left out.
 *
 * <p>Closed by the caller, and with it all arrays that it gave; regions, views, vectors and Java arrays live on. Safe for
 * use by several threads.
 */
public final class NumpyArrays implements AutoCloseable {
    private final BufferAllocator allocator;
    private final NpzFile file;
    private final ReadOptions options;
    private final List<String> names;

    NumpyArrays(BufferAllocator allocator, NpzFile file, ReadOptions options) {
        this.allocator = allocator;
        this.file = file;
        this.options = options;
        this.names =
                file.entries().stream().filter(NpzEntry::npy).map(NpzEntry::key).toList();
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
     *     of the member
     * @throws IllegalArgumentException when there is no array of that name
     */
    public NumpyArray get(String name) throws NpzException {
        return file.array(name);
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

    /** Gives up the file. May be called more than once. */
    @Override
    public void close() {
        file.close();
    }

    @Override
    public String toString() {
        return names.stream()
                .limit(20)
                .collect(Collectors.joining(", ", "NumpyArrays[", names.size() > 20 ? ", …]" : "]"));
    }
}
