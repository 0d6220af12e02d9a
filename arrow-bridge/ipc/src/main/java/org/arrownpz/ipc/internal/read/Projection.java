package org.arrownpz.ipc.internal.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** The columns of a file that are wanted, and their order. */
public final class Projection {
    private final Schema schema;
    private final int @Nullable [] positions;

    /**
     * @param whole the schema of the file
     * @param names of the wanted columns, or null for all
     * @throws IllegalArgumentException when one is not there, there twice, or asked for twice
     */
    public Projection(Schema whole, @Nullable List<String> names) {
        if (names == null) {
            this.schema = whole;
            this.positions = null;
            return;
        }
        List<Field> all = whole.getFields();
        Map<String, Integer> wanted = new HashMap<>();
        for (String name : names) {
            if (wanted.put(name, wanted.size()) != null) {
                throw new IllegalArgumentException("A column is asked for twice: " + name);
            }
        }
        int[] places = new int[all.size()];
        @Nullable Field[] fields = new Field[names.size()];
        for (int i = 0; i < places.length; i++) {
            places[i] = wanted.getOrDefault(String.valueOf(all.get(i).getName()), -1);
            if (places[i] >= 0) {
                if (fields[places[i]] != null) {
                    throw new IllegalArgumentException("There are several columns " + names.get(places[i]));
                }
                fields[places[i]] = all.get(i);
            }
        }
        List<Field> found = new ArrayList<>(fields.length);
        for (int i = 0; i < fields.length; i++) {
            Field field = fields[i];
            if (field == null) {
                throw new IllegalArgumentException("There is no column " + names.get(i));
            }
            found.add(field);
        }
        this.schema = new Schema(found, whole.getCustomMetadata());
        this.positions = places;
    }

    /** The schema of the wanted columns. */
    public Schema schema() {
        return schema;
    }

    public boolean isWhole() {
        return positions == null;
    }

    /** The place in the root of each column of the file, -1 where it is not wanted; null where all are in place. */
    public int @Nullable [] positions() {
        return positions;
    }

    /** The root's vectors in the order of the file's columns, null for those that are not wanted. */
    public List<? extends @Nullable FieldVector> vectors(List<FieldVector> wanted) {
        if (positions == null) {
            return wanted;
        }
        return Arrays.stream(positions)
                .mapToObj(place -> place < 0 ? null : wanted.get(place))
                .toList();
    }
}
