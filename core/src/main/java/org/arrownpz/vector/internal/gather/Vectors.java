package org.arrownpz.vector.internal.gather;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.internal.memory.Buffers;
import org.arrownpz.vector.internal.buffers.VectorSlices;

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
    public static FieldVector shared(FieldVector source, List<FieldVector> others) {
        BufferAllocator own = source.getAllocator();
        return VectorSlices.whole(source, own == null ? allocator(others) : own);
    }
}
