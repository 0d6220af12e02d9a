package org.arrownpz.parquet.internal.text.read;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a file of JSON lines: all names that its objects have, in the order in which they first come. NaN and
 * infinities are numbers, in quotes and without.
 */
final class JsonTable implements TextTable {
    /** The most characters of a text, which lie on the heap. */
    private static final int LONGEST_TEXT = 1 << 26;

    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(LONGEST_TEXT)
                    .build())
            .build();

    private final List<Field> fields;

    /** Sees the whole file. */
    JsonTable(InputStream in) throws IOException {
        JsonGuess guess = JsonGuess.root();
        try (JsonParser parser = FACTORY.createParser(in)) {
            while (nextObject(parser)) {
                guess.add(parser);
            }
        } catch (JsonProcessingException e) {
            throw fault(e);
        }
        fields = guess.fields();
    }

    private static boolean nextObject(JsonParser parser) throws IOException {
        JsonToken token = parser.nextToken();
        if (token != null && token != JsonToken.START_OBJECT) {
            throw new FormatException(
                    parser.currentLocation().getLineNr(), "expected an object {…} for each row but found " + token);
        }
        return token != null;
    }

    private static FormatException fault(JsonProcessingException e) {
        return new FormatException(e.getLocation() == null ? 1 : e.getLocation().getLineNr(), e.getOriginalMessage());
    }

    @Override
    public List<Field> fields() {
        return fields;
    }

    @Override
    public TextTable.Rows rows(InputStream in, @Nullable Column[] columns) throws IOException {
        Map<String, Column> byName = new HashMap<>();
        for (int i = 0; i < columns.length; i++) {
            Column column = columns[i];
            if (column != null) {
                byName.put(fields.get(i).getName(), column);
            }
        }
        return new Objects(FACTORY.createParser(in), byName);
    }

    /** Objects that become rows. */
    private record Objects(JsonParser parser, Map<String, Column> columns) implements TextTable.Rows {
        @Override
        public long read(int row) throws IOException {
            long start = parser.currentLocation().getByteOffset();
            try {
                if (!nextObject(parser)) {
                    return -1;
                }
                members(parser, columns, row);
            } catch (JsonProcessingException e) {
                throw fault(e);
            }
            return parser.currentLocation().getByteOffset() - start;
        }

        @Override
        public void close() throws IOException {
            parser.close();
        }
    }

    /** Gives the members of the object at which a parser stands to columns. */
    static void members(JsonParser parser, Map<String, Column> columns, int row) throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            Column column = columns.get(parser.currentName());
            JsonToken value = parser.nextToken();
            if (value == null) {
                throw new ChangedException();
            }
            if (column == null) {
                parser.skipChildren();
            } else if (value != JsonToken.VALUE_NULL) {
                column.json(row, parser);
            }
        }
    }
}
