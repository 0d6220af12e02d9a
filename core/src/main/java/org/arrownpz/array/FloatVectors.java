package org.arrownpz.array;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SmallFloat;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.internal.memory.Storage;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.NumpyMetadata;
import org.arrownpz.vector.internal.kernel.EncodeFixed;

/** Vectors of small floats as vectors of float32; what stands above the values is shared. */
final class FloatVectors {
    private static final ScalarDType FLOAT32 = ScalarDType.of(DTypeKind.FLOAT, Float.BYTES);

    private FloatVectors() {}

    static FieldVector of(BufferAllocator allocator, FieldVector vector, SmallFloat type) throws NpzException {
        FieldVector target = field(vector.getField()).createVector(allocator);
        try (Rollback undo = Rollback.of(target)) {
            fill(Storage.of(vector), target, type, allocator);
            return undo.commit(target);
        }
    }

    private static Field field(Field field) {
        Map<String, String> metadata = new LinkedHashMap<>(field.getMetadata());
        metadata.computeIfPresent(NumpyMetadata.DTYPE, (key, dtype) -> FLOAT32.toString());
        List<Field> children =
                field.getChildren().stream().map(FloatVectors::field).toList();
        ArrowType type = field.getType();
        if (children.isEmpty()) {
            metadata.remove(NumpyMetadata.EXTENSION_NAME);
            metadata.remove(NumpyMetadata.EXTENSION_METADATA);
            type = new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
        }
        return new Field(field.getName(), new FieldType(field.isNullable(), type, null, metadata), children);
    }

    private static void fill(FieldVector source, FieldVector target, SmallFloat type, BufferAllocator allocator)
            throws NpzException {
        int rows = source.getValueCount();
        ArrowBuf validity = source.getValidityBuffer();
        validity.readerIndex(0).writerIndex(Math.min(validity.capacity(), (rows + 7L) / 8));
        if (source.getField().getChildren().isEmpty()) {
            Location location = Location.ofFile(null);
            try (ArrowBuf values =
                    Allocations.allocate(allocator, (long) rows * Float.BYTES, location, "values of float32")) {
                ArrowBuf bits = source.getDataBuffer();
                MemoryAccess.guard(location, () -> EncodeFixed.widen(type, bits, rows, values));
                values.writerIndex((long) rows * Float.BYTES);
                org.arrownpz.vector.internal.gather.Vectors.load(target, rows, validity, values);
            }
            return;
        }
        org.arrownpz.vector.internal.gather.Vectors.load(target, rows, validity);
        fill(
                Storage.of(source.getChildrenFromFields().get(0)),
                target.getChildrenFromFields().get(0),
                type,
                allocator);
    }
}
