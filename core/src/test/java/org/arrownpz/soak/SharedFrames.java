package org.arrownpz.soak;

import static org.arrownpz.soak.SharedThings.FAST;
import static org.arrownpz.soak.SharedThings.GROUP;
import static org.arrownpz.soak.SharedThings.ROWS;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.NpzException;
import org.arrownpz.frame.Bus;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.jspecify.annotations.Nullable;

/** Frames for {@link SharedThings}, which several threads share, copy, select from, pack and write. */
final class SharedFrames {
    private SharedFrames() {}

    /** A frame of all columns, which is also copied and written into that folder. */
    static SharedThing frame(String name, Frame frame, Path folder) {
        return new SharedThing(name) {
            @Override
            @Nullable
            String use(Random choice) throws IOException {
                int row = choice.nextInt(ROWS);
                return switch (choice.nextInt(16)) {
                    case 0 -> {
                        try (Frame copy = frame.copy()) {
                            yield wrong(copy.root(), row);
                        }
                    }
                    case 1 -> SharedEvents.packing(frame, row);
                    case 2 -> {
                        Path target = folder.resolve(Thread.currentThread().getName() + ".npz");
                        Frames.write(frame, target, FAST);
                        try (Frame written =
                                Frames.open(frame.root().getVector(0).getAllocator(), target)) {
                            yield wrong(written.root(), row);
                        }
                    }
                    case 3 -> {
                        frame.checkUnchanged();
                        yield frame.columnNames().size() == 3 ? null : "columns";
                    }
                    case 4, 5 -> batches(frame);
                    case 6, 7, 8 -> {
                        try (Frame part = frame.select("number", "key")) {
                            yield number(part.root(), row) == row + 0.5 ? null : "selection";
                        }
                    }
                    default -> {
                        try (Frame mine = frame.share()) {
                            yield wrong(mine.root(), row);
                        }
                    }
                };
            }

            @Override
            void close() {
                frame.close();
            }
        };
    }

    private static double number(VectorSchemaRoot root, int row) {
        return ((Float8Vector) root.getVector("number")).get(row);
    }

    private static @Nullable String wrong(VectorSchemaRoot root, int row) {
        boolean right = number(root, row) == row + 0.5
                && ((BigIntVector) root.getVector("key")).get(row) == row / GROUP
                && String.valueOf(root.getVector("text").getObject(row)).equals("row " + row);
        return right ? null : "row " + row;
    }

    private static @Nullable String batches(Frame frame) throws IOException {
        try (ArrowReader reader = frame.reader(1000)) {
            int rows = 0;
            while (reader.loadNextBatch()) {
                String wrong = number(reader.getVectorSchemaRoot(), 7) == rows + 7.5 ? null : "batch at " + rows;
                if (wrong != null) {
                    return wrong;
                }
                rows += reader.getVectorSchemaRoot().getRowCount();
            }
            return rows == ROWS ? null : "rows " + rows;
        }
    }

    /** A block that is a view, of a frame whose columns had to be copied. */
    static SharedThing block(Frame frame) {
        return new SharedThing("block of a frame") {
            @Override
            @Nullable
            String use(Random choice) throws NpzException {
                int row = choice.nextInt(ROWS);
                try (var tensor = frame.block(0)) {
                    return String.valueOf(tensor.getObject(row)).equals("[" + row + ".5," + row + ".5]")
                            ? null
                            : "row " + row + " " + tensor.getObject(row);
                }
            }

            @Override
            void close() {
                frame.close();
            }
        };
    }

    /** A bus of two frames, {@code a} and {@code b}. */
    static SharedThing bus(Bus bus) {
        return new SharedThing("bus") {
            @Override
            @Nullable
            String use(Random choice) throws NpzException {
                try (Frame frame = bus.frame(choice.nextBoolean() ? "a" : "b")) {
                    return wrong(frame.root(), choice.nextInt(ROWS));
                }
            }

            @Override
            void close() {
                bus.close();
            }
        };
    }
}
