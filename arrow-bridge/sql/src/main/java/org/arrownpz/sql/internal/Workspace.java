package org.arrownpz.sql.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ReadLimits;
import org.arrownpz.SafeText;
import org.arrownpz.frame.Frame;
import org.jspecify.annotations.Nullable;

/** Tables and files that statements may read, and their limits. Not safe for use by several threads. */
public final class Workspace {
    private static final Set<String> RESERVED =
            Set.of("main", "temp", "memory", "system", "information_schema", "pg_catalog");

    private static final int FEW_TABLES = 64;

    private final Map<TableName, Source> tables = new TreeMap<>();
    private final List<Path> allowed = new ArrayList<>();
    private long memoryLimit;
    private long processorLimit;
    private ReadLimits limits = ReadLimits.defaults();
    private boolean textFiles;

    /** The table of a name: an open frame, which is the caller's, or a file. */
    record Source(@Nullable Frame frame, @Nullable Path file) {
        Table table(BufferAllocator allocator, ReadLimits limits) {
            return file == null
                    ? FrameTable.borrowed(allocator, Objects.requireNonNull(frame))
                    : FileTable.of(allocator, file, null, limits);
        }
    }

    /** Adds a frame, which must be open until results are closed. */
    public void add(String name, Frame frame) {
        add(new TableName("", name), new Source(frame, null));
    }

    /**
     * Adds a file.
     *
     * @param schema the schema that the table is in, or empty
     * @throws IllegalArgumentException when the schema's name is one of DuckDB's own, or the table's name is taken
     */
    public void add(String schema, String name, Path file) {
        if (RESERVED.contains(schema.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("not a name for a schema: " + SafeText.quote(schema));
        }
        add(new TableName(schema, name), new Source(null, file));
    }

    private void add(TableName name, Source source) {
        if (tables.putIfAbsent(name, source) != null) {
            throw new IllegalArgumentException("there is a table " + SafeText.quote(name.toString()) + " already");
        }
    }

    public void allow(List<Path> paths) {
        allowed.addAll(paths);
    }

    /** @param bytes what DuckDB may take for a statement, or 0 for its default */
    public void setMemoryLimit(long bytes) {
        memoryLimit = bytes;
    }

    /** @param nanos what processors may do for a statement in a process of its own, or 0 for any time */
    public void setProcessorLimit(long nanos) {
        processorLimit = nanos;
    }

    public void setLimits(ReadLimits bounds) {
        limits = bounds;
    }

    public void setTextFiles(boolean read) {
        textFiles = read;
    }

    public void clear() {
        tables.clear();
        allowed.clear();
    }

    /** A table that is a file. */
    public record NamedFile(String schema, String name, Path file) {}

    /**
     * The files that a statement may mean, found without reading it as SQL: all where they are few, else those whose name is
     * a part of the text.
     *
     * @throws IllegalArgumentException when the statement is too long, or has a NUL
     */
    public List<NamedFile> files(String statement) {
        Statements.requireText(statement);
        // A name that is escaped looks otherwise.
        boolean all = tables.size() <= FEW_TABLES || statement.indexOf('\\') >= 0 || statement.contains("\"\"");
        String text = all ? "" : statement.toLowerCase(Locale.ROOT);
        List<NamedFile> files = new ArrayList<>();
        tables.forEach((name, source) -> {
            if (source.file() != null && (all || text.contains(name.name().toLowerCase(Locale.ROOT)))) {
                files.add(new NamedFile(name.schema(), name.name(), source.file()));
            }
        });
        return files;
    }

    Map<TableName, Source> tables() {
        return tables;
    }

    public List<Path> allowed() {
        return allowed;
    }

    public long memoryLimit() {
        return memoryLimit;
    }

    public long processorLimit() {
        return processorLimit;
    }

    public ReadLimits limits() {
        return limits;
    }

    public boolean textFiles() {
        return textFiles;
    }
}
