package org.arrownpz.event.internal.pack;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.event.internal.kernel.KeyColumn;
import org.arrownpz.event.internal.kernel.KeyOrder;
import org.arrownpz.event.internal.keys.Keys;
import org.arrownpz.support.Rollback;
import org.arrownpz.support.column.VectorJoin;
import org.arrownpz.vector.internal.gather.Gather;
import org.arrownpz.vector.internal.gather.Scope;

/** A copy of the rows of the group at the end of the batches so far, which the next batch may continue. */
public final class HeldGroup implements AutoCloseable {
    private final BufferAllocator allocator;
    private final List<List<FieldVector>> chunks = new ArrayList<>();
    private int rows;
    private long session;

    public HeldGroup(BufferAllocator allocator) {
        this.allocator = allocator;
    }

    public boolean isEmpty() {
        return chunks.isEmpty();
    }

    public int rows() {
        return rows;
    }

    /** The number of the session. */
    public long session() {
        return session;
    }

    /** Adds rows of a batch. */
    public void add(List<FieldVector> batch, ArrowBuf picked, int count, long sessionNumber, Scope scope)
            throws NpzException {
        int sum = Math.addExact(rows, count);
        List<FieldVector> chunk = new ArrayList<>(batch.size());
        chunks.add(chunk);
        Gather gather = new Gather(scope);
        for (FieldVector vector : batch) {
            chunk.add(gather.rows(vector, picked, count, allocator));
        }
        rows = sum;
        session = sessionNumber;
    }

    /** Compares the key of the group with that of a row of a batch. */
    public int compare(PackPlan plan, List<FieldVector> batch, int row, DictionaryProvider dictionaries, Scope scope)
            throws NpzException {
        KeyColumn[] keys = new KeyColumn[plan.keys().size()];
        List<FieldVector> pairs = new ArrayList<>();
        try {
            for (int i = 0; i < keys.length; i++) {
                FieldVector pair = pair(plan.keys().get(i), batch, row, scope);
                pairs.add(pair);
                keys[i] = Keys.key(pair, dictionaries, scope);
            }
            return KeyOrder.compare(keys, 0, 1);
        } finally {
            pairs.forEach(FieldVector::close);
        }
    }

    /**
     * Whether a row of a batch, of the same key, is within the gap of the group's last time.
     *
     * @throws NpzException VALUE when time goes back
     */
    public boolean reaches(PackPlan plan, List<FieldVector> batch, int row, Scope scope) throws NpzException {
        try (FieldVector pair = pair(plan.time(), batch, row, scope)) {
            KeyColumn clock = Keys.exact(pair, scope);
            long before = clock.word(0);
            long now = clock.word(1);
            if (now < before) {
                throw Scope.NOWHERE
                        .error(ErrorCode.VALUE, "time goes back at row " + row + " of a batch within a key")
                        .remedy("Sort the rows, or read all batches into one root and pack that")
                        .build();
            }
            return Long.compareUnsigned(now - before, plan.gap()) <= 0;
        }
    }

    // The group's last row, and a row of the batch.
    private FieldVector pair(int column, List<FieldVector> batch, int row, Scope scope) throws NpzException {
        List<FieldVector> last = chunks.get(chunks.size() - 1);
        Gather gather = new Gather(scope);
        FieldVector held = last.get(column);
        try (FieldVector left = gather.rows(held, Gather.range(scope, held.getValueCount() - 1, 1), 1, allocator);
                FieldVector right = gather.rows(batch.get(column), Gather.range(scope, row, 1), 1, allocator)) {
            return VectorJoin.of(List.of(left, right), allocator, Scope.NOWHERE);
        }
    }

    /** The group's rows as one batch, which the caller closes; the group is empty afterwards. */
    public List<FieldVector> take() throws NpzException {
        List<FieldVector> whole = new ArrayList<>();
        try (Rollback undo = Rollback.all(whole)) {
            if (chunks.size() == 1) {
                whole.addAll(chunks.remove(0));
            } else {
                for (int column = 0; column < chunks.get(0).size(); column++) {
                    List<FieldVector> parts = new ArrayList<>(chunks.size());
                    for (List<FieldVector> chunk : chunks) {
                        parts.add(chunk.get(column));
                    }
                    whole.add(VectorJoin.of(parts, allocator, Scope.NOWHERE));
                }
            }
            return undo.commit(whole);
        } finally {
            close();
        }
    }

    @Override
    public void close() {
        chunks.forEach(chunk -> chunk.forEach(FieldVector::close));
        chunks.clear();
        rows = 0;
    }
}
