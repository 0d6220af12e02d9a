package org.arrownpz.vector.internal.buffers;

import java.io.UncheckedIOException;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.util.TransferPair;
import org.arrownpz.Location;
import org.arrownpz.NpzException;

/** Moves a union, or rows of it, to another vector of the same field, whatever its type codes are. */
public record UnionTransfer(FieldVector from, FieldVector to) implements TransferPair {
    /** A pair to a new vector, which gets the children of the old one. */
    static UnionTransfer into(FieldVector from, FieldVector fresh) {
        fresh.initializeChildrenFromFields(from.getField().getChildren());
        return new UnionTransfer(from, fresh);
    }

    @Override
    public void transfer() {
        to.clear();
        VectorSlices.load(from, to);
        from.clear();
    }

    @Override
    public void splitAndTransfer(int start, int length) {
        to.clear();
        try (FieldVector rows = VectorSlices.share(
                        List.of(from), to.getAllocator(), start, length, Location.ofFile(null))
                .get(0)) {
            VectorSlices.load(rows, to);
        } catch (NpzException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public ValueVector getTo() {
        return to;
    }

    @Override
    public void copyValueSafe(int fromRow, int toRow) {
        throw new UnsupportedOperationException("Rows of unions are not copied one by one");
    }
}
