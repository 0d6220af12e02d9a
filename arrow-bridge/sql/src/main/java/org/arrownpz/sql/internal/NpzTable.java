package org.arrownpz.sql.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.label.FrameSummary;
import org.jspecify.annotations.Nullable;

/**
 * An NPZ file. Where its headers tell the columns, only the members that a statement needs are read, and those of the
 * index; else it is opened once as a whole.
 */
final class NpzTable implements Table {
    private final BufferAllocator allocator;
    private final Path path;
    private final ReadOptions options;
    private final FrameTable whole;
    private boolean opened;
    private @Nullable List<String> names;
    private @Nullable List<Field> fields;

    NpzTable(BufferAllocator allocator, Path path, ReadOptions options) {
        this.allocator = allocator;
        this.path = path;
        this.options = options;
        this.whole = new FrameTable(() -> Frames.open(allocator, path, options));
    }

    @Override
    public List<Field> fields() throws NpzException {
        List<Field> known = fields;
        if (known == null) {
            FrameSummary headers = headers();
            if (headers == null) {
                opened = true;
                known = whole.fields();
            } else {
                known = headers.schema().getFields();
                names = known.stream()
                        .skip(headers.indexLevels())
                        .map(Field::getName)
                        .toList();
            }
            fields = known;
        }
        return known;
    }

    /**
     * What the headers tell, or null where the file must be opened as a whole: to know dictionaries, to inflate members
     * once, or to say what is wrong with it. It is a plan; who reads the columns sees what they are.
     */
    private @Nullable FrameSummary headers() {
        FrameSummary told;
        try {
            told = Frames.inspect(allocator, path, options);
        } catch (NpzException | IllegalArgumentException e) {
            // Opening the file says what is wrong.
            return null;
        }
        boolean usable = told.rows() >= 0
                && told.columns().size() > told.indexLevels()
                && told.columns().stream().allMatch(column -> column.member() != null)
                && told.members().stream().noneMatch(member -> member.method() != 0);
        return usable ? told : null;
    }

    @Override
    public Rows read(@Nullable Set<String> columns) throws NpzException {
        if (opened || names == null || columns == null) {
            opened = true;
            return whole.read(columns);
        }
        List<String> some = names.stream().filter(columns::contains).toList();
        if (some.isEmpty()) {
            // Index levels alone: a frame has a column.
            List<Field> known = fields().subList(fields().size() - names.size(), fields().size());
            some = List.of(DuckColumns.cheapest(known).getName());
        }
        return FrameTable.owned(Frames.open(allocator, path, options.withColumns(some)));
    }

    @Override
    public void close() {
        whole.close();
    }
}
