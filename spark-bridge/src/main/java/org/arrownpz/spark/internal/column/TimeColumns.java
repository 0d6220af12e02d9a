package org.arrownpz.spark.internal.column;

import org.apache.arrow.vector.FieldVector;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.vectorized.ColumnVector;

/** Times in Spark's microseconds and days. Finer units are rounded down, also before 1970. */
final class TimeColumns {
    static final long MICROS_PER_DAY = 86_400_000_000L;
    private static final long MILLIS_PER_DAY = 86_400_000L;

    private TimeColumns() {}

    /** The size of one step of a stored time in microseconds: a multiple, or a fraction. */
    record Scale(long factor, long divisor) {
        static final Scale ONE = new Scale(1, 1);
    }

    /** 64-bit times of another unit. */
    static final class Scaled extends NumberColumns.Plain {
        private final long factor;
        private final long divisor;
        private final String place;

        Scaled(DataType type, FieldVector vector, int base, Scale scale, String place) {
            super(type, vector, base);
            this.factor = scale.factor();
            this.divisor = scale.divisor();
            this.place = place;
        }

        @Override
        public long getLong(int row) {
            long value = int64(8L * (base + row));
            if (factor == 1) {
                return Math.floorDiv(value, divisor);
            }
            long scaled = value * factor;
            if (Math.multiplyHigh(value, factor) != scaled >> 63) {
                throw new ArithmeticException(place + ": row " + (base + row) + " holds the time " + value
                        + ", which Spark's microseconds do not reach");
            }
            return Math.floorDiv(scaled, divisor);
        }
    }

    /** 32-bit times of the day. */
    static final class DayTime32 extends NumberColumns.Plain {
        private final long factor;

        DayTime32(FieldVector vector, int base, long factor) {
            super(DataTypes.createDayTimeIntervalType(), vector, base);
            this.factor = factor;
        }

        @Override
        public long getLong(int row) {
            return int32(4L * (base + row)) * factor;
        }
    }

    /** Dates in milliseconds. */
    static final class Date64 extends NumberColumns.Plain {
        private final String place;

        Date64(FieldVector vector, int base, String place) {
            super(DataTypes.DateType, vector, base);
            this.place = place;
        }

        @Override
        public int getInt(int row) {
            long days = Math.floorDiv(int64(8L * (base + row)), MILLIS_PER_DAY);
            if (days != (int) days) {
                throw new ArithmeticException(place + ": row " + (base + row) + " holds the day " + days
                        + ", which Spark's dates do not reach");
            }
            return (int) days;
        }
    }

    /** Days and milliseconds. */
    static final class DayTimeInterval extends NumberColumns.Plain {
        private static final int MOST_DAYS = (int) (Long.MAX_VALUE / MICROS_PER_DAY) - 30;
        private final String place;

        DayTimeInterval(FieldVector vector, int base, String place) {
            super(DataTypes.createDayTimeIntervalType(), vector, base);
            this.place = place;
        }

        @Override
        public long getLong(int row) {
            long at = 8L * (base + row);
            int days = int32(at);
            // 2^31 milliseconds are 25 days.
            if (days > MOST_DAYS || days < -MOST_DAYS) {
                throw new ArithmeticException(place + ": row " + (base + row) + " holds " + days
                        + " days, which Spark's microseconds do not reach");
            }
            return days * MICROS_PER_DAY + int32(at + 4) * 1000L;
        }
    }

    /** Months, days and nanoseconds, which Spark asks for as children; the third are microseconds. */
    static final class CalendarIntervals extends NpzColumn {
        private final ColumnVector[] parts;

        CalendarIntervals(FieldVector vector, int base) {
            super(DataTypes.CalendarIntervalType, vector, base);
            this.parts = new ColumnVector[] {new Part(vector, 0), new Part(vector, 4), new Part(vector, 8)};
        }

        @Override
        public ColumnVector getChild(int ordinal) {
            return parts[ordinal];
        }

        private final class Part extends NumberColumns.Plain {
            private final int offset;

            Part(FieldVector vector, int offset) {
                super(offset == 8 ? DataTypes.LongType : DataTypes.IntegerType, vector, 0);
                this.offset = offset;
            }

            @Override
            public boolean isNullAt(int row) {
                return CalendarIntervals.this.isNullAt(row);
            }

            @Override
            public int getInt(int row) {
                return int32(16L * (CalendarIntervals.this.base + row) + offset);
            }

            @Override
            public long getLong(int row) {
                return Math.floorDiv(int64(16L * (CalendarIntervals.this.base + row) + offset), 1000L);
            }
        }
    }
}
