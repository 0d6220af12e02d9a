package org.arrownpz.parquet.internal.type;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/** Intervals of several parts as structs of numbers, and back: what Parquet calls an interval, few can read. */
final class StoredIntervals {
    private StoredIntervals() {}

    /** A struct of the intervals' parts, which the caller closes; the intervals stay the caller's. */
    static FieldVector parts(FieldVector intervals, String name, List<Field> fields) {
        List<FieldVector> parts = new ArrayList<>();
        try {
            int offset = 0;
            for (Field field : fields) {
                FieldVector part = field.createVector(intervals.getAllocator());
                parts.add(part);
                ((BaseFixedWidthVector) part).allocateNew(intervals.getValueCount());
                copy(intervals, offset, part, 0);
                // Parts of a null are no nulls themselves.
                part.getValidityBuffer().setOne(0, part.getValidityBuffer().capacity());
                part.setValueCount(intervals.getValueCount());
                offset += ((BaseFixedWidthVector) part).getTypeWidth();
            }
            Field field = Rebuild.nullable(name, new ArrowType.Struct(), fields);
            return Rebuild.grouped(field, intervals, parts);
        } finally {
            parts.forEach(FieldVector::close);
        }
    }

    /** The intervals that a struct of parts stands for, which the caller closes; the struct stays the caller's. */
    static FieldVector joined(FieldVector struct, Field wanted) {
        FieldVector result = wanted.createVector(struct.getAllocator());
        try {
            BaseFixedWidthVector target = (BaseFixedWidthVector) result;
            target.allocateNew(struct.getValueCount());
            int offset = 0;
            for (FieldVector part : struct.getChildrenFromFields()) {
                copy(part, 0, result, offset);
                offset += ((BaseFixedWidthVector) part).getTypeWidth();
            }
            result.setValueCount(struct.getValueCount());
            FieldVector joined = wanted.createVector(struct.getAllocator());
            joined.loadFieldBuffers(
                    Rebuild.node(struct),
                    List.of(Rebuild.validity(struct), result.getFieldBuffers().get(1)));
            return joined;
        } finally {
            result.close();
        }
    }

    /** One part of each value: the narrower of the two vectors has nothing else. */
    private static void copy(FieldVector source, int from, FieldVector target, int to) {
        int read = ((BaseFixedWidthVector) source).getTypeWidth();
        int written = ((BaseFixedWidthVector) target).getTypeWidth();
        int width = Math.min(read, written);
        ArrowBuf values = source.getDataBuffer();
        ArrowBuf result = target.getDataBuffer();
        for (int row = 0; row < source.getValueCount(); row++) {
            long at = row * (long) written + to;
            if (width == Integer.BYTES) {
                result.setInt(at, values.getInt(row * (long) read + from));
            } else {
                result.setLong(at, values.getLong(row * (long) read + from));
            }
        }
    }
}
