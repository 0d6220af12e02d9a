package org.arrownpz.testing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.LargeListViewVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.ListViewVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.complex.UnionVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.jspecify.annotations.Nullable;

/** Vectors of any type with pseudo-random content, and their values as objects that compare by content. */
public final class RandomVectors {
    private final BufferAllocator allocator;
    private final Random random;
    private final boolean nulls;

    public RandomVectors(BufferAllocator allocator, long seed, boolean nulls) {
        this.allocator = allocator;
        this.random = new Random(seed);
        this.nulls = nulls;
    }

    public static Field field(String name, ArrowType type, Field... children) {
        return new Field(name, FieldType.nullable(type), List.of(children));
    }

    public FieldVector vector(Field field, int rows) {
        FieldVector vector = field.createVector(allocator);
        fill(vector, rows);
        return vector;
    }

    /** A part of a longer vector, as Arrow slices it. */
    public FieldVector slice(Field field, int before, int rows, int after) {
        try (FieldVector whole = vector(field, before + rows + after)) {
            FieldVector slice = field.createVector(allocator);
            whole.makeTransferPair(slice).splitAndTransfer(before, rows);
            return slice;
        }
    }

    private boolean isNull() {
        return nulls && random.nextInt(4) == 0;
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(random.nextInt(5) == 0 ? 40 : 9)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ('a' + random.nextInt(26));
        }
        return bytes;
    }

    private void fill(FieldVector vector, int rows) {
        vector.setInitialCapacity(Math.max(1, rows));
        if (vector instanceof NullVector) {
            vector.setValueCount(rows);
            return;
        }
        if (vector instanceof RunEndEncodedVector runs) {
            runEnds(runs, rows);
            return;
        }
        vector.allocateNew();
        if (vector instanceof BitVector bits) {
            for (int i = 0; i < rows; i++) {
                bits.setSafe(i, random.nextInt(2));
                if (isNull()) {
                    bits.setNull(i);
                }
            }
        } else if (vector instanceof BaseFixedWidthVector fixed) {
            int width = fixed.getTypeWidth();
            byte[] value = new byte[width];
            for (int i = 0; i < rows; i++) {
                random.nextBytes(value);
                fixed.getDataBuffer().setBytes((long) i * width, value);
                BitVectorHelper.setValidityBit(fixed.getValidityBuffer(), i, isNull() ? 0 : 1);
            }
        } else if (vector instanceof BaseVariableWidthVector text) {
            for (int i = 0; i < rows; i++) {
                if (isNull()) {
                    text.setNull(i);
                } else {
                    text.setSafe(i, bytes());
                }
            }
        } else if (vector instanceof BaseLargeVariableWidthVector text) {
            for (int i = 0; i < rows; i++) {
                if (isNull()) {
                    text.setNull(i);
                } else {
                    text.setSafe(i, bytes());
                }
            }
        } else if (vector instanceof BaseVariableWidthViewVector text) {
            for (int i = 0; i < rows; i++) {
                if (isNull()) {
                    text.setNull(i);
                } else {
                    text.setSafe(i, bytes());
                }
            }
        } else {
            nested(vector, rows);
            return;
        }
        vector.setValueCount(rows);
    }

    private void nested(FieldVector vector, int rows) {
        int total = 0;
        for (int i = 0; i < rows; i++) {
            boolean isNull = isNull();
            int size = random.nextInt(4);
            if (vector instanceof ListVector list) {
                if (isNull) {
                    list.setNull(i);
                    continue;
                }
                list.startNewValue(i);
                list.endValue(i, size);
            } else if (vector instanceof LargeListVector list) {
                if (isNull) {
                    list.setNull(i);
                    continue;
                }
                list.startNewValue(i);
                list.endValue(i, size);
            } else if (vector instanceof ListViewVector list) {
                if (isNull) {
                    list.setNull(i);
                    continue;
                }
                list.startNewValue(i);
                list.endValue(i, size);
            } else if (vector instanceof LargeListViewVector list) {
                if (isNull) {
                    list.setNull(i);
                    continue;
                }
                list.startNewValue(i);
                list.endValue(i, size);
            } else if (vector instanceof FixedSizeListVector list) {
                if (isNull) {
                    list.setNull(i);
                } else {
                    list.setNotNull(i);
                }
                continue;
            } else if (vector instanceof StructVector struct) {
                if (isNull) {
                    struct.setNull(i);
                } else {
                    struct.setIndexDefined(i);
                }
                continue;
            }
            total += size;
        }
        if (vector instanceof DenseUnionVector union) {
            dense(union, rows);
            return;
        }
        if (vector instanceof UnionVector union) {
            for (int i = 0; i < rows; i++) {
                List<FieldVector> children = union.getChildrenFromFields();
                union.setType(i, children.get(random.nextInt(children.size())).getMinorType());
            }
        }
        boolean sameRows = vector instanceof StructVector || vector instanceof UnionVector;
        for (FieldVector child : vector.getChildrenFromFields()) {
            int perRow = vector instanceof FixedSizeListVector list ? list.getListSize() : 1;
            int count = sameRows || vector instanceof FixedSizeListVector ? rows * perRow : total;
            fill(child, count);
        }
        int children = total;
        vector.setValueCount(rows);
        for (FieldVector child : vector.getChildrenFromFields()) {
            if (!sameRows && !(vector instanceof FixedSizeListVector)) {
                child.setValueCount(children);
            }
        }
    }

    private void dense(DenseUnionVector union, int rows) {
        int[] ids = ((ArrowType.Union) union.getField().getType()).getTypeIds();
        int[] counts = new int[128];
        for (int i = 0; i < rows; i++) {
            byte id = (byte) ids[random.nextInt(ids.length)];
            union.setTypeId(i, id);
            union.setOffset(i, counts[id]++);
        }
        for (int id : ids) {
            fill((FieldVector) union.getVectorByType((byte) id), counts[id]);
        }
        union.setValueCount(rows);
    }

    private void runEnds(RunEndEncodedVector vector, int rows) {
        List<Integer> ends = new ArrayList<>();
        for (int end = 0; end < rows; ) {
            end = Math.min(rows, end + 1 + random.nextInt(4));
            ends.add(end);
        }
        BaseFixedWidthVector runEnds = (BaseFixedWidthVector) vector.getRunEndsVector();
        runEnds.allocateNew(Math.max(1, ends.size()));
        for (int i = 0; i < ends.size(); i++) {
            switch (runEnds.getTypeWidth()) {
                case 2 -> runEnds.getDataBuffer().setShort(i * 2L, ends.get(i));
                case 4 -> runEnds.getDataBuffer().setInt(i * 4L, ends.get(i));
                default -> runEnds.getDataBuffer().setLong(i * 8L, ends.get(i));
            }
            BitVectorHelper.setBit(runEnds.getValidityBuffer(), i);
        }
        runEnds.setValueCount(ends.size());
        fill(vector.getValuesVector(), ends.size());
        vector.setValueCount(rows);
    }

    /** The values of vectors one after the other. */
    public static List<@Nullable Object> values(FieldVector... vectors) {
        List<@Nullable Object> values = new ArrayList<>();
        for (FieldVector vector : vectors) {
            for (int i = 0; i < vector.getValueCount(); i++) {
                values.add(plain(vector.getObject(i)));
            }
        }
        return values;
    }

    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return "bytes " + Arrays.toString(bytes);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(RandomVectors::plain).map(String::valueOf).toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, String> sorted = new TreeMap<>();
            map.forEach((key, item) -> sorted.put(String.valueOf(key), String.valueOf(plain(item))));
            return sorted;
        }
        if (value instanceof Number || value instanceof Boolean || value == null) {
            return value;
        }
        return value.toString();
    }

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
