package org.arrownpz.fuzz;

import java.io.IOException;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.frame.Frame;
import org.arrownpz.vector.read.VectorReader;

/** Uses all that a frame gives. */
final class FrameUse {
    private static final int BLOCKS = 3;
    private static final int BATCHES = 3;
    private static final int WIDEST = 64;

    private FrameUse() {}

    /** Whether all vectors are valid; with all checks on, invalid ones are an AssertionError. */
    static boolean valid(Frame frame, Settings settings) throws NpzException {
        boolean checked = settings.verify() == Verify.CONTENT;
        frame.copyReport().toString();
        frame.toString();
        frame.name().text();
        frame.index().name().text();
        frame.columns().name().text();
        frame.columnNames();
        boolean valid = true;
        boolean rooted = frame.rowCount() <= VectorReader.MAX_ROWS;
        if (rooted) {
            valid = touch(frame, checked);
            if (settings.usesCopy()) {
                try (Frame copy = frame.copy()) {
                    touch(copy, checked);
                }
            }
        }
        if (settings.usesInterchange()) {
            frame.interchangeSchema().toString();
            if (rooted) {
                frame.interchangeRoot();
            }
        }
        if (settings.usesBlocks()) {
            blocks(frame);
        }
        if (settings.usesBatches()) {
            batches(frame, checked);
        }
        if (settings.usesSelection() && frame.rowCount() > 0) {
            rows(frame, checked);
        }
        List<String> names = frame.columnNames();
        if (settings.usesSelection() && !names.isEmpty()) {
            try (Frame selected = frame.select(names.get(names.size() - 1))) {
                if (rooted) {
                    touch(selected, checked);
                }
            }
        }
        return valid;
    }

    /** The first, middle and last row in a slice, one by one and by batches. */
    private static void rows(Frame frame, boolean checked) throws NpzException {
        long last = frame.rowCount() - 1;
        long middle = last / 2;
        try (Frame slice = frame.slice(middle, Math.min(BLOCKS, frame.rowCount() - middle))) {
            touch(slice, checked);
        }
        try (Frame taken = frame.take(last, 0, middle)) {
            touch(taken, checked);
        }
        try (ArrowReader reader = frame.reader(new long[] {middle, last}, 1)) {
            while (reader.loadNextBatch()) {
                if (reader.getVectorSchemaRoot().getRowCount() != 1) {
                    throw new AssertionError("rows of a batch");
                }
            }
        } catch (NpzException e) {
            throw e;
        } catch (IOException e) {
            throw new AssertionError("an untyped exception", e);
        }
    }

    private static boolean touch(Frame frame, boolean checked) throws NpzException {
        List<FieldVector> vectors = frame.root().getFieldVectors();
        if (frame.root().getRowCount() != frame.rowCount()) {
            throw new AssertionError("rows of the root: " + frame.root().getRowCount() + " of " + frame.rowCount());
        }
        for (FieldVector vector : vectors) {
            if (vector.getValueCount() != frame.rowCount()) {
                throw new AssertionError("rows of " + vector.getField() + ": " + vector.getValueCount());
            }
        }
        // Columns of a block are alike.
        return Oracle.touch(vectors.subList(0, Math.min(vectors.size(), WIDEST)), frame.dictionaries(), checked);
    }

    private static void blocks(Frame frame) throws NpzException {
        for (int i = 0; i < Math.min(frame.blockCount(), BLOCKS); i++) {
            try (FieldVector tensor = frame.block(i)) {
                Oracle.touch(tensor, true);
            }
        }
    }

    private static void batches(Frame frame, boolean checked) throws NpzException {
        int rows = (int) Math.min(Math.max(1, frame.rowCount() / 2), 1 << 20);
        try (ArrowReader reader = frame.reader(rows)) {
            for (int i = 0; i < BATCHES && reader.loadNextBatch(); i++) {
                List<FieldVector> vectors = reader.getVectorSchemaRoot().getFieldVectors();
                Oracle.touch(vectors.subList(0, Math.min(vectors.size(), WIDEST)), frame.dictionaries(), checked);
            }
        } catch (NpzException e) {
            throw e;
        } catch (IOException e) {
            throw new AssertionError("an untyped exception", e);
        }
    }
}
