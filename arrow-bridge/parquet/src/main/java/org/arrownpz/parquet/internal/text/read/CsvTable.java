package org.arrownpz.parquet.internal.text.read;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.SafeText;
import org.arrownpz.parquet.internal.text.type.Guess;
import org.arrownpz.parquet.internal.text.type.Texts;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a CSV file: their names are in its first line, their types in all others. Quotes make a cell a text, as
 * long as there is a cell without them: a file that quotes everything says nothing by it. A cell without quotes and
 * characters is null.
 */
final class CsvTable implements TextTable {
    private final List<Field> fields = new ArrayList<>();
    /** Whether empty cells in quotes are null where they are no text: quotes say nothing in this file. */
    private boolean allQuoted = true;

    /** Sees the whole file. */
    CsvTable(InputStream in) throws IOException {
        List<String> names = new ArrayList<>();
        try (CsvCells cells = new CsvCells(in)) {
            cells.next((column, text, from, to, quoted) -> {
                allQuoted &= quoted;
                names.add(new String(text, from, to - from));
            });
            if (names.isEmpty()) {
                throw new FormatException(1, "there are no names of columns");
            }
            requireDistinct(names);
            guess(names, cells);
        }
    }

    private static void requireDistinct(List<String> names) throws FormatException {
        Set<String> known = new HashSet<>();
        for (String name : names) {
            if (!known.add(name)) {
                throw new FormatException(1, "two columns are named " + SafeText.quote(name));
            }
        }
    }

    private void guess(List<String> names, CsvCells cells) throws IOException {
        int columns = names.size();
        Texts texts = new Texts();
        Guess[] bare = guesses(columns);
        Guess[] quoted = guesses(columns);
        boolean[] anyQuoted = new boolean[columns];
        CsvCells.Sink sink = (column, text, from, to, inQuotes) -> {
            if (column < columns) {
                allQuoted &= inQuotes;
                anyQuoted[column] |= inQuotes;
                if (from < to && (allQuoted || !anyQuoted[column])) {
                    (inQuotes ? quoted : bare)[column].add(texts.kind(text, from, to), text, from, to, texts);
                }
            }
        };
        while (cells.next(sink) >= 0) {
            // The sink sees all there is.
        }
        for (int i = 0; i < columns; i++) {
            ArrowType type = allQuoted ? quoted[i].type() : anyQuoted[i] ? ArrowType.Utf8.INSTANCE : bare[i].type();
            fields.add(new Field(names.get(i), FieldType.nullable(type), null));
        }
    }

    private static Guess[] guesses(int columns) {
        Guess[] guesses = new Guess[columns];
        Arrays.setAll(guesses, i -> new Guess());
        return guesses;
    }

    @Override
    public List<Field> fields() {
        return fields;
    }

    @Override
    public TextTable.Rows rows(InputStream in, @Nullable Column[] columns) throws IOException {
        CsvCells cells = new CsvCells(in);
        if (cells.next((column, text, from, to, quoted) -> {}) < 0) {
            throw new ChangedException();
        }
        return new CsvRecords(cells, columns);
    }

    /** Records that become rows. */
    private final class CsvRecords implements TextTable.Rows {
        private final CsvCells cells;
        private final @Nullable Column[] columns;
        private int row;

        CsvRecords(CsvCells cells, @Nullable Column[] columns) {
            this.cells = cells;
            this.columns = columns;
        }

        @Override
        public long read(int at) throws IOException {
            row = at;
            return cells.next(this::cell);
        }

        private void cell(int number, char[] text, int from, int to, boolean quoted) throws IOException {
            Column column = number < columns.length ? columns[number] : null;
            if (column == null) {
                return;
            }
            boolean empty = from == to && !(quoted && fields.get(number).getType() instanceof ArrowType.Utf8);
            if (!empty) {
                column.text(row, text, from, to);
            }
        }

        @Override
        public void close() throws IOException {
            cells.close();
        }
    }
}
