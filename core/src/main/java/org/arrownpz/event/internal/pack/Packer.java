package org.arrownpz.event.internal.pack;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.event.internal.kernel.KeyColumn;
import org.arrownpz.event.internal.kernel.KeyGroups;
import org.arrownpz.event.internal.keys.GroupFinder;
import org.arrownpz.event.internal.keys.Groups;
import org.arrownpz.event.internal.keys.KeyRuns;
import org.arrownpz.event.internal.keys.Keys;
import org.arrownpz.event.spec.PackSpec.PackLayout;
import org.arrownpz.internal.memory.Storage;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.CopyReport;
import org.arrownpz.vector.internal.buffers.VectorSlices;
import org.arrownpz.vector.internal.gather.Gather;
import org.arrownpz.vector.internal.gather.Scope;
import org.arrownpz.vector.internal.gather.Vectors;

/** Packs one root or batch. Used once. */
public final class Packer {
    private final PackPlan plan;
    private final List<FieldVector> input;
    private final int rows;
    private final DictionaryProvider dictionaries;
    private final CopyReport.Builder report = CopyReport.builder();

    public Packer(PackPlan plan, List<FieldVector> input, int rows, DictionaryProvider dictionaries) {
        this.plan = plan;
        this.input = input;
        this.rows = rows;
        this.dictionaries = dictionaries;
    }

    /**
     * Packed rows.
     *
     * @param groups how they were grouped; only its figures and reasons, since its memory is given back
     * @param vectors the columns, which the caller closes
     */
    public record Result(Groups groups, List<FieldVector> vectors, CopyReport copies) {}

    /** Packs all rows. */
    public Result pack() throws NpzException {
        BufferAllocator allocator = Vectors.allocator(input);
        try (Scope scope = new Scope(allocator)) {
            Groups groups = groups(scope, true, 0);
            List<FieldVector> output = columns(groups, allocator, scope);
            return new Result(groups, output, report.build());
        }
    }

