package org.arrownpz.cli.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.SafeText;
import org.arrownpz.ipc.Tables;

/** The types that a text file does not keep. Stateless. */
final class ChangedTypes {
    private ChangedTypes() {}

    /** The columns of a written file whose type differs, each with both types in words. Reads the file once. */
    static List<String> of(Schema written, Path path) throws IOException {
        try (BufferAllocator allocator = new RootAllocator();
                ArrowReader reader = Tables.open(allocator, path)) {
            return of(written, reader.getVectorSchemaRoot().getSchema());
        }
    }

    private static List<String> of(Schema written, Schema read) {
        Map<String, Field> found = new HashMap<>();
        read.getFields().forEach(field -> found.put(field.getName(), field));
        List<String> changed = new ArrayList<>();
        for (Field field : written.getFields()) {
            Field back = found.get(field.getName());
            if (back == null) {
                changed.add(SafeText.escape(field.getName()) + " does not come back");
            } else if (!isSame(field, back)) {
                changed.add(SafeText.escape(field.getName()) + ": " + type(field) + " comes back as " + type(back));
            }
        }
        return changed;
    }

    /** Names of list items are Arrow's affair and differ between libraries. */
    private static boolean isSame(Field one, Field other) {
        if (one.getDictionary() != null
                || !one.getType().equals(other.getType())
                || one.getChildren().size() != other.getChildren().size()) {
            return false;
        }
        boolean named = one.getType() instanceof ArrowType.Struct;
        for (int i = 0; i < one.getChildren().size(); i++) {
            Field child = one.getChildren().get(i);
            Field back = other.getChildren().get(i);
            if (named && !child.getName().equals(back.getName()) || !isSame(child, back)) {
                return false;
            }
        }
        return true;
    }

    private static String type(Field field) {
        if (field.getDictionary() != null) {
            return "a dictionary";
        }
        List<String> children =
                field.getChildren().stream().map(ChangedTypes::type).toList();
        return field.getType() + (children.isEmpty() ? "" : "<" + String.join(", ", children) + ">");
    }
}
