package org.arrownpz.ipc;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.Verify;
import org.arrownpz.frame.Frame;
import org.arrownpz.memory.AtomicFile;

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
 * atomically. Reading copies the file into allocator memory and checks every length, offset, view and index before
 * Arrow's vectors see it. The methods are safe for use by several threads.
 */
public final class Ipc {
    /** Frames with more rows than one root holds are written in batches of this many. */
    private static final int LONG_FRAME_BATCH_ROWS = 1 << 24;

    private static final long MAX_ROOT_ROWS = Integer.MAX_VALUE - 8;

    private static final byte[] FEATHER_V1 = {'F', 'E', 'A', '1'};

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
        writeStream(frame, Channels.newChannel(target), options);
        try {
            target.flush();
        } catch (IOException e) {
            throw IpcFaults.writing(Location.ofFile(null), e);
        }
    }

    /** Writes a frame with its labels as a stream. The channel stays open. */
    public static void writeStream(Frame frame, WritableByteChannel target, IpcOptions options) throws NpzException {
        try {
            write(frame, new IpcWriter(target, IpcFormat.STREAM, options.compression()), options);
        } catch (IOException | RuntimeException | InternalError e) {
            throw IpcFaults.writing(Location.ofFile(null), e);
        }
    }

    /**
     * Opens a file or stream, told apart by its first bytes.
     *
     * @throws NpzException VERSION for Feather V1; META_SCHEMA or DATA_TRUNCATED for damaged files; LIMIT when the
     *     allocator cannot hold the data; IO
     */
    public static IpcFile read(BufferAllocator allocator, Path path) throws NpzException {
        return read(allocator, path, Verify.STRUCTURE);
    }

    /** {@link #read(BufferAllocator, Path)}; {@link Verify#CONTENT} also checks that strings are UTF-8. */
    public static IpcFile read(BufferAllocator allocator, Path path, Verify verify) throws NpzException {
        Location location = Location.ofFile(path.toString());
        SeekableByteChannel channel = null;
        IpcFile file = null;
        try {
            channel = Files.newByteChannel(path);
            ByteBuffer start = ByteBuffer.allocate(FileMessages.MAGIC.length);
            int length = ChannelReads.fill(channel, start);
            byte[] magic = Arrays.copyOf(start.array(), length);
            if (length >= 4 && Arrays.equals(Arrays.copyOf(magic, 4), FEATHER_V1)) {
                throw location.fault(ErrorCode.VERSION, "a Feather V1 file, a format that its makers gave up")
                        .at(0)
                        .remedy("Convert it with an older pandas or pyarrow: "
                                + "pyarrow.feather.write_feather(pyarrow.feather.read_table(old), new)")
                        .exception();
            }
            boolean isFile = Arrays.equals(magic, FileMessages.MAGIC);
            channel.position(0);
            MessageSource source = isFile
                    ? new FileMessages(channel, location)
                    : new StreamMessages(channel, channel.size(), location);
            IpcReader reader = new IpcReader(allocator, source, location, verify == Verify.CONTENT);
            file = new IpcFile(reader, allocator, isFile ? IpcFormat.FILE : IpcFormat.STREAM);
            return file;
        } catch (IOException | RuntimeException e) {
            throw IpcFaults.reading(location, e);
        } finally {
            if (file == null && channel != null) {
                ChannelReads.closeQuietly(channel);
            }
        }
    }

    /**
     * Opens a stream, for instance from a pipe. The channel is closed with the result.
     *
     * @param name what messages call the stream
     */
    public static IpcFile readStream(BufferAllocator allocator, ReadableByteChannel channel, String name)
            throws NpzException {
        Location location = Location.ofFile(name);
        MessageSource source = new StreamMessages(channel, Long.MAX_VALUE, location);
        return new IpcFile(new IpcReader(allocator, source, location, false), allocator, IpcFormat.STREAM);
    }

    private static void write(Frame frame, IpcWriter writer, IpcOptions options) throws IOException {
        if (options.batchRows() == 0 && frame.rowCount() <= MAX_ROOT_ROWS) {
            writer.write(frame.interchangeRoot(), frame.dictionaries());
        } else {
            int rows = options.batchRows() == 0 ? LONG_FRAME_BATCH_ROWS : options.batchRows();
            try (ArrowReader batches = frame.reader(rows)) {
                writer.write(batches);
            }
        }
    }

    private interface Writing {
        void to(IpcWriter writer) throws IOException;
    }

    private static void replace(Path target, IpcOptions options, Writing writing) throws NpzException {
        try (AtomicFile file = AtomicFile.create(target, options.durability())) {
            writing.to(new IpcWriter(file.channel(), IpcFormat.ofPath(target), options.compression()));
            file.commit();
        } catch (IOException | RuntimeException | InternalError e) {
            throw IpcFaults.writing(Location.ofFile(target.toString()), e);
        }
    }
}
