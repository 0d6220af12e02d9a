package org.arrownpz.vector.internal.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.complex.BaseRepeatedValueVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.ReadOptions.MisfitPolicy;
import org.arrownpz.dtype.DType;
import org.arrownpz.npy.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The way in which one column of an array becomes a vector, decided from the header alone: the Arrow type, and what has
 * to be done to the bytes. Plans are immutable, and shared by all columns of one type.
 *
 * <p>A plan says what happens to elements that lie one after the other; {@link Transpose} and {@link Reorder} bring
 * them there first.
 */
public sealed interface ColumnPlan {
    /** The NumPy type of the elements. */
    DType dtype();

    /** The Arrow type with its metadata, shared by all columns of the plan. */
    FieldType fieldType();

    /** Bytes of the array that one row takes. */
    long width();

    /** Why the column's bytes are copied, or null where they are viewed. */
    @Nullable
    String reason();

    /** The fields of the children of a nested type. */
    default List<Field> children() {
        return List.of();
    }

    /** The Arrow type. */
    default ArrowType type() {
        return fieldType().getType();
    }

    /** The field of a column of that name. */
    default Field field(String name) {
        return new Field(name, fieldType(), children());
    }

    /** Whether the column needs no copy. */
    default boolean isView() {
        return reason() == null;
    }

    /**
     * Whether values can give a column another type than {@link #field}: text with lone surrogates and times out of range
     * keep their storage form under {@link MisfitPolicy#KEEP_STORAGE}, and bytes or text beyond 2 GiB take 8-byte offsets.
     *
     * @param rows the number of rows
     */
    default boolean dependsOnValues(long rows, MisfitPolicy policy) {
        return false;
    }

    /** Whether so many rows may hold more bytes than 4-byte offsets reach. */
    private static boolean mayBeLarge(long rows, long width) {
        return width > 0 && rows > ColumnPlanner.MAX_ROWS / width;
    }

    /**
     * The bytes are the Arrow values already.
     *
     * @param scanNat whether NaT becomes null, which costs one pass over the values
     */
    record View(DType dtype, FieldType fieldType, long width, boolean scanNat) implements ColumnPlan {
        @Override
        public @Nullable String reason() {
            return null;
        }
    }

    /**
     * Big-endian values.
     *
     * @param unit bytes of one value
     * @param scanNat whether NaT becomes null
     */
    record SwapBytes(DType dtype, FieldType fieldType, int unit, boolean scanNat) implements ColumnPlan {
        @Override
        public long width() {
            return unit;
        }

        @Override
        public String reason() {
            return "big-endian: bytes swapped";
        }
    }

    /** One-byte bools to bits; any byte but 0 is true. */
    record PackBits(DType dtype, FieldType fieldType) implements ColumnPlan {
        @Override
        public long width() {
            return 1;
        }

        @Override
        public String reason() {
            return "bool bytes are packed into bits";
        }
    }

    /**
     * NUL-padded UTF-32 to UTF-8.
     *
     * @param bigEndian whether code units are big-endian
     * @param storage the plan for a column with lone surrogates
     */
    record DecodeText(DType dtype, FieldType fieldType, long width, boolean bigEndian, ColumnPlan storage)
            implements ColumnPlan {
        @Override
        public String reason() {
            return "UTF-32 text is decoded to UTF-8";
        }

        @Override
        public boolean dependsOnValues(long rows, MisfitPolicy policy) {
            return width > 0 && rows > 0 && policy == MisfitPolicy.KEEP_STORAGE || mayBeLarge(rows, width);
        }
    }

    /** NUL-padded bytes to offsets and values. Also every type of no width at all. */
    record StripNul(DType dtype, FieldType fieldType, long width) implements ColumnPlan {
        @Override
        public String reason() {
            return "trailing NUL bytes are stripped";
        }

        @Override
        public boolean dependsOnValues(long rows, MisfitPolicy policy) {
            return mayBeLarge(rows, width);
        }
    }

