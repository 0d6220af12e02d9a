package org.arrownpz.soak;

import static org.arrownpz.soak.SharedThings.GROUP;
import static org.arrownpz.soak.SharedThings.ROWS;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.NpzException;
import org.arrownpz.event.Events;
import org.arrownpz.event.Packed;
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.event.spec.UnpackSpec;
import org.arrownpz.frame.Frame;
import org.jspecify.annotations.Nullable;

/** Readers of batches and packed events for {@link SharedThings}. */
final class SharedEvents {
    private static final int BATCH = 64;
    private static final int BATCHES = (ROWS + BATCH - 1) / BATCH;
    private static final PackSpec BY_KEY = PackSpec.by("key").packRest();

    private SharedEvents() {}

    /** A reader that several threads ask for batches, closed itself or by its frame. */
    static SharedThing reader(Frame frame, boolean packing, boolean frameFirst) throws IOException {
        ArrowReader batches = frame.reader(BATCH);
        ArrowReader reader = packing ? Events.packing(batches, BY_KEY) : batches;
        AtomicInteger loaded = new AtomicInteger();
        return new SharedThing(packing ? "packing reader" : "batch reader") {
            @Override
            @Nullable
            String use(Random choice) throws IOException {
                if (reader.loadNextBatch()) {
                    loaded.incrementAndGet();
                }
                // Packing may give the group at a border a batch of its own.
                return loaded.get() > (packing ? 2 : 1) * BATCHES ? "too many batches" : null;
            }

            @Override
            void close() throws IOException {
                if (frameFirst) {
                    frame.close();
                } else {
                    reader.close();
                }
            }

            @Override
            void afterClose() throws IOException {
                reader.close();
                frame.close();
            }
        };
    }

    /** Packed events that several threads read while the frame, whose memory they share, is closed. */
    static SharedThing packed(Frame frame) throws NpzException {
        Packed packed = Events.pack(frame, BY_KEY);
        return new SharedThing("packed events") {
            @Override
            @Nullable
            String use(Random choice) throws NpzException {
                String wrong = packedWrong(packed, choice.nextInt(ROWS));
                if (wrong == null && choice.nextInt(8) == 0) {
                    try (var rows = Events.unpack(packed.root(), UnpackSpec.lists())) {
                        return rows.root().getRowCount() == ROWS ? null : "unpacked rows";
                    }
                }
                return wrong;
            }

            @Override
            void close() {
                frame.close();
            }

            @Override
            void afterClose() {
                packed.close();
            }
        };
    }

    /** Packs the frame; what is wrong with the group of that row, or null. */
    static @Nullable String packing(Frame frame, int row) throws NpzException {
        try (Packed packed = Events.pack(frame, BY_KEY)) {
            return packedWrong(packed, row);
        }
    }

    private static @Nullable String packedWrong(Packed packed, int row) {
        ListVector numbers = (ListVector) packed.root().getVector("number");
        int group = row / GROUP;
        return numbers.getElementStartIndex(group) == group * GROUP
                        && ((Float8Vector) numbers.getDataVector()).get(row) == row + 0.5
                ? null
                : "group " + group;
    }
}
