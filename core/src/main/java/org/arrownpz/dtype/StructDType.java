package org.arrownpz.dtype;

import java.util.List;
import org.arrownpz.internal.python.PyText;
import org.jspecify.annotations.Nullable;

/**
 * A record type: named fields at fixed offsets. Padding (nameless void fields in the {@code descr}) is not a field.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param fields the fields by ascending offset, at least one
 * @param itemSize bytes of one record, padding included
 */
public record StructDType(List<Field> fields, long itemSize) implements DType {
    public StructDType {
        fields = List.copyOf(fields);
    }

    /**
     * One field of a record.
     *
     * @param name the field's name, never empty
     * @param title NumPy's second name of a field, or null
     * @param dtype the field's type; a {@link SubarrayDType} for fields with a shape
     * @param offset bytes from the start of the record
     */
    public record Field(String name, @Nullable String title, DType dtype, long offset) {}

    @Override
    public String descr() {
        StringBuilder text = new StringBuilder("[");
        long end = 0;
        for (Field field : fields) {
            appendPadding(text, field.offset() - end);
            separate(text);
            text.append('(');
            if (field.title() == null) {
                text.append(PyText.repr(field.name()));
            } else {
                text.append('(').append(PyText.repr(field.title())).append(", ");
                text.append(PyText.repr(field.name())).append(')');
            }
            if (field.dtype() instanceof SubarrayDType array) {
                text.append(", ").append(array.element().descr()).append(", ").append(array.shapeText());
            } else {
                text.append(", ").append(field.dtype().descr());
            }
            text.append(')');
            end = field.offset() + field.dtype().itemSize();
        }
        appendPadding(text, itemSize - end);
        return text.append(']').toString();
    }

    private static void appendPadding(StringBuilder text, long bytes) {
        if (bytes > 0) {
            separate(text);
            text.append("('', '|V").append(bytes).append("')");
        }
    }

    private static void separate(StringBuilder text) {
        if (text.length() > 1) {
            text.append(", ");
        }
    }

    @Override
    public String toString() {
        return descr();
    }
}
