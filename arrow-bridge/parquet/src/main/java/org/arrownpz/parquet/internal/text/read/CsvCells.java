package org.arrownpz.parquet.internal.text.read;

import de.siegmar.fastcsv.reader.CsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.RecordType;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The cells of a CSV file in UTF-8, record by record, as RFC 4180 has them. Used by one thread. */
final class CsvCells implements Closeable {
    /** The most characters of a cell, which lie on the heap. */
    private static final int LONGEST_CELL = 1 << 26;

    /** Takes a cell. The characters are there for the time of the call. */
    interface Sink {
        void cell(int column, char[] text, int from, int to, boolean quoted) throws IOException;
    }

    private final CsvReader<Boolean> reader;
    private final Iterator<Boolean> records;
    private final Handler handler = new Handler();
    /** As many as the first record has. */
    private int columns = -1;

    /** @param in is closed with this object */
    CsvCells(InputStream in) {
        this.reader = CsvReader.builder()
                .skipEmptyLines(false)
                .allowExtraFields(true)
                .allowMissingFields(true)
                .maxBufferSize(LONGEST_CELL)
                .detectBomHeader(false)
                .build(
                        handler,
                        new InputStreamReader(
                                in,
                                StandardCharsets.UTF_8
                                        .newDecoder()
                                        .onMalformedInput(CodingErrorAction.REPORT)
                                        .onUnmappableCharacter(CodingErrorAction.REPORT)));
        this.records = reader.iterator();
    }

    /**
     * Gives the cells of the next record to a sink, which may get more than the first record has before that is a fault. A line without a character is a record of one empty cell where there is
     * one column, and none where there are more.
     *
     * @return how many characters its cells have, or -1 when there is none
     * @throws FormatException when the file is no CSV, or a record has another number of cells
     */
    long next(Sink sink) throws IOException {
        handler.sink = sink;
        do {
            if (!advance()) {
                return -1;
            }
        } while (handler.blank && columns > 1);
        if (handler.fault != null) {
            throw handler.fault;
        }
        if (handler.unchecked != null) {
            throw handler.unchecked;
        }
        int found = handler.blank ? 1 : handler.count;
        if (columns < 0) {
            columns = found;
        } else if (found != columns) {
            throw new FormatException(handler.line, "expected " + columns + " cells but found " + found);
        }
        return handler.characters;
    }

    private boolean advance() throws IOException {
        try {
            if (!records.hasNext()) {
                return false;
            }
            records.next();
            return true;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (CsvParseException e) {
            if (e.getCause() instanceof IOException fault) {
                throw fault;
            }
            throw new FormatException(handler.line, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    /** Passes the cells on. */
    private static final class Handler extends CsvCallbackHandler<Boolean> {
        private Sink sink = (column, text, from, to, quoted) -> {};
        private int count;
        private long line = 1;
        private long characters;
        private boolean blank;
        private @Nullable IOException fault;
        private @Nullable RuntimeException unchecked;

        @Override
        protected RecordType getRecordType() {
            return blank ? RecordType.EMPTY : RecordType.DATA;
        }

        @Override
        protected int getFieldCount() {
            return count;
        }

        @Override
        protected void beginRecord(long startingLineNumber) {
            count = 0;
            characters = 0;
            blank = false;
            line = startingLineNumber;
        }

        @Override
        protected void addField(char[] buffer, int offset, int length, boolean quoted) {
            characters += length;
            try {
                if (fault == null && unchecked == null) {
                    sink.cell(count, buffer, offset, offset + length, quoted);
                }
            } catch (IOException e) {
                fault = e;
            } catch (RuntimeException e) {
                // The parser would take it for a fault of the file.
                unchecked = e;
            }
            count++;
        }

        @Override
        protected void setComment(char[] buffer, int offset, int length) {
            throw new IllegalStateException("comments are not looked for");
        }

        @Override
        protected void setEmpty() {
            blank = true;
        }

        @Override
        protected Boolean buildRecord() {
            return Boolean.TRUE;
        }
    }
}
