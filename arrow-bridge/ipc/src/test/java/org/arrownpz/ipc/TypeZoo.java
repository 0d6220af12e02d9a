package org.arrownpz.ipc;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.LargeListViewVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.ListViewVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** Columns of every type, filled with a pattern of small values and nulls. */
public final class TypeZoo {
    private TypeZoo() {}

    /** Types of which both nullable and required columns make sense. */
    public static List<Field> fields() {
        ArrowType int32 = new ArrowType.Int(32, true);
        Field item = field("item", int32);
        Field text = field("item", new ArrowType.Utf8());
        Field seconds = field("item", new ArrowType.Timestamp(TimeUnit.SECOND, null));
        return List.of(
                Field.nullable("null", new ArrowType.Null()),
                field("bool", new ArrowType.Bool()),
                extension("bool8", new ArrowType.Int(8, true), "arrow.bool8", ""),
                field("int8", new ArrowType.Int(8, true)),
                field("int16", new ArrowType.Int(16, true)),
                field("int32", int32),
                field("int64", new ArrowType.Int(64, true)),
                field("uint8", new ArrowType.Int(8, false)),
                field("uint16", new ArrowType.Int(16, false)),
                field("uint32", new ArrowType.Int(32, false)),
                field("uint64", new ArrowType.Int(64, false)),
                field("float16", new ArrowType.FloatingPoint(FloatingPointPrecision.HALF)),
                field("float32", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE)),
                field("float64", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
                field("utf8", new ArrowType.Utf8()),
                field("large utf8", new ArrowType.LargeUtf8()),
                field("utf8 view", new ArrowType.Utf8View()),
                field("binary", new ArrowType.Binary()),
                field("large binary", new ArrowType.LargeBinary()),
                field("binary view", new ArrowType.BinaryView()),
                extension(
                        "long double",
                        new ArrowType.FixedSizeBinary(16),
                        "arrow.opaque",
                        "{\"type_name\":\"longdouble\",\"vendor_name\":\"NumPy\"}"),
                field("date32", new ArrowType.Date(DateUnit.DAY)),
                field("date64", new ArrowType.Date(DateUnit.MILLISECOND)),
                field("time s", new ArrowType.Time(TimeUnit.SECOND, 32)),
                field("time ms", new ArrowType.Time(TimeUnit.MILLISECOND, 32)),
                field("time us", new ArrowType.Time(TimeUnit.MICROSECOND, 64)),
                field("time ns", new ArrowType.Time(TimeUnit.NANOSECOND, 64)),
                field("timestamp s", new ArrowType.Timestamp(TimeUnit.SECOND, null)),
                field("timestamp s zone", new ArrowType.Timestamp(TimeUnit.SECOND, "Europe/Berlin")),
                field("timestamp ms", new ArrowType.Timestamp(TimeUnit.MILLISECOND, null)),
                field("timestamp us zone", new ArrowType.Timestamp(TimeUnit.MICROSECOND, "Asia/Tokyo")),
                field("timestamp ns", new ArrowType.Timestamp(TimeUnit.NANOSECOND, null)),
                field("duration s", new ArrowType.Duration(TimeUnit.SECOND)),
                field("duration ns", new ArrowType.Duration(TimeUnit.NANOSECOND)),
                field("months", new ArrowType.Interval(IntervalUnit.YEAR_MONTH)),
                field("days", new ArrowType.Interval(IntervalUnit.DAY_TIME)),
                field("month day nano", new ArrowType.Interval(IntervalUnit.MONTH_DAY_NANO)),
                field("decimal128", new ArrowType.Decimal(38, 3, 128)),
                field("decimal small", new ArrowType.Decimal(5, 2, 128)),
                field("decimal256", new ArrowType.Decimal(70, 3, 256)),
                field("decimal256 short", new ArrowType.Decimal(20, 3, 256)),
                field("decimal negative scale", new ArrowType.Decimal(38, -3, 128)),
                extension(
                        "complex",
                        new ArrowType.FixedSizeList(2),
                        "numpy.complex",
                        "{}",
                        new Field(
                                "item",
                                FieldType.notNullable(new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
                                null)),
                field("fixed list", new ArrowType.FixedSizeList(3), item),
                field("fixed list of nothing", new ArrowType.FixedSizeList(0), item),
                field("fixed list of texts", new ArrowType.FixedSizeList(2), text),
                field(
                        "fixed list of lists",
                        new ArrowType.FixedSizeList(2),
                        field("item", new ArrowType.FixedSizeList(2), seconds)),
                field("list", new ArrowType.List(), item),
                field("list of texts", new ArrowType.List(), text),
                field("list of seconds", new ArrowType.List(), seconds),
                field("large list", new ArrowType.LargeList(), item),
                field("list view", new ArrowType.ListView(), item),
                field("large list view", new ArrowType.LargeListView(), text),
                field("struct", new ArrowType.Struct(), field("a", int32), field("b", new ArrowType.Utf8())),
                field("struct of nothing", new ArrowType.Struct()),
                field(
                        "list of structs",
                        new ArrowType.List(),
                        field(
                                "item",
                                new ArrowType.Struct(),
                                seconds,
                                field("d", new ArrowType.Duration(TimeUnit.SECOND)))),
                field(
                        "map",
                        new ArrowType.Map(false),
                        new Field(
                                "entries",
                                FieldType.notNullable(new ArrowType.Struct()),
                                List.of(
                                        new Field("key", FieldType.notNullable(new ArrowType.Utf8()), null),
                                        field("value", new ArrowType.Duration(TimeUnit.MICROSECOND))))),
                field(
                        "run ends",
                        new ArrowType.RunEndEncoded(),
                        new Field("run_ends", FieldType.notNullable(int32), null),
                        field("values", new ArrowType.Utf8())));
    }

    public static Field field(String name, ArrowType type, Field... children) {
        return new Field(name, new FieldType(true, type, null, Map.of("note", "of " + name)), List.of(children));
    }

    static Field extension(String name, ArrowType type, String extension, String parameters, Field... children) {
        Map<String, String> metadata =
                Map.of("ARROW:extension:name", extension, "ARROW:extension:metadata", parameters);
        return new Field(name, new FieldType(true, type, null, metadata), List.of(children));
    }

    /** A vector of the field; every third value is null where the field allows it. The caller closes it. */
    public static FieldVector vector(Field field, int rows, BufferAllocator allocator) {
        FieldVector vector = field.createVector(allocator);
        vector.allocateNew();
        fill(vector, rows, 1);
        return vector;
    }

    private static void fill(FieldVector vector, int rows, int salt) {
        boolean nulls = vector.getField().isNullable();
        if (vector instanceof RunEndEncodedVector runs) {
            fillRuns(runs, rows);
            return;
        }
        if (vector instanceof FixedSizeListVector list) {
            fill(list.getDataVector(), rows * list.getListSize(), salt + 1);
        } else if (vector instanceof StructVector struct) {
            struct.getChildrenFromFields().forEach(child -> fill(child, rows, salt + 1));
        }
        for (int row = 0; row < rows; row++) {
            boolean isNull = nulls && (row + salt) % 3 == 0;
            if (!isNull) {
                set(vector, row, salt);
            }
        }
        if (vector instanceof ListVector list) {
            // Null rows at the end get their offsets here.
            list.setValueCount(rows);
            fill(list.getDataVector(), list.getElementEndIndex(Math.max(0, rows - 1)), salt + 1);
        } else if (vector instanceof LargeListVector list) {
            fill((FieldVector) list.getDataVector(), rows * 2, salt + 1);
        } else if (vector instanceof ListViewVector || vector instanceof LargeListViewVector) {
            fill(vector.getChildrenFromFields().get(0), 9, salt + 1);
        }
        vector.setValueCount(rows);
    }

    private static void set(FieldVector vector, int row, int salt) {
        int value = row * 7 + salt;
        byte[] text =
                (row % 4 == 0 ? "" : "w\u00f6rt-" + "x".repeat(row % 20) + value).getBytes(StandardCharsets.UTF_8);
        if (vector instanceof BaseVariableWidthVector texts) {
            texts.setSafe(row, text);
        } else if (vector instanceof BaseLargeVariableWidthVector texts) {
            texts.setSafe(row, text);
        } else if (vector instanceof BaseVariableWidthViewVector texts) {
            texts.setSafe(row, text);
        } else if (vector instanceof BaseFixedWidthVector fixed) {
            while (fixed.getValueCapacity() <= row) {
                fixed.reAlloc();
            }
            int width = fixed.getTypeWidth();
            if (width == 0) {
                BitVectorHelper.setValidityBit(fixed.getDataBuffer(), row, value % 2);
            } else {
                boolean bool8 =
                        "arrow.bool8".equals(vector.getField().getMetadata().get("ARROW:extension:name"));
                fixed.getDataBuffer().setByte((long) row * width, value % (bool8 ? 2 : 50));
                if (vector.getField().getType() instanceof ArrowType.Date date
                        && date.getUnit() == DateUnit.MILLISECOND) {
                    fixed.getDataBuffer().setLong((long) row * width, value * 86_400_000L);
                }
            }
            BitVectorHelper.setBit(fixed.getValidityBuffer(), row);
        } else if (vector instanceof MapVector map) {
            map.startNewValue(row);
            map.endValue(row, row % 3);
        } else if (vector instanceof ListVector list) {
            list.startNewValue(row);
            list.endValue(row, row % 3);
        } else if (vector instanceof LargeListVector list) {
            list.startNewValue(row);
            list.endValue(row, row % 3);
        } else if (vector instanceof FixedSizeListVector list) {
            list.setNotNull(row);
        } else if (vector instanceof StructVector struct) {
            struct.setIndexDefined(row);
        } else if (vector instanceof ListViewVector list) {
            list.startNewValue(row);
            list.getOffsetBuffer().setInt(4L * row, (row * 5) % 7);
            list.getSizeBuffer().setInt(4L * row, row % 3);
        } else if (vector instanceof LargeListViewVector list) {
            list.startNewValue(row);
            list.getOffsetBuffer().setLong(8L * row, (row * 5) % 7);
            list.getSizeBuffer().setLong(8L * row, row % 3);
        }
    }

    private static void fillRuns(RunEndEncodedVector runs, int rows) {
        IntVector ends = (IntVector) runs.getRunEndsVector();
        int count = 0;
        for (int end = 0; end < rows; count++) {
            end = Math.min(rows, end + 1 + count % 3);
            ends.setSafe(count, end);
        }
        ends.setValueCount(count);
        fill(runs.getValuesVector(), count, 1);
        runs.setValueCount(rows);
    }
}
