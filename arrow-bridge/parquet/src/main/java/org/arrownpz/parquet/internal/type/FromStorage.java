package org.arrownpz.parquet.internal.type;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VariableWidthFieldVector;
import org.apache.arrow.vector.compare.Range;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.support.Rollback;
import org.arrownpz.support.ValueBytes;
import org.arrownpz.support.column.VectorJoin;
import org.arrownpz.support.column.VectorRows;

/**
 * The way back from {@link ToStorage}. The wanted fields stem from the file's metadata, so that all that they claim
 * about the data is checked; {@link ParquetTypes#restorable} has checked the types.
 */
public final class FromStorage {
    /** A sign, 76 digits, a point and the zeros of any scale that an Arrow schema of sense has. */
    private static final int MAX_DIGITS = 1000;

    private final Location location;
    private final Recoder recoder;
    private final BufferAllocator allocator;

    /**
     * @param recoder for what becomes indices into a dictionary
     * @param allocator for runs: vectors of nulls have none
     */
    public FromStorage(Location location, Recoder recoder, BufferAllocator allocator) {
        this.location = location;
        this.recoder = recoder;
        this.allocator = allocator;
    }

    /** The vector under the wanted field, which the caller closes; the vector stays the caller's. */
    public FieldVector restore(FieldVector vector, Field wanted) throws NpzException {
        ArrowType type = wanted.getType();
        if (wanted.getDictionary() != null) {
            return recoder.recode(vector, wanted);
        }
        if (type instanceof ArrowType.RunEndEncoded) {
            return runs(vector, wanted);
        }
        if (vector instanceof NullVector) {
            FieldVector nulls = wanted.createVector(vector.getAllocator());
            nulls.setValueCount(vector.getValueCount());
            return nulls;
        }
        if (ParquetTypes.isList(type)) {
            return list(vector, wanted);
        }
        if (type instanceof ArrowType.Map) {
            FieldVector entries = Rebuild.elements(vector);
            Field child = wanted.getChildren().get(0);
            try (FieldVector both = struct(entries, child)) {
                return Rebuild.nested(
                        wanted, vector.getAllocator(), Rebuild.node(vector), vector.getFieldBuffers(), both);
            }
        }
        if (type instanceof ArrowType.Struct) {
            return struct(vector, wanted);
        }
        if (isSame(vector, type)) {
            return Rebuild.leaf(vector, wanted);
        }
        if (type instanceof ArrowType.LargeUtf8 || type instanceof ArrowType.LargeBinary) {
            List<ArrowBuf> buffers = vector.getFieldBuffers();
            try (ArrowBuf offsets = wide(buffers.get(1), vector)) {
                FieldVector result = wanted.createVector(vector.getAllocator());
                result.loadFieldBuffers(Rebuild.node(vector), List.of(buffers.get(0), offsets, buffers.get(2)));
                return result;
            }
        }
        if (type instanceof ArrowType.Utf8View || type instanceof ArrowType.BinaryView) {
            return Rebuild.texts((VariableWidthFieldVector) vector, wanted);
        }
        if (type instanceof ArrowType.Decimal decimal) {
            return vector instanceof VarCharVector digits
                    ? decimals(digits, decimal, wanted)
                    : Rebuild.widened((DecimalVector) vector, wanted);
        }
        if (type instanceof ArrowType.Interval && vector instanceof StructVector) {
            return StoredIntervals.joined(vector, wanted);
        }
        boolean seconds = type instanceof ArrowType.Timestamp stamp && stamp.getUnit() == TimeUnit.SECOND;
        return seconds || type instanceof ArrowType.Time || type instanceof ArrowType.Date
                ? StoredTimes.restored(vector, wanted, location)
                : Rebuild.leaf(vector, wanted);
    }

    private FieldVector struct(FieldVector vector, Field wanted) throws NpzException {
        List<FieldVector> parts = new ArrayList<>();
        try {
            List<FieldVector> children = wanted.getChildren().isEmpty() ? List.of() : vector.getChildrenFromFields();
            for (int i = 0; i < children.size(); i++) {
                parts.add(restore(children.get(i), wanted.getChildren().get(i)));
            }
            return Rebuild.grouped(wanted, vector, parts);
        } finally {
            parts.forEach(FieldVector::close);
        }
    }

