package org.arrownpz.event;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.event.internal.kernel.KeyGroups;
import org.arrownpz.event.internal.keys.Groups;
import org.arrownpz.event.internal.pack.HeldGroup;
import org.arrownpz.event.internal.pack.KnownDictionaries;
import org.arrownpz.event.internal.pack.PackPlan;
import org.arrownpz.event.internal.pack.Packer;
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.event.spec.PackSpec.InputOrder;
import org.arrownpz.vector.internal.gather.Gather;
import org.arrownpz.vector.internal.gather.Scope;
import org.arrownpz.vector.internal.gather.Vectors;
import org.arrownpz.vector.internal.kernel.GatherRows;

/**
 * Packs the batches of another reader, see {@link Events#packing}. Used by one thread at a time; a close by another while
 * a batch is loaded is safe, and loading is an {@link IllegalStateException} afterwards.
 *
 * <pre>{@code
 * try (Frame events = Frames.open(allocator, Path.of("events.npz"));
 *         ArrowReader batches = events.reader(1 << 20);
 *         PackingReader packed = Events.packing(batches, PackSpec.by("user").packRest())) {
 *     Frames.write(packed, Path.of("packed.npz"), WriteOptions.defaults());
 * }
 * }</pre>
 */
public final class PackingReader extends DerivedReader {
    private static final String WHAT = "groups of a batch";

    private final PackPlan plan;
    private final int[] used;
    private final HeldGroup held;
    private final KnownDictionaries known;
    private final Deque<Batch> ready = new ArrayDeque<>();
    private boolean ended;
    private boolean heldIsClosed;
    private long rows;
    private long dropped;

    /** A finished batch. */
    private record Batch(List<FieldVector> vectors, int rows) {}

    private PackingReader(ArrowReader source, BufferAllocator memory, PackPlan plan, int[] used) {
        super(source, memory, plan.fields());
        this.plan = plan;
        this.used = used;
        this.held = new HeldGroup(memory);
        this.known = new KnownDictionaries(memory);
    }

    static PackingReader of(ArrowReader source, PackSpec spec) throws IOException {
        if (spec.order() == InputOrder.STABLE_SORT) {
            throw new IllegalArgumentException("batches are packed in the order in which they come; to sort them,"
                    + " read all into one root and pack that");
        }
        VectorSchemaRoot root = source.getVectorSchemaRoot();
        PackPlan whole = PackPlan.of(root.getSchema().getFields(), 0, spec);
        Set<Integer> positions = new TreeSet<>(whole.keys());
        positions.addAll(whole.carried());
        positions.addAll(whole.packed());
        if (whole.time() >= 0) {
            positions.add(whole.time());
        }
        List<Integer> used = List.copyOf(positions);
        PackPlan plan = new PackPlan(
                spec,
                whole.keys().stream().map(used::indexOf).toList(),
                whole.carried().stream().map(used::indexOf).toList(),
                whole.packed().stream().map(used::indexOf).toList(),
                used.indexOf(whole.time()),
                whole.gap(),
                whole.fields());
        return new PackingReader(
                source,
                Vectors.allocator(root.getFieldVectors()),
                plan,
                used.stream().mapToInt(Integer::intValue).toArray());
    }

    @Override
    boolean advance() throws IOException {
        output.clear();
        while (ready.isEmpty() && !ended) {
            if (source.loadNextBatch()) {
                VectorSchemaRoot batch = source.getVectorSchemaRoot();
                Scope.run(() -> {
                    add(batch);
                    return true;
                });
            } else {
                ended = true;
                Scope.run(() -> {
                    flush();
                    return true;
                });
            }
        }
        Batch batch = ready.poll();
        if (batch == null) {
            return false;
        }
        Scope.run(() -> {
            try {
                show(batch.vectors(), batch.rows());
                return true;
            } finally {
                batch.vectors().forEach(FieldVector::close);
            }
        });
        return true;
    }

    private void add(VectorSchemaRoot root) throws NpzException {
        int count = root.getRowCount();
        rows += count;
        List<FieldVector> read = new ArrayList<>(used.length);
        for (int position : used) {
            read.add(root.getVector(position));
        }
        List<FieldVector> batch = known.take(source, read);
        try {
            add(batch, count);
        } finally {
            List<FieldVector> own = new ArrayList<>(batch);
            own.removeAll(read);
            own.forEach(FieldVector::close);
        }
    }