    /**
     * Times that Arrow has in another unit or width; NaT becomes null.
     *
     * @param factor units of the result in one step
     * @param storage the plan for a column whose values overflow
     */
    record Time(
            DType dtype, FieldType fieldType, Conversion conversion, long factor, boolean bigEndian, ColumnPlan storage)
            implements ColumnPlan {
        /** A way to convert times. */
        public enum Conversion {
            /** To the next finer unit. */
            RESCALE("64-bit times are rescaled to a finer unit"),
            /** Days to days from 1970-01-01. */
            DAYS("64-bit dates are narrowed to 32-bit days"),
            /** Months to the day that each begins with. */
            MONTHS("64-bit dates are narrowed to 32-bit days"),
            /** Spans of months to 32-bit months. */
            INTERVAL("64-bit month spans are narrowed to 32-bit intervals");

            private final String reason;

            Conversion(String reason) {
                this.reason = reason;
            }
        }

        @Override
        public long width() {
            return 8;
        }

        @Override
        public String reason() {
            return conversion.reason;
        }

        @Override
        public boolean dependsOnValues(long rows, MisfitPolicy policy) {
            return rows > 0 && policy == MisfitPolicy.KEEP_STORAGE;
        }
    }

    /** Records to a struct of their fields. Padding is skipped. */
    record SplitStruct(DType dtype, FieldType fieldType, long width, List<Part> parts) implements ColumnPlan {
        public SplitStruct {
            parts = List.copyOf(parts);
        }

        @Override
        public String reason() {
            return "records are split into their fields";
        }

        @Override
        public boolean dependsOnValues(long rows, MisfitPolicy policy) {
            return parts.stream().anyMatch(part -> part.plan().dependsOnValues(rows, policy));
        }

        @Override
        public List<Field> children() {
            List<Field> fields = new ArrayList<>(parts.size());
            for (Part part : parts) {
                fields.add(part.plan().field(part.name()));
            }
            return fields;
        }

        /** One field, at its offset in the record. */
        public record Part(String name, long offset, ColumnPlan plan) {}
    }

    /** A fixed number of elements per row. */
    record FixedList(DType dtype, FieldType fieldType, int size, ColumnPlan element) implements ColumnPlan {
        @Override
        public long width() {
            return Math.multiplyExact(element.width(), (long) size);
        }

        @Override
        public @Nullable String reason() {
            return element.reason();
        }

        @Override
        public boolean dependsOnValues(long rows, MisfitPolicy policy) {
            // More elements than a long counts are more than a vector holds, too.
            boolean countable = size == 0 || rows <= Long.MAX_VALUE / size;
            return element.dependsOnValues(countable ? rows * size : Long.MAX_VALUE, policy);
        }

        @Override
        public List<Field> children() {
            return List.of(element.field(BaseRepeatedValueVector.DATA_VECTOR_NAME));
        }
    }

    /** The columns of a row-major block, whose elements lie a row apart. */
    record Transpose(ColumnPlan element) implements Strided {
        @Override
        public String reason() {
            String then = element.reason();
            return "C-order block: columns are strided, transposed" + (then == null ? "" : "; " + then);
        }
    }

    /** The rows of a Fortran-order array of two or more dimensions, copied to C order. */
    record Reorder(ColumnPlan element, Shape shape) implements Strided {
        @Override
        public String reason() {
            String then = element.reason();
            return "Fortran-order array: rows are strided, reordered" + (then == null ? "" : "; " + then);
        }
    }

    /** Elements that have to be brought together before they are treated like others. */
    sealed interface Strided extends ColumnPlan {
        /** Their treatment once they are together. */
        ColumnPlan element();

        @Override
        default DType dtype() {
            return element().dtype();
        }

        @Override
        default FieldType fieldType() {
            return element().fieldType();
        }

        @Override
        default long width() {
            return element().width();
        }

        @Override
        default boolean dependsOnValues(long rows, MisfitPolicy policy) {
            return element().dependsOnValues(rows, policy);
        }

        @Override
        default List<Field> children() {
            return element().children();
        }
    }
}
