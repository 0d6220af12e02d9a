package org.arrownpz.cli.cell;

import java.time.Period;
import java.util.IdentityHashMap;
import java.util.Objects;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.ExtensionTypeVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntervalDayVector;
import org.apache.arrow.vector.IntervalMonthDayNanoVector;
import org.apache.arrow.vector.IntervalYearVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeMilliVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeSecVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VariableWidthFieldVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.complex.NonNullableStructVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.complex.UnionVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.arrownpz.parquet.internal.type.ListRows;
import org.arrownpz.support.ValueBytes;
import org.jspecify.annotations.Nullable;

/** Chooses the cells of a vector once, so that rows are written without looking at types again. */
public record Cells(DictionaryProvider dictionaries) {
    private static final String EXTENSION = "ARROW:extension:name";
    private static final String NUMPY_TIMES = "numpy.";
    private static final long NAT = Long.MIN_VALUE;

    /**
     * @param dictionaries the dictionaries of the vectors to come
     */

    /** The cells of a vector, nulls included. Valid as long as the vector's buffers stay. */
    public Cell of(FieldVector vector) {
        Cell values = values(vector);
        if (vector instanceof NullVector
                || vector instanceof UnionVector
                || vector instanceof DenseUnionVector
                || vector instanceof RunEndEncodedVector
                || vector.getNullCount() == 0) {
            return values;
        }
        return (row, sink) -> {
            if (vector.isNull(row)) {
                sink.nullValue();
            } else {
                values.write(row, sink);
            }
        };
    }

    private Cell values(FieldVector vector) {
        DictionaryEncoding encoding = vector.getField().getDictionary();
        if (encoding != null && vector instanceof BaseIntVector indices) {
            Dictionary dictionary = dictionaries.lookup(encoding.getId());
            if (dictionary == null) {
                throw new IllegalArgumentException("no dictionary with id " + encoding.getId());
            }
            Cell item = of(dictionary.getVector());
            return (row, sink) -> item.write((int) indices.getValueAsLong(row), sink);
        }
        if (vector instanceof ExtensionTypeVector<?> extension) {
            return of(extension.getUnderlyingVector());
        }
        Cell nested = nested(vector);
        return nested != null ? nested : scalar(vector);
    }

    private Cell scalar(FieldVector vector) {
        if (vector instanceof NullVector) {
            return (row, sink) -> sink.nullValue();
        } else if (vector instanceof UInt8Vector numbers) {
            return (row, sink) -> sink.unsigned(numbers.get(row));
        } else if (vector instanceof BigIntVector numbers && isTime(numbers)) {
            return (row, sink) -> {
                long value = numbers.get(row);
                if (value == NAT) {
                    sink.nullValue();
                } else {
                    sink.integer(value);
                }
            };
        } else if (vector instanceof BaseIntVector numbers) {
            return (row, sink) -> sink.integer(numbers.getValueAsLong(row));
        } else if (vector instanceof Float8Vector numbers) {
            return (row, sink) -> sink.real(numbers.get(row), FloatText.of(numbers.get(row)));
        } else if (vector instanceof Float4Vector numbers) {
            return (row, sink) -> sink.real(numbers.get(row), FloatText.of(numbers.get(row)));
        } else if (vector instanceof Float2Vector numbers) {
            return (row, sink) -> sink.real(numbers.getValueAsFloat(row), FloatText.ofHalf(numbers.get(row)));
        } else if (vector instanceof BitVector bits) {
            return (row, sink) -> sink.bool(bits.get(row) == 1);
        } else if (vector instanceof DecimalVector numbers) {
            return (row, sink) -> sink.decimal(numbers.getObject(row));
        } else if (vector instanceof Decimal256Vector numbers) {
            return (row, sink) -> sink.decimal(numbers.getObject(row));
        } else if (vector instanceof VariableWidthFieldVector || vector instanceof FixedSizeBinaryVector) {
            boolean text = vector instanceof VarCharVector
                    || vector instanceof LargeVarCharVector
                    || vector instanceof ViewVarCharVector;
            return BytesCell.of(Objects.requireNonNull(ValueBytes.of(vector)), text);
        }
        return time(vector);
    }

