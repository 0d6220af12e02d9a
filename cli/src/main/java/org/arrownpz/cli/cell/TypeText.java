package org.arrownpz.cli.cell;

import java.util.stream.Collectors;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;

/** Types of fields as text, without what has no meaning beyond a file (dictionary ids). Not escaped. */
public final class TypeText {
    private TypeText() {}

    /** For instance {@code Int(64, true)}, {@code Utf8 dictionary} or {@code List<item: Utf8>}. */
    public static String of(Field field) {
        ArrowType type = field.getType();
        StringBuilder text = new StringBuilder(String.valueOf(type));
        if (!field.getChildren().isEmpty()) {
            text.append(field.getChildren().stream()
                    .map(child -> child.getName() + ": " + of(child))
                    .collect(Collectors.joining(", ", "<", ">")));
        }
        DictionaryEncoding encoding = field.getDictionary();
        if (encoding != null) {
            text.append(encoding.isOrdered() ? " ordered dictionary" : " dictionary");
        }
        return field.isNullable() ? text.toString() : text.append(" not null").toString();
    }
}
