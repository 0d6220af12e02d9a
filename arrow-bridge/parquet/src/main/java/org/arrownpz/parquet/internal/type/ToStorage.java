package org.arrownpz.parquet.internal.type;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.ExtensionTypeVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntervalYearVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VariableWidthFieldVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.validate.ValidateUtil;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.ipc.cdata.ExportScope;
import org.arrownpz.support.Rollback;
import org.arrownpz.support.SafeMemory;
import org.arrownpz.support.column.VectorRows;

/**
 * Vectors as they are stored in Parquet: without metadata, extension types, run ends and views, and nullable
 * throughout. Dictionaries of values that are one column stay, so that their order and what is unused in them do; others
 * are looked up. Run ends stay at the top, where their values are one column. Buffers are shared wherever the layouts agree.
 */
public final class ToStorage implements AutoCloseable {
    private final DictionaryProvider dictionaries;
    private final Location location;
    private final MapDictionaryProvider kept = new MapDictionaryProvider();
    private final Set<Long> current = new HashSet<>();
    private boolean gap;

    public ToStorage(DictionaryProvider dictionaries, Location location) {
        this.dictionaries = dictionaries;
        this.location = location;
    }

    /** Another batch, which may have other dictionaries. */
    public void begin() {
        current.clear();
    }

    /** The column's stand-in, which the caller closes; the column stays the caller's. */
    public FieldVector convert(FieldVector vector) throws NpzException {
        gap = false;
        boolean runs = vector instanceof RunEndEncodedVector run
                && (isLeaf(run.getValuesVector())
                        || run.getValuesVector().getField().getDictionary() != null);
        return runs ? runs((RunEndEncodedVector) vector) : named(vector, vector.getName());
    }

    /** Whether a fixed-size list was null, or below a null, in the last column. */
    public boolean hadGap() {
        return gap;
    }

    /** The dictionaries of the stand-ins. */
    public DictionaryProvider dictionaries() {
        return kept;
    }

    @Override
    public void close() {
        kept.getDictionaryIds().forEach(id -> kept.lookup(id).getVector().close());
    }

    private FieldVector named(FieldVector vector, String name) throws NpzException {
        if (vector instanceof ExtensionTypeVector<?> extension) {
            return named(extension.getUnderlyingVector(), name);
        }
        Field field = vector.getField();
        ArrowType type = field.getType();
        if (field.getDictionary() != null) {
            return encoded(vector, name);
        }
        if (vector instanceof NullVector) {
            return new NullVector(name, vector.getValueCount());
        }
        if (vector instanceof RunEndEncodedVector runs) {
            return expanded(runs, name);
        }
        if (ParquetTypes.isList(type)) {
            return list(vector, name);
        }
        if (type instanceof ArrowType.Map) {
            return map((ListVector) vector, name);
        }
        if (type instanceof ArrowType.Struct) {
            return struct(vector, name);
        }
        if (type instanceof ArrowType.Decimal) {
            requireDigits(vector);
        }
        Field stored = Rebuild.nullable(name, ParquetTypes.stored(type), List.of());
        if (type.equals(stored.getType()) || type instanceof ArrowType.Duration) {
            return Rebuild.leaf(vector, stored);
        }
        if (ParquetTypes.isTextual(stored.getType())) {
            return vector instanceof VariableWidthFieldVector views
                    ? Rebuild.texts(views, stored)
                    : digits(vector, stored);
        }
        if (vector instanceof IntervalYearVector) {
            return Rebuild.leaf(vector, stored);
        }
        return type instanceof ArrowType.Interval interval
                ? StoredIntervals.parts(vector, name, ParquetTypes.parts(interval))
                : StoredTimes.stored(vector, stored, location);
    }

    /** Refuses decimals that no reader would take for their type. */
    private void requireDigits(FieldVector vector) throws NpzException {
        try {
            SafeMemory.guard(location, () -> VectorRows.validateFull(vector));
        } catch (ValidateUtil.ValidateException e) {
            throw location.error(
                            ErrorCode.VALUE,
                            "column " + SafeText.quote(vector.getName())
                                    + " has a decimal of more digits than its type")
                    .expected(vector.getField().getType())
                    .cause(e)
                    .build();
        }
    }