    private static boolean isSame(FieldVector vector, ArrowType type) {
        return vector.getField().getType().equals(type);
    }

    private FieldVector list(FieldVector read, Field wanted) throws NpzException {
        ArrowType type = wanted.getType();
        BufferAllocator allocator = read.getAllocator();
        ArrowFieldNode node = Rebuild.node(read);
        try (FieldVector elements =
                restore(Rebuild.elements(read), wanted.getChildren().get(0))) {
            List<ArrowBuf> own = read.getFieldBuffers();
            if (isSame(read, type)) {
                return Rebuild.nested(wanted, allocator, node, own, elements);
            }
            ListVector vector = (ListVector) read;
            if (type instanceof ArrowType.FixedSizeList fixed) {
                return fixed(vector, wanted, fixed.getListSize(), elements);
            }
            if (type instanceof ArrowType.LargeList) {
                try (ArrowBuf offsets = wide(own.get(1), vector)) {
                    return Rebuild.nested(wanted, allocator, node, List.of(own.get(0), offsets), elements);
                }
            }
            boolean large = type instanceof ArrowType.LargeListView;
            int width = large ? Long.BYTES : Integer.BYTES;
            long bytes = vector.getValueCount() * (long) width;
            try (ArrowBuf offsets = allocator.buffer(bytes);
                    ArrowBuf sizes = allocator.buffer(bytes)) {
                for (int row = 0; row < vector.getValueCount(); row++) {
                    int start = vector.getElementStartIndex(row);
                    put(offsets, row, start, large);
                    put(sizes, row, vector.getElementEndIndex(row) - start, large);
                }
                List<ArrowBuf> buffers = List.of(own.get(0), offsets.writerIndex(bytes), sizes.writerIndex(bytes));
                return Rebuild.nested(wanted, allocator, node, buffers, elements);
            }
        }
    }

    private static void put(ArrowBuf buffer, int row, int value, boolean large) {
        if (large) {
            buffer.setLong(row * (long) Long.BYTES, value);
        } else {
            buffer.setInt(row * (long) Integer.BYTES, value);
        }
    }

    private FieldVector fixed(ListVector vector, Field wanted, int size, FieldVector elements) throws NpzException {
        int count = vector.getValueCount();
        boolean inPlace = true;
        int first = count == 0 ? 0 : vector.getElementStartIndex(0);
        for (int row = 0; row < count; row++) {
            int length = vector.getElementEndIndex(row) - vector.getElementStartIndex(row);
            boolean isNull = vector.isNull(row);
            if (!isNull && length != size) {
                throw contradicts(vector, "a list in row " + row + " has another length", size, length);
            }
            inPlace &= length == size;
        }
        long total = (long) count * Math.max(size, 0);
        if (size < 0 || total > Integer.MAX_VALUE) {
            throw contradicts(vector, "the lists are too long together", Integer.MAX_VALUE, total);
        }
        try (FieldVector kept = inPlace
                ? VectorRows.share(List.of(elements), vector.getAllocator(), first, (int) total, location)
                        .get(0)
                : spread(vector, size, elements)) {
            return Rebuild.grouped(wanted, vector, List.of(kept));
        }
    }

    /** Elements with room again below the null lists. */
    private FieldVector spread(ListVector vector, int size, FieldVector elements) throws NpzException {
        try (FieldVector gap = elements.getField().createVector(vector.getAllocator())) {
            Rebuild.fillWithNulls(gap, size);
            VectorJoin rows = new VectorJoin(elements.getField());
            int start = 0;
            int length = 0;
            for (int row = 0; row < vector.getValueCount(); row++) {
                if (vector.isNull(row)) {
                    rows.add(elements, start, length);
                    length = 0;
                    rows.add(gap);
                } else {
                    start = length == 0 ? vector.getElementStartIndex(row) : start;
                    length += size;
                }
            }
            rows.add(elements, start, length);
            return rows.join(vector.getAllocator(), location);
        }
    }

