package org.arrownpz.vector.internal.encode;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.NatPolicy;
import org.arrownpz.ReadOptions.TypeMapping;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.ScalarDType.ByteOrdering;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.vector.NumpyMetadata;
import org.arrownpz.vector.internal.plan.ColumnPlanner;

/** Whether an array alone brings a field back. */
final class ColumnEncoderExact {
    private ColumnEncoderExact() {}

    /** Whether a reader makes the same field of an array of that type, with one of its mappings. */
    static boolean restores(Field field, DType dtype, Shape rowShape) {
        long[] rest = rowShape.lengths();
        long[] lengths = new long[rest.length + 1];
        System.arraycopy(rest, 0, lengths, 1, rest.length);
        Shape shape = Shape.of(lengths);
        try {
            // Only the hint says that a storage form is wanted.
            return same(field, read(field, dtype, shape, TypeMapping.ARROW))
                    || (field.getMetadata().containsKey(NumpyMetadata.DTYPE)
                            && (same(field, read(field, dtype, shape, TypeMapping.STORAGE))
                                    || same(field, read(field, misfit(dtype), shape, TypeMapping.STORAGE))));
        } catch (NpzException e) {
            // A type that cannot be read back as a column of its own is certainly not restored.
            return false;
        }
    }

    private static Field read(Field field, DType dtype, Shape shape, TypeMapping mapping) throws NpzException {
        NpyHeader header = new NpyHeader(1, dtype, shape, StorageOrder.C, 0, 0);
        return ColumnPlanner.plan(Location.ofFile(null), header, mapping, NatPolicy.NULL)
                .field(field.getName());
    }

    /** The dtype whose storage form times of either byte order keep where their values do not fit their Arrow type. */
    private static DType misfit(DType dtype) {
        return dtype instanceof ScalarDType scalar && scalar.kind().isTime()
                ? new ScalarDType(scalar.kind(), ByteOrdering.LITTLE, scalar.itemSize(), scalar.unit())
                : dtype;
    }

    private static boolean same(Field field, Field read) {
        if (!field.getType().equals(read.getType())
                || !field.isNullable()
                || field.getDictionary() != null
                || !metadata(field).equals(metadata(read))) {
            return false;
        }
        List<Field> children = field.getChildren();
        if (children.size() != read.getChildren().size()) {
            return false;
        }
        // Arrow libraries rename the one child of lists at will.
        boolean named = !(field.getType() instanceof ArrowType.FixedSizeList);
        for (int i = 0; i < children.size(); i++) {
            Field child = children.get(i);
            Field readChild = read.getChildren().get(i);
            if ((named && !child.getName().equals(readChild.getName())) || !same(child, readChild)) {
                return false;
            }
        }
        return true;
    }

    // The hints themselves are added by every reader.
    private static Map<String, String> metadata(Field field) {
        Map<String, String> metadata = new HashMap<>(field.getMetadata());
        metadata.remove(NumpyMetadata.DTYPE);
        metadata.remove(NumpyMetadata.SHAPE);
        return metadata;
    }
}