    private FieldVector encoded(FieldVector vector, String name) throws NpzException {
        DictionaryEncoding encoding = vector.getField().getDictionary();
        Dictionary dictionary = dictionaries.lookup(encoding.getId());
        if (dictionary == null) {
            throw new IllegalArgumentException(
                    "the dictionary of column " + SafeText.quote(vector.getName()) + " is not given");
        }
        FieldVector values = dictionary.getVector();
        Indices.requireWithin(vector, values.getValueCount(), location);
        if (!isLeaf(values)) {
            return decoded(vector, dictionary, name);
        }
        keep(encoding, values);
        Field field = new Field(name, new FieldType(true, vector.getField().getType(), encoding), null);
        // Parquet has no dictionaries with null.
        int[] numbers = values.getNullCount() == 0 ? null : Indices.withoutNulls(values);
        return Indices.remapped(vector, numbers, field, location);
    }

    private void keep(DictionaryEncoding encoding, FieldVector values) throws NpzException {
        if (!current.add(encoding.getId())) {
            return;
        }
        FieldVector stored;
        try (FieldVector all = named(values, "values")) {
            stored = all.getNullCount() == 0 ? ExportScope.realign(all, location) : present(all);
        }
        Dictionary former = kept.lookup(encoding.getId());
        kept.put(new Dictionary(stored, encoding));
        if (former != null) {
            former.getVector().close();
        }
    }

    private FieldVector present(FieldVector values) throws NpzException {
        int[] rows = IntStream.range(0, values.getValueCount())
                .filter(row -> !values.isNull(row))
                .toArray();
        return Rebuild.picked(values, rows.length, row -> rows[row], values.getAllocator(), location);
    }

    private FieldVector decoded(FieldVector vector, Dictionary dictionary, String name) throws NpzException {
        gap |= ParquetTypes.hasFixedLists(dictionary.getVector().getField());
        ArrowBuf indices = vector.getDataBuffer();
        int width = ((BaseFixedWidthVector) vector).getTypeWidth();
        IntUnaryOperator rows = row -> vector.isNull(row) ? -1 : (int) VectorRows.unsignedIndex(indices, row, width);
        try (FieldVector values =
                Rebuild.picked(dictionary.getVector(), vector.getValueCount(), rows, vector.getAllocator(), location)) {
            return named(values, name);
        }
    }

    /** Whether Parquet stores the values as one column that may have a dictionary. */
    private static boolean isLeaf(FieldVector vector) {
        FieldVector values =
                vector instanceof ExtensionTypeVector<?> extension ? extension.getUnderlyingVector() : vector;
        ArrowType type = values.getField().getType();
        return values.getField().getChildren().isEmpty()
                && values.getField().getDictionary() == null
                && !(values instanceof NullVector || values instanceof BitVector)
                && !(ParquetTypes.stored(type) instanceof ArrowType.Struct);
    }

    /** The same run ends over the values' stand-ins. */
    private FieldVector runs(RunEndEncodedVector vector) throws NpzException {
        FieldVector ends = vector.getRunEndsVector();
        try (FieldVector values = named(vector.getValuesVector(), vector.getName())) {
            List<Field> parts = List.of(ends.getField(), values.getField());
            Field field = new Field(vector.getName(), FieldType.notNullable(new ArrowType.RunEndEncoded()), parts);
            try (FieldVector same = Rebuild.leaf(ends, ends.getField())) {
                return Rebuild.nested(
                        field,
                        vector.getAllocator(),
                        new ArrowFieldNode(vector.getValueCount(), 0),
                        List.of(),
                        same,
                        values);
            }
        }
    }

    private FieldVector expanded(RunEndEncodedVector runs, String name) throws NpzException {
        gap |= ParquetTypes.hasFixedLists(runs.getField());
        BaseIntVector ends = (BaseIntVector) runs.getRunEndsVector();
        int[] run = {0};
        IntUnaryOperator rows = row -> {
            while (ends.getValueAsLong(run[0]) <= row) {
                run[0]++;
            }
            return run[0];
        };
        try (FieldVector values = named(runs.getValuesVector(), name)) {
            return Rebuild.picked(values, runs.getValueCount(), rows, runs.getAllocator(), location);
        }
    }

    private FieldVector list(FieldVector vector, String name) throws NpzException {
        if (vector instanceof FixedSizeListVector list) {
            gap |= list.getNullCount() > 0 || list.getListSize() == 0;
        }
        try (FieldVector elements = named(Rebuild.elements(vector), "element")) {
            ListRows rows = ListRows.of(vector);
            boolean large = vector instanceof LargeListVector;
            Field field = Rebuild.nullable(
                    name, large ? new ArrowType.LargeList() : new ArrowType.List(), List.of(elements.getField()));
            return rows.isDense() ? dense(vector, field, elements, rows) : rows.gathered(elements, field, location);
        }
    }