    /** Int64 in which NumPy's datetime64 or timedelta64 units that Arrow lacks are stored. */
    private static boolean isTime(BigIntVector vector) {
        String extension = vector.getField().getMetadata().get(EXTENSION);
        return extension != null && extension.startsWith(NUMPY_TIMES);
    }

    private static Cell time(FieldVector vector) {
        ArrowType type = vector.getField().getType();
        if (vector instanceof DateDayVector days) {
            return (row, sink) -> sink.dateOrTime(TimeText.date(days.get(row)));
        } else if (vector instanceof DateMilliVector millis) {
            return (row, sink) -> sink.dateOrTime(TimeText.date(Math.floorDiv(millis.get(row), 86_400_000L)));
        } else if (vector instanceof TimeStampVector stamps && type instanceof ArrowType.Timestamp timestamp) {
            TimeUnit unit = timestamp.getUnit();
            boolean instant = timestamp.getTimezone() != null;
            return (row, sink) -> sink.timestamp(TimeText.timestamp(stamps.get(row), unit, instant));
        } else if (vector instanceof TimeSecVector times) {
            return (row, sink) -> sink.dateOrTime(TimeText.time(times.get(row), TimeUnit.SECOND));
        } else if (vector instanceof TimeMilliVector times) {
            return (row, sink) -> sink.dateOrTime(TimeText.time(times.get(row), TimeUnit.MILLISECOND));
        } else if (vector instanceof TimeMicroVector times) {
            return (row, sink) -> sink.dateOrTime(TimeText.time(times.get(row), TimeUnit.MICROSECOND));
        } else if (vector instanceof TimeNanoVector times) {
            return (row, sink) -> sink.dateOrTime(TimeText.time(times.get(row), TimeUnit.NANOSECOND));
        } else if (vector instanceof DurationVector spans) {
            return (row, sink) -> sink.text(spans.getObject(row).toString());
        } else if (vector instanceof IntervalYearVector spans) {
            return (row, sink) ->
                    sink.text(Period.ofMonths(spans.get(row)).normalized().toString());
        } else if (vector instanceof IntervalDayVector spans) {
            return (row, sink) -> sink.text(spans.getObject(row).toString());
        } else if (vector instanceof IntervalMonthDayNanoVector spans) {
            return (row, sink) -> sink.text(spans.getObject(row).toISO8601IntervalString());
        }
        throw new IllegalArgumentException("columns of type " + type + " cannot be printed");
    }

    private @Nullable Cell nested(FieldVector vector) {
        if (vector instanceof NonNullableStructVector struct) {
            return struct(struct);
        } else if (ListRows.isList(vector)) {
            return list(ListRows.of(vector), of(vector.getChildrenFromFields().get(0)));
        } else if (vector instanceof RunEndEncodedVector runs) {
            Cell item = of(runs.getValuesVector());
            return (row, sink) -> item.write(runs.getPhysicalIndex(row), sink);
        }
        UnionRows union = UnionRows.of(vector);
        if (union != null) {
            IdentityHashMap<ValueVector, Cell> members = new IdentityHashMap<>();
            return (row, sink) -> {
                if (union.member().apply(row) instanceof FieldVector values) {
                    members.computeIfAbsent(values, key -> of(values))
                            .write(union.rows().applyAsInt(row), sink);
                } else {
                    sink.nullValue();
                }
            };
        }
        return null;
    }

    private Cell struct(NonNullableStructVector struct) {
        FieldVector[] children = struct.getChildrenFromFields().toArray(new FieldVector[0]);
        Cell[] cells = new Cell[children.length];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = of(children[i]);
        }
        return (row, sink) -> {
            CellSink members = sink.beginObject();
            for (int i = 0; i < cells.length; i++) {
                members.name(children[i].getName());
                cells[i].write(row, members);
            }
            sink.endObject();
        };
    }

    private static Cell list(ListRows rows, Cell item) {
        return (row, sink) -> {
            CellSink items = sink.beginList();
            int start = rows.start(row);
            int end = start + rows.length(row);
            for (int i = start; i < end; i++) {
                item.write(i, items);
            }
            sink.endList();
        };
    }
}
