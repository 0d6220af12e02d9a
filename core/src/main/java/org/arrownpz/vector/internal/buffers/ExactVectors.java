package org.arrownpz.vector.internal.buffers;

import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.complex.UnionVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.SafeText;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.internal.kernel.GatherChecks;
import org.jspecify.annotations.Nullable;

/**
 * Vectors that tell the fields of their root's schema. Those that Arrow Java's own readers fill know other names of list
 * elements, other type codes of unions and no metadata of columns of type Null; the schema beside them is right.
 *
 * <p>All methods are safe for use by several threads.
 */
public final class ExactVectors {
    private static final int TYPE_CODES = Byte.MAX_VALUE + 1;

    private ExactVectors() {}

    /**
     * A second holder of a vector's memory that tells the given field, which the caller closes; null where the vector tells
     * it already, or its values are not those of such a field.
     *
     * @throws IllegalArgumentException when the vector lacks children, as those that Arrow Java makes of a schema do where
     *     several share a name
     */
    public static @Nullable FieldVector of(FieldVector vector, Field field, BufferAllocator allocator) {
        boolean plain = field.getChildren().isEmpty() && !(field.getType() instanceof ArrowType.Null);
        Field told = vector.getField();
        if (plain || field.equals(told) && ExactFieldType.ofRepeated(told) == told) {
            return null;
        }
        requireChildren(vector, field);
        if (!holds(vector, field)) {
            return null;
        }
        FieldVector exact = ExactFieldType.of(field).createVector(allocator);
        try (Rollback undo = Rollback.of(exact)) {
            VectorSlices.load(vector, exact);
            return undo.commit(exact);
        }
    }

    private static void requireChildren(FieldVector vector, Field field) {
        List<Field> fields = field.getChildren();
        List<FieldVector> children = vector.getChildrenFromFields();
        if (children.size() < fields.size() && ExactFieldType.isRepeated(fields)) {
            throw new IllegalArgumentException("the vector of " + SafeText.quote(String.valueOf(field.getName()))
                    + " has " + children.size() + " of its " + fields.size()
                    + " children, of which several share a name. Give each a name of its own");
        }
        for (int i = 0; i < Math.min(children.size(), fields.size()); i++) {
            requireChildren(children.get(i), fields.get(i));
        }
    }

    /** Whether values are laid out as the field's are, whatever their children are called. */
    private static boolean holds(FieldVector vector, Field field) {
        ArrowType own = vector.getField().getType();
        List<Field> fields = field.getChildren();
        List<FieldVector> children = vector.getChildrenFromFields();
        if (own instanceof ArrowType.Union from && field.getType() instanceof ArrowType.Union to) {
            int[] codes = to.getTypeIds();
            if (from.getMode() != to.getMode()
                    || codes == null
                    || codes.length != fields.size()
                    || !Arrays.stream(codes).allMatch(code -> code >= 0 && code < TYPE_CODES)
                    || children.size() != fields.size()) {
                return false;
            }
            if (vector instanceof DenseUnionVector union) {
                for (int i = 0; i < codes.length; i++) {
                    if (union.getVectorByType((byte) codes[i]) != children.get(i)) {
                        return false;
                    }
                }
            } else if (!usesOnly((UnionVector) vector, codes)) {
                return false;
            }
        } else if (!own.equals(field.getType()) || children.size() != fields.size()) {
            return false;
        }
        for (int i = 0; i < children.size(); i++) {
            if (!holds(children.get(i), fields.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean usesOnly(UnionVector union, int[] codes) {
        long[] known = new long[TYPE_CODES];
        Arrays.fill(known, -1);
        for (int code : codes) {
            known[code] = 0;
        }
        return GatherChecks.unionTypes(union.getTypeBuffer(), null, union.getValueCount(), known) < 0;
    }
}
