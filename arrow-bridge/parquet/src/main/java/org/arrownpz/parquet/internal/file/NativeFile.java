package org.arrownpz.parquet.internal.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.arrow.dataset.file.FileFormat;
import org.apache.arrow.dataset.file.FileSystemDatasetFactory;
import org.apache.arrow.dataset.jni.NativeMemoryPool;
import org.apache.arrow.dataset.scanner.ScanOptions;
import org.apache.arrow.dataset.scanner.Scanner;
import org.apache.arrow.dataset.source.Dataset;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.parquet.internal.type.FromStorage;
import org.arrownpz.parquet.internal.type.ParquetTypes;
import org.arrownpz.support.Meter;
import org.arrownpz.support.Rollback;
import org.jspecify.annotations.Nullable;

/** A Parquet file in the native library: factory, dataset, scanner and reader, which are closed together. */
public final class NativeFile implements AutoCloseable {
    /** Large enough that the native reader hands out whole row groups; smaller batches make it copy. */
    private static final long BATCH_ROWS = 1 << 20;

    private final BufferAllocator allocator;
    private final Location location;
    private final FileSystemDatasetFactory factory;
    private final ReadableCopy copy;
    private List<String> all = List.of();
    /** The columns whose bytes are there. */
    private List<String> present = List.of();

    private List<Field> declared = List.of();
    private long firstId;
    private @Nullable Dataset dataset;
    private @Nullable Scanner scanner;
    private @Nullable ArrowReader batches;
    private @Nullable FileDictionaries dictionaries;
    private @Nullable ArrowReader reader;
    private Meter meter = Meter.NONE;

    private NativeFile(
            BufferAllocator allocator, Location location, FileSystemDatasetFactory factory, ReadableCopy copy) {
        this.allocator = allocator;
        this.location = location;
        this.factory = factory;
        this.copy = copy;
    }

    /**
     * Opens a file.
     *
     * @param columns to read, none for all
     * @param footer the file's
     * @param hints its Arrow schema, if it has one, or nothing
     * @param firstId of the file's dictionaries
     */
    public static NativeFile open(
            BufferAllocator allocator,
            Path path,
            List<String> columns,
            ParquetFooter footer,
            List<Field> hints,
            long firstId,
            Location location)
            throws NpzException {
        ReadableCopy copy = ReadableCopy.of(allocator, path, columns, footer, hints, location);
        String misuse;
        try (Rollback undoCopy = Rollback.of(copy)) {
            NativeFile file = new NativeFile(allocator, location, factory(allocator, copy.path()), copy);
            undoCopy.commit();
            try (Rollback undo = Rollback.of(file)) {
                List<Field> found = file.factory.inspect().getFields();
                file.all = found.stream().map(Field::getName).toList();
                misuse = misuse(file.all, columns);
                if (misuse == null) {
                    refuseSameNames(found, columns, location);
                    file.present = columns.isEmpty() ? file.all : columns;
                    file.declared = hints.size() == found.size() ? hints : new Uuids(footer.uuids()).mark(found);
                    file.firstId = firstId;
                    file.scan(columns);
                    file.meter = Meter.begin(footer.rows(), Files.size(path));
                    return undo.commit(file);
                }
            }
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            throw ParquetFaults.reading(location, e);
        }
        throw new IllegalArgumentException(misuse);
    }

    private static FileSystemDatasetFactory factory(BufferAllocator allocator, Path path) {
        return new FileSystemDatasetFactory(
                allocator,
                NativeMemoryPool.getDefault(),
                FileFormat.PARQUET,
                path.toAbsolutePath().toUri().toString());
    }

    /** Reads these columns alone, from the first row on, in place of those that were read. */
    public void select(List<String> columns) throws NpzException {
        String misuse = misuse(present, columns);
        if (misuse != null) {
            throw new IllegalArgumentException(misuse);
        }
        try {
            closeScan();
            scan(columns);
        } catch (Exception | OutOfMemoryError e) {
            throw ParquetFaults.reading(location, e);
        }
    }

    private void scan(List<String> columns) throws IOException {
        Dataset whole = dataset == null ? factory.finish() : dataset;
        dataset = whole;
        boolean narrow = !columns.isEmpty() && canAskFor(columns);
        Scanner scan = scanner(whole, narrow ? columns : List.of());
        scanner = scan;
        ArrowReader read = scan.scanBatches();
        batches = read;
        List<Field> fields = read.getVectorSchemaRoot().getSchema().getFields();
        int[] places = columns.isEmpty()
                ? IntStream.range(0, all.size()).toArray()
                : columns.stream().mapToInt(all::indexOf).toArray();
        int[] positions = narrow ? IntStream.range(0, columns.size()).toArray() : places;
        FileDictionaries known = new FileDictionaries(read, firstId, allocator, location);
        dictionaries = known;
        for (int i = 0; i < positions.length; i++) {
            known.column(fields.get(positions[i]), declared.get(places[i]));
        }
        if (known.areAsRead() && positions.length == fields.size()) {
            reader = read;
            return;
        }
        collect(whole, known, all, places);
        FromStorage converter = new FromStorage(location, known, allocator);
        List<Field> steady = known.fields();
        reader = new ConvertingReader(
                read,
                positions,
                (i, column) -> converter.restore(column, steady.get(i)),
                new Schema(steady),
                known.provider(),
                allocator);
    }

