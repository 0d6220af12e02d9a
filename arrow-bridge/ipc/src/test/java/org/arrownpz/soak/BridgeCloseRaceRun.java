package org.arrownpz.soak;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.ipc.MappedIpcReader;
import org.jspecify.annotations.Nullable;

/** {@link CloseRaceRun} with what the bridge opens; arguments as there. */
final class BridgeCloseRaceRun implements CloseRaceRun.Things {
    private static final int ROWS = 4000;
    private static final int BATCHES = 40;
    private static final IpcOptions OPTIONS =
            IpcOptions.defaults().withDurability(Durability.RENAME_ONLY).withBatchRows(ROWS / BATCHES);

    private final Path folder;

    private BridgeCloseRaceRun(Path folder) throws IOException {
        this.folder = folder.toRealPath();
        try (BufferAllocator allocator = new RootAllocator();
                BigIntVector key = new BigIntVector("key", allocator)) {
            for (int i = 0; i < ROWS; i++) {
                key.setSafe(i, 3L * i);
            }
            key.setValueCount(ROWS);
            try (Frame frame = Frame.of(VectorSchemaRoot.of(key))) {
                Frames.write(frame, file("frame.npz"), SharedThings.FAST);
                Ipc.write(frame, file("plain.feather"), OPTIONS);
                Ipc.write(frame, file("stream.arrows"), OPTIONS);
                Ipc.write(frame, file("packed.feather"), OPTIONS.withCompression(IpcOptions.Compression.LZ4));
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        CloseRaceRun.run(new BridgeCloseRaceRun(Path.of(arguments[0])), arguments);
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public SharedThing open(BufferAllocator allocator, int race) throws IOException {
        return switch (race % 4) {
            case 0 -> reader("mapped file", Ipc.open(allocator, file("plain.feather")));
            case 1 -> reader("mapped stream", Ipc.open(allocator, file("stream.arrows")));
            case 2 -> reader("compressed file", Ipc.open(allocator, file("packed.feather")));
            default -> writing(Frames.open(allocator, file("frame.npz")));
        };
    }

    private static SharedThing reader(String name, MappedIpcReader reader) {
        AtomicInteger loaded = new AtomicInteger();
        return new SharedThing(name) {
            @Override
            @Nullable
            String use(Random choice) throws IOException {
                switch (choice.nextInt(3)) {
                    case 0 -> reader.loadBatch(choice.nextInt(BATCHES));
                    case 1 -> {
                        return reader.batchCount() == BATCHES ? null : "number of batches";
                    }
                    default -> {
                        if (reader.loadNextBatch()) {
                            loaded.incrementAndGet();
                        }
                    }
                }
                return null;
            }

            @Override
            void close() throws IOException {
                reader.close();
            }
        };
    }

    /** A frame that is written as IPC while it is closed. */
    private SharedThing writing(Frame frame) {
        return new SharedThing("frame that is written") {
            @Override
            @Nullable
            String use(Random choice) throws IOException {
                Path target = file(Thread.currentThread().getName() + ".feather");
                Ipc.write(frame, target, choice.nextBoolean() ? OPTIONS : OPTIONS.withBatchRows(0));
                try (BufferAllocator own = new RootAllocator();
                        MappedIpcReader written = Ipc.open(own, target)) {
                    int rows = 0;
                    while (written.loadNextBatch()) {
                        BigIntVector key =
                                (BigIntVector) written.getVectorSchemaRoot().getVector("key");
                        for (int i = 0; i < key.getValueCount(); i++, rows++) {
                            if (key.get(i) != 3L * rows) {
                                return "row " + rows;
                            }
                        }
                    }
                    return rows == ROWS ? null : "rows " + rows;
                }
            }

            @Override
            void close() {
                frame.close();
            }
        };
    }
}
