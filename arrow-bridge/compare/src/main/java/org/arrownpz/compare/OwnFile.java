package org.arrownpz.compare;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.arrow.dataset.file.FileFormat;
import org.apache.arrow.flatbuf.BodyCompression;
import org.apache.arrow.flatbuf.CompressionType;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.ipc.message.MessageMetadataResult;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.arrownpz.Location;
import org.arrownpz.ReadOptions;
import org.arrownpz.compare.Comparison.Kind;
import org.arrownpz.compare.Contenders.Reader;
import org.arrownpz.frame.Frame;
import org.arrownpz.ipc.Tables;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.npz.NpzFile.NpzEntry;
import org.arrownpz.parquet.internal.file.ParquetFooter;
import org.jspecify.annotations.Nullable;

/**
 * The user's own file as a contender: its bytes, its codec, and who reads it. It is read only.
 *
 * @param path the file, or an NPY directory
 * @param label what it is, for instance {@code this file, Parquet ZSTD}
 * @param format the extension that such files have
 * @param readers all but DuckDB
 */
record OwnFile(Path path, String label, String format, List<Reader> readers) {
    private static final String PARQUET = "parquet";

    /**
     * Looks at a file that {@link Tables#read} has read.
     *
     * @param options those that it was read with; all columns
     */
    static OwnFile of(BufferAllocator allocator, Path path, ReadOptions options) throws IOException {
        String format = Tables.format(path);
        List<Reader> readers = new ArrayList<>();
        String kind = format.toUpperCase(Locale.ROOT);
        boolean maps = false;
        switch (format) {
            case PARQUET -> {
                Location location = Location.ofFile(path.toString());
                kind = "Parquet "
                        + String.join(
                                " and ", ParquetFooter.read(path, location).codecs());
                readers.add(Contenders.dataset(FileForm.OWN, FileFormat.PARQUET, "", false));
            }
            case "feather", "arrow", "ipc" -> {
                String codec = codec(allocator, path);
                maps = codec != null && codec.equals("plain");
                kind = codec == null ? "Arrow stream" : "Feather " + codec;
                if (codec != null) {
                    readers.addAll(Contenders.feather(FileForm.OWN, maps, false));
                }
            }
            case "npz", "npy" -> {
                maps = true;
                kind = Files.isDirectory(path)
                        ? "NPY directory"
                        : format.equals("npy") ? "NPY" : archive(allocator, path);
            }
            case "arrows" -> kind = "Arrow stream";
            default -> {}
        }
        Reader.Call call = (child, file, batch) -> {
            try (Frame frame = Tables.read(child, file, options)) {
                Contenders.hand(frame, batch);
            }
        };
        readers.add(0, new Reader(FileForm.OWN, "Tables.read", Kind.OURS, maps, call, null));
        return new OwnFile(path, FileForm.OWN.label() + ", " + kind.strip(), format, readers);
    }

    boolean isDirectory() {
        return Files.isDirectory(path);
    }

    /** Whether an archive has StaticFrame's metadata. */
    boolean isFrame() {
        try (FileSystem zip = FileSystems.newFileSystem(path)) {
            return Files.exists(zip.getPath("__meta__.json"));
        } catch (IOException | ProviderNotFoundException e) {
            return false;
        }
    }

    boolean isParquet() {
        return format.equals(PARQUET);
    }

    private static String archive(BufferAllocator allocator, Path path) {
        try (NpzFile file = NpzFile.open(allocator, path)) {
            return file.entries().stream().allMatch(NpzEntry::stored) ? "NPZ" : "NPZ deflated";
        } catch (IOException e) {
            // Opened with other options than these; only its name is asked for here.
            return "NPZ";
        }
    }

    /** The codec of the first record batch; null for what is no IPC file. */
    private static @Nullable String codec(BufferAllocator allocator, Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
                ArrowFileReader reader = new ArrowFileReader(channel, allocator)) {
            List<ArrowBlock> blocks = reader.getRecordBlocks();
            if (blocks.isEmpty()) {
                return "plain";
            }
            channel.position(blocks.get(0).getOffset());
            MessageMetadataResult message = MessageSerializer.readMessage(new ReadChannel(channel));
            RecordBatch batch = (RecordBatch) message.getMessage().header(new RecordBatch());
            BodyCompression compression = batch.compression();
            if (compression == null) {
                return "plain";
            }
            return compression.codec() == CompressionType.ZSTD ? "ZSTD" : "LZ4";
        } catch (RuntimeException | IOException e) {
            // A stream under a file's name, which has no footer.
            return null;
        }
    }
}
