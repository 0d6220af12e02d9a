package org.arrownpz.event.internal.unpack;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.event.internal.ColumnRefs;
import org.arrownpz.event.internal.kernel.KeyGroups;
import org.arrownpz.event.internal.kernel.KeyLists;
import org.arrownpz.event.spec.UnpackSpec;
import org.arrownpz.event.spec.UnpackSpec.KeyEncoding;
import org.arrownpz.internal.memory.Storage;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.CopyReport;
import org.arrownpz.vector.internal.buffers.VectorSlices;
import org.arrownpz.vector.internal.gather.Gather;
import org.arrownpz.vector.internal.gather.Scope;
import org.arrownpz.vector.internal.gather.Vectors;
import org.jspecify.annotations.Nullable;

/** Unpacks one root. Used once. */
public final class Unpacker {
    private static final String WHAT = "exploded rows";
    private static final ArrowType LONG = new ArrowType.Int(64, true);
    private static final Field RUN_ENDS =
            new Field("run_ends", FieldType.notNullable(new ArrowType.Int(32, true)), null);

    private final UnpackSpec spec;
    private final List<Field> fields;
    private final List<FieldVector> input;
    private final int rows;
    private final Set<Integer> exploded;
    private final CopyReport.Builder report = CopyReport.builder();
    private final List<Field> outputFields = new ArrayList<>();
    private final List<FieldVector> output = new ArrayList<>();

    public Unpacker(UnpackSpec spec, List<Field> fields, List<FieldVector> input, int levels, int rows) {
        this.spec = spec;
        this.fields = fields;
        this.input = input;
        this.rows = rows;
        this.exploded = exploded(levels);
    }

