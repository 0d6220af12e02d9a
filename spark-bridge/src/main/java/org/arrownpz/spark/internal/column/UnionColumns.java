package org.arrownpz.spark.internal.column;

import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.complex.UnionVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.jspecify.annotations.Nullable;

/** Unions as structs of their members, all of which are null but the one in use. */
final class UnionColumns {
    private static final int TYPE_IDS = 128;

    private UnionColumns() {}

    /** The member that each row of a union uses, and its row there. */
    static final class Rows {
        private final ArrowBuf ids;
        private final @Nullable ArrowBuf offsets;
        private final int[] members = new int[TYPE_IDS];
        private final String place;
        private int base;

        Rows(FieldVector vector, ArrowType.Union type, String place, int base) {
            if (vector instanceof DenseUnionVector dense) {
                this.ids = dense.getTypeBuffer();
                this.offsets = dense.getOffsetBuffer();
            } else {
                this.ids = ((UnionVector) vector).getTypeBuffer();
                this.offsets = null;
            }
            Arrays.fill(members, -1);
            int[] typeIds = type.getTypeIds();
            for (int i = 0; i < typeIds.length; i++) {
                members[typeIds[i]] = i;
            }
            this.place = place;
            this.base = base;
        }

        int member(int row) {
            int id = ids.getByte(base + row);
            int member = id < 0 ? -1 : members[id];
            if (member < 0) {
                throw new IllegalArgumentException(place + ": row " + (base + row) + " has the unknown type id " + id);
            }
            return member;
        }

        int position(int row) {
            int at = base + row;
            return offsets == null ? at : offsets.getInt(4L * at);
        }
    }

    /** One member. */
    static final class Member extends WindowColumn {
        private final Rows rows;
        private final int ordinal;

        Member(Rows rows, int ordinal, ColumnVector values) {
            super(values, 0);
            this.rows = rows;
            this.ordinal = ordinal;
        }

        @Override
        int lookUp(int row) {
            return rows.position(row);
        }

        @Override
        boolean isNullHere(int row) {
            return rows.member(row) != ordinal;
        }
    }

    /** The union. It is never null itself; the member in use may be. */
    static final class Union extends NpzColumn {
        private final Rows rows;
        private final ColumnVector[] members;

        Union(DataType type, Rows rows, ColumnVector[] members) {
            super(type, rows.ids, rows.base);
            this.rows = rows;
            this.members = members;
        }

        @Override
        void moveTo(int row) {
            rows.base = row;
        }

        @Override
        public ColumnVector getChild(int ordinal) {
            return members[ordinal];
        }
    }
}
