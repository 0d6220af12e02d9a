package org.arrownpz.vector.internal.encode;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.RandomVectors;
import org.arrownpz.vector.NumpyMetadata;

/** Columns of a few values, with a hint or without, and how they are encoded. */
public final class EncodedColumns {
    static final WriteOptions DEFAULTS = WriteOptions.defaults();

    private EncodedColumns() {}

    static ColumnEncoding plan(FieldVector vector, WriteOptions options) throws NpzException {
        return ColumnEncoder.plan(List.of(vector), options, false);
    }

    static ColumnEncoding.Numpy numpy(FieldVector vector) throws NpzException {
        return (ColumnEncoding.Numpy) plan(vector, DEFAULTS);
    }

    static BlockContent array(FieldVector vector) throws NpzException {
        return BlockContent.array(new BlockContent.Column(numpy(vector), List.of(vector)), StorageOrder.FORTRAN);
    }

    static FieldType hinted(ArrowType type, String hint) {
        return new FieldType(true, type, null, hint == null ? null : Map.of(NumpyMetadata.DTYPE, hint));
    }

    static IntVector ints(String name, BufferAllocator allocator, Integer... values) {
        IntVector vector = new IntVector(name, allocator);
        fill(values, i -> vector.setSafe(i, values[i]), vector::setNull);
        vector.setValueCount(values.length);
        return vector;
    }

    static VarCharVector text(String hint, BufferAllocator allocator, String... values) {
        VarCharVector vector = new VarCharVector("t", hinted(new ArrowType.Utf8(), hint), allocator);
        fill(values, i -> vector.setSafe(i, RandomVectors.utf8(values[i])), vector::setNull);
        vector.setValueCount(values.length);
        return vector;
    }

    static void fill(Object[] values, Consumer<Integer> set, Consumer<Integer> setNull) {
        for (int i = 0; i < values.length; i++) {
            (values[i] == null ? setNull : set).accept(i);
        }
    }
}
