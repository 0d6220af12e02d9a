package org.arrownpz.parquet.internal.text.read;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;

/** Takes the values of a vector in, row by row. A row that gets none stays null. */
interface Column {
    /** Takes a cell in. */
    void text(int row, char[] text, int from, int to) throws IOException;

    /** Takes the JSON value in at which the parser stands, which is not null. */
    void json(int row, JsonParser parser) throws IOException;

    /** The column of a vector. */
    static Column of(FieldVector vector) {
        if (vector instanceof ListVector lists) {
            return new Lists(lists, of(lists.getDataVector()));
        }
        if (vector instanceof StructVector structs) {
            Map<String, Column> members = new HashMap<>();
            structs.getChildrenFromFields().forEach(child -> members.put(child.getName(), of(child)));
            return new Structs(structs, members);
        }
        return new ScalarColumn(vector);
    }

    /** Lists of any values. */
    record Lists(ListVector vector, Column items) implements Column {
        @Override
        public void text(int row, char[] text, int from, int to) throws ChangedException {
            throw new ChangedException();
        }

        @Override
        public void json(int row, JsonParser parser) throws IOException {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                throw new ChangedException();
            }
            int first = vector.startNewValue(row);
            int count = 0;
            for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                if (token == null) {
                    throw new ChangedException();
                }
                if (token != JsonToken.VALUE_NULL) {
                    items.json(first + count, parser);
                }
                count++;
            }
            vector.endValue(row, count);
        }
    }

    /** Objects as structs. */
    record Structs(StructVector vector, Map<String, Column> members) implements Column {
        @Override
        public void text(int row, char[] text, int from, int to) throws ChangedException {
            throw new ChangedException();
        }

        @Override
        public void json(int row, JsonParser parser) throws IOException {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw new ChangedException();
            }
            vector.setIndexDefined(row);
            JsonTable.members(parser, members, row);
        }
    }
}
