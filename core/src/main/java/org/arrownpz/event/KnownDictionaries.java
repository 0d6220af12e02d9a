package org.arrownpz.event;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.compare.Range;
import org.apache.arrow.vector.compare.RangeEqualsVisitor;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.vector.internal.kernel.KeyLists;

/** The dictionaries that rows held back go by. A stream may extend them; other values would change those rows. */
final class KnownDictionaries implements AutoCloseable {
    private final Map<Long, FieldVector> known = new HashMap<>();

    /**
     * Compares the dictionaries of a batch with those of the batches before.
     *
     * @throws NpzException META_SCHEMA when a known entry has another value
     */
    void check(DictionaryProvider dictionaries, List<FieldVector> batch) throws NpzException {
        for (Long id : dictionaries.getDictionaryIds()) {
            FieldVector values = dictionaries.lookup(id).getVector();
            FieldVector before = known.get(id);
            boolean[] same = new boolean[1];
            boolean[] extended = {true};
            if (before != null) {
                // Values may lie in a mapped file.
                Scope.guard(() -> {
                    same[0] = isSame(before, values);
                    extended[0] = same[0] || extend(before, values);
                });
            }
            if (same[0]) {
                continue;
            }
            if (!extended[0]) {
                throw Scope.NOWHERE
                        .fault(ErrorCode.META_SCHEMA, "a dictionary changes between batches")
                        .remedy("Write the batches with one dictionary, or with plain values")
                        .exception();
            }
            known.put(id, Vectors.shared(values, batch));
            if (before != null) {
                before.close();
            }
        }
    }

    // What is known is kept alive, so that its addresses are not given away again.
    private static boolean isSame(FieldVector left, FieldVector right) {
        if (left.getValueCount() != right.getValueCount()) {
            return false;
        }
        List<ArrowBuf> own = Vectors.storage(left).getFieldBuffers();
        List<ArrowBuf> other = Vectors.storage(right).getFieldBuffers();
        for (int i = 0; i < own.size(); i++) {
            if (!KeyLists.isShared(own.get(i), other.get(i))) {
                return false;
            }
        }
        return !own.isEmpty() && Vectors.storage(left).getChildrenFromFields().isEmpty();
    }

    private static boolean extend(FieldVector before, FieldVector values) {
        int count = before.getValueCount();
        return count <= values.getValueCount()
                && (count == 0 || new RangeEqualsVisitor(before, values).rangeEquals(new Range(0, 0, count)));
    }

    @Override
    public void close() {
        known.values().forEach(FieldVector::close);
        known.clear();
    }
}
