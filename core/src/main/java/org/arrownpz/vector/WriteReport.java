package org.arrownpz.vector;

import java.util.List;
import java.util.Locale;
import org.arrownpz.SafeText;
import org.jspecify.annotations.Nullable;

/**
 * The fate of each column of a written file: which ones NumPy and StaticFrame see, and what had to be changed for
 * them. Immutable.
 *
 * @param columns the columns in order
 * @param notes what concerns the file as a whole
 */
public record WriteReport(List<Column> columns, List<String> notes) {
    private static final int SHOWN = 100;

    public WriteReport {
        columns = List.copyOf(columns);
        notes = List.copyOf(notes);
    }

    /** The form in which a column's values are stored. */
    public enum Stored {
        /** Elements of a NumPy array. */
        BLOCK,
        /** One array per Arrow buffer. */
        BUFFERS
    }

    /**
     * One column.
     *
     * @param name the column's name
     * @param stored where its values are
     * @param dtype the NumPy type of a block, null for buffers
     * @param reason why it is stored as buffers, null for blocks
     * @param nullCount how many rows are null
     * @param fill what null rows hold in a block, null where none is null
     * @param note why the dtype is not the one the column came with or does not say all of it, or null
     * @param bytes bytes of its data in the file, without those it shares with columns before it
     */
    public record Column(
            String name,
            Stored stored,
            @Nullable String dtype,
            @Nullable String reason,
            long nullCount,
            @Nullable String fill,
            @Nullable String note,
            long bytes) {
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(SafeText.escape(name)).append(": ");
            if (stored == Stored.BUFFERS) {
                text.append("Arrow buffers (").append(reason).append(')');
            } else {
                text.append("block ").append(dtype);
            }
            if (nullCount > 0) {
                text.append(String.format(Locale.ROOT, ", %,d null", nullCount));
                text.append(fill == null ? "" : " as " + fill);
            }
            text.append(note == null ? "" : ", " + note);
            return text.append(String.format(Locale.ROOT, ", %,d bytes", bytes)).toString();
        }
    }

    /** The names of the columns that NumPy and StaticFrame do not see as columns. */
    public List<String> columnsHiddenFromNumpy() {
        return columns.stream()
                .filter(column -> column.stored() == Stored.BUFFERS)
                .map(Column::name)
                .toList();
    }

    /** Whether the file holds every value in a form that NumPy has, with no null and no dtype changed. */
    public boolean isPlain() {
        return columns.stream()
                .allMatch(column -> column.stored() == Stored.BLOCK
                        && column.note() == null
                        && (column.nullCount() == 0 || "NaT".equals(column.fill())));
    }

    /** Bytes of all columns' data. */
    public long bytes() {
        return columns.stream().mapToLong(Column::bytes).sum();
    }

    /** One line per column (the first hundred), then the notes. */
    @Override
    public String toString() {
        int hidden = columnsHiddenFromNumpy().size();
        StringBuilder text =
                new StringBuilder(String.format(Locale.ROOT, "%,d columns, %,d bytes", columns.size(), bytes()));
        text.append(hidden == 0 ? "" : String.format(Locale.ROOT, ", %,d not visible to NumPy", hidden));
        for (int i = 0; i < Math.min(SHOWN, columns.size()); i++) {
            text.append("\n  ").append(columns.get(i));
        }
        if (columns.size() > SHOWN) {
            text.append("\n  and ").append(columns.size() - SHOWN).append(" more");
        }
        for (String note : notes) {
            text.append("\n  note: ").append(note);
        }
        return text.toString();
    }
}
