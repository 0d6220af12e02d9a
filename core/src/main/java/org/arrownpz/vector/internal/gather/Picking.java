package org.arrownpz.vector.internal.gather;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.support.Rollback;

/** Picked rows of the vectors of one table. */
public final class Picking {
    private Picking() {}

    /**
     * Some of the rows that are asked for, in their order, as vectors that the caller closes. Values are copied; those behind
     * views are shared. Nothing is left open on failure.
     *
     * @param location the file that vectors may view, for messages
     * @throws IndexOutOfBoundsException when the vectors do not have a row
     * @throws NpzException VALUE when a vector is malformed; LIMIT when a type cannot count the values of the rows, or the
     *     allocator cannot give the memory; FILE_CHANGED when a page of what is copied is gone
     */
    public static List<FieldVector> pick(
            List<FieldVector> vectors, Rows rows, BufferAllocator allocator, Location location) throws NpzException {
        int count = rows.count();
        List<FieldVector> picked = new ArrayList<>(vectors.size());
        if (vectors.isEmpty()) {
            return picked;
        }
        long all = vectors.get(0).getValueCount();
        try (Rollback undo = Rollback.all(picked);
                Scope scope = new Scope(allocator)) {
            ArrowBuf numbers = placed(location, () -> Scope.run(() -> scope.ints(count, "row numbers")));
            for (int i = 0; i < count; i++) {
                // A vector has fewer rows than 2³¹.
                numbers.setInt(4L * i, (int) Objects.checkIndex(rows.at(i), all));
            }
            for (FieldVector vector : vectors) {
                picked.add(column(vector, numbers, count, scope, location));
            }
            return undo.commit(picked);
        }
    }

    private static FieldVector column(FieldVector vector, ArrowBuf numbers, int count, Scope scope, Location location)
            throws NpzException {
        return placed(
                location.member("column " + vector.getName()),
                () -> Scope.run(() -> {
                    // Scratch memory of one column at a time.
                    try (Scope own = new Scope(scope.allocator())) {
                        return new Gather(own).rows(vector, numbers, count, scope.allocator());
                    }
                }));
    }

    /** Gives an error the place that kernels do not know. */
    private static <T> T placed(Location location, Scope.Work<T> work) throws NpzException {
        try {
            return work.run();
        } catch (NpzException e) {
            NpzException.Builder placed = location.error(e.code(), e.problem()).cause(e);
            String remedy = e.remedy();
            throw (remedy == null ? placed : placed.remedy(remedy)).build();
        }
    }
}
