package org.arrownpz.vector.internal.buffers;

import java.io.UncheckedIOException;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.util.TransferPair;
import org.arrownpz.Location;
import org.arrownpz.NpzException;

/** Moves a union, or a struct whose children share names, or rows of it, to another vector of the same field. */
public record ExactTransfer(FieldVector from, FieldVector to) implements TransferPair {
    /** A pair to a vector, which gets the children of the other if it has none yet. */
    static ExactTransfer into(FieldVector from, FieldVector to) {
        if (to.getChildrenFromFields().isEmpty()) {
            to.initializeChildrenFromFields(from.getField().getChildren());
        }
        return new ExactTransfer(from, to);
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
        if (!(to instanceof StructVector)) {
            throw new UnsupportedOperationException("Rows of unions are not copied one by one");
        }
        to.copyFromSafe(fromRow, toRow, from);
    }
}
