package org.arrownpz.event.internal.pack;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.SafeText;
import org.arrownpz.event.internal.ColumnRefs;
import org.arrownpz.event.internal.keys.Keys;
import org.arrownpz.event.internal.keys.Sessions;
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.event.spec.PackSpec.PackLayout;
import org.arrownpz.vector.internal.gather.Vectors;

/**
 * A spec fitted to an input's fields.
 *
 * @param keys positions of the keys
 * @param carried positions of the carried columns
 * @param packed positions of the packed columns
 * @param time position of the session's time, or −1
 * @param gap the greatest difference of times within a session
 * @param fields the result's fields
 */
public record PackPlan(
        PackSpec spec,
        List<Integer> keys,
        List<Integer> carried,
        List<Integer> packed,
        int time,
        long gap,
        List<Field> fields) {

    /** @param levels the number of leading fields that are index levels */
    public static PackPlan of(List<Field> input, int levels, PackSpec spec) {
        ColumnRefs references = new ColumnRefs(input, levels);
        Set<Integer> taken = new HashSet<>();
        List<Integer> keys = references.distinct(spec.keys(), "as a key", taken);
        List<Integer> carried = references.distinct(spec.carried(), "as a carried column", taken);
        List<Integer> packed = new ArrayList<>(references.once(spec.packed(), "as a packed column", taken));
        if (spec.rest()) {
            for (int i = levels; i < input.size(); i++) {
                if (taken.add(i)) {
                    packed.add(i);
                }
            }
        }
        if (packed.isEmpty()) {
            throw new IllegalArgumentException(
                    spec.rest() ? "no column is left to be packed" : "no column to pack is named");
        }
        requireKeys(input, keys, "a key");
        requireKeys(input, carried, "carried");
        List<Field> fields = new ArrayList<>();
        keys.forEach(key -> fields.add(input.get(key)));
        PackSpec.Session session = spec.session();
        int time = -1;
        long gap = 0;
        if (session != null) {
            time = references.position(session.timestamp());
            if (keys.contains(time)) {
                throw new IllegalArgumentException("the session's time is a key as well");
            }
            gap = Sessions.gap(session.gap(), input.get(time));
            fields.addAll(Sessions.fields(input.get(time)));
        }
        carried.forEach(column -> fields.add(input.get(column)));
        if (spec.layout() == PackLayout.LISTS) {
            packed.forEach(column -> {
                Field field = input.get(column);
                fields.add(Vectors.list(field.getName(), field, spec.isLarge()));
            });
        } else {
            List<Field> children = packed.stream().map(input::get).toList();
            ColumnRefs.requireDistinct(children);
            Field struct = new Field("item", FieldType.nullable(new ArrowType.Struct()), children);
            Field list = Vectors.list(spec.structName(), struct, spec.isLarge());
            fields.add(new Field(
                    list.getName(),
                    new FieldType(true, list.getType(), null, ColumnRefs.STRUCT_MARK),
                    list.getChildren()));
        }
        ColumnRefs.requireDistinct(fields);
        return new PackPlan(spec, keys, carried, List.copyOf(packed), time, gap, List.copyOf(fields));
    }

    private static void requireKeys(List<Field> input, List<Integer> positions, String role) {
        for (int position : positions) {
            Field field = input.get(position);
            if (field.getDictionary() == null && !Keys.isKey(field.getType())) {
                throw new IllegalArgumentException("the column " + SafeText.quote(field.getName()) + " of type "
                        + field.getType() + " cannot be " + role + "; numbers, booleans, times, text and bytes can");
            }
        }
    }
}
