package org.arrownpz.roundtrip;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.Types;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.jspecify.annotations.Nullable;

/** Fields of every type that Arrow Java has vectors for, alone and nested. */
public final class RandomFields {
    private static final String[] ZONES = {"UTC", "Europe/Berlin", "+02:00"};
    private static final List<ArrowType> LEAVES = leaves();

    private final Random random;

    RandomFields(Random random) {
        this.random = random;
    }

    private static List<ArrowType> leaves() {
        List<ArrowType> types = new ArrayList<>();
        types.add(ArrowType.Null.INSTANCE);
        types.add(ArrowType.Bool.INSTANCE);
        for (int bits = 8; bits <= 64; bits *= 2) {
            types.add(new ArrowType.Int(bits, true));
            types.add(new ArrowType.Int(bits, false));
        }
        for (FloatingPointPrecision precision : FloatingPointPrecision.values()) {
            types.add(new ArrowType.FloatingPoint(precision));
        }
        types.add(ArrowType.Utf8.INSTANCE);
        types.add(ArrowType.LargeUtf8.INSTANCE);
        types.add(ArrowType.Utf8View.INSTANCE);
        types.add(ArrowType.Binary.INSTANCE);
        types.add(ArrowType.LargeBinary.INSTANCE);
        types.add(ArrowType.BinaryView.INSTANCE);
        types.add(new ArrowType.FixedSizeBinary(5));
        types.add(new ArrowType.Decimal(38, 2, 128));
        types.add(new ArrowType.Decimal(76, 2, 256));
        for (DateUnit unit : DateUnit.values()) {
            types.add(new ArrowType.Date(unit));
        }
        for (TimeUnit unit : TimeUnit.values()) {
            types.add(new ArrowType.Time(unit, unit.compareTo(TimeUnit.MILLISECOND) > 0 ? 64 : 32));
            types.add(new ArrowType.Timestamp(unit, null));
            for (String zone : ZONES) {
                types.add(new ArrowType.Timestamp(unit, zone));
            }
            types.add(new ArrowType.Duration(unit));
        }
        for (IntervalUnit unit : IntervalUnit.values()) {
            types.add(new ArrowType.Interval(unit));
        }
        return types;
    }

    /** Every leaf and every nested type once. */
    public static List<Field> all() {
        List<Field> fields = new ArrayList<>();
        for (ArrowType type : LEAVES) {
            fields.add(new Field(type.toString(), FieldType.nullable(type), List.of()));
        }
        RandomFields nested = new RandomFields(new Random(1));
        for (int kind = 0; kind < 10; kind++) {
            fields.add(nested.nested("nested " + kind, kind, true, Map.of(), 2));
        }
        return fields;
    }

    Field field(String name, boolean nullable) {
        Map<String, String> metadata = new LinkedHashMap<>();
        if (random.nextInt(5) == 0) {
            metadata.put("unit", "m/s " + random.nextInt(100));
        }
        return random.nextInt(3) == 0
                ? nested(name, random.nextInt(10), nullable, metadata, 0)
                : leaf(name, nullable, metadata);
    }

    Field leaf(String name, boolean nullable, @Nullable Map<String, String> metadata) {
        ArrowType type = LEAVES.get(random.nextInt(LEAVES.size()));
        return new Field(name, new FieldType(nullable || isNull(type), type, null, metadata), List.of());
    }

    private static boolean isNull(ArrowType type) {
        return type instanceof ArrowType.Null;
    }

    // Arrow Java cannot create unions below other vectors.
    private Field child(String name, int depth) {
        return depth < 2 && random.nextInt(3) == 0
                ? nested(name, random.nextInt(7), true, Map.of(), depth + 1)
                : leaf(name, true, Map.of());
    }

    private Field nested(String name, int kind, boolean nullable, Map<String, String> metadata, int depth) {
        return switch (kind) {
            case 0 -> of(name, ArrowType.List.INSTANCE, nullable, metadata, child("item", depth));
            case 1 -> of(name, ArrowType.LargeList.INSTANCE, nullable, metadata, child("item", depth));
            case 2 -> of(name, new ArrowType.FixedSizeList(1 + depth), nullable, metadata, child("item", depth));
            case 3 -> of(name, ArrowType.Struct.INSTANCE, nullable, metadata, child("x", depth), child("y", depth));
            case 4 -> {
                Field key = new Field("key", FieldType.notNullable(ArrowType.Utf8.INSTANCE), List.of());
                Field entries = new Field(
                        "entries",
                        FieldType.notNullable(ArrowType.Struct.INSTANCE),
                        List.of(key, leaf("value", true, Map.of())));
                yield of(name, new ArrowType.Map(false), nullable, metadata, entries);
            }
            case 5 -> of(name, ArrowType.ListView.INSTANCE, nullable, metadata, leaf("item", true, Map.of()));
            case 6 -> of(name, ArrowType.LargeListView.INSTANCE, nullable, metadata, leaf("item", true, Map.of()));
            case 7 -> {
                Field ints = new Field("int", FieldType.nullable(new ArrowType.Int(32, true)), List.of());
                Field text = new Field("varchar", FieldType.nullable(ArrowType.Utf8.INSTANCE), List.of());
                yield of(
                        name,
                        new ArrowType.Union(
                                UnionMode.Sparse,
                                new int[] {Types.MinorType.INT.ordinal(), Types.MinorType.VARCHAR.ordinal()}),
                        true,
                        metadata,
                        ints,
                        text);
            }
            case 8 ->
                of(
                        name,
                        new ArrowType.Union(UnionMode.Dense, new int[] {0, 1}),
                        true,
                        metadata,
                        leaf("a", true, Map.of()),
                        leaf("b", true, Map.of()));
            default -> {
                int bits = 16 << random.nextInt(3);
                Field ends = new Field("run_ends", FieldType.notNullable(new ArrowType.Int(bits, true)), List.of());
                yield of(name, ArrowType.RunEndEncoded.INSTANCE, true, metadata, ends, leaf("values", true, Map.of()));
            }
        };
    }

    private static Field of(
            String name, ArrowType type, boolean nullable, Map<String, String> metadata, Field... children) {
        return new Field(name, new FieldType(nullable, type, null, metadata), List.of(children));
    }
}
