package org.arrownpz.ipc;

import java.io.Flushable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.TargetFormat;
import org.arrownpz.frame.Frame;
import org.arrownpz.internal.storage.AtomicFile;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.ipc.internal.IpcFaults;
import org.arrownpz.ipc.internal.message.MappedFileMessages;
import org.arrownpz.ipc.internal.message.MappedMessages;
import org.arrownpz.ipc.internal.message.MappedStreamMessages;
import org.arrownpz.ipc.internal.message.StreamMessages;
import org.arrownpz.support.FileMagic;

/**
 * Arrow IPC files (Feather V2: {@code .feather}, {@code .arrow}, {@code .ipc}) and streams ({@code .arrows}, pipes).
 *
 * <pre>{@code
 * try (Frame frame = Frames.open(allocator, Path.of("prices.npz"))) {
 *     Ipc.write(frame, Path.of("prices.feather"), IpcOptions.defaults());
 * }
 * try (IpcFile file = Ipc.read(allocator, Path.of("prices.feather"))) {
 *     Frames.write(file.frame(), Path.of("again.npz"), WriteOptions.defaults());
 * }
 * }</pre>
 *
 * <p>A written frame carries its labels as schema metadata, for this library and for pandas. Files are replaced
 * atomically. Message bodies and buffers begin at multiples of 64 bytes, validity bitmaps are left out where nothing is
 * null, long buffers go to the file from where they lie, offsets of slices are written from 0. Dictionaries are written
 * once, growth between batches as deltas; only streams take one that changes otherwise. A target with the extension of
 * another format ({@link TargetFormat}) is refused.
 *
 * <p>Files are read by mapping them: batches that are not compressed cost neither copies nor memory. Every length,
 * offset, view and index is checked before Arrow's vectors see it. The methods are safe for use by several threads.
 */
public final class Ipc {
    private Ipc() {}

    /**
     * Writes a frame with its labels; a target ending in {@code .arrows} becomes a stream, any other a file.
     *
     * @throws NpzException IO, LIMIT, or FILE_CHANGED when the frame's own file is cut short meanwhile
     */
    public static void write(Frame frame, Path target, IpcOptions options) throws NpzException {
        replace(target, options, writer -> write(frame, writer, options));
    }

    /** Writes a root without dictionary-encoded columns as it is, in one batch. */
    public static void write(VectorSchemaRoot root, Path target, IpcOptions options) throws NpzException {
        write(root, new DictionaryProvider.MapDictionaryProvider(), target, options);
    }

    /** Writes a root as it is, in one batch; the provider knows the dictionaries of its columns. */
    public static void write(VectorSchemaRoot root, DictionaryProvider dictionaries, Path target, IpcOptions options)
            throws NpzException {
        replace(target, options, writer -> writer.write(root, dictionaries));
    }

    /** Writes the reader's batches as they are; the reader stays the caller's. */
    public static void write(ArrowReader reader, Path target, IpcOptions options) throws NpzException {
        replace(target, options, writer -> writer.write(reader));
    }

    /** Writes a frame with its labels as a stream. The stream is flushed and stays open. */
    public static void writeStream(Frame frame, OutputStream target, IpcOptions options) throws NpzException {
        stream(Channels.newChannel(target), target, options, writer -> write(frame, writer, options));
    }

    /** Writes a frame with its labels as a stream. The channel stays open. */
    public static void writeStream(Frame frame, WritableByteChannel target, IpcOptions options) throws NpzException {
        stream(target, () -> {}, options, writer -> write(frame, writer, options));
    }

    /** Writes the reader's batches as a stream, which is flushed and stays open, as the reader does. */
    public static void writeStream(ArrowReader reader, OutputStream target, IpcOptions options) throws NpzException {
        stream(Channels.newChannel(target), target, options, writer -> writer.write(reader));
    }

    /** Writes the reader's batches as a stream. The channel stays open, as the reader does. */
    public static void writeStream(ArrowReader reader, WritableByteChannel target, IpcOptions options)
            throws NpzException {
        stream(target, () -> {}, options, writer -> writer.write(reader));
    }

    /**
     * Opens a file or a stream that lies in a file for reading batch by batch, mapped read-only.
     *
     * @see #open(BufferAllocator, Path, IpcReadOptions)
     */
    public static MappedIpcReader open(BufferAllocator allocator, Path path) throws NpzException {
        return open(allocator, path, IpcReadOptions.defaults());
    }