    public Groups groups(Scope scope, boolean maySort, long firstSession) throws NpzException {
        KeyColumn[] keys = new KeyColumn[plan.keys().size()];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = Keys.key(input.get(plan.keys().get(i)), dictionaries, scope);
        }
        FieldVector time = plan.time() < 0 ? null : input.get(plan.time());
        return new GroupFinder(plan.spec(), rows, keys, time, plan.gap(), maySort, scope).find(firstSession);
    }

    /** The result's columns for these groups, which the caller closes. */
    public List<FieldVector> columns(Groups groups, BufferAllocator allocator, Scope scope) throws NpzException {
        List<FieldVector> output = new ArrayList<>(plan.fields().size());
        try (Rollback undo = Rollback.all(output)) {
            Gather gather = new Gather(scope);
            ArrowBuf first = groups.firstRows(scope);
            ArrowBuf known = groups.keys();
            for (int key : plan.keys()) {
                if (known == null) {
                    output.add(gather.rows(input.get(key), first, groups.count(), allocator));
                } else {
                    FieldVector values = input.get(key).getField().createVector(allocator);
                    output.add(values);
                    Vectors.load(Storage.of(values), groups.count(), scope.ones(groups.count()), known);
                }
                note(output, "a value for each group");
            }
            if (plan.time() >= 0) {
                sessions(groups, first, gather, output, allocator, scope);
            }
            for (int column : plan.carried()) {
                requireConstant(input.get(column), groups, gather, allocator, scope);
                output.add(gather.rows(input.get(column), first, groups.count(), allocator));
                note(output, "a value for each group");
            }
            lists(groups, gather, output, scope);
            return undo.commit(output);
        }
    }

    private void note(List<FieldVector> output, String reason) throws NpzException {
        FieldVector vector = output.get(output.size() - 1);
        report.column(null, vector.getField(), 0, VectorSlices.valueBytes(vector), reason);
    }

    private void sessions(
            Groups groups,
            ArrowBuf first,
            Gather gather,
            List<FieldVector> output,
            BufferAllocator allocator,
            Scope scope)
            throws NpzException {
        int count = groups.count();
        int at = plan.keys().size();
        FieldVector time = input.get(plan.time());
        ArrowBuf counts = scope.longs(count, "counts of sessions");
        KeyGroups.counts(groups.offsets(), count, counts);
        ArrowBuf ones = scope.ones(count);
        ArrowBuf numbers = groups.numbers();
        ArrowBuf[] longs = {numbers == null ? counts : numbers, counts};
        ArrowBuf[] rowsOf = {first, groups.lastRows(scope)};
        for (int i = 0; i < 4; i++) {
            FieldVector vector = plan.fields().get(at + i).createVector(allocator);
            output.add(vector);
            if (i == 0 || i == 3) {
                Vectors.load(vector, count, ones, longs[i / 3]);
            } else {
                gather.fill(time, vector, rowsOf[i - 1], count);
            }
            note(output, "computed");
        }
    }

    private void requireConstant(
            FieldVector column, Groups groups, Gather gather, BufferAllocator allocator, Scope scope)
            throws NpzException {
        ArrowBuf order = groups.rows();
        FieldVector inOrder = order == null ? null : gather.rows(column, order, groups.kept(), allocator);
        try {
            FieldVector looked = inOrder == null ? column : inOrder;
            KeyRuns runs = KeyRuns.find(looked.getValueCount(), scope, Keys.exact(looked, scope));
            int stray = Scope.guarded(
                    () -> KeyGroups.strayRun(runs.starts(), runs.count(), groups.offsets(), groups.count()));
            if (stray >= 0) {
                int row = order == null ? stray : KeyGroups.get(order, stray);
                throw Scope.NOWHERE
                        .error(
                                ErrorCode.VALUE,
                                "the carried column " + SafeText.quote(column.getName())
                                        + " is not constant in each group: row " + row + " differs from the one before")
                        .remedy("Pack it, or make it a key")
                        .build();
            }
        } finally {
            if (inOrder != null) {
                inOrder.close();
            }
        }
    }

    private void lists(Groups groups, Gather gather, List<FieldVector> output, Scope scope) throws NpzException {
        int count = groups.count();
        ArrowBuf offsets = groups.offsets();
        if (plan.spec().isLarge()) {
            offsets = scope.longs(count + 1L, "the offsets of groups");
            KeyGroups.widen(groups.offsets(), count + 1, offsets);
        }
        int at = plan.fields().size()
                - (plan.spec().layout() == PackLayout.LISTS ? plan.packed().size() : 1);
        FieldVector struct = null;
        if (plan.spec().layout() == PackLayout.LIST_OF_STRUCT) {
            struct = items(at, count, offsets, output, scope);
            int children = groups.rows() == null ? rows : groups.kept();
            Vectors.load(struct, children, scope.ones(children));
        }
        for (int i = 0; i < plan.packed().size(); i++) {
            FieldVector target = struct == null
                    ? items(at + i, count, offsets, output, scope)
                    : struct.getChildrenFromFields().get(i);
            values(input.get(plan.packed().get(i)), target, groups, gather);
        }
    }

    /** The items of a list column, which is made. */
    private FieldVector items(int field, int count, ArrowBuf offsets, List<FieldVector> output, Scope scope)
            throws NpzException {
        FieldVector list = plan.fields().get(field).createVector(Vectors.allocator(input));
        output.add(list);
        Vectors.load(list, count, scope.ones(count), offsets);
        return list.getChildrenFromFields().get(0);
    }

    private void values(FieldVector source, FieldVector target, Groups groups, Gather gather) throws NpzException {
        ArrowBuf order = groups.rows();
        Field field = source.getField();
        if (order == null) {
            VectorSlices.load(source, target);
            report.column(null, field, VectorSlices.valueBytes(source), 0, null);
        } else {
            gather.fill(source, target, order, groups.kept());
            report.column(null, field, 0, VectorSlices.valueBytes(target), groups.reason());
        }
    }
}
