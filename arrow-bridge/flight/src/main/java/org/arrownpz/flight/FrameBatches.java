package org.arrownpz.flight;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.frame.Frame;
import org.arrownpz.internal.memory.Rollback;
import org.arrownpz.internal.text.SafeText;
import org.arrownpz.vector.internal.buffers.VectorSlices;

/**
 * Rows and columns of a frame, and the dictionaries that they need, in copies. The network reads a batch later, on threads
 * that a file which was cut short under its mapping would throw out of their course, and sends whatever is there by then.
 */
final class FrameBatches implements Batches {
    private final DictionaryProvider.MapDictionaryProvider dictionaries =
            new DictionaryProvider.MapDictionaryProvider();
    private final List<FieldVector> dictionaryValues = new ArrayList<>();
    private final List<FieldVector> columns = new ArrayList<>();
    private final VectorSchemaRoot root;
    private final long end;
    private final int batchRows;
    private final Frame frame;
    private final Frame chosen;
    private final Location location;
    private final BufferAllocator allocator;
    private long next;

    /**
     * @throws IllegalArgumentException for unknown or doubled columns
     * @throws NpzException FILE_CHANGED, or LIMIT when the allocator cannot give the memory for the dictionaries
     */
    FrameBatches(Frame frame, NpzTicket ticket, int batchBytes, BufferAllocator allocator) throws NpzException {
        this.frame = frame;
        this.location = Location.ofFile(ticket.name());
        this.allocator = allocator;
        this.chosen = chosen(frame, ticket.columns());
        try (Rollback undo = Rollback.of(this::release)) {
            VectorSchemaRoot all = chosen.interchangeRoot();
            List<Field> fields = new ArrayList<>();
            Set<String> seen = new HashSet<>();
            for (String name : ticket.columns().isEmpty() ? names(all) : ticket.columns()) {
                FieldVector column = all.getVector(name);
                if (column == null || !seen.add(name)) {
                    throw misnamed(name, names(all));
                }
                columns.add(column);
                fields.add(column.getField());
            }
            Schema schema = new Schema(fields, frame.interchangeSchema().getCustomMetadata());
            this.next = Math.min(ticket.offset(), frame.rowCount());
            long rest = frame.rowCount() - next;
            this.end = next + (ticket.limit() < 0 ? rest : Math.min(ticket.limit(), rest));
            this.batchRows = Batches.rows(columns, frame.rowCount(), batchBytes);
            for (Field field : fields) {
                copyDictionaries(field);
            }
            this.root = VectorSchemaRoot.create(schema, allocator);
            undo.commit();
        }
    }

    /** The columns of the ticket, so that no other is made; all where the index is among them, or an unknown one. */
    private static Frame chosen(Frame frame, List<String> wanted) {
        Set<String> once = new LinkedHashSet<>(wanted);
        return once.isEmpty() || !new HashSet<>(frame.columnNames()).containsAll(once)
                ? frame.share()
                : frame.select(once.toArray(String[]::new));
    }

    /** What is wrong with the name of a column that is there already, or is none. */
    static IllegalArgumentException misnamed(String name, List<String> all) {
        return new IllegalArgumentException(
                all.contains(name)
                        ? "the column " + SafeText.quote(name) + " is named twice"
                        : "there is no column " + SafeText.quote(name) + "; there are "
                                + SafeText.escape(String.join(", ", all), 1000));
    }

    private static List<String> names(VectorSchemaRoot root) {
        return root.getSchema().getFields().stream().map(Field::getName).toList();
    }

    private void copyDictionaries(Field field) throws NpzException {
        DictionaryEncoding encoding = field.getDictionary();
        if (encoding != null && dictionaries.lookup(encoding.getId()) == null) {
            Dictionary dictionary = frame.dictionaries().lookup(encoding.getId());
            FieldVector values = dictionary.getVector();
            FieldVector copy = copy(List.of(values), 0, values.getValueCount()).get(0);
            dictionaryValues.add(copy);
            dictionaries.put(new Dictionary(copy, dictionary.getEncoding()));
            copyDictionaries(copy.getField());
        }
        for (Field child : field.getChildren()) {
            copyDictionaries(child);
        }
    }

    @Override
    public VectorSchemaRoot root() {
        return root;
    }

    @Override
    public DictionaryProvider dictionaries() {
        return dictionaries;
    }

    @Override
    public boolean next() throws NpzException {
        if (next >= end) {
            return false;
        }
        int count = (int) Math.min(batchRows, end - next);
        // What was sent is held by whoever sends it.
        root.clear();
        VectorSlices.move(copy(columns, (int) next, count), root, count);
        next += count;
        return true;
    }

    private List<FieldVector> copy(List<FieldVector> vectors, int from, int count) throws NpzException {
        List<FieldVector> copies;
        try {
            copies = VectorSlices.copy(vectors, allocator, from, count, location);
        } catch (IndexOutOfBoundsException e) {
            // Offsets that are those of other bytes.
            frame.checkUnchanged();
            throw e;
        }
        try (Rollback undo = Rollback.all(copies)) {
            frame.checkUnchanged();
            return undo.commit(copies);
        }
    }

    @Override
    public void close() {
        root.close();
        release();
    }

    private void release() {
        dictionaryValues.forEach(FieldVector::close);
        chosen.close();
    }
}
