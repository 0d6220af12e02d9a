package org.arrownpz.parquet.internal.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.parquet.internal.type.ArrowSchema;
import org.arrownpz.parquet.internal.type.Indices;
import org.arrownpz.parquet.internal.type.Rebuild;
import org.arrownpz.parquet.internal.type.Recoder;
import org.jspecify.annotations.Nullable;

/**
 * One dictionary for each encoded column of a file, or part of one. In Parquet each row group has its own, and the
 * native reader hands them out like that; most of what takes batches wants the same dictionary for all.
 */
public final class FileDictionaries implements Recoder, AutoCloseable {
    private final BufferAllocator allocator;
    private final Location location;
    private final DictionaryProvider source;
    private final Map<Long, Entries> entries = new TreeMap<>();
    private final MapDictionaryProvider provider = new MapDictionaryProvider();
    private List<Field> fields = new ArrayList<>();
    private long nextId;
    private boolean changed;

    /**
     * @param source the native reader, which has its schema
     * @param firstId of the dictionaries, which get numbers that count up
     */
    FileDictionaries(DictionaryProvider source, long firstId, BufferAllocator allocator, Location location) {
        this.source = source;
        this.nextId = firstId;
        this.allocator = allocator;
        this.location = location;
    }

    /** Takes a column; the hint is what the file's Arrow schema says of it, or the file itself. */
    void column(Field read, Field hint) {
        Field steady = encoded(read, ArrowSchema.hinted(read, hint));
        changed |= !steady.equals(read);
        fields.add(steady);
    }

    private Field encoded(Field read, Field field) {
        DictionaryEncoding encoding = field.getDictionary();
        if (encoding != null) {
            FieldVector known = read.getDictionary() == null
                    ? null
                    : source.lookup(read.getDictionary().getId()).getVector();
            ArrowType type = known == null ? read.getType() : known.getField().getType();
            long id = nextId++;
            DictionaryEncoding own = new DictionaryEncoding(id, encoding.isOrdered(), encoding.getIndexType());
            entries.put(id, new Entries(own, Rebuild.nullable("DICT" + id, type, List.of()), allocator));
            return withEncoding(field, own);
        }
        List<Field> children = new ArrayList<>();
        for (int i = 0; i < field.getChildren().size(); i++) {
            children.add(encoded(read.getChildren().get(i), field.getChildren().get(i)));
        }
        return new Field(field.getName(), field.getFieldType(), children);
    }

    private static Field withEncoding(Field field, DictionaryEncoding encoding) {
        FieldType type = new FieldType(field.isNullable(), encoding.getIndexType(), encoding, field.getMetadata());
        return new Field(field.getName(), type, null);
    }

    /** Whether the native reader's batches are to be given as they are. */
    boolean areAsRead() {
        return !changed && entries.isEmpty();
    }

    /** Whether a column, by its position, has a dictionary somewhere. */
    public boolean isEncoded(int position) {
        return isEncoded(fields.get(position));
    }

    public static boolean isEncoded(Field field) {
        return field.getDictionary() != null || field.getChildren().stream().anyMatch(FileDictionaries::isEncoded);
    }

    /**
     * Reads all of some columns for their dictionaries.
     *
     * @param positions of the columns in the reader
     * @param columns their positions here
     */
    void collect(ArrowReader reader, int[] positions, int[] columns) throws IOException {
        while (reader.loadNextBatch()) {
            VectorSchemaRoot batch = reader.getVectorSchemaRoot();
            for (int i = 0; i < columns.length; i++) {
                collect(batch.getVector(positions[i]), fields.get(columns[i]), reader);
            }
        }
    }

    private void collect(FieldVector vector, Field field, DictionaryProvider dictionaries) {
        if (field.getDictionary() != null) {
            numbers(vector, field, dictionaries);
            return;
        }
        List<FieldVector> parts = vector.getChildrenFromFields();
        for (int i = 0; i < parts.size(); i++) {
            collect(parts.get(i), field.getChildren().get(i), dictionaries);
        }
    }

    private int @Nullable [] numbers(FieldVector vector, Field field, DictionaryProvider dictionaries) {
        DictionaryEncoding read = vector.getField().getDictionary();
        FieldVector values =
                read == null ? vector : dictionaries.lookup(read.getId()).getVector();
        return of(field).add((BaseVariableWidthVector) values);
    }

    private Entries of(Field field) {
        Entries known = entries.get(field.getDictionary().getId());
        if (known == null) {
            throw new IllegalStateException("no dictionary of the file's: " + field);
        }
        return known;
    }

    /** To be called when all dictionaries are known. Where there are too many entries for the indices, these get wider. */
    void complete() {
        fields = fields.stream().map(this::completed).toList();
    }

    private Field completed(Field field) {
        if (field.getDictionary() == null) {
            List<Field> children =
                    field.getChildren().stream().map(this::completed).toList();
            return new Field(field.getName(), field.getFieldType(), children);
        }
        Entries known = of(field);
        DictionaryEncoding encoding = known.encoding();
        ArrowType.Int type = encoding.getIndexType();
        int bits = type.getBitWidth() - (type.getIsSigned() ? 1 : 0);
        if (bits < Integer.SIZE - 1 && known.count() > 1 << bits) {
            encoding = new DictionaryEncoding(
                    encoding.getId(), encoding.isOrdered(), new ArrowType.Int(Integer.SIZE, true));
        }
        provider.put(new Dictionary(known.values(), encoding));
        return withEncoding(field, encoding);
    }

    /** The columns' fields. */
    List<Field> fields() {
        return fields;
    }

    /** The dictionaries, which live as long as this object. */
    DictionaryProvider provider() {
        return provider;
    }

    @Override
    public FieldVector recode(FieldVector vector, Field wanted) throws NpzException {
        int[] numbers = numbers(vector, wanted, source);
        return vector.getField().getDictionary() == null
                ? Indices.of(vector, numbers, wanted)
                : Indices.remapped(vector, numbers, wanted, location);
    }

    @Override
    public void close() {
        entries.values().forEach(Entries::close);
        entries.clear();
    }
}
