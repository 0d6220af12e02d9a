package org.arrownpz.dataset;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ReusableBuffer;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.ExtensionTypeVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.ViewVarBinaryVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.util.ReusableByteArray;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;

/**
 * Vectors as the native Parquet writer takes them: without metadata, extension types, dictionaries, run ends and views,
 * and nullable throughout. Buffers are shared wherever the layouts agree.
 */
final class ToStorage {
    private static final long MILLIS = 1000;

    private final DictionaryProvider dictionaries;
    private final Location location;

    ToStorage(DictionaryProvider dictionaries, Location location) {
        this.dictionaries = dictionaries;
        this.location = location;
    }

    /** The column's stand-in, which the caller closes; the column stays the caller's. */
    FieldVector convert(FieldVector vector) throws NpzException {
        return named(vector, vector.getName());
    }

    private FieldVector named(FieldVector vector, String name) throws NpzException {
        if (vector instanceof ExtensionTypeVector<?> extension) {
            return named(extension.getUnderlyingVector(), name);
        }
        Field field = vector.getField();
        ArrowType type = field.getType();
        if (field.getDictionary() != null) {
            return decoded(vector, name);
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
        if (type instanceof ArrowType.Utf8View || type instanceof ArrowType.BinaryView) {
            return text(vector, name);
        }
        Field stored = Rebuild.nullable(name, ParquetTypes.stored(type), List.of());
        if (type instanceof ArrowType.Timestamp stamp && stamp.getUnit() == TimeUnit.SECOND) {
            return milliseconds(vector, stored);
        }
        return Rebuild.leaf(vector, stored);
    }

    private FieldVector decoded(FieldVector vector, String name) throws NpzException {
        Dictionary dictionary =
                dictionaries.lookup(vector.getField().getDictionary().getId());
        if (dictionary == null) {
            throw new IllegalArgumentException(
                    "the dictionary of column " + SafeText.quote(vector.getName()) + " is not given");
        }
        try (FieldVector values = (FieldVector) DictionaryEncoder.decode(vector, dictionary, vector.getAllocator())) {
            return named(values, name);
        }
    }

    private FieldVector expanded(RunEndEncodedVector runs, String name) throws NpzException {
        try (FieldVector values = named(runs.getValuesVector(), name)) {
            FieldVector result = values.getField().createVector(runs.getAllocator());
            try {
                result.setInitialCapacity(runs.getValueCount());
                result.allocateNew();
                BaseIntVector ends = (BaseIntVector) runs.getRunEndsVector();
                int row = 0;
                for (int run = 0; row < runs.getValueCount(); run++) {
                    long end = Math.min(ends.getValueAsLong(run), runs.getValueCount());
                    for (; row < end; row++) {
                        result.copyFromSafe(run, row, values);
                    }
                }
                result.setValueCount(runs.getValueCount());
                return result;
            } catch (RuntimeException | Error e) {
                result.close();
                throw e;
            }
        }
    }

    private FieldVector list(FieldVector vector, String name) throws NpzException {
        try (FieldVector elements = named(Rebuild.elements(vector), "element")) {
            ListRows rows = ListRows.of(vector);
            boolean large = vector instanceof LargeListVector;
            if (large || rows.isDense()) {
                return dense(vector, name, elements, rows, large);
            }
            return rows.gathered(elements, name, location);
        }
    }

    /** The elements as they are, under offsets that exist already or count up. */
    private static FieldVector dense(
            FieldVector vector, String name, FieldVector elements, ListRows rows, boolean large) {
        ArrowType type = large ? new ArrowType.LargeList() : new ArrowType.List();
        Field field = Rebuild.nullable(name, type, List.of(elements.getField()));
        if (large || vector instanceof ListVector) {
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
        // The native writer ends the process at such an entry.
        int nulls = Math.max(entries.getNullCount(), pair.get(0).getNullCount());
        if (nulls > 0) {
            throw location.fault(
                            ErrorCode.VALUE,
                            "the map column " + SafeText.quote(vector.getName()) + " has entries or keys that are null")
                    .expected("none, as the Arrow format says")
                    .found(nulls)
                    .exception();
        }
        try (FieldVector key = named(pair.get(0), "key");
                FieldVector value = named(pair.get(1), "value")) {
            Field keys = new Field(
                    "key",
                    FieldType.notNullable(key.getField().getType()),
                    key.getField().getChildren());
            Field fields = new Field(
                    "entries", FieldType.notNullable(new ArrowType.Struct()), List.of(keys, value.getField()));
            BufferAllocator allocator = vector.getAllocator();
            try (FieldVector both =
                    Rebuild.nested(fields, allocator, Rebuild.node(entries), entries.getFieldBuffers(), key, value)) {
                ArrowType type =
                        new ArrowType.Map(((ArrowType.Map) vector.getField().getType()).getKeysSorted());
                Field field = Rebuild.nullable(name, type, List.of(fields));
                return Rebuild.nested(field, allocator, Rebuild.node(vector), vector.getFieldBuffers(), both);
            }
        }
    }

    private FieldVector struct(FieldVector vector, String name) throws NpzException {
        BufferAllocator allocator = vector.getAllocator();
        List<FieldVector> parts = new ArrayList<>();
        try {
            for (FieldVector child : vector.getChildrenFromFields()) {
                parts.add(named(child, child.getName()));
            }
            if (parts.isEmpty()) {
                return marks(vector, name);
            }
            List<Field> fields = parts.stream().map(FieldVector::getField).toList();
            Field field = Rebuild.nullable(name, new ArrowType.Struct(), fields);
            return Rebuild.nested(
                    field,
                    allocator,
                    Rebuild.node(vector),
                    List.of(Rebuild.validity(vector)),
                    parts.toArray(FieldVector[]::new));
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

    private static FieldVector text(FieldVector vector, String name) {
        Field field =
                Rebuild.nullable(name, ParquetTypes.stored(vector.getField().getType()), List.of());
        BaseVariableWidthVector result = (BaseVariableWidthVector) field.createVector(vector.getAllocator());
        try {
            result.setInitialCapacity(vector.getValueCount());
            result.allocateNew();
            ReusableByteArray bytes = new ReusableByteArray();
            for (int row = 0; row < vector.getValueCount(); row++) {
                if (!vector.isNull(row)) {
                    read(vector, row, bytes);
                    result.setSafe(row, bytes.getBuffer(), 0, Math.toIntExact(bytes.getLength()));
                }
            }
            result.setValueCount(vector.getValueCount());
            return result;
        } catch (RuntimeException | Error e) {
            result.close();
            throw e;
        }
    }

    private static void read(FieldVector vector, int row, ReusableBuffer<?> bytes) {
        if (vector instanceof ViewVarCharVector text) {
            text.read(row, bytes);
        } else {
            ((ViewVarBinaryVector) vector).read(row, bytes);
        }
    }

    private FieldVector milliseconds(FieldVector vector, Field field) throws NpzException {
        int count = vector.getValueCount();
        long bytes = Math.multiplyExact(count, (long) Long.BYTES);
        try (ArrowBuf millis = vector.getAllocator().buffer(bytes)) {
            ArrowBuf seconds = vector.getDataBuffer();
            for (int row = 0; row < count; row++) {
                long at = row * (long) Long.BYTES;
                long value = vector.isNull(row) ? 0 : seconds.getLong(at);
                if (Math.abs(value / MILLIS) > Long.MAX_VALUE / MILLIS / MILLIS) {
                    throw tooFar(vector, row, value);
                }
                millis.setLong(at, value * MILLIS);
            }
            FieldVector result = field.createVector(vector.getAllocator());
            result.loadFieldBuffers(Rebuild.node(vector), List.of(Rebuild.validity(vector), millis.writerIndex(bytes)));
            return result;
        }
    }

    private NpzException tooFar(FieldVector vector, int row, long value) {
        return location.fault(
                        ErrorCode.VALUE,
                        "column " + SafeText.quote(vector.getName())
                                + " holds a time that Parquet, which has no seconds, cannot hold as milliseconds")
                .found(value + " s in row " + row)
                .remedy("Write the column as 64-bit integers")
                .exception();
    }
}
