package org.arrownpz.vector.internal.encode;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.StructDType;
import org.arrownpz.dtype.SubarrayDType;
import org.arrownpz.internal.memory.Storage;
import org.arrownpz.npy.Shape;
import org.arrownpz.vector.NumpyMetadata;
import org.arrownpz.vector.internal.encode.ColumnEncoderRules.ColumnEncoderChoice;
import org.arrownpz.vector.internal.kernel.EncodeBits;
import org.jspecify.annotations.Nullable;

/** Fixed-size lists as complex numbers, tensors and sub-arrays; structs as records. */
record ColumnEncoderNestedRules(ColumnEncoderRules rules) {
    private static final String INNER_NULLS = "values inside a row are null, for which NumPy has no place";

    ColumnEncoderChoice choose(
            Field field, ArrowType type, List<FieldVector> vectors, @Nullable DType hint, int depth) {
        if (type instanceof ArrowType.FixedSizeList list) {
            boolean complex = ColumnEncoderRules.extension(field).equals(NumpyMetadata.COMPLEX)
                    || hint instanceof ScalarDType scalar && scalar.kind() == DTypeKind.COMPLEX;
            if (complex && list.getListSize() == 2) {
                ColumnEncoderChoice choice = complex(vectors, hint, depth);
                if (choice != null) {
                    return choice;
                }
            }
            if (!rules.frameBlock()) {
                return tensor(field, list.getListSize(), vectors, hint, depth);
            }
            boolean tensor = ColumnEncoderRules.extension(field).equals(NumpyMetadata.TENSOR) || hint != null;
            return ColumnEncoderChoice.buffers(
                    tensor ? "frames hold no arrays inside rows" : "NumPy has no type for lists");
        }
        if (!(hint instanceof StructDType record)) {
            return ColumnEncoderChoice.buffers("the column is a struct");
        }
        return rules.frameBlock()
                ? ColumnEncoderChoice.buffers("frames hold no records")
                : record(vectors, record, depth);
    }

    // Null where the list is no pair of floats.
    private @Nullable ColumnEncoderChoice complex(List<FieldVector> vectors, @Nullable DType hint, int depth) {
        List<FieldVector> children = children(vectors, 0);
        ArrowType type = Storage.of(children.get(0)).getField().getType();
        if (!(type instanceof ArrowType.FloatingPoint floating)) {
            return null;
        }
        int part = switch (floating.getPrecision()) {
            case HALF -> 0;
            case SINGLE -> 4;
            case DOUBLE -> 8;
        };
        if (part == 0) {
            return null;
        }
        if (innerNulls(vectors, children, 2)) {
            return ColumnEncoderChoice.buffers(INNER_NULLS);
        }
        ScalarDType natural = ScalarDType.of(DTypeKind.COMPLEX, 2L * part);
        ScalarDType dtype = hint instanceof ScalarDType scalar
                        && scalar.kind() == DTypeKind.COMPLEX
                        && scalar.itemSize() == natural.itemSize()
                ? scalar
                : natural;
        boolean fits = dtype.equals(hint);
        ScalarDType child = new ScalarDType(DTypeKind.FLOAT, dtype.order(), part, null);
        ColumnEncoderElement parts = ColumnEncoderFixed.values(child, child.isBigEndian(), false);
        String note = fits || hint == null ? null : "the column's dtype " + hint + " is not of its type";
        return ColumnEncoderChoice.of(ColumnEncoderNested.list(dtype, 2, parts), note);
    }

    private ColumnEncoderChoice tensor(
            Field field, int size, List<FieldVector> vectors, @Nullable DType hint, int depth) {
        List<FieldVector> children = children(vectors, 0);
        DType elementHint = hint;
        while (elementHint instanceof SubarrayDType array) {
            elementHint = array.element();
        }
        ColumnEncoderChoice inner = rules.choose(children, elementHint, depth + 1);
        if (inner.element() == null) {
            return inner;
        }
        if (!inner.element().nullIsNat() && innerNulls(vectors, children, size)) {
            return ColumnEncoderChoice.buffers(INNER_NULLS);
        }
        long[] shape = ColumnEncoderShapes.of(field, size);
        if (hint instanceof SubarrayDType array && array.elements() == size) {
            shape = array.shape().stream().mapToLong(Integer::longValue).toArray();
        }
        if (shape == null) {
            return ColumnEncoderChoice.buffers("the tensor's shape is missing, permuted or not of its list size");
        }
        long[] rest = inner.rowShape().lengths();
        long[] all = new long[shape.length + rest.length];
        System.arraycopy(shape, 0, all, 0, shape.length);
        System.arraycopy(rest, 0, all, shape.length, rest.length);
        return new ColumnEncoderChoice(
                ColumnEncoderNested.list(inner.element().dtype(), size, inner.element()), Shape.of(all), inner.text());
    }

    private ColumnEncoderChoice record(List<FieldVector> vectors, StructDType hint, int depth) {
        List<Field> fields = vectors.get(0).getField().getChildren();
        if (fields.size() != hint.fields().size()) {
            return ColumnEncoderChoice.buffers("the struct's fields are not those of its dtype");
        }
        List<ColumnEncoderElement> coders = new ArrayList<>();
        List<StructDType.Field> packed = new ArrayList<>();
        long end = 0;
        boolean same = true;
        for (int i = 0; i < fields.size(); i++) {
            StructDType.Field target = hint.fields().get(i);
            if (!target.name().equals(fields.get(i).getName())) {
                return ColumnEncoderChoice.buffers("the struct's fields are not those of its dtype");
            }
            List<FieldVector> children = children(vectors, i);
            ColumnEncoderChoice choice = rules.choose(children, target.dtype(), depth + 1);
            if (choice.element() == null) {
                return choice;
            }
            if (!choice.element().nullIsNat() && innerNulls(vectors, children, 1)) {
                return ColumnEncoderChoice.buffers(INNER_NULLS);
            }
            DType dtype = ColumnEncoding.rowType(choice.element().dtype(), choice.rowShape());
            same &= dtype.equals(target.dtype());
            coders.add(choice.element());
            packed.add(new StructDType.Field(target.name(), target.title(), dtype, end));
            end = Math.addExact(end, dtype.itemSize());
        }
        if (!same && end > Integer.MAX_VALUE) {
            return ColumnEncoderChoice.buffers("a record is larger than NumPy's elements can be");
        }
        StructDType dtype = same ? hint : new StructDType(packed, end);
        return ColumnEncoderChoice.of(
                ColumnEncoderNested.record(dtype, coders),
                same ? null : "a field of the record is not of the column's dtype any more");
    }

    private static List<FieldVector> children(List<FieldVector> vectors, int index) {
        List<FieldVector> children = new ArrayList<>(vectors.size());
        for (FieldVector vector : vectors) {
            children.add(vector.getChildrenFromFields().get(index));
        }
        return children;
    }

    private static boolean innerNulls(List<FieldVector> parents, List<FieldVector> children, int perParent) {
        for (int i = 0; i < parents.size(); i++) {
            FieldVector parent = parents.get(i);
            FieldVector child = Storage.of(children.get(i));
            ArrowBuf bits = ColumnEncoderElement.validity(child);
            if (child.getNullCount() > 0
                    && bits != null
                    && EncodeBits.anyNullBelowValid(
                            ColumnEncoderElement.validity(parent), bits, parent.getValueCount(), perParent)) {
                return true;
            }
        }
        return false;
    }
}