    private void add(List<FieldVector> batch, int count) throws NpzException {
        Packer packer = new Packer(plan, batch, count, dictionaries());
        try (Scope scope = new Scope(memory)) {
            Groups groups = packer.groups(scope, false, 0);
            dropped += groups.dropped();
            if (groups.count() == 0) {
                heldIsClosed |= groups.dropped() > 0 && plan.spec().order() == InputOrder.RUNS;
                return;
            }
            int first = KeyGroups.get(groups.firstRows(scope), 0);
            boolean joins = false;
            if (!held.isEmpty() && isSameKey(batch, first, scope)) {
                joins = plan.time() < 0 || held.reaches(plan, batch, first, scope);
                if (plan.time() >= 0) {
                    groups = packer.groups(scope, false, joins ? held.session() : held.session() + 1);
                }
            }
            int done = 0;
            if (joins) {
                hold(batch, groups, 0, scope);
                done = 1;
            }
            if (done < groups.count()) {
                flush();
                int last = groups.count() - 1;
                if (done < last) {
                    emit(packer, part(groups, done, last, scope), scope);
                }
                hold(batch, groups, last, scope);
            }
            int lastRow = KeyGroups.get(groups.lastRows(scope), groups.count() - 1);
            heldIsClosed = plan.spec().order() == InputOrder.RUNS && lastRow != count - 1;
        }
    }

    private boolean isSameKey(List<FieldVector> batch, int first, Scope scope) throws NpzException {
        int sign = held.compare(plan, batch, first, dictionaries(), scope);
        if (plan.spec().order() == InputOrder.RUNS) {
            return sign == 0 && first == 0 && !heldIsClosed;
        }
        if (sign > 0) {
            throw Scope.NOWHERE
                    .error(
                            ErrorCode.VALUE,
                            "the rows are not sorted: the key of row " + first
                                    + " of a batch is less than the last one before it")
                    .remedy("Pack with order RUNS, or read all batches into one root and pack that")
                    .build();
        }
        return sign == 0;
    }

    private void hold(List<FieldVector> batch, Groups groups, int group, Scope scope) throws NpzException {
        int begin = KeyGroups.get(groups.offsets(), group);
        int count = KeyGroups.get(groups.offsets(), group + 1) - begin;
        ArrowBuf rows = Gather.range(scope, begin, count);
        ArrowBuf order = groups.rows();
        if (order != null) {
            ArrowBuf places = rows;
            ArrowBuf picked = scope.ints(count, WHAT);
            Scope.guard(() -> GatherRows.fixed(order, groups.kept(), 4, places, count, picked));
            rows = picked;
        }
        ArrowBuf numbers = groups.numbers();
        held.add(batch, rows, count, numbers == null ? 0 : numbers.getLong(8L * group), scope);
    }

    private static Groups part(Groups groups, int first, int end, Scope scope) throws NpzException {
        int count = end - first;
        ArrowBuf offsets = scope.ints(count + 1L, WHAT);
        KeyGroups.copy(groups.offsets(), first, count + 1, offsets);
        ArrowBuf own = groups.numbers();
        ArrowBuf numbers = null;
        if (own != null) {
            numbers = scope.longs(count, WHAT);
            KeyGroups.copy(own, 2 * first, 2 * count, numbers);
        }
        return new Groups(
                count, offsets, groups.rows(), groups.kept(), numbers, null, 0, groups.used(), groups.reason());
    }

    private void emit(Packer packer, Groups groups, Scope scope) throws NpzException {
        ready.add(new Batch(packer.columns(groups, memory, scope), groups.count()));
    }

    private void flush() throws NpzException {
        if (held.isEmpty()) {
            return;
        }
        int count = held.rows();
        long session = held.session();
        List<FieldVector> whole = held.take();
        try (Scope scope = new Scope(memory)) {
            ArrowBuf offsets = scope.ints(2, WHAT);
            KeyGroups.set(offsets, 0, 0);
            KeyGroups.set(offsets, 1, count);
            ArrowBuf numbers = scope.longs(1, WHAT);
            numbers.setLong(0, session);
            Groups groups = new Groups(
                    1, offsets, null, count, numbers, null, 0, plan.spec().order(), null);
            emit(new Packer(plan, whole, count, dictionaries()), groups, scope);
        } finally {
            whole.forEach(FieldVector::close);
        }
    }

    @Override
    DictionaryProvider dictionaries() {
        return known.current(source);
    }

    /** Rows of the source so far. */
    public long rows() {
        return rows;
    }

    /** Rows left out so far because a part of their key is null. */
    public long droppedRows() {
        return dropped;
    }

    @Override
    void release() {
        ready.forEach(batch -> batch.vectors().forEach(FieldVector::close));
        ready.clear();
        held.close();
        known.close();
    }
}
