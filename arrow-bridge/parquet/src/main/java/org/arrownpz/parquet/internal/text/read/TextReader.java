package org.arrownpz.parquet.internal.text.read;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.ipc.cdata.BatchReader;
import org.arrownpz.ipc.internal.BatchJoin;
import org.arrownpz.support.Faults;
import org.arrownpz.support.Meter;
import org.arrownpz.support.Rollback;
import org.jspecify.annotations.Nullable;

/** The batches of a text file. Used by one thread. */
public final class TextReader extends BatchReader {
    private static final int BATCH_ROWS = 1 << 16;
    /** The most bytes of a batch's texts: with long rows, it ends before they reach the 2 GiB of a vector. */
    private static final long BATCH_BYTES = 64L << 20;

    /** All columns together begin with memory for so many values: there may be many columns, of few rows. */
    private static final int FIRST_VALUES = 1 << 18;

    private static final int BUFFER = 1 << 16;
    private static final int BYTE_ORDER_MARK = 0xEFBBBF;

    private final Location location;
    private final Path path;
    private final Stamp stamp;
    private final TextTable.Rows rows;
    private final Meter meter;
    private final VectorSchemaRoot root;

    private TextReader(
            BufferAllocator allocator,
            Location location,
            Path path,
            Stamp stamp,
            TextTable.Rows rows,
            Meter meter,
            VectorSchemaRoot root) {
        super(allocator);
        this.location = location;
        this.path = path;
        this.stamp = stamp;
        this.rows = rows;
        this.meter = meter;
        this.root = root;
    }

    /**
     * Reads the whole file for the types of its columns, and is then ready to read it again.
     *
     * @param names the columns to read, in this order; null for all
     * @throws NpzException IO; VALUE when the file is not of the form; LIMIT when memory is refused
     * @throws IllegalArgumentException when there is no column of such a name, or one is named twice
     */
    public static TextReader open(BufferAllocator allocator, Path path, Form form, @Nullable List<String> names)
            throws NpzException {
        Location location = located(path);
        try {
            Stamp before = Stamp.of(path);
            // Once for the types, and once for the values.
            Meter meter = Meter.begin(Math.multiplyExact(2L, before.size()), before.size());
            TextTable table = see(path, form, meter);
            int[] places = places(table.fields(), names);
            List<Field> fields =
                    Arrays.stream(places).mapToObj(table.fields()::get).toList();
            VectorSchemaRoot root = VectorSchemaRoot.create(new Schema(fields), allocator);
            try (Rollback undo = Rollback.of(root)) {
                Column[] columns = new Column[table.fields().size()];
                for (int i = 0; i < places.length; i++) {
                    root.getVector(i).setInitialCapacity(Math.max(8, FIRST_VALUES / places.length));
                    columns[places[i]] = Column.of(root.getVector(i));
                }
                TextTable.Rows rows = table.rows(stream(path, meter), columns);
                return undo.commit(new TextReader(allocator, location, path, before, rows, meter, root));
            }
        } catch (IOException | OutOfMemoryException e) {
            throw fault(location, e);
        }
    }

    /** Reads the whole file for the types of its columns; errors as of {@link #open}. */
    public static Schema schema(Path path, Form form) throws NpzException {
        Location location = located(path);
        try {
            return new Schema(see(path, form, Meter.NONE).fields());
        } catch (IOException e) {
            throw fault(location, e);
        }
    }

