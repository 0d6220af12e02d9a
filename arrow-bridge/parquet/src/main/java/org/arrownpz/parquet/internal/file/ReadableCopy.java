package org.arrownpz.parquet.internal.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.storage.ScratchDirectory;
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
    private final ScratchDirectory directory;
    private final Path path;

    private ReadableCopy(ScratchDirectory directory, Path path) {
        this.directory = directory;
        this.path = path;
    }

    /**
     * Whether the native reader may fail at the file itself.
     *
     * @param columns to read, none for all
     * @param hints the file's Arrow schema
     */
    static boolean isNeeded(ParquetFooter footer, List<String> columns, List<Field> hints) throws NpzException {
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

    /** The content of a file that native code cannot find, as it is: those of other file systems. Null for all else. */
    public static @Nullable ReadableCopy ofForeign(Path file, Location location) throws NpzException {
        if (file.getFileSystem() == FileSystems.getDefault()) {
            return null;
        }
        return make(location, "the file is in a file system of Java alone", to -> Files.copy(file, to));
    }

    static ReadableCopy of(Path file, ParquetFooter footer, List<Field> hints, Location location) throws NpzException {
        String why = "the file has variants, or fixed-size lists that are null";
        return make(location, why, to -> write(file, to, footer, hints, location));
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

    private static void write(Path file, Path path, ParquetFooter footer, List<Field> hints, Location location)
            throws IOException {
        Map<String, String> metadata = new LinkedHashMap<>(footer.metadata());
        List<Field> plain = hints.stream().map(ArrowSchema::withPlainLists).toList();
        if (!plain.isEmpty()) {
            metadata.put(ArrowSchema.KEY, ArrowSchema.encode(plain, Map.of()));
        }
        try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ);
                FileChannel to = FileChannel.open(
                        path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long size = from.size();
            for (long done = 0; done < size; ) {
                long count = from.transferTo(done, size - done, to);
                if (count <= 0) {
                    throw new IOException("the file became shorter");
                }
                done += count;
            }
            ParquetFooter.replaceMetadata(to, metadata, location);
        }
    }

    /** The copy, until this is closed. */
    public Path path() {
        return path;
    }

    @Override
    public void close() {
        directory.close();
    }
}
