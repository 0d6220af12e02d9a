package org.arrownpz.cli.cell;

import java.util.stream.Collectors;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;

/** Types of fields as text, without what has no meaning beyond a file (dictionary ids). Not escaped. */
public final class TypeText {
    private TypeText() {}

    /** For instance {@code Int(64, true)}, {@code Utf8 dictionary by Int(8, true)} or {@code List<item: Utf8>}. */
    public static String of(Field field, DictionaryProvider dictionaries) {
        Field values = values(field, dictionaries);
        String children = values.getChildren().isEmpty()
                ? ""
                : values.getChildren().stream()
                        .map(child -> child.getName() + ": " + of(child, dictionaries))
                        .collect(Collectors.joining(", ", "<", ">"));
        return values.getType() + children + suffix(field);
    }

    /** The field of the values: that of the dictionary, if there is one. */
    public static Field values(Field field, DictionaryProvider dictionaries) {
        DictionaryEncoding encoding = field.getDictionary();
        Dictionary dictionary = encoding == null ? null : dictionaries.lookup(encoding.getId());
        return dictionary == null ? field : values(dictionary.getVector().getField(), dictionaries);
    }

    /** The words behind the type of the values: their encoding, and that there are no nulls. */
    public static String suffix(Field field) {
        DictionaryEncoding encoding = field.getDictionary();
        String encoded = encoding == null
                ? ""
                : (encoding.isOrdered() ? " ordered dictionary by " : " dictionary by ") + field.getType();
        return field.isNullable() ? encoded : encoded + " not null";
    }
}
