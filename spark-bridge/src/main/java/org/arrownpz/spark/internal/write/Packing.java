package org.arrownpz.spark.internal.write;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.spark.sql.types.StructType;
import org.arrownpz.NpzException;
import org.arrownpz.event.Events;
import org.arrownpz.event.Packed;
import org.arrownpz.event.Unpacked;
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.event.spec.PackSpec.InputOrder;
import org.arrownpz.event.spec.PackSpec.NullKeys;
import org.arrownpz.event.spec.UnpackSpec;
import org.arrownpz.event.spec.UnpackSpec.EmptyLists;
import org.arrownpz.spark.internal.NpzOptions;

/** Packing by {@code packBy} and {@code orderBy}, with core's means. Rows without a key make a group of their own. */
final class Packing {
    private Packing() {}

    /** The spec for rows in the order of {@code orderBy} in each key, keys in any order. */
    static PackSpec spec(NpzOptions options, StructType schema) {
        List<String> rest = new ArrayList<>(Arrays.asList(schema.fieldNames()));
        rest.removeAll(options.packBy());
        PackSpec spec = by(options.packBy()).pack(rest.toArray(String[]::new)).order(InputOrder.STABLE_SORT);
        Duration session = options.session();
        return session == null ? spec : spec.session(session, options.orderBy().get(0));
    }

    private static PackSpec by(List<String> keys) {
        return PackSpec.by(keys.stream().map(PackSpec.ColumnRef::of).toList()).nullKeys(NullKeys.KEEP);
    }

    /**
     * The rows sorted by key and order: packed by both, and unpacked again, so that each column is moved once. The
     * caller closes the result.
     */
    static Unpacked sorted(VectorSchemaRoot root, NpzOptions options) throws NpzException {
        List<String> keys = new ArrayList<>(options.packBy());
        keys.addAll(options.orderBy());
        List<String> rest = new ArrayList<>();
        for (Field field : root.getSchema().getFields()) {
            if (!keys.contains(field.getName())) {
                rest.add(field.getName());
            }
        }
        VectorSchemaRoot input = root;
        try (TinyIntVector counter =
                new TinyIntVector("\0rows", root.getVector(0).getAllocator())) {
            if (rest.isEmpty()) {
                // Some column has to be packed for the others to be counted.
                counter.allocateNew(root.getRowCount());
                counter.setValueCount(root.getRowCount());
                List<FieldVector> vectors = new ArrayList<>(root.getFieldVectors());
                vectors.add(counter);
                input = new VectorSchemaRoot(vectors);
                rest.add(counter.getName());
            }
            return sorted(input, keys, rest);
        }
    }

    private static Unpacked sorted(VectorSchemaRoot input, List<String> keys, List<String> rest) throws NpzException {
        PackSpec spec = by(keys).order(InputOrder.STABLE_SORT).pack(rest.toArray(String[]::new));
        try (Packed packed = Events.pack(input, spec)) {
            return Events.unpack(
                    packed.root(),
                    UnpackSpec.by(keys.stream().map(PackSpec.ColumnRef::of).toList())
                            .emptyLists(EmptyLists.DROP));
        }
    }
}