    /**
     * Opens a file or a stream that lies in a file for reading batch by batch; the first bytes tell them apart. Reads
     * the metadata only. The caller closes the result; nothing is accounted to the allocator but what has to be copied,
     * and one bitmap that columns without nulls share.
     *
     * <p><b>A mapped file must not be cut short or rewritten in place while in use, and vectors over it must not be
     * written to</b> (see {@link Mapping}); replacing it by rename, as {@code write} does, is safe.
     *
     * @throws NpzException VERSION for Feather V1, MAGIC for other formats (the message names them); META_SCHEMA or
     *     DATA_TRUNCATED for damaged files; IO
     * @throws IllegalArgumentException when a wanted column is not there, or there twice
     */
    public static MappedIpcReader open(BufferAllocator allocator, Path path, IpcReadOptions options)
            throws NpzException {
        Location location = Location.ofFile(path.toString());
        List<String> notes = new ArrayList<>();
        MappedIpcReader reader = null;
        ByteSource source = ByteSources.open(allocator, path, options.mapping(), notes::add);
        try {
            byte[] start = new byte[(int) Math.min(source.size(), FileMagic.LENGTH)];
            source.read(0, ByteBuffer.wrap(start));
            FileMagic magic = FileMagic.of(start);
            if (magic != null && magic != FileMagic.ARROW_FILE && magic != FileMagic.ARROW_STREAM) {
                throw magic.instead(location, "an Arrow IPC file or stream");
            }
            MappedMessages messages = magic == FileMagic.ARROW_FILE
                    ? new MappedFileMessages(source, location)
                    : new MappedStreamMessages(source, location);
            reader = new MappedIpcReader(allocator, source, messages, options, notes, location);
            return reader;
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException e) {
            throw IpcFaults.reading(location, e);
        } finally {
            if (reader == null) {
                source.close();
            }
        }
    }

    /** {@link #open(BufferAllocator, Path, IpcReadOptions)} of what a URI names, see {@link ByteSources#path(URI)}. */
    public static MappedIpcReader open(BufferAllocator allocator, URI uri, IpcReadOptions options) throws NpzException {
        return open(allocator, ByteSources.path(uri), options);
    }

    /**
     * Opens a file or stream as a frame, mapped read-only.
     *
     * @throws NpzException VERSION for Feather V1; META_SCHEMA or DATA_TRUNCATED for damaged files; LIMIT when the
     *     allocator cannot hold what has to be copied; IO
     */
    public static IpcFile read(BufferAllocator allocator, Path path) throws NpzException {
        return read(allocator, path, IpcReadOptions.defaults());
    }

    /** {@link #read(BufferAllocator, Path)}; {@link Verify#CONTENT} also checks that strings are UTF-8. */
    public static IpcFile read(BufferAllocator allocator, Path path, Verify verify) throws NpzException {
        return read(allocator, path, IpcReadOptions.defaults().withVerify(verify));
    }

    /** {@link #read(BufferAllocator, Path)} with options; what {@link #open} says of mappings holds here as well. */
    public static IpcFile read(BufferAllocator allocator, Path path, IpcReadOptions options) throws NpzException {
        return new IpcFile(open(allocator, path, options), allocator);
    }

    /**
     * Opens a stream, for instance from a pipe. The channel is closed with the result.
     *
     * @param name what messages call the stream
     */
    public static IpcFile readStream(BufferAllocator allocator, ReadableByteChannel channel, String name)
            throws NpzException {
        Location location = Location.ofFile(name);
        StreamMessages source = new StreamMessages(channel, Long.MAX_VALUE, location);
        return new IpcFile(new IpcReader(allocator, source, location, false), allocator);
    }

    private static void write(Frame frame, IpcWriter writer, IpcOptions options) throws IOException {
        try (Frame held = frame.share()) {
            int rows = options.batchRows() == 0 ? held.batchRows() : options.batchRows();
            if (options.batchRows() == 0 && held.rowCount() <= rows) {
                writer.write(held.interchangeRoot(), held.dictionaries());
            } else {
                try (ArrowReader batches = held.interchangeReader(rows)) {
                    writer.write(batches);
                }
            }
        }
    }

    private interface Writing {
        void to(IpcWriter writer) throws IOException;
    }

    private static void replace(Path target, IpcOptions options, Writing writing) throws NpzException {
        TargetFormat.require(target, TargetFormat.ARROW);
        try (AtomicFile file = AtomicFile.create(target, options.durability())) {
            Location location = Location.ofFile(target.toString());
            writing.to(new IpcWriter(file.channel(), IpcOptions.Format.ofPath(target), options, location));
            file.commit();
        } catch (IOException | RuntimeException | InternalError e) {
            throw IpcFaults.writing(Location.ofFile(target.toString()), e);
        }
    }

    private static void stream(WritableByteChannel target, Flushable flushed, IpcOptions options, Writing writing)
            throws NpzException {
        Location location = Location.ofFile(null);
        try {
            writing.to(new IpcWriter(target, IpcOptions.Format.STREAM, options, location));
            flushed.flush();
        } catch (IOException | RuntimeException | InternalError e) {
            throw IpcFaults.writing(location, e);
        }
    }
}
