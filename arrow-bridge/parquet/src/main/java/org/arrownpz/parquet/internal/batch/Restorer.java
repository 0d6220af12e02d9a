package org.arrownpz.parquet.internal.batch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.parquet.internal.file.NativeFile;
import org.arrownpz.parquet.internal.type.FromStorage;
import org.arrownpz.parquet.internal.type.Indices;
import org.arrownpz.parquet.internal.type.ParquetTypes;
import org.arrownpz.parquet.internal.type.Rebuild;
import org.arrownpz.parquet.internal.type.Recoder;

/** Columns as they were before they were written, as far as the metadata tell; others stay as the file has them. */
public final class Restorer implements Recoder {
    private final StoredSchema schema;
    private final BufferAllocator allocator;
    private final Location location;
    private final DictionaryProvider own;
    private final FromStorage converter;
    private final List<Field> fields = new ArrayList<>();
    private final MapDictionaryProvider dictionaries = new MapDictionaryProvider();
    /** By the number of a dictionary of the schema. */
    private final Map<Long, Places> places = new HashMap<>();
    /** By the number of a dictionary of the file: for each entry its number in the one that it was written from. */
    private final Map<Long, int[]> numbers = new HashMap<>();

    /** @throws NpzException when a dictionary of the file cannot be restored */
    public Restorer(StoredSchema schema, NativeFile file) throws NpzException {
        this.schema = schema;
        this.allocator = file.allocator();
        this.location = file.location();
        this.own = file.dictionaries();
        this.converter = new FromStorage(location, this, allocator);
        List<Field> read = file.schema().getFields();
        for (int i = 0; i < read.size(); i++) {
            Field wanted = schema.field(i, read.size(), read.get(i).getName());
            boolean restored = wanted != null && isRestorable(read.get(i), wanted);
            fields.add(restored ? wanted : read.get(i));
        }
        fields.forEach(this::keepDictionaries);
    }

    private void keepDictionaries(Field field) {
        if (field.getDictionary() != null) {
            Dictionary stored = schema.dictionary(field);
            Dictionary kept = stored == null ? own.lookup(field.getDictionary().getId()) : stored;
            dictionaries.put(kept);
            kept.getVector().getField().getChildren().forEach(this::keepDictionaries);
        }
        field.getChildren().forEach(this::keepDictionaries);
    }

    /** The fields of the restored columns. */
    public List<Field> fields() {
        return fields;
    }

    /** The dictionaries of the restored columns. */
    public DictionaryProvider dictionaries() {
        return dictionaries;
    }

    /** A restored column, which the caller closes; the one that was read stays the caller's. */
    public FieldVector restore(int position, FieldVector column) throws NpzException {
        return converter.restore(column, fields.get(position));
    }

    private boolean isRestorable(Field read, Field wanted) {
        return ParquetTypes.restorable(read, wanted, 1, this::isEncodable);
    }

    private boolean isEncodable(Field read, Field wanted) {
        Field values = schema.values(wanted);
        if (values == null) {
            return false;
        }
        Dictionary target = schema.dictionary(wanted);
        if (read.getDictionary() == null) {
            return target != null && isRestorable(read, values);
        }
        long id = read.getDictionary().getId();
        FieldVector entries = own.lookup(id).getVector();
        return isRestorable(entries.getField(), values) && isFound(id, entries, wanted, values);
    }

    /** Whether all entries have their places in the dictionary of the wanted field. */
    private boolean isFound(long id, FieldVector entries, Field wanted, Field values) {
        try (FieldVector restored = converter.restore(entries, values)) {
            Dictionary target = schema.dictionary(wanted);
            if (target == null) {
                target = schema.adopt(wanted, restored);
            }
            int[] found = places(restored, target);
            numbers.put(id, found);
            return Arrays.stream(found).noneMatch(place -> place == Places.NONE);
        } catch (NpzException e) {
            // What a dictionary in the metadata contradicts stays as the file has it.
            return false;
        }
    }

    @Override
    public FieldVector recode(FieldVector vector, Field wanted) throws NpzException {
        Dictionary target = schema.dictionary(wanted);
        if (target == null) {
            return Rebuild.leaf(vector, wanted);
        }
        if (vector.getField().getDictionary() != null) {
            long id = vector.getField().getDictionary().getId();
            return Indices.remapped(vector, numbers.get(id), wanted, location);
        }
        if (vector instanceof NullVector) {
            // Of a dictionary of nothing. Arrow's encoder would ask the column for its allocator, which it has not.
            FieldVector nulls = wanted.createVector(allocator);
            nulls.setValueCount(vector.getValueCount());
            return nulls;
        }
        try (FieldVector values = converter.restore(vector, target.getVector().getField())) {
            int[] found = places(values, target);
            if (Arrays.stream(found).anyMatch(place -> place == Places.NONE)) {
                throw location.error(
                                ErrorCode.META_SCHEMA,
                                "column " + SafeText.quote(vector.getName())
                                        + " has a value that its dictionary in the metadata has not")
                        .build();
            }
            return Indices.of(values, found, wanted);
        }
    }

    /** The place of each value in a dictionary. */
    private int[] places(FieldVector values, Dictionary dictionary) {
        Places known = places.computeIfAbsent(
                dictionary.getEncoding().getId(),
                id -> new Places(
                        dictionary.getVector(),
                        field ->
                                Objects.requireNonNull(schema.dictionary(field)).getVector()));
        int[] found = new int[values.getValueCount()];
        for (int row = 0; row < found.length; row++) {
            found[row] = known.of(values, row);
        }
        return found;
    }
}
