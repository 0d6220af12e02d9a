package org.arrownpz.spark.internal.write;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.IntervalYearVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;

/** An appender for each type of {@link ArrowFields}. */
final class Appenders {
    private Appenders() {}

    /** Writes one value; the row is not null. */
    private interface Setter {
        void set(int row, SpecializedGetters source, int position);
    }

    private static final class Flat extends Appender {
        private final Setter setter;

        Flat(FieldVector vector, Setter setter) {
            super(vector);
            this.setter = setter;
        }

        @Override
        void set(SpecializedGetters source, int position) {
            setter.set(count, source, position);
        }
    }

    static Appender of(FieldVector vector) {
        if (vector instanceof ListVector list && !(vector instanceof MapVector)) {
            return new Lists(list);
        }
        if (vector instanceof MapVector map) {
            return new Maps(map);
        }
        if (vector instanceof StructVector struct) {
            return new Structs(struct);
        }
        if (vector instanceof NullVector) {
            return new Nulls(vector);
        }
        return new Flat(vector, setter(vector));
    }

    private static Setter setter(FieldVector vector) {
        if (vector instanceof BigIntVector longs) {
            return (row, source, at) -> longs.setSafe(row, source.getLong(at));
        }
        if (vector instanceof Float8Vector doubles) {
            return (row, source, at) -> doubles.setSafe(row, source.getDouble(at));
        }
        if (vector instanceof IntVector ints) {
            return (row, source, at) -> ints.setSafe(row, source.getInt(at));
        }
        if (vector instanceof BitVector bits) {
            return (row, source, at) -> bits.setSafe(row, source.getBoolean(at) ? 1 : 0);
        }
        if (vector instanceof TinyIntVector bytes) {
            return (row, source, at) -> bytes.setSafe(row, source.getByte(at));
        }
        if (vector instanceof SmallIntVector shorts) {
            return (row, source, at) -> shorts.setSafe(row, source.getShort(at));
        }
        if (vector instanceof Float4Vector floats) {
            return (row, source, at) -> floats.setSafe(row, source.getFloat(at));
        }
        if (vector instanceof DecimalVector decimals) {
            return decimal(decimals);
        }
        if (vector instanceof BaseVariableWidthVector bytes) {
            return bytes(bytes, vector instanceof VarCharVector);
        }
        return timeSetter(vector);
    }

    private static Setter decimal(DecimalVector vector) {
        int precision = vector.getPrecision();
        int scale = vector.getScale();
        return (row, source, at) -> {
            BigDecimal value = source.getDecimal(at, precision, scale).toJavaBigDecimal();
            vector.setSafe(row, value.setScale(scale));
        };
    }

    private static Setter bytes(BaseVariableWidthVector vector, boolean text) {
        return (row, source, at) -> {
            byte[] value = text ? source.getUTF8String(at).getBytes() : source.getBinary(at);
            vector.setSafe(row, value, 0, value.length);
        };
    }

    private static Setter timeSetter(FieldVector vector) {
        if (vector instanceof TimeStampVector times) {
            return (row, source, at) -> times.setSafe(row, source.getLong(at));
        }
        if (vector instanceof DateDayVector days) {
            return (row, source, at) -> days.setSafe(row, source.getInt(at));
        }
        if (vector instanceof DurationVector durations) {
            return (row, source, at) -> durations.setSafe(row, source.getLong(at));
        }
        IntervalYearVector months = (IntervalYearVector) vector;
        return (row, source, at) -> months.setSafe(row, source.getInt(at));
    }

    /** Null rows have no buffer. */
    private static final class Nulls extends Appender {
        Nulls(FieldVector vector) {
            super(vector);
        }

        @Override
        void set(SpecializedGetters source, int position) {
            throw new IllegalStateException("a value of a type that has none");
        }

        @Override
        void appendNull() {
            // Counting is all there is to do.
        }
    }

    private static final class Lists extends Appender {
        private final ListVector vector;
        private final Appender elements;

        Lists(ListVector vector) {
            super(vector);
            this.vector = vector;
            this.elements = of(vector.getDataVector());
        }

        @Override
        void set(SpecializedGetters source, int position) {
            ArrayData array = source.getArray(position);
            int length = array.numElements();
            // Offsets are ints.
            Math.addExact(elements.count, length);
            vector.startNewValue(count);
            for (int i = 0; i < length; i++) {
                elements.append(array, i);
            }
            vector.endValue(count, length);
        }

        @Override
        void finish() {
            elements.finish();
            super.finish();
            // The list's own count makes its child's from the offsets, which is the same; a Null child has none.
            elements.finish();
        }

        @Override
        void reset() {
            super.reset();
            elements.reset();
        }
    }

    private static final class Maps extends Appender {
        private final MapVector vector;
        private final StructVector entries;
        private final Appender keys;
        private final Appender values;

        Maps(MapVector vector) {
            super(vector);
            this.vector = vector;
            this.entries = (StructVector) vector.getDataVector();
            this.keys = of(entries.getChildrenFromFields().get(0));
            this.values = of(entries.getChildrenFromFields().get(1));
        }

        @Override
        void set(SpecializedGetters source, int position) {
            MapData map = source.getMap(position);
            ArrayData from = map.keyArray();
            ArrayData to = map.valueArray();
            int length = map.numElements();
            Math.addExact(keys.count, length);
            vector.startNewValue(count);
            for (int i = 0; i < length; i++) {
                entries.setIndexDefined(keys.count);
                keys.append(from, i);
                values.append(to, i);
            }
            vector.endValue(count, length);
        }

        @Override
        void finish() {
            keys.finish();
            values.finish();
            entries.setValueCount(keys.count);
            super.finish();
        }

        @Override
        void reset() {
            super.reset();
            keys.reset();
            values.reset();
        }
    }

    private static final class Structs extends Appender {
        private final StructVector vector;
        private final List<Appender> children = new ArrayList<>();

        Structs(StructVector vector) {
            super(vector);
            this.vector = vector;
            vector.getChildrenFromFields().forEach(child -> children.add(of(child)));
        }

        @Override
        void set(SpecializedGetters source, int position) {
            InternalRow row = source.getStruct(position, children.size());
            for (int i = 0; i < children.size(); i++) {
                children.get(i).append(row, i);
            }
            vector.setIndexDefined(count);
        }

        @Override
        void appendNull() {
            for (Appender child : children) {
                child.appendNull();
                child.count++;
            }
            super.appendNull();
        }

        @Override
        void finish() {
            children.forEach(Appender::finish);
            super.finish();
        }

        @Override
        void reset() {
            super.reset();
            children.forEach(Appender::reset);
        }
    }
}
