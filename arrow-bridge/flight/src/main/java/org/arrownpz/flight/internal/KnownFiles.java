package org.arrownpz.flight.internal;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.ipc.Tables;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.vector.CopyReport;
import org.jspecify.annotations.Nullable;

/**
 * The facts on files that lists tell, read anew where a file's time, size or identity is another than it was. Holds no file
 * open, and no more bytes than a bound: those that were asked for least lately are forgotten. Safe for use by several threads.
 */
public final class KnownFiles {
    /** Formats of NumPy, as {@link Tables#format} calls them. */
    public static final Set<String> NUMPY = Set.of("npz", "npy");
    /** The format of arrays that are no table. */
    public static final String ARRAYS = "arrays";

    /** The format of what cannot be read. */
    public static final String UNREADABLE = "unreadable";

    private static final long FILE_BYTES = 512;
    /** The bytes of a schema's objects, and of what SQL makes of it, for each byte of its message. */
    private static final long OBJECTS = 12;
    /** A file that was changed a shorter time ago may be changed once more without another time. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private static final Set<ErrorCode> PASSING = Set.of(ErrorCode.IO, ErrorCode.LIMIT, ErrorCode.FILE_CHANGED);

    private final BufferAllocator allocator;
    private final long mostBytes;
    private final Map<Path, Entry> files = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Table, Table> tables = new HashMap<>();
    private long bytes;

    /**
     * @param allocator has what opening a file takes
     * @param mostBytes the bound
     */
    public KnownFiles(BufferAllocator allocator, long mostBytes) {
        this.allocator = allocator;
        this.mostBytes = mostBytes;
    }

    /**
     * The facts on a file.
     *
     * @param rows −1 where they are not known before all is read
     * @param columns with index levels; −1 where it is no table
     * @param table null where it is none, or its content cannot be read
     * @param message of its schema, as Flight sends it
     */
    public record Facts(
            String format, long rows, int columns, @Nullable Table table, ByteString message) {
        private static Facts none(String format) {
            return new Facts(format, -1, -1, null, ByteString.EMPTY);
        }

        private static Facts of(String format, long rows, int columns, Schema sent, List<Field> fields) {
            boolean plain = Table.isPlain(sent.getFields()) && Table.isPlain(fields);
            ByteString message = ByteString.copyFrom(sent.serializeAsMessage());
            return new Facts(format, rows, columns, new Table(fields, plain), message);
        }

        /** The schema of a table, as Flight sends it. */
        public Schema schema() {
            return Schema.deserializeMessage(message.asReadOnlyByteBuffer());
        }
    }

    /** The columns of a table, which files may share. */
    public static final class Table {
        private final List<Field> fields;
        /** Whether all is told that there is to tell: dictionaries have types of their own. */
        private final boolean plain;

        private volatile @Nullable Answer answer;
        private int files;

        private Table(List<Field> fields, boolean plain) {
            this.fields = fields;
            this.plain = plain;
        }

        /** The columns as SQL reads them. */
        public List<Field> fields() {
            return fields;
        }

        /** The answer of SQL on it, or null where it was not asked. */
        public @Nullable Answer answer() {
            return answer;
        }

        public void setAnswer(Answer told) {
            answer = told;
        }

        private static boolean isPlain(List<Field> fields) {
            return fields.stream().allMatch(field -> field.getDictionary() == null && isPlain(field.getChildren()));
        }

        private long bytes() {
            return OBJECTS * new Schema(fields).serializeAsMessage().length;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other || other instanceof Table table && plain && table.plain && fields.equals(table.fields);
        }

        @Override
        public int hashCode() {
            return fields.hashCode();
        }
    }

    /**
     * The columns of a table in SQL, as a message of its schema.
     *
     * @param message null for what is no table of SQL
     * @param java as clients in Java get it
     */
    public record Answer(byte @Nullable [] message, byte @Nullable [] java) {
        /** The answer on what is no table of SQL. */
        public static final Answer NONE = new Answer(null, null);
    }

    /**
     * A file as it was seen, links not followed.
     *
     * @param state of then
     */
    public record Seen(Path file, BasicFileAttributes state) {
        /** The file as it is; null where there is none. */
        public static @Nullable Seen now(Path file) {
            try {
                return new Seen(file, Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
            } catch (IOException e) {
                return null;
            }
        }

        /** Whether it is still the one that was seen, and nobody has written to it. */
        public boolean isUnchanged() {
            return isSame(now(file));
        }

        private boolean isSame(@Nullable Seen other) {
            return other != null
                    && state.size() == other.state.size()
                    && state.lastModifiedTime().equals(other.state.lastModifiedTime())
                    && Objects.equals(state.fileKey(), other.state.fileKey());
        }

        /** Whether it was changed so long ago that another change gives it another time. */
        public boolean isSettled() {
            return state.lastModifiedTime().toInstant().isBefore(Instant.now().minus(SETTLED));
        }
    }

    private record Entry(Seen seen, Facts facts, long bytes) {}

    /** Whether another try may not meet this failure. */
    public static boolean isPassing(NpzException failure) {
        return PASSING.contains(failure.code());
    }

