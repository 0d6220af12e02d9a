package org.arrownpz.support.column;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.internal.memory.Storage;
import org.arrownpz.support.Faults;
import org.arrownpz.support.Rollback;
import org.arrownpz.support.column.ArrowColumnPiece.IndexMaps;
import org.arrownpz.vector.internal.buffers.ArrowColumnBuffer;
import org.arrownpz.vector.internal.buffers.ArrowColumnTypes;
import org.arrownpz.vector.internal.buffers.MemorySink;
import org.arrownpz.vector.internal.buffers.VectorSlicerMemory;
import org.arrownpz.vector.internal.buffers.VectorSlices;
import org.jspecify.annotations.Nullable;

/**
 * Rows of vectors of one field, one after the other, as one vector of any type. All buffers are measured first, then each
 * is allocated once and written once. Arrow's own appender doubles its memory on the way, does not know all types, and
 * goes wrong with some that it knows.
 *
 * <p>Used by one thread. The vectors must stay open and unchanged until {@link #join} has returned.
 */
public final class VectorJoin {
    private static final int MOST_ROWS = Integer.MAX_VALUE - 8;

    private final Field field;
    private final List<ArrowColumnPiece> pieces = new ArrayList<>();

    /** @param field of the vectors and of the result */
    public VectorJoin(Field field) {
        this.field = field;
    }

    /**
     * All rows of each vector, as a copy that the caller closes.
     *
     * @param vectors at least one
     * @throws NpzException as {@link #join}
     */
    public static FieldVector of(List<? extends FieldVector> vectors, BufferAllocator allocator, Location location)
            throws NpzException {
        VectorJoin join = new VectorJoin(vectors.get(0).getField());
        vectors.forEach(join::add);
        return join.join(allocator, location);
    }

    /** All rows of a vector come next. */
    public VectorJoin add(FieldVector vector) {
        return add(vector, 0, vector.getValueCount());
    }

    /**
     * Some rows of a vector come next.
     *
     * @throws IndexOutOfBoundsException when it does not have them
     */
    public VectorJoin add(FieldVector vector, int from, int count) {
        Objects.checkFromIndexSize(from, count, vector.getValueCount());
        pieces.add(new ArrowColumnPiece(vector, from, count, pieces.size()));
        return this;
    }

    /**
     * The rows of all vectors in memory of the allocator alone: writable, closed by the caller. Nothing is left open on
     * failure.
     *
     * @param location the file that vectors may view, for messages
     * @throws NpzException LIMIT when the type cannot count the values of all vectors, or the allocator cannot give the
     *     memory; VALUE when a vector is malformed; FILE_CHANGED when a page of what is copied is gone
     */
    public FieldVector join(BufferAllocator allocator, Location location) throws NpzException {
        return join(allocator, location, IndexMaps.NONE);
    }

    /** {@link #join(BufferAllocator, Location)} of vectors that were added batch by batch, as the dictionaries were. */
    public FieldVector join(BufferAllocator allocator, Location location, DictionaryJoin dictionaries)
            throws NpzException {
        return join(allocator, location, dictionaries::map);
    }

    FieldVector join(BufferAllocator allocator, Location location, IndexMaps maps) throws NpzException {
        try (FieldVector none = pieces.isEmpty() ? field.createVector(allocator) : null) {
            List<ArrowColumnPiece> all = none == null ? pieces : List.of(new ArrowColumnPiece(none, 0, 0, 0));
            ArrowColumn.Stored stored =
                    MemoryAccess.reading(location, () -> new ArrowColumnDecomposer(allocator, maps).decompose(all));
            for (ArrowColumn.Node node : stored.nodes()) {
                if (node.length() > MOST_ROWS) {
                    throw new ArithmeticException("the batches of a column together have " + node.length()
                            + " values or rows, more than a vector of Arrow Java holds");
                }
            }
            return new Filling(stored, new VectorSlicerMemory(allocator, location, true), location).vector(allocator);
        } catch (ArithmeticException e) {
            throw error(location, ErrorCode.LIMIT, e)
                    .remedy("Read it batch by batch, or use the large variant of its type, or wider indices")
                    .build();
        } catch (OutOfMemoryException e) {
            throw Faults.limit(location, "for a joined column", e);
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw error(location, ErrorCode.VALUE, e).build();
        }
    }

    private NpzException.Builder error(Location location, ErrorCode code, RuntimeException cause) {
        String name = SafeText.quote(String.valueOf(field.getName()));
        String reason = SafeText.escape(String.valueOf(cause.getMessage()));
        return location.error(code, "the batches of column " + name + " cannot be joined: " + reason)
                .cause(cause);
    }

    /** The buffers become a vector, depth first. */
    private final class Filling {
        private final Iterator<ArrowColumn.Node> nodes;
        private final Iterator<@Nullable ArrowColumnBuffer> buffers;
        private final VectorSlicerMemory memory;
        private final Location location;

        Filling(ArrowColumn.Stored stored, VectorSlicerMemory memory, Location location) {
            this.nodes = stored.nodes().iterator();
            this.buffers = stored.buffers().iterator();
            this.memory = memory;
            this.location = location;
        }

        FieldVector vector(BufferAllocator allocator) throws NpzException {
            FieldVector vector = field.createVector(allocator);
            try (Rollback undo = Rollback.of(vector)) {
                fill(vector);
                return undo.commit(vector);
            } finally {
                memory.release();
            }
        }

        private void fill(FieldVector target) throws NpzException {
            FieldVector vector = Storage.of(target);
            ArrowColumn.Node node = nodes.next();
            int rows = (int) node.length();
            int count = ArrowColumnTypes.buffers(vector.getField().getType()) + node.dataBuffers();
            ArrowBuf[] own = new ArrowBuf[count];
            for (int i = 0; i < count; i++) {
                own[i] = memory(buffers.next());
            }
            memory.load(vector, rows, own);
            for (FieldVector child : VectorSlices.children(vector)) {
                fill(child);
            }
            VectorSlices.countRows(vector, rows);
        }

        private ArrowBuf memory(@Nullable ArrowColumnBuffer buffer) throws NpzException {
            if (buffer == null) {
                return VectorSlicerMemory.NONE;
            }
            ArrowBuf bytes = memory.fresh(buffer.byteLength());
            buffer.writeTo(new MemorySink(bytes, location));
            return bytes;
        }
    }
}
