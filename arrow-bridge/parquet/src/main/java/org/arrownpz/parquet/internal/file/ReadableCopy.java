package org.arrownpz.parquet.internal.file;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.SPARSE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.internal.storage.ScratchDirectory;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.parquet.internal.file.PageChecksums.Chunk;
import org.arrownpz.parquet.internal.type.ArrowSchema;
import org.arrownpz.parquet.internal.type.ParquetTypes;
import org.arrownpz.support.Rollback;
import org.jspecify.annotations.Nullable;

/**
 * A temporary copy of a file that the native reader fails at: of one in a file system that it knows nothing of; with plain lists in its Arrow schema, since it fails at a
 * fixed-size list that is null, and takes what is one from nowhere but that schema, which stands in the file; and with
 * structs where variants are.
 */
public final class ReadableCopy implements AutoCloseable {
    private static final Set<StandardOpenOption> NEW = Set.of(CREATE_NEW, READ, WRITE, SPARSE);
    private static final int STEP = 1 << 20;
    /** The native reader takes so many bytes more of the files that an old parquet-mr wrote with lengths that are too small. */
    private static final int PADDING = 100;

    private final @Nullable ScratchDirectory directory;
    private final Path path;

    /** @param directory to delete when this is closed, or null */
    private ReadableCopy(@Nullable ScratchDirectory directory, Path path) {
        this.directory = directory;
        this.path = path;
    }

    private static boolean isNeeded(ParquetFooter footer, List<String> columns, List<Field> hints) throws NpzException {
        if (footer.hasVariants()) {
            return true;
        }
        List<Field> fixed = hints.stream()
                .filter(ParquetTypes::hasFixedLists)
                .filter(field -> columns.isEmpty() || columns.contains(field.getName()))
                .toList();
        if (fixed.isEmpty()) {
            return false;
        }
        Set<String> gaps = footer.withNulls();
        return fixed.stream().anyMatch(field -> gaps.contains(field.getName()) || hasVariableLists(field));
    }

    /** Of these Polars' statistics count no nulls but those of the innermost values. */
    private static boolean hasVariableLists(Field field) {
        ArrowType type = field.getType();
        boolean variable = type instanceof ArrowType.Map
                || ParquetTypes.isList(type) && !(type instanceof ArrowType.FixedSizeList);
        return variable || field.getChildren().stream().anyMatch(ReadableCopy::hasVariableLists);
    }

    /**
     * A local file itself. Of others, which native code cannot find, a copy: of some columns their pages and the footer alone,
     * where all else is a hole.
     *
     * @param columns to read, none for all
     */
    public static ReadableCopy ofForeign(BufferAllocator allocator, Path file, List<String> columns, Location location)
            throws NpzException {
        if (file.getFileSystem() == FileSystems.getDefault()) {
            return new ReadableCopy(null, file);
        }
        return make(location, "the file is in a file system of Java alone", to -> {
            try (ByteSource from = ByteSources.open(allocator, file, Mapping.COPY);
                    FileChannel copy = FileChannel.open(to, NEW)) {
                fetch(from, copy, to, columns, location);
            }
        });
    }

    private static void fetch(ByteSource from, FileChannel copy, Path path, List<String> columns, Location location)
            throws IOException {
        long size = from.size();
        int tail = ParquetFooter.TAIL;
        if (size < 2L * tail || columns.isEmpty() || !NativeFile.canAskFor(columns)) {
            copy(from, copy, 0, size);
            return;
        }
        from.expect(0, tail);
        copy(from, copy, 0, tail);
        copy(from, copy, size - tail, tail);
        // Checked where the footer is read.
        int length = ParquetFooter.bytes(copy, size - tail, tail).getInt();
        long end = Math.min(size, tail + Math.max(0L, Math.min(length, ParquetFooter.MAX_LENGTH)));
        copy(from, copy, size - end, end);
        ParquetFooter footer = ParquetFooter.read(path, location);
        List<Chunk> chunks = PageChecksums.chunks(footer, columns, size, location);
        chunks.forEach(chunk -> from.expect(chunk.start(), chunk.length() + PADDING));
        for (Chunk chunk : chunks) {
            copy(from, copy, chunk.start(), Math.min(size - chunk.start(), chunk.length() + PADDING));
        }
    }

    private static void copy(ByteSource from, FileChannel to, long start, long length) throws IOException {
        ByteBuffer step = ByteBuffer.allocate((int) Math.min(STEP, length));
        for (long at = start; at < start + length; ) {
            from.read(at, step.clear().limit((int) Math.min(step.capacity(), start + length - at)));
            for (step.flip(); step.hasRemaining(); ) {
                at += to.write(step, at);
            }
        }
    }

    /**
     * A file that the native reader may fail at as it can be read; any other itself.
     *
     * @param columns to read, none for all
     * @param hints the file's Arrow schema
     */
    static ReadableCopy of(
            BufferAllocator allocator,
            Path file,
            List<String> columns,
            ParquetFooter footer,
            List<Field> hints,
            Location location)
            throws NpzException {
        if (!isNeeded(footer, columns, hints)) {
            return new ReadableCopy(null, file);
        }
        Map<String, String> metadata = new LinkedHashMap<>(footer.metadata());
        List<Field> plain = hints.stream().map(ArrowSchema::withPlainLists).toList();
        return make(location, "the file has variants, or fixed-size lists that are null", to -> {
            if (!plain.isEmpty()) {
                metadata.put(ArrowSchema.KEY, ArrowSchema.encode(plain, Map.of()));
            }
            try (ByteSource from = ByteSources.open(allocator, file, Mapping.COPY);
                    FileChannel copy = FileChannel.open(to, NEW)) {
                copy(from, copy, 0, from.size());
                ParquetFooter.replaceMetadata(copy, metadata, location);
            }
        });
    }

    private interface Writing {
        void to(Path target) throws IOException;
    }

    private static ReadableCopy make(Location location, String why, Writing writing) throws NpzException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        ScratchDirectory directory = ScratchDirectory.beside(temporary.resolve("copy.parquet"));
        ReadableCopy copy = new ReadableCopy(directory, directory.path().resolve("copy.parquet"));
        try (Rollback undo = Rollback.of(copy)) {
            writing.to(copy.path);
            return undo.commit(copy);
        } catch (NpzException e) {
            throw e;
        } catch (IOException e) {
            throw location.error(
                            ErrorCode.IO, why + ", and cannot be copied for the native reader, which cannot take them")
                    .remedy("Make room in " + temporary + ", or set java.io.tmpdir to another directory")
                    .cause(e)
                    .build();
        }
    }

    /** The file to be read, until this is closed. */
    public Path path() {
        return path;
    }

    @Override
    public void close() {
        if (directory != null) {
            directory.close();
        }
    }
}