    /** The elements as they are, under offsets that exist already or count up. */
    private static FieldVector dense(FieldVector vector, Field field, FieldVector elements, ListRows rows) {
        if (vector instanceof LargeListVector || vector instanceof ListVector) {
            return Rebuild.nested(
                    field, vector.getAllocator(), Rebuild.node(vector), vector.getFieldBuffers(), elements);
        }
        try (ArrowBuf offsets = rows.offsets(vector.getAllocator())) {
            List<ArrowBuf> buffers = List.of(Rebuild.validity(vector), offsets);
            return Rebuild.nested(field, vector.getAllocator(), Rebuild.node(vector), buffers, elements);
        }
    }

    private FieldVector map(ListVector vector, String name) throws NpzException {
        FieldVector entries = Rebuild.elements(vector);
        List<FieldVector> pair = entries.getChildrenFromFields();
        // Parquet's keys are required.
        int nulls = Math.max(entries.getNullCount(), pair.get(0).getNullCount());
        if (nulls > 0) {
            throw location.error(
                            ErrorCode.VALUE,
                            "the map column " + SafeText.quote(vector.getName()) + " has entries or keys that are null")
                    .expected("none, as the Arrow format says")
                    .found(nulls)
                    .remedy("Fill them in, or write the column as lists of structs")
                    .build();
        }
        try (FieldVector key = named(pair.get(0), "key");
                FieldVector value = named(pair.get(1), "value")) {
            Field keys = new Field(
                    "key",
                    new FieldType(
                            false, key.getField().getType(), key.getField().getDictionary()),
                    key.getField().getChildren());
            Field fields = new Field(
                    "entries", FieldType.notNullable(new ArrowType.Struct()), List.of(keys, value.getField()));
            BufferAllocator allocator = vector.getAllocator();
            try (FieldVector both =
                    Rebuild.nested(fields, allocator, Rebuild.node(entries), entries.getFieldBuffers(), key, value)) {
                ArrowType type =
                        new ArrowType.Map(((ArrowType.Map) vector.getField().getType()).getKeysSorted());
                Field field = Rebuild.nullable(name, type, List.of(fields));
                ListRows rows = ListRows.of(vector);
                return rows.isDense() ? dense(vector, field, both, rows) : rows.gathered(both, field, location);
            }
        }
    }

    private FieldVector struct(FieldVector vector, String name) throws NpzException {
        gap |= vector.getNullCount() > 0 && ParquetTypes.hasFixedLists(vector.getField());
        List<FieldVector> parts = new ArrayList<>();
        try {
            for (FieldVector child : vector.getChildrenFromFields()) {
                try (FieldVector masked = Rebuild.masked(child, vector)) {
                    parts.add(named(masked, child.getName()));
                }
            }
            if (parts.isEmpty()) {
                return marks(vector, name);
            }
            List<Field> fields = parts.stream().map(FieldVector::getField).toList();
            Field field = Rebuild.nullable(name, new ArrowType.Struct(), fields);
            return Rebuild.grouped(field, vector, parts);
        } finally {
            parts.forEach(FieldVector::close);
        }
    }

    /** For structs without fields, which Parquet has not: a zero for each, null where the struct is null. */
    private static FieldVector marks(FieldVector vector, String name) {
        try (ArrowBuf zeros = vector.getAllocator().buffer(vector.getValueCount())) {
            zeros.setZero(0, vector.getValueCount());
            FieldVector result =
                    Rebuild.nullable(name, ParquetTypes.INT8, List.of()).createVector(vector.getAllocator());
            result.loadFieldBuffers(
                    Rebuild.node(vector), List.of(Rebuild.validity(vector), zeros.writerIndex(vector.getValueCount())));
            return result;
        }
    }

    /** Decimals that Parquet has not, as their digits. */
    private static FieldVector digits(FieldVector vector, Field field) {
        VarCharVector result = (VarCharVector) field.createVector(vector.getAllocator());
        try (Rollback undo = Rollback.of(result)) {
            result.setInitialCapacity(vector.getValueCount());
            result.allocateNew();
            for (int row = 0; row < vector.getValueCount(); row++) {
                if (!vector.isNull(row)) {
                    String digits = ((BigDecimal) vector.getObject(row)).toPlainString();
                    result.setSafe(row, digits.getBytes(StandardCharsets.US_ASCII));
                }
            }
            result.setValueCount(vector.getValueCount());
            return undo.commit(result);
        }
    }
}
