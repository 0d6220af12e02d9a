package org.arrownpz.compare.internal.measure;

import java.util.stream.Collectors;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * Which columns have the same {@link ColumnSum} if they hold the same values: those of one kind. Readers may choose
 * another type (64-bit integers for durations, one text type for another); where that changes bits, the kind differs,
 * and the column is not compared.
 */
public final class ColumnKind {
    private ColumnKind() {}

    /** The kind of a column. */
    public static String of(Field field) {
        ArrowType type = field.getType();
        return switch (type.getTypeID()) {
            case Int -> "int" + ((ArrowType.Int) type).getBitWidth();
            // Parquet has no durations; they become integers.
            case Duration -> "int64";
            case FloatingPoint -> "float " + ((ArrowType.FloatingPoint) type).getPrecision();
            case Timestamp -> "time";
            case Utf8, LargeUtf8, Binary, LargeBinary, FixedSizeBinary -> "bytes";
            case List, LargeList -> "list " + of(field.getChildren().get(0));
            case FixedSizeList ->
                ((ArrowType.FixedSizeList) type).getListSize() + " x "
                        + of(field.getChildren().get(0));
            case Struct -> field.getChildren().stream().map(ColumnKind::of).collect(Collectors.joining(", ", "{", "}"));
            case Bool, Null, Date, Time, Decimal, Interval -> type.toString();
            default -> "other " + type;
        };
    }

    /** Whether equal values of these kinds have equal sums. Types behind offsets of their own are only touched. */
    public static boolean comparable(String one, String other) {
        return one.equals(other) && !one.contains("other ");
    }
}