    /** 32-bit offsets as 64-bit ones; the caller closes them. */
    private static ArrowBuf wide(ArrowBuf offsets, FieldVector vector) {
        int count = vector.getValueCount();
        long bytes = (count + 1L) * Long.BYTES;
        ArrowBuf wide = vector.getAllocator().buffer(bytes);
        wide.setLong(0, 0);
        for (int row = 0; count > 0 && row <= count; row++) {
            wide.setLong(row * (long) Long.BYTES, offsets.getInt(row * (long) Integer.BYTES));
        }
        return wide.writerIndex(bytes);
    }

    /** Decimals that Parquet has not, from their digits. */
    private FieldVector decimals(VarCharVector vector, ArrowType.Decimal type, Field wanted) throws NpzException {
        FieldVector result = wanted.createVector(vector.getAllocator());
        try (Rollback undo = Rollback.of(result)) {
            ((BaseFixedWidthVector) result).allocateNew(vector.getValueCount());
            for (int row = 0; row < vector.getValueCount(); row++) {
                if (!vector.isNull(row)) {
                    BigDecimal value = decimal(vector, row, type);
                    if (result instanceof DecimalVector decimals) {
                        decimals.set(row, value);
                    } else {
                        ((Decimal256Vector) result).set(row, value);
                    }
                }
            }
            result.setValueCount(vector.getValueCount());
            return undo.commit(result);
        }
    }

    private BigDecimal decimal(VarCharVector vector, int row, ArrowType.Decimal type) throws NpzException {
        byte[] text = vector.get(row);
        try {
            // Longer than any that was written: the exponent of a hostile one would ask for gigabytes.
            String digits = text.length > MAX_DIGITS ? "" : new String(text, StandardCharsets.US_ASCII);
            BigDecimal value = digits.chars().allMatch(c -> c < 'A') ? new BigDecimal(digits) : null;
            if (value != null
                    && value.setScale(type.getScale(), RoundingMode.UNNECESSARY).precision() <= type.getPrecision()) {
                return value.setScale(type.getScale(), RoundingMode.UNNECESSARY);
            }
        } catch (ArithmeticException | NumberFormatException e) {
            // The one answer to all that is none.
        }
        String found = SafeText.quote(new String(text, StandardCharsets.ISO_8859_1));
        throw contradicts(vector, "row " + row + " is no such decimal", type, found);
    }

    private FieldVector runs(FieldVector vector, Field wanted) throws NpzException {
        Field endField = wanted.getChildren().get(0);
        int count = vector.getValueCount();
        boolean narrow = endField.getType() instanceof ArrowType.Int type && type.getBitWidth() < Integer.SIZE;
        if (!(endField.getType() instanceof ArrowType.Int) || narrow && count > Short.MAX_VALUE) {
            throw contradicts(vector, "its run ends cannot count the rows", count, endField.getType());
        }
        int[] last = new int[count];
        int runs = 0;
        ValueBytes.Equality equals = new ValueBytes.Equality(vector, vector);
        for (int row = 0; row < count; row++) {
            if (row + 1 == count || !equals.rangeEquals(new Range(row, row + 1, 1))) {
                last[runs++] = row;
            }
        }
        FieldVector result = wanted.createVector(allocator);
        try (Rollback undo = Rollback.of(result);
                FieldVector picked = Rebuild.picked(vector, runs, run -> last[run], allocator, location);
                FieldVector values = restore(picked, wanted.getChildren().get(1))) {
            RunEndEncodedVector target = (RunEndEncodedVector) result;
            BaseIntVector ends = (BaseIntVector) target.getRunEndsVector();
            ((FieldVector) ends).setInitialCapacity(runs);
            ends.allocateNew();
            for (int run = 0; run < runs; run++) {
                ends.setWithPossibleTruncate(run, last[run] + 1L);
            }
            ends.setValueCount(runs);
            values.makeTransferPair(target.getValuesVector()).transfer();
            result.setValueCount(count);
            return undo.commit(result);
        }
    }

    private NpzException contradicts(FieldVector vector, String problem, Object expected, Object found) {
        return location.error(
                        ErrorCode.META_SCHEMA,
                        "column " + SafeText.quote(vector.getName()) + " contradicts the schema in the metadata: "
                                + problem)
                .expected(expected)
                .found(found)
                .build();
    }
}
