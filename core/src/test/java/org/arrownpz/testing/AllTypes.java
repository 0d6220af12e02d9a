package org.arrownpz.testing;

import static org.arrownpz.testing.RandomVectors.field;

import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.Types.MinorType;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** Arrow's types, one field of each. */
public final class AllTypes {
    private static final ArrowType INT = new ArrowType.Int(32, true);
    private static final ArrowType TEXT = new ArrowType.Utf8();

    private AllTypes() {}

    /** A field of every type. */
    public static List<Field> all() {
        Field ints = field("item", INT);
        Field texts = field("t", TEXT);
        Field struct = field("s", new ArrowType.Struct(), field("a", INT), texts, field("b", new ArrowType.Bool()));
        Field key = new Field("key", FieldType.notNullable(TEXT), List.of());
        Field entries = new Field("entries", FieldType.notNullable(new ArrowType.Struct()), List.of(key, ints));
        return List.of(
                field("null", new ArrowType.Null()),
                field("bool", new ArrowType.Bool()),
                field("i1", new ArrowType.Int(8, true)),
                field("i2", new ArrowType.Int(16, true)),
                field("i4", INT),
                field("i8", new ArrowType.Int(64, true)),
                field("u1", new ArrowType.Int(8, false)),
                field("u2", new ArrowType.Int(16, false)),
                field("u4", new ArrowType.Int(32, false)),
                field("u8", new ArrowType.Int(64, false)),
                field("f2", new ArrowType.FloatingPoint(FloatingPointPrecision.HALF)),
                field("f4", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE)),
                field("f8", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
                field("decimal128", new ArrowType.Decimal(38, 2, 128)),
                field("decimal256", new ArrowType.Decimal(76, 2, 256)),
                field("date32", new ArrowType.Date(DateUnit.DAY)),
                field("date64", new ArrowType.Date(DateUnit.MILLISECOND)),
                field("time s", new ArrowType.Time(TimeUnit.SECOND, 32)),
                field("time us", new ArrowType.Time(TimeUnit.MICROSECOND, 64)),
                field("timestamp", new ArrowType.Timestamp(TimeUnit.MILLISECOND, null)),
                field("timestamp tz", new ArrowType.Timestamp(TimeUnit.NANOSECOND, "Europe/Berlin")),
                field("duration", new ArrowType.Duration(TimeUnit.SECOND)),
                field("interval months", new ArrowType.Interval(IntervalUnit.YEAR_MONTH)),
                field("interval days", new ArrowType.Interval(IntervalUnit.DAY_TIME)),
                field("interval nanos", new ArrowType.Interval(IntervalUnit.MONTH_DAY_NANO)),
                field("fixed binary", new ArrowType.FixedSizeBinary(5)),
                field("utf8", TEXT),
                field("large utf8", new ArrowType.LargeUtf8()),
                field("binary", new ArrowType.Binary()),
                field("large binary", new ArrowType.LargeBinary()),
                field("utf8 view", new ArrowType.Utf8View()),
                field("binary view", new ArrowType.BinaryView()),
                field("list", new ArrowType.List(), ints),
                field("list of text", new ArrowType.List(), texts),
                field("list of bools", new ArrowType.List(), field("item", new ArrowType.Bool())),
                field("list of lists", new ArrowType.List(), field("item", new ArrowType.List(), texts)),
                field("list of structs", new ArrowType.List(), struct),
                field("large list", new ArrowType.LargeList(), ints),
                field("list view", new ArrowType.ListView(), ints),
                field("large list view", new ArrowType.LargeListView(), ints),
                field("fixed list", new ArrowType.FixedSizeList(3), ints),
                field("struct", new ArrowType.Struct(), struct, field("l", new ArrowType.List(), texts)),
                field("map", new ArrowType.Map(false), entries),
                field(
                        "sparse union",
                        new ArrowType.Union(
                                UnionMode.Sparse, new int[] {MinorType.INT.ordinal(), MinorType.VARCHAR.ordinal()}),
                        field("int", INT),
                        field("varchar", TEXT)),
                field(
                        "dense union",
                        new ArrowType.Union(UnionMode.Dense, new int[] {0, 1}),
                        field("first", INT),
                        field("second", TEXT)),
                field(
                        "run ends 16",
                        new ArrowType.RunEndEncoded(),
                        new Field("run_ends", FieldType.notNullable(new ArrowType.Int(16, true)), List.of()),
                        field("values", TEXT)),
                field(
                        "run ends 64",
                        new ArrowType.RunEndEncoded(),
                        new Field("run_ends", FieldType.notNullable(new ArrowType.Int(64, true)), List.of()),
                        ints));
    }

    /** A field of each of Arrow's canonical extension types. */
    public static List<Field> extensions() {
        Field time = part("timestamp", new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC"));
        Field number = field("item", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE));
        return List.of(
                extension("arrow.uuid", "", new ArrowType.FixedSizeBinary(16)),
                extension("arrow.json", "", TEXT),
                extension("arrow.bool8", "", new ArrowType.Int(8, true)),
                extension(
                        "arrow.opaque",
                        "{\"type_name\":\"point\",\"vendor_name\":\"test\"}",
                        new ArrowType.FixedSizeBinary(16)),
                extension("arrow.fixed_shape_tensor", "{\"shape\":[2,3]}", new ArrowType.FixedSizeList(6), number),
                extension(
                        "arrow.variable_shape_tensor",
                        "",
                        new ArrowType.Struct(),
                        field("data", new ArrowType.List(), number),
                        field("shape", new ArrowType.FixedSizeList(2), field("item", INT))),
                extension(
                        "arrow.parquet.variant",
                        "",
                        new ArrowType.Struct(),
                        part("metadata", new ArrowType.Binary()),
                        field("value", new ArrowType.Binary())),
                extension(
                        "arrow.timestamp_with_offset",
                        "",
                        new ArrowType.Struct(),
                        time,
                        part("offset_minutes", new ArrowType.Int(16, true))));
    }

    private static Field part(String name, ArrowType type) {
        return new Field(name, FieldType.notNullable(type), null);
    }

    private static Field extension(String name, String parameters, ArrowType storage, Field... children) {
        Map<String, String> metadata = Map.of("ARROW:extension:name", name, "ARROW:extension:metadata", parameters);
        return new Field("column", new FieldType(true, storage, null, metadata), List.of(children));
    }

    /** The field of that name, one of {@link #all()}. */
    public static Field named(String name) {
        return all().stream()
                .filter(field -> field.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
