package org.arrownpz.ipc.internal.write;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.compare.Range;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.util.TransferPair;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.support.ValueBytes;
import org.arrownpz.support.column.VectorRows;

/** The dictionaries to write before a batch: new ones, grown ones (as deltas) and, in streams, changed ones. */
public final class DictionaryOutput implements AutoCloseable {
    private final DictionaryProvider provider;
    private final boolean replaceable;
    private final Location location;
    private final Set<Long> ids = new LinkedHashSet<>();
    private final Map<Long, FieldVector> written = new HashMap<>();

    /** Writes a dictionary, or what is to be added to one. */
    public interface Output {
        void write(long id, FieldVector values, boolean delta) throws NpzException;
    }

    /** @param replaceable whether the format lets a dictionary become another one */
    public DictionaryOutput(
            Iterable<Field> fields, DictionaryProvider provider, boolean replaceable, Location location) {
        this.provider = provider;
        this.replaceable = replaceable;
        this.location = location;
        fields.forEach(this::collect);
    }

    /** The dictionaries within a dictionary come before it. */
    private void collect(Field field) {
        field.getChildren().forEach(this::collect);
        if (field.getDictionary() != null && !ids.contains(field.getDictionary().getId())) {
            long id = field.getDictionary().getId();
            vector(id).getField().getChildren().forEach(this::collect);
            ids.add(id);
        }
    }

    private FieldVector vector(long id) {
        Dictionary dictionary = provider.lookup(id);
        if (dictionary == null) {
            throw new IllegalArgumentException("There is no dictionary " + id);
        }
        return dictionary.getVector();
    }

    /**
     * Writes what the next batch needs.
     *
     * @param last whether no batch follows, so that nothing has to be remembered
     */
    public void write(Output output, boolean last) throws NpzException {
        for (long id : ids) {
            FieldVector vector = vector(id);
            FieldVector former = written.get(id);
            if (former == null) {
                output.write(id, vector, false);
            } else {
                int before = former.getValueCount();
                int count = vector.getValueCount();
                boolean extended = before <= count && startsWith(vector, former);
                if (extended && before == count) {
                    continue;
                }
                if (extended && before > 0) {
                    writeDelta(output, id, vector, before);
                } else if (replaceable || before == 0) {
                    output.write(id, vector, false);
                } else {
                    throw location.error(ErrorCode.META_SCHEMA, "a dictionary changes between batches")
                            .remedy("Write a stream, which can hold that (a name ending in .arrows)")
                            .build();
                }
            }
            if (!last) {
                remember(id, vector);
            }
        }
    }

    private static void writeDelta(Output output, long id, FieldVector vector, int from) throws NpzException {
        TransferPair pair = vector.getTransferPair(vector.getAllocator());
        try (FieldVector delta = (FieldVector) pair.getTo()) {
            pair.splitAndTransfer(from, vector.getValueCount() - from);
            output.write(id, delta, true);
        }
    }

    private static boolean startsWith(FieldVector vector, FieldVector former) {
        try {
            return new ValueBytes.Equality(former, vector).rangeEquals(new Range(0, 0, former.getValueCount()));
        } catch (UnsupportedOperationException e) {
            return false;
        }
    }

    private void remember(long id, FieldVector vector) throws NpzException {
        FieldVector copy = VectorRows.copy(List.of(vector), vector.getAllocator(), 0, vector.getValueCount(), location)
                .get(0);
        FieldVector former = written.put(id, copy);
        if (former != null) {
            former.close();
        }
    }

    @Override
    public void close() {
        written.values().forEach(vector -> Objects.requireNonNull(vector).close());
    }
}