    /** A scan of its own over the columns that have dictionaries. */
    private static void collect(Dataset whole, FileDictionaries known, List<String> all, int[] places)
            throws IOException {
        int[] encoded =
                IntStream.range(0, places.length).filter(known::isEncoded).toArray();
        if (encoded.length > 0) {
            List<String> names =
                    Arrays.stream(encoded).mapToObj(i -> all.get(places[i])).toList();
            // Each of a name of its own: no other column is read, whatever these are called.
            Set<String> asked = new HashSet<>(names);
            boolean narrow =
                    canAskFor(names) && all.stream().filter(asked::contains).count() == asked.size();
            int[] positions = narrow
                    ? IntStream.range(0, encoded.length).toArray()
                    : Arrays.stream(encoded).map(i -> places[i]).toArray();
            Scanner scan = scanner(whole, narrow ? names : List.of());
            try (ArrowReader values = scan.scanBatches()) {
                known.collect(values, positions, encoded);
            } finally {
                AutoCloseables.closeNoChecked(scan);
            }
        }
        known.complete();
    }

    private static Scanner scanner(Dataset whole, List<String> columns) {
        Optional<String[]> names = columns.isEmpty() ? Optional.empty() : Optional.of(columns.toArray(String[]::new));
        return whole.newScan(new ScanOptions(BATCH_ROWS, names));
    }

    private static void refuseSameNames(List<Field> found, List<String> columns, Location location)
            throws NpzException {
        for (Field field : found) {
            if ((columns.isEmpty() || columns.contains(field.getName())) && ParquetTypes.hasSameNames(field)) {
                throw location.error(
                                ErrorCode.META_SCHEMA,
                                "column " + SafeText.quote(field.getName())
                                        + " has several parts of one name, which Arrow's Java vectors have not")
                        .remedy("Read its other columns, or have the parts named apart")
                        .build();
            }
        }
    }

    /** Names cross to native code in the Java VM's own form of UTF-8, which spells these in another way. */
    static boolean canAskFor(List<String> names) {
        return names.stream().allMatch(name -> name.chars().noneMatch(c -> c == 0 || Character.isSurrogate((char) c)));
    }

    /** The fault of the names of the columns that are asked for, or null. */
    private static @Nullable String misuse(List<String> all, List<String> columns) {
        Set<String> unknown = new LinkedHashSet<>(columns);
        all.forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            return "there are no columns " + SafeText.escape(unknown.toString()) + "; there are "
                    + SafeText.escape(String.join(", ", all), 1000);
        }
        return new LinkedHashSet<>(columns).size() != columns.size()
                ? "columns are named twice in " + SafeText.escape(columns.toString())
                : null;
    }

    public BufferAllocator allocator() {
        return allocator;
    }

    public Location location() {
        return location;
    }

    /** The file's batches, which all have the same dictionaries. */
    public ArrowReader reader() {
        if (reader == null) {
            throw new IllegalStateException("closed");
        }
        return reader;
    }

    /** To be told of the rows that were read. */
    public Meter meter() {
        return meter;
    }

    /** Dictionaries of the file's own, for columns that the reader gives as indices. */
    public DictionaryProvider dictionaries() {
        if (dictionaries == null) {
            throw new IllegalStateException("closed");
        }
        return dictionaries.provider();
    }

    public Schema schema() throws NpzException {
        try {
            return reader().getVectorSchemaRoot().getSchema();
        } catch (IOException | RuntimeException e) {
            throw ParquetFaults.reading(location, e);
        }
    }

    @Override
    public void close() {
        meter.end();
        try (ReadableCopy unused = copy;
                FileSystemDatasetFactory last = factory;
                Dataset second = dataset;
                AutoCloseable first = this::closeScan) {
            dataset = null;
        } catch (Exception e) {
            throw new IllegalStateException("The native library cannot close " + location.file(), e);
        }
    }

    private void closeScan() throws Exception {
        try (AutoCloseable fourth = scanner;
                ArrowReader third = batches;
                FileDictionaries second = dictionaries;
                ArrowReader first = reader == batches ? null : reader) {
            scanner = null;
            batches = null;
            dictionaries = null;
            reader = null;
        }
    }
}