    /**
     * The facts on a file, which may be of earlier calls.
     *
     * @throws NpzException IO, LIMIT or FILE_CHANGED where it cannot be read this time
     */
    public Facts facts(Seen file) throws IOException {
        Facts known = known(file);
        if (known != null) {
            return known;
        }
        Facts facts = read(file.file());
        return file.isSettled() ? keep(file, facts) : facts;
    }

    private synchronized @Nullable Facts known(Seen file) {
        Entry known = files.get(file.file());
        return known != null && known.seen.isSame(file) ? known.facts : null;
    }

    /**
     * The facts on each of many files, read by all processors; null where one cannot be read this time.
     *
     * @param gone whether nobody waits for them any more: then all others are null
     */
    public List<@Nullable Facts> facts(List<Seen> many, BooleanSupplier gone) {
        @Nullable Facts[] all = many.stream().map(this::known).toArray(Facts[]::new);
        IntStream.range(0, all.length).filter(i -> all[i] == null).parallel().forEach(i -> {
            try {
                all[i] = gone.getAsBoolean() ? null : facts(many.get(i));
            } catch (IOException | RuntimeException e) {
                all[i] = null;
            }
        });
        return Arrays.asList(all);
    }

    /** The columns of a file; where they cannot be read, why. */
    public Facts table(Seen file) throws IOException {
        Facts facts = facts(file);
        return facts.table() == null ? open(file.file(), Tables.format(file.file())) : facts;
    }

    private Facts read(Path file) throws IOException {
        String format = Tables.format(file);
        try {
            return open(file, format);
        } catch (NpzException e) {
            if (isPassing(e)) {
                throw e;
            }
        }
        try {
            boolean arrays = NUMPY.contains(format) && isArrays(Frames.inspect(allocator, file));
            return Facts.none(arrays ? ARRAYS : UNREADABLE);
        } catch (NpzException e) {
            return Facts.none(UNREADABLE);
        }
    }

    private Facts open(Path file, String format) throws IOException {
        if (!NUMPY.contains(format)) {
            try (ArrowReader reader = Tables.open(allocator, file)) {
                Schema schema = reader.getVectorSchemaRoot().getSchema();
                List<Field> fields = schema.getFields();
                if (Table.isPlain(fields)) {
                    return Facts.of(format, -1, fields.size(), schema, fields);
                }
            }
        }
        boolean arrays = format.equals("npy") && isArrays(Frames.inspect(allocator, file));
        try (Frame frame = Tables.read(allocator, file)) {
            List<Field> fields = frame.copyReport().columns().stream()
                    .map(CopyReport.Column::field)
                    .toList();
            return Facts.of(
                    arrays ? ARRAYS : format,
                    arrays ? -1 : frame.rowCount(),
                    arrays ? -1 : fields.size(),
                    frame.interchangeSchema(),
                    fields);
        }
    }

    /**
     * The file as a frame where its rows are at known places, or have dictionaries, of which there is one for all rows; null
     * where it is to be read batch by batch. The caller closes it.
     */
    public static @Nullable Frame frame(BufferAllocator allocator, Path file) throws IOException {
        if (NUMPY.contains(Tables.format(file))) {
            return Frames.open(allocator, file);
        }
        try (ArrowReader reader = Tables.open(allocator, file)) {
            if (Table.isPlain(reader.getVectorSchemaRoot().getSchema().getFields())) {
                return null;
            }
        }
        return Tables.read(allocator, file);
    }

    /** Whether a file holds no table: arrays of several lengths, or one that is no matrix. */
    public static boolean isArrays(FrameSummary told) {
        NpyHeader header =
                told.kind() == FrameSummary.Kind.ARRAY ? told.members().get(0).header() : null;
        return told.rows() < 0 || (header != null && header.shape().dimensions() > 2);
    }

    private synchronized Facts keep(Seen seen, Facts facts) {
        forget(files.remove(seen.file()));
        Table table = facts.table();
        Facts kept = facts;
        if (table != null) {
            Table shared = tables.putIfAbsent(table, table);
            table = shared == null ? table : shared;
            kept = new Facts(facts.format(), facts.rows(), facts.columns(), table, facts.message());
            bytes += table.files++ == 0 ? table.bytes() : 0;
        }
        long own = FILE_BYTES
                + 2L * seen.file().toString().length()
                + facts.message().size();
        bytes += own;
        files.put(seen.file(), new Entry(seen, kept, own));
        for (Iterator<Entry> eldest = files.values().iterator(); bytes > mostBytes && eldest.hasNext(); ) {
            Entry entry = eldest.next();
            eldest.remove();
            forget(entry);
        }
        return kept;
    }

    private void forget(@Nullable Entry entry) {
        if (entry == null) {
            return;
        }
        bytes -= entry.bytes;
        Table table = entry.facts.table();
        if (table != null && --table.files == 0) {
            tables.remove(table);
            bytes -= table.bytes();
        }
    }

    /** The bytes that are held, reckoned high. */
    synchronized long bytes() {
        return bytes;
    }
}
