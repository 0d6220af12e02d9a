package org.arrownpz.sql.internal.text;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.Location;
import org.arrownpz.SafeText;
import org.arrownpz.ipc.cdata.BatchReader;
import org.arrownpz.sql.internal.Database;
import org.arrownpz.sql.internal.DuckColumns;
import org.arrownpz.sql.internal.DuckReader;
import org.arrownpz.sql.internal.Sources;
import org.arrownpz.sql.internal.SqlFaults;
import org.arrownpz.sql.internal.StatementTables;

/** Writes batches as text: DuckDB makes the lines, in a database that reaches no file. Stateless. */
public final class TextWriter {
    private static final String TABLE = "rows";
    private static final int CHUNK = 1 << 16;

    private TextWriter() {}

    /**
     * Writes all batches. Reader and stream stay the caller's.
     *
     * @param delimiter of CSV
     * @throws IllegalArgumentException for columns that text or DuckDB has no values for, naming them
     */
    public static void write(ArrowReader reader, OutputStream out, boolean json, char delimiter, Location location)
            throws IOException {
        List<Field> fields =
                DuckColumns.decoded(reader.getVectorSchemaRoot().getSchema().getFields(), reader);
        requireNames(fields, json);
        StatementTables.requireNone(DuckColumns.unsupported(fields));
        TextLines lines = new TextLines(json, delimiter);
        out.write(lines.header(fields).getBytes(StandardCharsets.UTF_8));
        // One of the columns' own, or their buffers could not be lent.
        Optional<BufferAllocator> parent = reader.getVectorSchemaRoot().getFieldVectors().stream()
                .map(FieldVector::getAllocator)
                .filter(Objects::nonNull)
                .findFirst();
        try (BufferAllocator allocator = parent.isPresent()
                        ? parent.get().newChildAllocator("text", 0, Long.MAX_VALUE)
                        : new RootAllocator();
                Sources sources = new Sources(allocator);
                Database database = Database.ofFile(null)) {
            sources.add(TABLE, new DuckReader(lent(allocator, reader), null, allocator, location, TextLines::exact));
            sources.register(database);
            try (ArrowReader text =
                    database.query(lines.sql(TABLE, fields), List.of(), allocator, Math.max(1, fields.size()))) {
                byte[] chunk = new byte[CHUNK];
                while (text.loadNextBatch()) {
                    write(text.getVectorSchemaRoot(), out, chunk);
                }
            } catch (SQLException | IOException | RuntimeException e) {
                Throwable failure = sources.failure();
                throw SqlFaults.failed(location, failure == null ? e : failure);
            } finally {
                database.end();
            }
        } catch (SQLException e) {
            throw SqlFaults.failed(location, e);
        }
    }

    private static void requireNames(List<Field> fields, boolean json) {
        if (fields.isEmpty()) {
            throw new IllegalArgumentException("a table without columns has no text");
        }
        Set<String> names = new HashSet<>();
        for (Field field : fields) {
            if (json && !names.add(field.getName())) {
                throw new IllegalArgumentException("JSON cannot hold two values of " + SafeText.quote(field.getName())
                        + ". Give each a name of its own, or write Feather");
            }
        }
    }

    /** The lines, none of which is null, lie one behind the other. */
    private static void write(VectorSchemaRoot batch, OutputStream out, byte[] chunk) throws IOException {
        if (batch.getVector(0) instanceof LargeVarCharVector lines) {
            long at = lines.getOffsetBuffer().getLong(0);
            long end = lines.getOffsetBuffer().getLong(batch.getRowCount() * (long) Long.BYTES);
            while (at < end) {
                int count = (int) Math.min(chunk.length, end - at);
                lines.getDataBuffer().getBytes(at, chunk, 0, count);
                out.write(chunk, 0, count);
                at += count;
            }
        }
    }

    /** A reader that stays its owner's. */
    private static ArrowReader lent(BufferAllocator allocator, ArrowReader reader) {
        return new BatchReader.Owned(allocator, reader, () -> {}) {
            @Override
            public void close() {
                // Its owner closes it.
            }
        };
    }
}
