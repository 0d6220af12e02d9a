package org.arrownpz.frame;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.TargetFormat;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.internal.data.FrameState;
import org.arrownpz.frame.internal.exchange.ConcatenatedReader;
import org.arrownpz.frame.internal.exchange.PastedReader;
import org.arrownpz.frame.internal.exchange.RootFrames;
import org.arrownpz.frame.internal.read.FrameInspector;
import org.arrownpz.frame.internal.read.FrameOpener;
import org.arrownpz.frame.internal.write.BatchWriter;
import org.arrownpz.frame.internal.write.WriterChoice;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.vector.WriteReport;
import org.jspecify.annotations.Nullable;

/**
 * The entry point: opens NPZ archives, NPY directories and single NPY files as {@link Frame}s, and writes them.
 *
 * <pre>{@code
 * try (BufferAllocator allocator = new RootAllocator();
 *         Frame prices = Frames.open(allocator, Path.of("prices.npz"))) {
 *     Float8Vector close = (Float8Vector) prices.column("close"); // a view of the file
 *     Frames.write(prices.select("close"), Path.of("closes.npz"), WriteOptions.defaults());
 * }
 * }</pre>
 *
 * <p><b>Frames view the file: vectors are read-only unless copied, and {@code set} on a mapped vector ends the JVM.</b>
 * The file must not be truncated or rewritten in place while a frame is open; replacing it by rename is safe, and is what
 * {@link #write} does. Where others may touch the file, use {@link ReadOptions#inMemory()}.
 *
 * <p>All methods are safe for use by several threads. {@link NpzException} is the only exception for bad files.
 */
public final class Frames {
    private Frames() {}

    /** {@link #open(BufferAllocator, Path, ReadOptions)} with {@link ReadOptions#defaults()}. */
    public static Frame open(BufferAllocator allocator, Path path) throws NpzException {
        return open(allocator, path, ReadOptions.defaults());
    }

    /**
     * Opens an NPZ file, an NPY directory or an NPY file. The caller closes the frame, which keeps the file open so long.
     *
     * <p>Reads directory, headers, metadata and the labels of columns, and checks them; no value but what {@link
     * ReadOptions#verify()} asks for, and deflated members, which are inflated. Columns are made when the frame is asked for
     * them, see {@link Frame#root()} and {@link Frame#column(int)}, and show then what is wrong with their values. With
     * {@link org.arrownpz.ReadOptions.Mapping#COPY}, and with {@link org.arrownpz.ReadOptions.Verify#CONTENT}, all columns are made at once.
     *
     * @param allocator takes what must be copied; mapped bytes are not charged to it
     * @throws NpzException when the file is unreadable or malformed; nothing stays open then
     * @throws IllegalStateException when the JVM lacks the flag that Arrow needs
     */
    public static Frame open(BufferAllocator allocator, Path path, ReadOptions options) throws NpzException {
        return new Frame(FrameOpener.open(allocator, path, options));
    }

    /** {@link #open(BufferAllocator, Path, ReadOptions)} of what a URI names, see {@link ByteSources#path(URI)}. */
    public static Frame open(BufferAllocator allocator, URI uri, ReadOptions options) throws NpzException {
        return open(allocator, ByteSources.path(uri), options);
    }

    /**
     * Opens a file that lies in a buffer, which is retained until the frame's last vector is released. Where it comes from
     * an allocator, that has to share its root with the given one, as Arrow asks of all buffers of a vector.
     */
    public static Frame open(BufferAllocator allocator, ArrowBuf file, ReadOptions options) throws NpzException {
        return open(allocator, ByteSources.of(file), options);
    }

    /** Opens a file that lies in a buffer: viewed where it is direct, copied once where it is on the heap. */
    public static Frame open(BufferAllocator allocator, ByteBuffer file, ReadOptions options) throws NpzException {
        return open(allocator, ByteSources.of(allocator, file), options);
    }

