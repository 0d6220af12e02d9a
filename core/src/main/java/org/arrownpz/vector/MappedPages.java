package org.arrownpz.vector;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.ExtensionTypeVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.complex.UnionVector;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.memory.MemoryAccess;
import org.arrownpz.vector.internal.kernel.EncodeOffsets;
import org.arrownpz.vector.internal.kernel.TouchPages;

/**
 * Whether the pages are there that Arrow reads when it slices or unloads vectors over a mapped file: bitmaps, offsets,
 * views and type codes, but no values. Arrow takes references between its reads, so that a file cut short would leave
 * them behind, and some of its reads end the JVM then (JDK 17). Safe for use by several threads.
 */
public final class MappedPages {
    private MappedPages() {}

    /**
     * Reads a byte of each of those pages, as far as they belong to a range of rows.
     *
     * @throws NpzException FILE_CHANGED when one is gone
     */
    public static void check(List<? extends FieldVector> vectors, long from, long count, Location location)
            throws NpzException {
        MemoryAccess.guard(location, () -> {
            for (FieldVector vector : vectors) {
                touch(vector, from, count);
            }
        });
    }

    private static void touch(FieldVector vector, long from, long count) {
        if (count <= 0 || vector instanceof NullVector) {
            return;
        }
        if (vector instanceof ExtensionTypeVector<?> extension) {
            touch((FieldVector) extension.getUnderlyingVector(), from, count);
        } else if (vector instanceof UnionVector union) {
            TouchPages.touch(union.getTypeBuffer(), from, count);
            children(vector, from, count);
        } else if (vector instanceof DenseUnionVector union) {
            TouchPages.touch(union.getTypeBuffer(), from, count);
            TouchPages.touch(union.getOffsetBuffer(), 4 * from, 4 * count);
            whole(vector);
        } else if (vector instanceof RunEndEncodedVector encoded) {
            FieldVector ends = encoded.getRunEndsVector();
            TouchPages.touch(ends.getDataBuffer(), 0, ends.getDataBuffer().capacity());
            whole(vector);
        } else {
            bits(vector.getValidityBuffer(), from, count);
            structure(vector, from, count);
        }
    }

    private static void structure(FieldVector vector, long from, long count) {
        if (vector instanceof BitVector) {
            bits(vector.getDataBuffer(), from, count);
        } else if (vector instanceof BaseVariableWidthVector) {
            offsets(vector, Integer.BYTES, from, count);
        } else if (vector instanceof BaseLargeVariableWidthVector) {
            offsets(vector, Long.BYTES, from, count);
        } else if (vector instanceof BaseVariableWidthViewVector) {
            TouchPages.touch(vector.getDataBuffer(), EncodeOffsets.VIEW_BYTES * from, EncodeOffsets.VIEW_BYTES * count);
        } else if (vector instanceof ListVector) {
            elements(vector, Integer.BYTES, from, count);
        } else if (vector instanceof LargeListVector) {
            elements(vector, Long.BYTES, from, count);
        } else if (vector instanceof FixedSizeListVector list) {
            children(vector, from * list.getListSize(), count * list.getListSize());
        } else if (vector instanceof StructVector) {
            children(vector, from, count);
        } else if (!vector.getChildrenFromFields().isEmpty()) {
            // List views: in any order, so that all of it counts.
            for (ArrowBuf buffer : vector.getBuffers(false)) {
                TouchPages.touch(buffer, 0, buffer.capacity());
            }
        }
    }

    private static void bits(ArrowBuf bitmap, long from, long count) {
        TouchPages.touch(bitmap, from / 8, (from + count + 7) / 8 - from / 8);
    }

    private static void offsets(FieldVector vector, int width, long from, long count) {
        TouchPages.touch(vector.getOffsetBuffer(), from * width, (count + 1) * width);
    }

    private static void elements(FieldVector vector, int width, long from, long count) {
        offsets(vector, width, from, count);
        ArrowBuf offsets = vector.getOffsetBuffer();
        if (offsets.capacity() >= (from + count + 1) * width) {
            long start = EncodeOffsets.get(offsets, from, width);
            children(vector, start, EncodeOffsets.get(offsets, from + count, width) - start);
        }
    }

    private static void children(FieldVector vector, long from, long count) {
        for (FieldVector child : vector.getChildrenFromFields()) {
            touch(child, from, count);
        }
    }

    private static void whole(FieldVector vector) {
        for (FieldVector child : vector.getChildrenFromFields()) {
            touch(child, 0, child.getValueCount());
        }
    }
}
