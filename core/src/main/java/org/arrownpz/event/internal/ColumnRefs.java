package org.arrownpz.event.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.SafeText;
import org.arrownpz.event.spec.PackSpec;

/** References made into positions of a root's fields. */
public final class ColumnRefs {
    /** Tells lists of structs that packing made from columns of lists of structs: the former become columns again. */
    public static final Map<String, String> STRUCT_MARK = Map.of("arrow_npz.events", "list_of_struct");

    private static final int SHOWN = 20;
    private static final int DOUBLED = -1;

    private final List<Field> fields;
    private final int levels;
    private final Map<String, Integer> names;

    /** @param levels the number of leading fields that are index levels */
    public ColumnRefs(List<Field> fields, int levels) {
        this.fields = fields;
        this.levels = levels;
        this.names = new HashMap<>(fields.size() * 2);
        for (int i = 0; i < fields.size(); i++) {
            names.merge(fields.get(i).getName(), i, (first, second) -> DOUBLED);
        }
    }

    public int position(PackSpec.ColumnRef reference) {
        if (reference instanceof PackSpec.ColumnRef.Name name) {
            Integer position = names.get(name.name());
            if (position == null) {
                throw new IllegalArgumentException(
                        "there is no column " + SafeText.quote(name.name()) + "; there are " + known());
            }
            if (position == DOUBLED) {
                throw new IllegalArgumentException("there is more than one column " + SafeText.quote(name.name())
                        + "; refer to it by position, or rename one");
            }
            return position;
        }
        int columns = fields.size() - levels;
        int wanted = ((PackSpec.ColumnRef.Position) reference).position();
        int position = wanted < 0 ? wanted + columns : wanted;
        if (position < 0 || position >= columns) {
            throw new IllegalArgumentException("there is no column " + wanted + " among " + columns);
        }
        return position + levels;
    }

    /** Positions in the order of the references; one that comes twice is refused. */
    public List<Integer> distinct(List<PackSpec.ColumnRef> references, String role, Set<Integer> taken) {
        List<Integer> positions = new ArrayList<>(references.size());
        for (PackSpec.ColumnRef reference : references) {
            int position = position(reference);
            if (!taken.add(position)) {
                throw new IllegalArgumentException("the column "
                        + SafeText.quote(fields.get(position).getName()) + " is named twice, the second time " + role);
            }
            positions.add(position);
        }
        return positions;
    }

    /** As {@link #distinct}, but a reference that comes twice in this list counts once. */
    public List<Integer> once(List<PackSpec.ColumnRef> references, String role, Set<Integer> taken) {
        List<PackSpec.ColumnRef> seen = new ArrayList<>();
        Set<Integer> own = new LinkedHashSet<>();
        for (PackSpec.ColumnRef reference : references) {
            if (own.add(position(reference))) {
                seen.add(reference);
            }
        }
        return distinct(seen, role, taken);
    }

    private String known() {
        List<String> shown = fields.stream()
                .limit(SHOWN)
                .map(field -> SafeText.quote(field.getName()))
                .toList();
        int more = fields.size() - shown.size();
        return String.join(", ", shown) + (more > 0 ? " and " + more + " more" : "");
    }

    /** Refuses columns of a result that share a name. */
    public static void requireDistinct(List<Field> fields) {
        Set<String> names = new HashSet<>();
        for (Field field : fields) {
            if (!names.add(field.getName())) {
                throw new IllegalArgumentException("the result would have two columns "
                        + SafeText.quote(field.getName()) + "; rename the input's");
            }
        }
    }
}
