package org.arrownpz.spark.internal.column;

import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.spark.sql.vectorized.ColumnVector;

/** The kinds of {@link WindowColumn} that look up. */
final class LookupColumns {
    private LookupColumns() {}

    /** Dictionary-encoded values. */
    static final class Dictionaries extends WindowColumn {
        private final FieldVector indices;
        private final int width;

        Dictionaries(FieldVector indices, ColumnVector words, int base) {
            super(words, base);
            this.indices = indices;
            this.width = ((ArrowType.Int) indices.getField().getType()).getBitWidth();
        }

        @Override
        boolean isNullHere(int row) {
            return indices.isNull(base + row);
        }

        // An index that does not fit an int is no index of a vector: the dictionary's own bounds refuse it.
        @Override
        int lookUp(int row) {
            int at = base + row;
            return switch (width) {
                case 8 -> indices.getDataBuffer().getByte(at) & 0xFF;
                case 16 -> indices.getDataBuffer().getShort(2L * at) & 0xFFFF;
                case 32 -> indices.getDataBuffer().getInt(4L * at);
                default -> Math.toIntExact(indices.getDataBuffer().getLong(8L * at));
            };
        }
    }

    /** Run-end encoded values. Remembers the last run, since rows are mostly asked for one after the other. */
    static final class Runs extends WindowColumn {
        private final FieldVector ends;
        private final int width;
        private int run;

        Runs(RunEndEncodedVector vector, ColumnVector values, int base) {
            super(values, base);
            this.ends = vector.getRunEndsVector();
            this.width = ((ArrowType.Int) ends.getField().getType()).getBitWidth();
        }

        @Override
        int lookUp(int row) {
            int at = base + row;
            if (at < start(run)) {
                run = 0;
            }
            if (at >= end(run)) {
                run++;
                if (run >= ends.getValueCount() || at >= end(run)) {
                    run = search(at);
                }
            }
            return run;
        }

        private int search(int at) {
            int low = 0;
            int high = ends.getValueCount() - 1;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (end(middle) > at) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            return low;
        }

        private long start(int position) {
            return position == 0 ? 0 : end(position - 1);
        }

        private long end(int position) {
            return switch (width) {
                case 16 -> ends.getDataBuffer().getShort(2L * position);
                case 32 -> ends.getDataBuffer().getInt(4L * position);
                default -> ends.getDataBuffer().getLong(8L * position);
            };
        }
    }
}
