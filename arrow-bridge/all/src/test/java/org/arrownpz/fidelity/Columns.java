package org.arrownpz.fidelity;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.testing.RandomVectors;
import org.jspecify.annotations.Nullable;

/** What tells two columns apart, in words. */
final class Columns {
    private static final String EXTENSION = "ARROW:extension:name";

    private Columns() {}

    /** A type as people write it, with its extension name. */
    static String text(Field field) {
        StringBuilder text = new StringBuilder(field.getType().toString());
        if (!field.getChildren().isEmpty()) {
            List<String> children = new ArrayList<>();
            for (Field child : field.getChildren()) {
                children.add(text(child));
            }
            text.append('<').append(String.join(", ", children)).append('>');
        }
        String extension = field.getMetadata().get(EXTENSION);
        return text + (extension == null ? "" : " as " + extension);
    }

    /** "equal", or how the second column differs from the first; null when a value differs. */
    static @Nullable String difference(
            FieldVector expected, DictionaryProvider dictionaries, List<FieldVector> actual) {
        Field before = expected.getField();
        Field after = actual.get(0).getField();
        List<@Nullable Object> values = RandomVectors.values(expected);
        List<@Nullable Object> others = RandomVectors.values(actual.toArray(FieldVector[]::new));
        if (before.equals(after)) {
            return values.equals(others) ? "equal" : null;
        }
        boolean same = text(before).equals(text(after));
        if (values.equals(others) || alike(values, others)) {
            return same ? "equal values and type" : "equal values as `" + text(after) + "`";
        }
        List<@Nullable Object> meant = new ArrayList<>();
        actual.forEach(vector -> meant.addAll(Meaning.of(vector, dictionaries)));
        return same || !Meaning.of(expected, dictionaries).equals(meant) ? null : "converted to `" + text(after) + "`";
    }

    // Equal as numbers, or as texts, though not of one Java class.
    private static boolean alike(List<@Nullable Object> values, List<@Nullable Object> others) {
        if (values.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < values.size(); i++) {
            if (!Objects.equals(plain(values.get(i)), plain(others.get(i)))) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable String plain(@Nullable Object value) {
        if (value instanceof Boolean bool) {
            return bool ? "1" : "0";
        }
        if (value instanceof Character unit) {
            return String.valueOf((int) unit);
        }
        if (value instanceof Number number && !Double.isNaN(number.doubleValue())) {
            return new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
        }
        return value == null ? null : value.toString();
    }
}