    /**
     * Opens a file behind a channel, for instance of an object store: directory, headers and the selected columns are
     * fetched by range and copied. The caller closes the channel after the frame.
     */
    public static Frame open(BufferAllocator allocator, SeekableByteChannel file, ReadOptions options)
            throws NpzException {
        return open(allocator, ByteSources.of(allocator, file), options);
    }

    /** {@link #inspect(BufferAllocator, Path, ReadOptions)} with {@link ReadOptions#defaults()}. */
    public static FrameSummary inspect(BufferAllocator allocator, Path path) throws NpzException {
        return inspect(allocator, path, ReadOptions.defaults());
    }

    /**
     * Tells what {@link #open} would open, and which members there are, without reading a value of any column: schema,
     * rows and labels as the opened frame has them, except for the types of columns that are marked as depending on their
     * values. A selection of columns in the options holds here too.
     *
     * <p>What is read: an archive's directory and local headers, the frame's metadata, the header of each array (of a
     * deflated one, no more is inflated), and as a whole the labels of the columns and the stored Arrow schema, which are
     * checked as the options ask. Labels of rows are not read. Of a directory, the files' names are read too.
     *
     * <p>Unlike {@link #open}, it takes archives of several frames, archives whose arrays are no table, and arrays of Python
     * objects, which are members with a fault; of a frame with such blocks or labels, name, classes and members are told.
     *
     * @throws NpzException what opening finds in the parts that are read
     * @throws IllegalArgumentException when the options select a column that is not there
     * @throws IllegalStateException when the JVM lacks the flag that Arrow needs
     */
    public static FrameSummary inspect(BufferAllocator allocator, Path path, ReadOptions options) throws NpzException {
        if (Files.isDirectory(path)) {
            return FrameInspector.directory(allocator, path, options);
        }
        try (ByteSource source = ByteSources.open(allocator, path, options.mapping())) {
            return inspect(allocator, source, Location.ofFile(path.toString()), options);
        }
    }

    /**
     * {@link #inspect(BufferAllocator, Path, ReadOptions)} of a file within a source, which stays the caller's.
     *
     * @param location what to call the file in messages
     */
    public static FrameSummary inspect(
            BufferAllocator allocator, ByteSource source, Location location, ReadOptions options) throws NpzException {
        // A part of the source, which closing the archive leaves open.
        try (NpzFile archive = FrameOpener.archive(allocator, source.slice(0, source.size()), location, options)) {
            return archive == null
                    ? FrameInspector.array(source, location, options)
                    : FrameInspector.archive(allocator, archive, options);
        }
    }

    /** {@link #inspect(BufferAllocator, Path, ReadOptions)} of an open archive, which stays the caller's. */
    public static FrameSummary inspect(BufferAllocator allocator, NpzFile archive, ReadOptions options)
            throws NpzException {
        return FrameInspector.archive(allocator, archive, options);
    }

    /** {@link #open(BufferAllocator, Path, ReadOptions)} of an open archive, which is closed with the frame, or at once on failure. */
    public static Frame open(BufferAllocator allocator, NpzFile archive, ReadOptions options) throws NpzException {
        return new Frame(FrameOpener.open(allocator, archive, options, List.of()));
    }

    /**
     * Opens the archive in a source, once for {@link #inspect(BufferAllocator, NpzFile, ReadOptions)} and {@link
     * #open(BufferAllocator, NpzFile, ReadOptions)}; null where the source is a single array.
     *
     * @param source taken over where it is an archive, and closed where that cannot be opened
     * @param location what to call the file in messages
     */
    public static @Nullable NpzFile archive(
            BufferAllocator allocator, ByteSource source, Location location, ReadOptions options) throws NpzException {
        return FrameOpener.archive(allocator, source, location, options);
    }

    private static Frame open(BufferAllocator allocator, ByteSource source, ReadOptions options) throws NpzException {
        return new Frame(FrameOpener.open(allocator, source, Location.ofFile(null), options, List.of()));
    }

    /**
     * One array of an archive as a frame, for archives whose arrays are no table: a matrix as columns that are counted from 0,
     * records as their fields, and any other as one column of the array's name. The caller closes the frame.
     */
    public static Frame openArray(BufferAllocator allocator, Path path, String key, ReadOptions options)
            throws NpzException {
        return new Frame(FrameOpener.openArray(allocator, path, key, options));
    }

