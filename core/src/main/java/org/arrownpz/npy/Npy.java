package org.arrownpz.npy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
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

/**
 * Entry point to single NPY files.
 *
 * <pre>{@code
 * try (NpyFile file = Npy.open(allocator, Path.of("prices.npy"));
 *         ArrowBuf bytes = file.array().region(0, file.array().header().dataLength())) {
 *     System.out.println(file.array().header().dtype() + " " + file.array().header().shape());
 * }
 * }</pre>
 *
 * <p>All methods are safe for use by several threads.
 */
public final class Npy {
    private Npy() {}

    /** {@link #open(BufferAllocator, Path, ReadOptions)} with the default options: mapped read-only. */
    public static NpyFile open(BufferAllocator allocator, Path path) throws NpzException {
        return open(allocator, path, ReadOptions.defaults());
    }

    /**
     * Opens a file and checks its header; no data are touched. Bytes behind the array are ignored, as NumPy does:
     * {@code np.save} twice into one file is a documented use.
     *
     * @param allocator gives memory to regions that are copies; it must outlive them. Mapped bytes are not accounted
     * @param options mapping and limits are heeded
     * @return the open file, which the caller closes
     * @throws NpzException when the file cannot be read or is no NPY file
     */
    public static NpyFile open(BufferAllocator allocator, Path path, ReadOptions options) throws NpzException {
        ByteSource source = ByteSources.open(allocator, path, options.mapping());
        try {
            Location location = Location.ofFile(path.toString());
            return new NpyFile(source, new NpyHeaderReader(options.limits()).open(source, location, false));
        } catch (Throwable e) {
            source.close();
            throw e;
        }
    }

    /** As {@link #write(Path, ArrayContent, WriteOptions)}; nothing is taken from the allocator. */
    public static void write(BufferAllocator allocator, Path target, ArrayContent content, WriteOptions options)
            throws NpzException {
        write(target, content, options);
    }

    /**
     * Writes an array as {@code np.save} would, byte for byte. The bytes go to a temporary file that replaces the
     * target at the end; whatever fails, the target stays as it was.
     *
     * @param options the durability is heeded; an NPY file is never compressed
     * @throws NpzException IO when the file cannot be written, and what the content throws
     * @throws IllegalArgumentException when the target has the extension of another format
     * @throws IllegalStateException when the content emits another number of bytes than it announced
     */
    public static void write(Path target, ArrayContent content, WriteOptions options) throws NpzException {
        TargetFormat.require(target, TargetFormat.NPY);
        StorageOrder order = NpyHeaderWriter.numpyOrder(content.shape(), content.order());
        byte[] header = NpyHeaderWriter.numpy(content.dtype(), content.shape(), order);
        long expected = Math.addExact(header.length, content.byteLength());
        Location location = Location.ofFile(target.toString());
        try (AtomicFile file = AtomicFile.create(target, options.durability());
                StagedOutput sink = new StagedOutput(file.channel(), location)) {
            sink.write(ByteBuffer.wrap(header));
            content.writeTo(sink);
            if (sink.position() != expected) {
                throw new IllegalStateException("the array announced " + (expected - header.length)
                        + " bytes but wrote " + (sink.position() - header.length));
            }
            sink.flush();
            file.commit();
        }
    }
}
