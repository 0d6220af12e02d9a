package org.arrownpz.vector;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.SafeText;
import org.arrownpz.dtype.DType;
import org.jspecify.annotations.Nullable;

/**
 * The columns that were viewed, copied or not read yet, and why: a line for each column, and notes about the whole.
 * Immutable.
 */
public final class CopyReport {
    private final List<Column> columns;
    private final List<String> notes;

    private CopyReport(List<Column> columns, List<String> notes) {
        this.columns = columns;
        this.notes = notes;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The columns: a frame's in the order of its root, otherwise in the order in which they were read. */
    public List<Column> columns() {
        return columns;
    }

    /** Notes on the whole: level of verification, wishes that could not be fulfilled, dropped metadata. */
    public List<String> notes() {
        return notes;
    }

    /** Bytes of values that lie in the file (or in the buffer that was read from). */
    public long viewedBytes() {
        return columns.stream().mapToLong(Column::viewedBytes).sum();
    }

    /** Bytes of values that lie in allocator memory. */
    public long copiedBytes() {
        return columns.stream().mapToLong(Column::copiedBytes).sum();
    }

    /** A table for people: adjacent columns that are alike share a line. The form may change between releases. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(columns.size()).append(columns.size() == 1 ? " column: " : " columns: ");
        text.append(viewedBytes())
                .append(" bytes viewed, ")
                .append(copiedBytes())
                .append(" bytes copied\n");
        for (int first = 0; first < columns.size(); ) {
            int end = first + 1;
            while (end < columns.size() && columns.get(end).isAlike(columns.get(first))) {
                end++;
            }
            appendRun(text, first, end);
            first = end;
        }
        for (String note : notes) {
            text.append("  note: ").append(note).append('\n');
        }
        return text.toString();
    }

    private void appendRun(StringBuilder text, int first, int end) {
        Column column = columns.get(first);
        text.append("  ").append(SafeText.escape(column.name()));
        if (end - first > 1) {
            text.append(" … ").append(SafeText.escape(columns.get(end - 1).name()));
            text.append(" (").append(end - first).append(" columns)");
        }
        long viewed = 0;
        long copied = 0;
        for (Column one : columns.subList(first, end)) {
            viewed += one.viewedBytes();
            copied += one.copiedBytes();
        }
        text.append(": ").append(SafeText.escape(column.dtype())).append(" -> ").append(column.arrowType());
        String reason = column.reason();
        if (!column.isRead()) {
            text.append(", not read yet");
            if (reason != null) {
                text.append(", to be copied");
            }
        } else if (column.isViewed()) {
            text.append(", VIEWED ").append(viewed).append(" bytes");
        } else {
            text.append(", COPIED ").append(copied).append(" bytes");
            if (viewed > 0) {
                text.append(", ").append(viewed).append(" bytes viewed");
            }
        }
        if (reason != null) {
            text.append(" (").append(reason).append(')');
        }
        text.append('\n');
    }

    /**
     * One column.
     *
     * @param field the field: of a column that was not read yet, what headers tell of it
     * @param isRead whether the column was read: the columns of an open frame are when they are first asked for
     * @param type the dtype, or null for a column of Arrow buffers
     * @param viewedBytes bytes of values that are views
     * @param copiedBytes bytes of values (offsets included, validity not) that are copies
     * @param reason why the column was copied, or will be when it is read, or why it has another type than its mapping
     *     says; null where none is so
     */
    public record Column(
            Field field,
            boolean isRead,
            @Nullable DType type,
            long viewedBytes,
            long copiedBytes,
            @Nullable String reason) {
        /** The field's name, unescaped. */
        public String name() {
            return field.getName();
        }

        /** {@code dtype.str}, the descr of a record type, or {@code -} for a column of Arrow buffers. */
        public String dtype() {
            return type == null ? "-" : type.toString();
        }

        /** The Arrow type as Arrow spells it. */
        public String arrowType() {
            return field.getType().toString();
        }

        /** Whether the column was read and no value of it was copied. */
        public boolean isViewed() {
            return isRead && copiedBytes == 0;
        }

        private boolean isAlike(Column other) {
            return isRead == other.isRead
                    && isViewed() == other.isViewed()
                    && Objects.equals(reason, other.reason)
                    && Objects.equals(type, other.type)
                    && field.getType().equals(other.field.getType());
        }
    }

    /** Collects the lines of a report. Used by one thread. */
    public static final class Builder {
        private final List<Column> columns = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();

        private Builder() {}

        /** Adds a column, without dtype where it is stored as Arrow buffers. */
        public Builder column(
                @Nullable DType dtype, Field field, long viewedBytes, long copiedBytes, @Nullable String reason) {
            return column(new Column(field, true, dtype, viewedBytes, copiedBytes, reason));
        }

        /** Adds a column that was not read yet, with the reason why it will be copied, or null where it will be viewed. */
        public Builder unread(@Nullable DType dtype, Field field, @Nullable String reason) {
            return column(new Column(field, false, dtype, 0, 0, reason));
        }

        /** Adds a line of another report. */
        public Builder column(Column column) {
            columns.add(column);
            return this;
        }

        /** The number of columns so far. */
        public int size() {
            return columns.size();
        }

        /** Adds a sentence about the whole, without full stop; text from files goes in through {@link SafeText}. */
        public Builder note(String sentence) {
            notes.add(sentence);
            return this;
        }

        /** The report so far. */
        public CopyReport build() {
            return new CopyReport(List.copyOf(columns), List.copyOf(notes));
        }
    }
}