    /**
     * Checks a file to the level of the options without handing out its data. Faults become part of the verdict.
     *
     * @throws IllegalStateException when the JVM lacks the flag that Arrow needs
     */
    public static Verification verify(BufferAllocator allocator, Path path, ReadOptions options) {
        return Verifier.verify(allocator, path, options);
    }

    /**
     * Writes a frame: back to what it was read from (a frame, an array, a plain archive of arrays), or to one array where the
     * target's name ends in {@code .npy}. Arrays of a file keep dtype, shape and order, see {@link
     * org.arrownpz.WriteOptions.ArchiveForm#AS_READ}; an array without a name is {@code arr_0}, as {@code np.savez} has it. Where columns
     * of more than 128 MiB would have to be converted first, some rows are at a time, unless there is an index. The target is
     * replaced atomically; a file that is mapped, by this frame too, keeps its old content for whoever has it open.
     *
     * @throws NpzException IO; the target is as it was
     * @throws IllegalArgumentException when the frame cannot be written as the options ask, or the target has the
     *     extension of another format
     */
    public static WriteReport write(Frame frame, Path target, WriteOptions options) throws NpzException {
        TargetFormat.require(target, TargetFormat.NPZ, TargetFormat.NPY);
        return WriterChoice.write(frame.state(), target, options);
    }

    /** Writes a root as a frame, see {@link Frame#of(VectorSchemaRoot)} for its labels. */
    public static WriteReport write(VectorSchemaRoot root, Path target, WriteOptions options) throws NpzException {
        TargetFormat.require(target, TargetFormat.NPZ, TargetFormat.NPY);
        try (FrameState state = RootFrames.of(root, new DictionaryProvider.MapDictionaryProvider())) {
            return WriterChoice.write(state, target, options);
        }
    }

    /**
     * Writes all batches of a reader, from the next one on, as one frame. The reader stays open.
     *
     * <p>A frame's arrays hold a column each and batches hold rows, so that batches are kept until the last one: up to
     * 128 MiB in memory of the reader's allocator, beyond that in temporary files beside the target, which a note of the
     * report tells. A caller that knows the number of rows avoids both with {@link #write(ArrowReader, long, Path,
     * WriteOptions)}.
     *
     * @throws NpzException IO, also for an IOException of the reader, and what its batches are refused for; the target is
     *     as it was
     */
    public static WriteReport write(ArrowReader reader, Path target, WriteOptions options) throws NpzException {
        TargetFormat.require(target, TargetFormat.NPZ, TargetFormat.NPY);
        return BatchWriter.write(reader, target, options, BatchWriter.HELD_BYTES);
    }

    /**
     * Writes all batches of a reader, from the next one on, as one frame of a known number of rows. The file is the same
     * as without that number, but each batch goes to its place in the (temporary) file as it comes: none is kept, in
     * memory or beside the target, and only one bit per row of columns with nulls.
     *
     * <p>This needs columns whose place does not depend on their values: numbers, bools, fixed-size binary, dates,
     * timestamps and durations, without a dictionary and in the unit of their Arrow type. Where a column is of another
     * kind (text, lists, dictionaries), the table has an index, whose labels are compared before they are written, or the
     * options ask for deflated members, plain arrays or an {@code .npy} file, batches are kept as they are without the
     * number, and a note of the report says why.
     *
     * @param rows the number of rows that the reader has left
     * @throws NpzException FRAME_SHAPE when the reader has more or fewer rows, VALUE when a timestamp or duration is
     *     −2⁶³ without being null (NumPy's NaT) in a column that cannot show it, and otherwise as without the number; the
     *     target is as it was
     * @throws IllegalArgumentException when {@code rows} is negative, or the options refuse a column
     */
    public static WriteReport write(ArrowReader reader, long rows, Path target, WriteOptions options)
            throws NpzException {
        TargetFormat.require(target, TargetFormat.NPZ, TargetFormat.NPY);
        return BatchWriter.write(reader, rows, target, options, BatchWriter.HELD_BYTES);
    }

