package org.arrownpz.parquet.internal.file;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.ArrowType.ExtensionType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/**
 * Parquet's logical type UUID, and the extension type {@code arrow.uuid} that it is in Arrow. The native library knows
 * neither. Columns are counted as {@link ParquetFooter#uuids} does.
 */
final class Uuids {
    private static final String NAME = "arrow.uuid";
    private static final ArrowType STORAGE = new ArrowType.FixedSizeBinary(16);

    private final BitSet uuids;
    private int leaf;

    /** @param uuids a file's */
    Uuids(BitSet uuids) {
        this.uuids = uuids;
    }

    /** The fields of all of the file's columns, with the extension type for those that are UUIDs. */
    List<Field> mark(List<Field> read) {
        if (uuids.isEmpty()) {
            return read;
        }
        List<Field> marked = new ArrayList<>();
        for (Field field : read) {
            FieldType type = field.getFieldType();
            if (field.getChildren().isEmpty()
                    && uuids.get(leaf++)
                    && field.getType().equals(STORAGE)) {
                Map<String, String> metadata = new LinkedHashMap<>(field.getMetadata());
                metadata.putIfAbsent(ExtensionType.EXTENSION_METADATA_KEY_NAME, NAME);
                metadata.putIfAbsent(ExtensionType.EXTENSION_METADATA_KEY_METADATA, "");
                type = new FieldType(field.isNullable(), field.getType(), field.getDictionary(), metadata);
            }
            marked.add(new Field(field.getName(), type, mark(field.getChildren())));
        }
        return marked;
    }
}
