package org.arrownpz.support.column;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.support.Faults;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.internal.buffers.ArrowColumnBuffer;
import org.arrownpz.vector.internal.buffers.ArrowColumnTypes;
import org.arrownpz.vector.internal.encode.BlockContent;
import org.jspecify.annotations.Nullable;

/**
 * Vectors of any Arrow type as NumPy arrays, one per buffer, and back (Arrow's columnar format, physical layouts).
 *
 * <p>Buffers are stored as the format wants them whatever the vector looks like: offsets begin at 0 and number one more
 * than the rows, values are those that offsets reach, bitmaps begin at bit 0 and are absent where nothing is null, and
 * fixed-width values under nulls are zero. Stateless, safe for use by several threads.
 */
public final class ArrowColumn {
    private ArrowColumn() {}

    /**
     * One field of a column, depth first: the field itself, then its children.
     *
     * @param length the number of rows
     * @param nullCount how many are null by their bitmap; the length for the Null type, 0 for unions and run ends
     * @param dataBuffers the number of data buffers behind the views of a Utf8View or BinaryView field, else 0
     */
    public record Node(long length, long nullCount, int dataBuffers) {}

    /**
     * A column taken apart.
     *
     * @param nodes the fields, depth first
     * @param buffers their buffers in the order of the Arrow format; null for a bitmap that is absent because no row is
     *     null
     */
    public record Stored(List<Node> nodes, List<@Nullable ArrowColumnBuffer> buffers) {
        public Stored {
            nodes = List.copyOf(nodes);
            buffers = Collections.unmodifiableList(new ArrayList<>(buffers));
        }
    }

    /**
     * Takes a column apart. Batches are concatenated while they are written, not before; structure (offsets, bitmaps)
     * is read, values are not.
     *
     * <p>The buffers borrow the vectors' memory. The field to {@link #compose} with later is the first vector's own
     * ({@code getField()}), whose children are in the order of the vectors. Indices of dictionary-encoded columns are
     * stored as the integers they are; dictionaries are columns of their own.
     *
     * @param chunks the column's vectors, one per batch, all of one field; at least one
     * @throws IllegalArgumentException when the batches together exceed the type's offsets, or a vector is malformed
     * @throws NpzException FILE_CHANGED when the vectors' mapped file was cut short
     */
    public static Stored decompose(List<? extends FieldVector> chunks) throws NpzException {
        if (chunks.isEmpty()) {
            throw new IllegalArgumentException("a column has at least one vector");
        }
        List<ArrowColumnPiece> pieces = new ArrayList<>(chunks.size());
        for (FieldVector chunk : chunks) {
            pieces.add(new ArrowColumnPiece(chunk, 0, chunk.getValueCount(), pieces.size()));
        }
        try {
            return new ArrowColumnDecomposer(chunks.get(0).getAllocator()).decompose(pieces);
        } catch (InternalError e) {
            throw BlockContent.changed(e);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(e.getMessage() + "; write fewer batches at once", e);
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("a vector has buffers shorter than its rows, or views outside them", e);
        }
    }

    /**
     * Puts a column together again: every count, length, offset, type id, view and run end is checked, then the vector
     * is made over the arrays' regions without a copy (where they can be viewed). Values are not looked at.
     *
     * @param field the column's field in the memory format of Arrow Java (see {@link SchemaMember#memoryField})
     * @param nodes as {@link #decompose} gave them
     * @param buffers the stored arrays in order, null for absent bitmaps
     * @param ones where bitmaps without nulls come from
     * @param location the file or member that nodes and field were read from, for messages
     * @return the vector, which the caller closes
     * @throws NpzException META_SCHEMA when the parts do not make up a vector of that field, LIMIT for more rows than a
     *     vector holds or for want of memory, FILE_CHANGED when the mapped file was cut short
     */
    public static FieldVector compose(
            Field field,
            List<Node> nodes,
            List<? extends @Nullable NumpyArray> buffers,
            BufferAllocator allocator,
            AllValidBitmaps ones,
            Location location)
            throws NpzException {
        try {
            return make(field, new ArrowColumnArrays(field, nodes, buffers, true, location), allocator, ones, location);
        } catch (InternalError e) {
            throw BlockContent.changed(e);
        }
    }

    /**
     * Checks what {@link #compose} checks, as far as field, nodes and headers of the arrays tell: types, counts, lengths.
     * Reads no value (bitmaps, offsets, type ids, views, run ends) and allocates nothing.
     *
     * @throws NpzException META_SCHEMA or LIMIT as {@link #compose}
     */
    public static void check(
            Field field,
            List<Node> nodes,
            List<? extends @Nullable NumpyArray> buffers,
            BufferAllocator allocator,
            Location location)
            throws NpzException {
        make(field, new ArrowColumnArrays(field, nodes, buffers, false, location), allocator, null, location)
                .close();
    }

    private static FieldVector make(
            Field field,
            ArrowColumnArrays arrays,
            BufferAllocator allocator,
            @Nullable AllValidBitmaps ones,
            Location location)
            throws NpzException {
        ArrowColumnTypes.check(field, location, 0);
        List<FieldVector> made = new ArrayList<>();
        try (Rollback undo = Rollback.all(made)) {
            // Of a Null field, Arrow Java would keep the name only.
            made.add(field.getType() instanceof ArrowType.Null ? new NullVector(field) : field.createVector(allocator));
            new ColumnAssembler(ones, true, false, location).assemble(field, made.get(0), arrays);
            arrays.requireAllTaken();
            MemoryAccess.deliverFaults();
            return undo.commit(made.get(0));
        } catch (OutOfMemoryException e) {
            throw Faults.limit(location, "for a column", e);
        } catch (RuntimeException e) {
            // Arrow Java refuses some types and layouts with exceptions of many classes. Everything that it is given
            // here stems from the file, so that whatever it refuses is a fault of the file.
            MemoryAccess.deliverFaults();
            throw arrays.error("cannot be held by Arrow Java").cause(e).build();
        }
    }
}