    private Set<Integer> exploded(int levels) {
        ColumnRefs references = new ColumnRefs(fields, levels);
        Set<Integer> named = new HashSet<>();
        references.distinct(spec.columns(), "again", named);
        Set<Integer> chosen = switch (spec.selection()) {
            case EXPLODED -> named;
            case KEYS -> others(named, levels);
            case LISTS -> lists();
        };
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("no column is left to explode");
        }
        for (int position : chosen) {
            ArrowType type = Storage.of(fields.get(position).getType());
            if (type instanceof ArrowType.ListView || type instanceof ArrowType.LargeListView) {
                throw new IllegalArgumentException(
                        "the column " + SafeText.quote(fields.get(position).getName()) + " of type " + type
                                + " cannot be exploded; convert it to List");
            }
        }
        return chosen;
    }

    private Set<Integer> others(Set<Integer> named, int levels) {
        Set<Integer> others = new HashSet<>();
        for (int i = levels; i < fields.size(); i++) {
            if (!named.contains(i)) {
                others.add(i);
            }
        }
        return others;
    }

    private Set<Integer> lists() {
        Set<Integer> lists = new HashSet<>();
        for (int i = 0; i < fields.size(); i++) {
            ArrowType type = fields.get(i).getType();
            if (type instanceof ArrowType.List || type instanceof ArrowType.LargeList) {
                lists.add(i);
            }
        }
        return lists;
    }

    /**
     * Unpacked rows.
     *
     * @param vectors the columns, which the caller closes
     */
    public record Result(List<Field> fields, List<FieldVector> vectors, int rows, CopyReport copies) {}

    public Result unpack() throws NpzException {
        BufferAllocator allocator = Vectors.allocator(input);
        try (Rollback undo = Rollback.all(output);
                Scope scope = new Scope(allocator)) {
            List<Exploding> columns = new ArrayList<>(input.size());
            Exploding first = null;
            for (int i = 0; i < input.size(); i++) {
                Exploding column =
                        exploded.contains(i) ? Exploding.of(input.get(i), rows, spec.empty(), first, scope) : null;
                columns.add(column);
                first = first == null ? column : first;
            }
            if (first == null) {
                throw new IllegalArgumentException("no column is left to explode");
            }
            requireEqualCounts(columns, first);
            ArrowBuf lengths = first.lengths();
            int elements = Math.toIntExact(Scope.guarded(() -> KeyLists.sum(lengths, rows)));
            ArrowBuf parents = null;
            for (int i = 0; i < input.size(); i++) {
                Exploding column = columns.get(i);
                if (column != null) {
                    values(i, column, elements, allocator, scope);
                } else if (spec.keys() == KeyEncoding.RUN_END) {
                    runs(i, first, elements, allocator, scope);
                } else {
                    if (parents == null) {
                        parents = scope.ints(elements, WHAT);
                        ArrowBuf target = parents;
                        Scope.guard(() -> KeyLists.explode(lengths, rows, target, null));
                    }
                    Gather gather = new Gather(scope);
                    FieldVector repeated = gather.rows(input.get(i), parents, elements, allocator);
                    add(fields.get(i), repeated, "repeated for each element");
                }
            }
            ordinal(lengths, elements, allocator, scope);
            ColumnRefs.requireDistinct(outputFields);
            return undo.commit(new Result(outputFields, output, elements, report.build()));
        }
    }

    private void requireEqualCounts(List<Exploding> columns, Exploding first) throws NpzException {
        for (int i = 0; i < columns.size(); i++) {
            Exploding column = columns.get(i);
            if (column == null || column.lengths() == first.lengths()) {
                continue;
            }
            int row = KeyLists.firstDifference(first.lengths(), column.lengths(), rows);
            if (row >= 0) {
                int position = columns.indexOf(first);
                throw Scope.NOWHERE
                        .error(
                                ErrorCode.FRAME_SHAPE,
                                "lists of one row have different lengths: row " + row + " has "
                                        + KeyGroups.get(first.lengths(), row) + " in "
                                        + SafeText.quote(fields.get(position).getName()) + " and "
                                        + KeyGroups.get(column.lengths(), row) + " in "
                                        + SafeText.quote(fields.get(i).getName()))
                        .remedy("Explode the columns one at a time")
                        .build();
            }
        }
    }

    private void add(Field field, FieldVector vector, @Nullable String copied) throws NpzException {
        outputFields.add(field);
        output.add(vector);
        long bytes = VectorSlices.valueBytes(vector);
        report.column(null, field, copied == null ? bytes : 0, copied == null ? 0 : bytes, copied);
    }

    private void values(int position, Exploding column, int elements, BufferAllocator allocator, Scope scope)
            throws NpzException {
        Field field = fields.get(position);
        FieldVector child = column.child();
        boolean flat = child.getField().getType() instanceof ArrowType.Struct
                && ColumnRefs.STRUCT_MARK.entrySet().stream()
                        .allMatch(mark ->
                                mark.getValue().equals(field.getMetadata().get(mark.getKey())));
        if (!flat) {
            String name = field.getName();
            explode(
                    Vectors.renamed(column.isScalar() ? field : itemField(field), name),
                    child,
                    column,
                    elements,
                    allocator,
                    scope);
            return;
        }
        Exploding inStructs = column.belowNullStructs();
        for (FieldVector part : child.getChildrenFromFields()) {
            explode(part.getField(), part, inStructs, elements, allocator, scope);
        }
    }

    private static Field itemField(Field list) {
        return list.getChildren().get(0);
    }

    private void explode(
            Field field, FieldVector source, Exploding column, int elements, BufferAllocator allocator, Scope scope)
            throws NpzException {
        FieldVector target = field.createVector(allocator);
        try (Rollback undo = Rollback.of(target)) {
            if (column.reason() == null) {
                VectorSlices.load(source, target, elements);
            } else {
                new Gather(scope).fill(source, target, column.rows(rows, elements, scope), elements);
            }
            add(field, target, column.reason());
            undo.commit();
        }
    }

    private void runs(int position, Exploding first, int elements, BufferAllocator allocator, Scope scope)
            throws NpzException {
        Field key = fields.get(position);
        Field field = new Field(
                key.getName(),
                FieldType.nullable(new ArrowType.RunEndEncoded()),
                List.of(RUN_ENDS, Vectors.renamed(key, "values")));
        FieldVector target = field.createVector(allocator);
        try (Rollback undo = Rollback.of(target)) {
            Vectors.load(target, elements);
            FieldVector ends = target.getChildrenFromFields().get(0);
            FieldVector values = target.getChildrenFromFields().get(1);
            ArrowBuf shared = first.runEnds(rows);
            if (shared != null) {
                try (shared) {
                    Vectors.load(ends, rows, scope.ones(rows), shared);
                }
                VectorSlices.load(input.get(position), values, rows);
                add(field, target, null);
            } else {
                ArrowBuf sums = scope.ints(rows, WHAT);
                ArrowBuf picked = scope.ints(rows, WHAT);
                int runs = Scope.guarded(() -> KeyLists.runEnds(first.lengths(), rows, sums, picked));
                sums.writerIndex(4L * runs);
                Vectors.load(ends, runs, scope.ones(runs), sums);
                new Gather(scope).fill(input.get(position), values, picked, runs);
                add(field, target, "the lists' offsets are no run ends: some list is empty, or the first begins late");
            }
            undo.commit();
        }
    }

    private void ordinal(ArrowBuf lengths, int elements, BufferAllocator allocator, Scope scope) throws NpzException {
        String name = spec.ordinal();
        if (name == null) {
            return;
        }
        ArrowBuf places = scope.longs(elements, WHAT);
        Scope.guard(() -> KeyLists.explode(lengths, rows, null, places));
        Field field = new Field(name, FieldType.nullable(LONG), null);
        FieldVector vector = field.createVector(allocator);
        add(field, vector, "computed");
        Vectors.load(vector, elements, scope.ones(elements), places);
    }
}
