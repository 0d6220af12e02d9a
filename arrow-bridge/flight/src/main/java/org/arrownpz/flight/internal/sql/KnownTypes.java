package org.arrownpz.flight.internal.sql;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.flight.internal.KnownFiles;
import org.jspecify.annotations.Nullable;

/**
 * The types that SQL gives columns without children, learned from what it says of tables, so that it need not be asked about
 * each. Safe for use by several threads.
 */
public final class KnownTypes {
    private static final int MOST_TYPES = 1000;
    /** Of zones of times: others are not remembered. */
    private static final int MOST_CHARACTERS = 100;

    private final Map<ArrowType, Field> types = new ConcurrentHashMap<>();

    /**
     * Takes what SQL says of a table.
     *
     * @param all whether to learn from it what it says of others
     */
    public void learn(KnownFiles.Table table, Schema answer, boolean all) {
        setAnswer(table, answer);
        List<Field> columns = table.fields();
        List<Field> told = answer.getFields();
        for (int i = 0; all && told.size() == columns.size() && i < told.size(); i++) {
            Field column = columns.get(i);
            if (column.getName().equals(told.get(i).getName()) && isPlain(column) && types.size() < MOST_TYPES) {
                types.put(column.getType(), told.get(i));
            }
        }
    }

    /** Whether it is known what SQL says of a table; then the table has it. */
    public boolean answer(KnownFiles.Table table) {
        Schema schema = table.answer() == null ? schema(table.fields()) : null;
        if (schema != null) {
            setAnswer(table, schema);
        }
        return table.answer() != null;
    }

    private static void setAnswer(KnownFiles.Table table, Schema schema) {
        table.setAnswer(new KnownFiles.Answer(
                schema.serializeAsMessage(), JavaColumns.schema(schema).serializeAsMessage()));
    }

    /** The columns as SQL has them; null where it has to be asked. */
    private @Nullable Schema schema(List<Field> columns) {
        List<Field> told = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Field column : columns) {
            String name = column.getName();
            Field type = isPlain(column) ? types.get(column.getType()) : null;
            // SQL gives others to names that it has already, and to those without a character.
            if (type == null || name.isEmpty() || name.indexOf(0) >= 0 || !names.add(name.toLowerCase(Locale.ROOT))) {
                return null;
            }
            told.add(new Field(name, type.getFieldType(), type.getChildren()));
        }
        return new Schema(told);
    }

    private static boolean isPlain(Field field) {
        return field.getChildren().isEmpty()
                && field.getDictionary() == null
                && !(field.getType() instanceof ArrowType.ExtensionType)
                && !field.getMetadata().containsKey(ArrowType.ExtensionType.EXTENSION_METADATA_KEY_NAME)
                && field.getType().toString().length() <= MOST_CHARACTERS;
    }
}
