package org.arrownpz.flight.internal.sql;

import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.support.Faults;
import org.arrownpz.support.Rollback;

/**
 * Columns of results without what Arrow's JDBC driver shows wrong: it takes unsigned integers for signed ones, which
 * become the next wider type, and indices of a dictionary for its values, which are put in their place.
 */
public final class JavaColumns {
    private static final int UINT64_DIGITS = 20;
    private static final int DECIMAL_BYTES = 16;

    private JavaColumns() {}

    /** The schema of what {@link #convert} gives. */
    public static Schema schema(Schema schema) {
        return new Schema(schema.getFields().stream().map(JavaColumns::field).toList(), schema.getCustomMetadata());
    }

    private static Field field(Field field) {
        // DuckDB's dictionaries are those of its enums.
        ArrowType type = field.getDictionary() == null ? signed(field.getType()) : new ArrowType.Utf8();
        return new Field(
                field.getName(),
                new FieldType(field.isNullable(), type, null, field.getMetadata()),
                field.getChildren().stream().map(JavaColumns::field).toList());
    }

    private static ArrowType signed(ArrowType type) {
        if (!isUnsigned(type)) {
            return type;
        }
        int bits = ((ArrowType.Int) type).getBitWidth();
        return bits == Long.SIZE
                ? new ArrowType.Decimal(UINT64_DIGITS, 0, Byte.SIZE * DECIMAL_BYTES)
                : new ArrowType.Int(2 * bits, true);
    }

    private static boolean isUnsigned(ArrowType type) {
        return type instanceof ArrowType.Int integer && !integer.getIsSigned();
    }

    /**
     * Puts the columns of a schema that {@link #schema} made in place of others; closes all of them when it fails.
     *
     * @param dictionaries those of the columns
     */
    public static void convert(
            List<FieldVector> columns, Schema schema, DictionaryProvider dictionaries, BufferAllocator allocator)
            throws NpzException {
        try (Rollback undo = Rollback.all(columns)) {
            for (int i = 0; i < columns.size(); i++) {
                Field field = schema.getFields().get(i);
                if (!field.equals(columns.get(i).getField())) {
                    FieldVector target = field.createVector(allocator);
                    try (FieldVector source = columns.set(i, target)) {
                        load(source, target, dictionaries, allocator);
                    }
                }
            }
            undo.commit();
        } catch (OutOfMemoryException e) {
            throw Faults.limit(Location.ofFile(null), "for a batch", e);
        }
    }

    private static void load(
            FieldVector source, FieldVector target, DictionaryProvider dictionaries, BufferAllocator allocator) {
        if (source.getField().getDictionary() != null) {
            long id = source.getField().getDictionary().getId();
            try (ValueVector values =
                    DictionaryEncoder.decode(source, Objects.requireNonNull(dictionaries.lookup(id)), allocator)) {
                values.makeTransferPair(target).transfer();
            }
            return;
        }
        List<FieldVector> from = source.getChildrenFromFields();
        List<FieldVector> to = target.getChildrenFromFields();
        for (int i = 0; i < from.size(); i++) {
            load(from.get(i), to.get(i), dictionaries, allocator);
        }
        ArrowFieldNode node = new ArrowFieldNode(source.getValueCount(), source.getNullCount());
        List<ArrowBuf> buffers = source.getFieldBuffers();
        if (isUnsigned(source.getField().getType())) {
            try (ArrowBuf wide = widened(source, allocator)) {
                target.loadFieldBuffers(node, List.of(buffers.get(0), wide));
            }
        } else {
            target.loadFieldBuffers(node, buffers);
        }
    }

    private static ArrowBuf widened(FieldVector source, BufferAllocator allocator) {
        int width = ((ArrowType.Int) source.getField().getType()).getBitWidth() / Byte.SIZE;
        int count = source.getValueCount();
        ArrowBuf from = source.getDataBuffer();
        ArrowBuf wide = allocator.buffer(2L * width * count);
        for (long row = 0; row < count; row++) {
            switch (width) {
                case Byte.BYTES -> wide.setShort(row * Short.BYTES, Byte.toUnsignedInt(from.getByte(row)));
                case Short.BYTES -> wide.setInt(row * Integer.BYTES, from.getChar(row * width));
                case Integer.BYTES -> wide.setLong(row * Long.BYTES, Integer.toUnsignedLong(from.getInt(row * width)));
                default -> {
                    wide.setLong(row * DECIMAL_BYTES, from.getLong(row * width));
                    wide.setLong(row * DECIMAL_BYTES + Long.BYTES, 0);
                }
            }
        }
        return wide.writerIndex(2L * width * count);
    }
}