    /**
     * The columns of several readers side by side, batch by batch, as a reader of their own: a batch ends where that of any
     * source does, and shares its memory. Columns keep types, names and dictionaries; index levels become columns, and
     * metadata of the schemas are dropped. Written to an archive, each column is an array of it where all can be.
     *
     * <p>The readers stay the caller's, and nobody else may load them meanwhile. For one thread at a time.
     *
     * @param sources by the names that messages have for them, in the order of their columns
     * @throws NpzException IO of a reader that cannot tell its schema; loading, FRAME_SHAPE when one ends before another
     * @throws IllegalArgumentException when two columns have one name
     */
    public static ArrowReader paste(BufferAllocator allocator, Map<String, ? extends ArrowReader> sources)
            throws NpzException {
        return PastedReader.of(allocator, sources);
    }

    /**
     * The rows of several readers one after the other, as a reader of their own, whose batches are theirs and share their
     * memory. All have the same columns: names, types, extensions and index levels; dictionaries may differ. Labels, names and
     * metadata are those of the first, without what another says differently of a field's origin ({@code numpy.dtype}) and
     * without the key {@code pandas}, which counts rows. Labels of rows may repeat, which StaticFrame refuses to load.
     *
     * <p>The readers stay the caller's, and nobody else may load them meanwhile. For one thread at a time.
     *
     * @param sources by the names that messages have for them, in the order of their rows
     * @throws NpzException IO of a reader that cannot tell its schema
     * @throws IllegalArgumentException when a reader has other columns than the first, or there is none
     */
    public static ArrowReader concat(BufferAllocator allocator, Map<String, ? extends ArrowReader> sources)
            throws NpzException {
        return ConcatenatedReader.of(allocator, sources);
    }

    /**
     * Writes a frame as an NPY directory, built beside the target and renamed.
     *
     * @throws NpzException IO, also when the target exists and {@link WriteOptions#overwrite()} is not set
     */
    public static WriteReport writeDirectory(Frame frame, Path target, WriteOptions options) throws NpzException {
        return WriterChoice.writeDirectory(frame.state(), target, options);
    }

    /**
     * Rewrites a file so that all of it can be viewed: every array at a multiple of 64 bytes, members stored and without
     * gaps, blocks of frames in Fortran order. Values, labels, metadata and the order of members stay. With {@link
     * org.arrownpz.ReadOptions.ZipLayout#TOLERANT} archives with a prefix, gaps or trailing bytes are repaired; those bytes are lost.
     *
     * <p>Frames, Bus archives, plain archives and single arrays alike; arrays of plain archives keep their order and
     * their headers. A directory becomes a directory, or an archive where the target's name ends in {@code .npz}. Data
     * are always checked against their checksums first. The target may be the source, and is replaced atomically.
     *
     * @throws NpzException what reading finds, or IO; the target is as it was
     */
    public static AlignReport align(
            BufferAllocator allocator, Path source, Path target, ReadOptions read, WriteOptions write)
            throws NpzException {
        return Align.align(allocator, source, target, read, write);
    }

    /**
     * The report of {@link Frames#align}.
     *
     * <p>Immutable and safe for use by several threads.
     *
     * @param members number of members written, those of inner archives included
     * @param transposed number of two-dimensional arrays that went from C to Fortran order
     * @param inflated number of members that were deflated and are not any more
     */
    public record AlignReport(int members, int transposed, int inflated) {}

    /**
     * The verdict on one file.
     *
     * <p>Immutable and safe for use by several threads.
     *
     * @param kind {@code npy}, {@code npz}, {@code frame}, {@code frame-dir}, {@code bus} or {@code unknown}
     * @param level how much was checked
     * @param fault the first fault, or null when there is none
     */
    public record Verification(
            String kind, Verify level, @Nullable NpzException fault) {
        /** Whether the file has no fault. */
        public boolean ok() {
            return fault == null;
        }
    }
}