    private static Location located(Path path) throws NpzException {
        Location location = Location.ofFile(path.toString());
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            throw location.error(ErrorCode.IO, Files.exists(path) ? "no readable file" : "no such file")
                    .build();
        }
        return location;
    }

    /** The mark that tells one state of a file from another. */
    private record Stamp(long size, FileTime time) {
        static Stamp of(Path path) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new Stamp(attributes.size(), attributes.lastModifiedTime());
        }
    }

    private static TextTable see(Path path, Form form, Meter meter) throws IOException {
        try (InputStream in = stream(path, meter)) {
            return form == Form.CSV ? new CsvTable(in) : new JsonTable(in);
        }
    }

    /** A file's bytes behind its byte order mark, if it has one. */
    private static InputStream stream(Path path, Meter meter) throws IOException {
        InputStream in = new BufferedInputStream(new MeteredInput(Files.newInputStream(path), meter), BUFFER);
        in.mark(3);
        if ((in.read() << 16 | in.read() << 8 | in.read()) != BYTE_ORDER_MARK) {
            in.reset();
        }
        return in;
    }

    /** The places of the columns of these names, or of all. */
    private static int[] places(List<Field> fields, @Nullable List<String> names) {
        if (names == null) {
            return IntStream.range(0, fields.size()).toArray();
        }
        Map<String, Integer> places = new HashMap<>();
        fields.forEach(field -> places.put(field.getName(), places.size()));
        int[] chosen = new int[names.size()];
        for (int i = 0; i < chosen.length; i++) {
            Integer place = places.remove(names.get(i));
            if (place == null) {
                throw new IllegalArgumentException(
                        (names.subList(0, i).contains(names.get(i)) ? "selected twice: column " : "there is no column ")
                                + SafeText.quote(names.get(i)));
            }
            chosen[i] = place;
        }
        return chosen;
    }

    private static NpzException fault(Location location, Exception e) {
        if (e instanceof NpzException typed) {
            return typed;
        }
        if (e instanceof OutOfMemoryException) {
            return Faults.limit(location, "for the data", e);
        }
        if (e instanceof FormatException) {
            return location.error(ErrorCode.VALUE, "the file cannot be read")
                    .found(SafeText.escape(String.valueOf(e.getMessage())))
                    .cause(e)
                    .build();
        }
        if (e instanceof CharacterCodingException) {
            return location.error(ErrorCode.VALUE, "the file is not UTF-8")
                    .cause(e)
                    .remedy("Convert it to UTF-8")
                    .build();
        }
        if (e instanceof ChangedException) {
            return location.error(ErrorCode.FILE_CHANGED, "the file has changed since its columns were looked at")
                    .cause(e)
                    .build();
        }
        return e instanceof IOException io
                ? Faults.reading(location, io)
                : location.error(ErrorCode.VALUE, "the file cannot be read")
                        .cause(e)
                        .build();
    }

    /** All batches as one root, which the caller closes. */
    public VectorSchemaRoot whole() throws NpzException {
        try (BatchJoin join = new BatchJoin(root.getSchema(), allocator, location)) {
            while (loadNextBatch()) {
                join.add(root, this);
                root.clear();
            }
            return join.root(allocator);
        } catch (OutOfMemoryException e) {
            throw fault(location, e);
        }
    }

    @Override
    public VectorSchemaRoot getVectorSchemaRoot() {
        return root;
    }

    @Override
    public boolean loadNextBatch() throws NpzException {
        root.clear();
        try {
            root.allocateNew();
            int count = 0;
            long bytes = 0;
            while (count < BATCH_ROWS && bytes < BATCH_BYTES) {
                long row = rows.read(count);
                if (row < 0) {
                    requireUnchanged();
                    break;
                }
                bytes += row;
                count++;
            }
            root.setRowCount(count);
            return count > 0;
        } catch (IOException | RuntimeException e) {
            root.clear();
            throw fault(location, e);
        }
    }

    private void requireUnchanged() throws IOException {
        if (!Stamp.of(path).equals(stamp)) {
            throw new ChangedException();
        }
    }

    @Override
    public void close() {
        meter.end();
        AutoCloseables.closeNoChecked(() -> AutoCloseables.close(rows, root));
    }

    /** Tells a meter how many bytes were read; below a buffer, so that it is told once for many. */
    private static final class MeteredInput extends FilterInputStream {
        private final Meter meter;

        MeteredInput(InputStream in, Meter meter) {
            super(in);
            this.meter = meter;
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            meter.add(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            meter.add(Math.max(0, read));
            return read;
        }
    }

    /** The forms of text files. */
    public enum Form {
        CSV("CSV"),
        JSON("JSON lines");

        private final String label;

        Form(String label) {
            this.label = label;
        }

        @Override
        public String toString() {
            return label;
        }
    }
}
