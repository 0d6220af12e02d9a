package org.arrownpz.vector.internal.gather;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.UnionVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Buffers;
import org.arrownpz.internal.memory.Storage;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.internal.kernel.EncodeOffsets;
import org.jspecify.annotations.Nullable;

/** Vectors made over memory that exists. */
public final class Vectors {
    private Vectors() {}

    /**
     * The allocator of the first vector that has one: vectors of the Null type have none.
     *
     * @throws IllegalArgumentException when none has
     */
    public static BufferAllocator allocator(List<FieldVector> vectors) {
        for (FieldVector vector : vectors) {
            BufferAllocator allocator = vector.getAllocator();
            if (allocator != null) {
                return allocator;
            }
        }
        throw new IllegalArgumentException("the input has no column with values");
    }

    public static Field renamed(Field field, String name) {
        return new Field(name, field.getFieldType(), field.getChildren());
    }

    /** The field of lists over a column. */
    public static Field list(String name, Field item, boolean large) {
        ArrowType type = large ? new ArrowType.LargeList() : new ArrowType.List();
        return new Field(name, FieldType.nullable(type), List.of(renamed(item, "item")));
    }

    /** Makes a vector a holder of its own buffers' memory, each by a fresh buffer; children are loaded apart. */
    public static void load(FieldVector target, int rows, ArrowBuf... buffers) {
        List<ArrowBuf> shown = new ArrayList<>(buffers.length);
        for (ArrowBuf buffer : buffers) {
            // Arrow 19 states an offset for empty lists, also where there is no memory for it.
            shown.add(Buffers.borrow(buffer, 0, Math.min(buffer.writerIndex(), buffer.capacity())));
        }
        // The null count is read only where there is no bitmap.
        target.loadFieldBuffers(new ArrowFieldNode(rows, 0), shown);
    }

    /**
     * A second holder of a vector's memory, which the caller closes.
     *
     * @param others whose allocator serves vectors that have none
     */
    public static FieldVector shared(FieldVector source, List<FieldVector> others) throws NpzException {
        BufferAllocator own = source.getAllocator();
        FieldVector share = source.getField().createVector(own == null ? allocator(others) : own);
        try (Rollback undo = Rollback.of(share)) {
            share(source, share);
            return undo.commit(share);
        }
    }

    /** Makes a vector of the same type a second holder of a vector's memory, for all its rows. */
    public static void share(FieldVector source, FieldVector target) throws NpzException {
        share(source, target, source.getValueCount());
    }

    /** The same for its first rows. */
    public static void share(FieldVector source, FieldVector target, int rows) throws NpzException {
        FieldVector from = Storage.of(source);
        FieldVector to = Storage.of(target);
        load(to, rows, buffers(from).toArray(ArrowBuf[]::new));
        ArrowType type = from.getField().getType();
        List<FieldVector> children = from.getChildrenFromFields();
        List<FieldVector> targets = to.getChildrenFromFields();
        for (int i = 0; i < children.size(); i++) {
            FieldVector child = children.get(i);
            int count = child.getValueCount();
            if (rows < from.getValueCount()) {
                if (type instanceof ArrowType.Struct || from instanceof UnionVector) {
                    count = rows;
                } else if (type instanceof ArrowType.FixedSizeList list) {
                    count = rows * list.getListSize();
                }
            }
            share(child, targets.get(i), count);
        }
        if (to instanceof UnionVector union) {
            union.setValueCount(rows);
        }
    }

    /**
     * The result of {@link FieldVector#getFieldBuffers}. That method reads the last offset with an instruction that
     * ends the JVM where the offsets lie in a mapped file that was cut short.
     */
    private static List<ArrowBuf> buffers(FieldVector vector) throws NpzException {
        if (vector instanceof BaseFixedWidthVector) {
            return vector.getFieldBuffers();
        }
        if (vector instanceof BaseVariableWidthVector) {
            return buffers(vector, Integer.BYTES, vector.getDataBuffer());
        } else if (vector instanceof BaseLargeVariableWidthVector) {
            return buffers(vector, Long.BYTES, vector.getDataBuffer());
        } else if (vector instanceof ListVector) {
            return buffers(vector, Integer.BYTES, null);
        } else if (vector instanceof LargeListVector) {
            return buffers(vector, Long.BYTES, null);
        }
        return vector.getFieldBuffers();
    }

    private static List<ArrowBuf> buffers(FieldVector vector, int width, @Nullable ArrowBuf data) throws NpzException {
        int rows = vector.getValueCount();
        ArrowBuf validity = vector.getValidityBuffer();
        ArrowBuf offsets = vector.getOffsetBuffer();
        validity.readerIndex(0).writerIndex(rows == 0 ? 0 : (rows + 7L) / 8);
        // No rows have one offset, but Arrow 18 need not have the memory for it.
        offsets.readerIndex(0).writerIndex(rows == 0 ? Math.min(width, offsets.capacity()) : (rows + 1L) * width);
        if (data == null) {
            return List.of(validity, offsets);
        }
        long last = rows == 0 ? 0 : Scope.guarded(() -> EncodeOffsets.get(offsets, rows, width));
        data.readerIndex(0).writerIndex(Objects.checkIndex(last, data.capacity() + 1));
        return List.of(validity, offsets, data);
    }

    /** Bytes of values and offsets, without bitmaps. */
    public static long valueBytes(FieldVector vector) throws NpzException {
        FieldVector storage = Storage.of(vector);
        long bytes = 0;
        List<ArrowBuf> buffers = buffers(storage);
        ArrowType type = storage.getField().getType();
        boolean bitmap = !(type instanceof ArrowType.Union
                || type instanceof ArrowType.Null
                || type instanceof ArrowType.RunEndEncoded);
        for (int i = bitmap ? 1 : 0; i < buffers.size(); i++) {
            bytes += buffers.get(i).readableBytes();
        }
        for (FieldVector child : storage.getChildrenFromFields()) {
            bytes += valueBytes(child);
        }
        return bytes;
    }
}
