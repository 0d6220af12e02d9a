package org.arrownpz.array;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.TargetFormat;
import org.arrownpz.WriteOptions;
import org.arrownpz.internal.storage.AtomicFile;
import org.arrownpz.internal.storage.StagedOutput;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NpyHeaderReader;
import org.arrownpz.npy.NpyHeaderWriter;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.support.Rollback;

/**
 * NPY files, which hold one array: what {@code np.save} and {@code np.load} are in Python.
 *
 * <pre>{@code
 * Npy.save(Path.of("matrix.npy"), new double[][] {{1, 2}, {3, 4}});
 * try (NumpyArray matrix = Npy.load(allocator, Path.of("matrix.npy"))) {
 *     double[][] values = matrix.to(double[][].class);
 * }
 * }</pre>
 *
 * <p>All methods are safe for use by several threads.
 */
public final class Npy {
    /** The name that {@code np.savez} gives to an array without one. */
    public static final String UNNAMED = "arr_0";

    private Npy() {}

    /** {@link #load(BufferAllocator, Path, ReadOptions)} with the default options: mapped read-only. */
    public static NumpyArray load(BufferAllocator allocator, Path path) throws NpzException {
        return load(allocator, path, ReadOptions.defaults());
    }

    /**
     * Opens a file and checks its header; no data are touched. Bytes behind the array are ignored, as NumPy does:
     * {@code np.save} twice into one file is a documented use.
     *
     * @param allocator gives memory to regions that are copies; it must outlive them. Mapped bytes are not accounted
     * @param options mapping, limits and what {@link ReadOptions#withSmallFloat} says of {@code arr_0} are heeded
     * @return the array, which the caller closes
     * @throws NpzException when the file cannot be read or is no NPY file
     */
    public static NumpyArray load(BufferAllocator allocator, Path path, ReadOptions options) throws NpzException {
        ByteSource source = ByteSources.open(allocator, path, options.mapping());
        try (Rollback undo = Rollback.of(source)) {
            Location location = Location.ofFile(path.toString());
            return undo.commit(new NpyHeaderReader(options.limits())
                    .open(source, location, false)
                    .as(options, UNNAMED)
                    .owning(source));
        }
    }

    /** {@link #load(BufferAllocator, Path, ReadOptions)} of what a URI names, see {@link ByteSources#path(URI)}. */
    public static NumpyArray load(BufferAllocator allocator, URI uri, ReadOptions options) throws NpzException {
        return load(allocator, ByteSources.path(uri), options);
    }

    /** {@link #save(Path, Object, WriteOptions)} with the default options. */
    public static void save(Path target, Object array) throws NpzException {
        save(target, array, WriteOptions.defaults());
    }

    /**
     * Writes an array as {@code np.save} would, byte for byte. The bytes go to a temporary file that replaces the
     * target at the end; whatever fails, the target stays as it was.
     *
     * @param array what {@link ArrayContent#of(Object)} takes (Java arrays, buffers, arrays that were loaded), or an Arrow
     *     vector as {@link Vectors#array} takes it; borrowed for the time of the call
     * @param options the durability is heeded; an NPY file is never compressed
     * @throws NpzException IO when the file cannot be written, and what the content throws
     * @throws IllegalArgumentException when the value is no array, or the target has the extension of another format
     * @throws IllegalStateException when the content emits another number of bytes than it announced
     */
    public static void save(Path target, Object array, WriteOptions options) throws NpzException {
        TargetFormat.require(target, TargetFormat.NPY);
        ArrayContent content = Vectors.content(array);
        write(target, options, header(content), List.of(content));
    }

    /** Writes a header and arrays behind it. */
    static void write(Path target, WriteOptions options, byte[] header, List<ArrayContent> contents)
            throws NpzException {
        Location location = Location.ofFile(target.toString());
        try (AtomicFile file = AtomicFile.create(target, options.durability());
                StagedOutput sink = new StagedOutput(file.channel(), location)) {
            sink.write(ByteBuffer.wrap(header));
            for (ArrayContent content : contents) {
                long start = sink.position();
                content.writeTo(sink);
                if (sink.position() - start != content.byteLength()) {
                    throw new IllegalStateException("the array announced " + content.byteLength() + " bytes but wrote "
                            + (sink.position() - start));
                }
            }
            sink.flush();
            file.commit();
        }
    }

    /** The header that NumPy writes. */
    static byte[] header(ArrayContent content) {
        StorageOrder order = NpyHeaderWriter.numpyOrder(content.shape(), content.order());
        return NpyHeaderWriter.numpy(content.dtype(), content.shape(), order);
    }
}
