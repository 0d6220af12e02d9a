package org.arrownpz.ipc;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Values as text, for comparisons that must not depend on what is being tested. */
final class Rows {
    private Rows() {}

    /** All values, column by column. */
    static List<List<String>> of(VectorSchemaRoot root) {
        return root.getFieldVectors().stream().map(Rows::of).toList();
    }

    static List<String> of(FieldVector vector) {
        List<String> texts = new ArrayList<>(vector.getValueCount());
        for (int row = 0; row < vector.getValueCount(); row++) {
            texts.add(text(vector.getObject(row)));
        }
        return texts;
    }

    private static String text(Object value) {
        if (value instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        } else if (value instanceof List<?> list) {
            return list.stream().map(Rows::text).toList().toString();
        } else if (value instanceof Map<?, ?> map) {
            StringBuilder text = new StringBuilder();
            map.forEach(
                    (key, one) -> text.append(key).append('=').append(text(one)).append(';'));
            return text.toString();
        }
        return String.valueOf(value);
    }
}
