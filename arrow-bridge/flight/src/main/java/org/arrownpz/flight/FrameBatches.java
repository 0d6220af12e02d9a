package org.arrownpz.flight;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.frame.Frame;
import org.arrownpz.support.Rollback;
import org.arrownpz.support.column.VectorRows;

/**
 * Rows and columns of a frame, and the dictionaries that they need, in memory of the allocator: columns are made for the
 * rows of a batch alone where that can be, and what views the file is copied. The network reads a batch later, on threads
 * that a file which was cut short under its mapping would throw out of their course, and sends whatever is there by then.
 */
final class FrameBatches implements Batches {
    /** Rows that tell how long rows are. */
    private static final int SAMPLE_ROWS = 32;

    private final DictionaryProvider.MapDictionaryProvider dictionaries =
            new DictionaryProvider.MapDictionaryProvider();
    private final List<FieldVector> dictionaryValues = new ArrayList<>();
    private final VectorSchemaRoot root;
    private final Frame chosen;
    private final ArrowReader reader;
    /** The reader's places of the columns that are sent. */
    private final int[] positions;

    private final Location location;
    private final BufferAllocator allocator;
    private final boolean views;

    /**
     * The frame stays the caller's, who may close it.
     *
     * @param views whether what views the file is sent as it is, by the thread that asks for the next batch
     * @throws IllegalArgumentException for unknown or doubled columns
     * @throws NpzException FILE_CHANGED, or LIMIT when the allocator cannot give the memory for the dictionaries
     */
    FrameBatches(Frame frame, NpzTicket ticket, int batchBytes, BufferAllocator allocator, boolean views)
            throws IOException {
        this.views = views;
        this.location = Location.ofFile(ticket.name());
        this.allocator = allocator;
        long offset = Math.min(ticket.offset(), frame.rowCount());
        long rest = frame.rowCount() - offset;
        List<AutoCloseable> opened = new ArrayList<>();
        try (Rollback undo = Rollback.of(this::releaseDictionaries);
                Rollback both = Rollback.all(opened)) {
            Map<String, String> metadata;
            try (Frame some = chosen(frame, ticket.columns())) {
                // A slice has no blocks of the file.
                metadata = some.interchangeSchema().getCustomMetadata();
                this.chosen = some.slice(offset, ticket.limit() < 0 ? rest : Math.min(ticket.limit(), rest));
            }
            opened.add(chosen);
            this.reader = chosen.interchangeReader(batchRows(ticket.columns(), batchBytes));
            opened.add(0, reader);
            List<Field> all = reader.getVectorSchemaRoot().getSchema().getFields();
            this.positions = positions(all, ticket.columns());
            List<Field> fields = Arrays.stream(positions).mapToObj(all::get).toList();
            for (Field field : fields) {
                copyDictionaries(field);
            }
            this.root = VectorSchemaRoot.create(new Schema(fields, metadata), allocator);
            both.commit();
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

    /**
     * The places of columns, in the order wanted; all where none is wanted.
     *
     * @throws IllegalArgumentException for unknown or doubled columns
     */
    static int[] positions(List<Field> fields, List<String> wanted) {
        if (wanted.isEmpty()) {
            return IntStream.range(0, fields.size()).toArray();
        }
        List<String> names = fields.stream().map(Field::getName).toList();
        Map<String, Integer> known = new HashMap<>(2 * names.size());
        for (int i = 0; i < names.size(); i++) {
            known.putIfAbsent(names.get(i), i);
        }
        return wanted.stream()
                .mapToInt(name -> {
                    // What is sent is not there any more.
                    Integer position = known.remove(name);
                    if (position == null) {
                        throw misnamed(name, names);
                    }
                    return position;
                })
                .toArray();
    }

    private static IllegalArgumentException misnamed(String name, List<String> all) {
        return new IllegalArgumentException(
                all.contains(name)
                        ? "the column " + SafeText.quote(name) + " is named twice"
                        : "there is no column " + SafeText.quote(name) + "; there are "
                                + SafeText.escape(String.join(", ", all), 1000));
    }

    /** As many rows as some that lie apart say, of the columns that are sent. */
    private int batchRows(List<String> wanted, int batchBytes) throws NpzException {
        int count = (int) Math.min(SAMPLE_ROWS, chosen.rowCount());
        long[] rows = LongStream.range(0, count)
                .map(i -> i * (chosen.rowCount() / count))
                .toArray();
        try (Frame sample = chosen.take(rows);
                Frame own = sample.copy()) {
            List<FieldVector> sent = own.root().getFieldVectors().stream()
                    .filter(column -> wanted.isEmpty() || wanted.contains(column.getName()))
                    .toList();
            return VectorRows.fitting(sent, count, batchBytes);
        }
    }

    private void copyDictionaries(Field field) throws NpzException {
        DictionaryEncoding encoding = field.getDictionary();
        if (encoding != null && dictionaries.lookup(encoding.getId()) == null) {
            Dictionary dictionary = chosen.dictionaries().lookup(encoding.getId());
            FieldVector values = dictionary.getVector();
            FieldVector copy = copy(List.of(values), values.getValueCount()).get(0);
            dictionaryValues.add(copy);
            chosen.checkUnchanged();
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
    public boolean next() throws IOException {
        // What was sent is held by whoever sends it.
        root.clear();
        if (!reader.loadNextBatch()) {
            return false;
        }
        VectorSchemaRoot batch = reader.getVectorSchemaRoot();
        List<FieldVector> rows = new ArrayList<>();
        try (Rollback undo = Rollback.all(rows)) {
            for (int position : positions) {
                rows.addAll(own(List.of(batch.getVector(position)), batch.getRowCount()));
            }
            chosen.checkUnchanged();
            undo.commit();
        }
        VectorRows.move(rows, root, batch.getRowCount());
        return true;
    }

    private List<FieldVector> own(List<FieldVector> column, int count) throws NpzException {
        return views || column.get(0) instanceof BaseFixedWidthVector && !VectorRows.isMapped(column.get(0))
                ? VectorRows.share(column, allocator, 0, count, location)
                : copy(column, count);
    }

    private List<FieldVector> copy(List<FieldVector> vectors, int count) throws NpzException {
        try {
            return VectorRows.copy(vectors, allocator, 0, count, location);
        } catch (IndexOutOfBoundsException e) {
            // Offsets that are those of other bytes.
            chosen.checkUnchanged();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        root.close();
        releaseDictionaries();
        reader.close();
        chosen.close();
    }

    private void releaseDictionaries() {
        dictionaryValues.forEach(FieldVector::close);
    }
}
