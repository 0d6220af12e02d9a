package org.arrownpz.safety;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compare.VectorEqualsVisitor;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ColumnLayout;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.event.Events;
import org.arrownpz.event.Packed;
import org.arrownpz.event.Unpacked;
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.event.spec.PackSpec.InputOrder;
import org.arrownpz.event.spec.PackSpec.NullKeys;
import org.arrownpz.event.spec.UnpackSpec;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.Frames.Verification;

/**
 * Reads, checks, converts and packs files that another thread truncates or rewrites in place meanwhile. Prints what came out,
 * and a line {@code BAD …} for each outcome that is neither a typed error nor the right data.
 *
 * <p>Arguments: a folder, a number of rounds, and a seed.
 */
final class RaceRun {
    private static final WriteOptions FAST = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);
    private static final int ROWS = 40_000;
    private static final int ACTIONS = 9;

    private final Path folder;
    private final Random random;
    private final TreeMap<String, Integer> outcomes = new TreeMap<>();

    private RaceRun(Path folder, long seed) {
        this.folder = folder;
        this.random = new Random(seed);
    }

    public static void main(String[] arguments) throws Exception {
        RaceRun run = new RaceRun(Path.of(arguments[0]), Long.parseLong(arguments[2]));
        run.run(Integer.parseInt(arguments[1]));
        run.outcomes.forEach((outcome, count) -> System.out.println(outcome + " " + count));
        System.out.println("done");
    }

    private void run(int rounds) throws Exception {
        Path numpy = folder.resolve("numpy.npz");
        Path arrow = folder.resolve("arrow.npz");
        Path array = folder.resolve("array.npy");
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = root(allocator)) {
            Frames.write(root, numpy, FAST);
            Frames.write(root, arrow, FAST.withLayout(ColumnLayout.ARROW));
            Files.write(array, Members.npy("<f8", "(" + ROWS + ", 4)", doubles(ROWS * 4)));
            List<Path> files = List.of(numpy, arrow, array);
            for (int round = 0; round < rounds; round++) {
                round(files.get(round % files.size()), round / files.size() % ACTIONS, round);
            }
            System.out.println("rounds " + rounds);
        }
    }

    private static byte[] doubles(int count) {
        ByteBuffer bytes = ByteBuffer.allocate(count * 8);
        for (int i = 0; i < count; i++) {
            bytes.putDouble(i + 0.5);
        }
        return bytes.array();
    }

    private static VectorSchemaRoot root(BufferAllocator allocator) {
        Float8Vector numbers = new Float8Vector("numbers", allocator);
        VarCharVector text = new VarCharVector("text", allocator);
        BitVector bits = new BitVector("bits", allocator);
        numbers.allocateNew(ROWS);
        text.allocateNew(16L * ROWS, ROWS);
        bits.allocateNew(ROWS);
        for (int i = 0; i < ROWS; i++) {
            numbers.set(i, i + 0.25);
            text.setSafe(i, ("row " + i).getBytes(StandardCharsets.US_ASCII));
            bits.set(i, i % 3 == 0 ? 1 : 0);
            if (i % 7 == 0) {
                text.setNull(i);
                numbers.setNull(i);
            }
        }
        for (FieldVector vector : List.of(numbers, text, bits)) {
            vector.setValueCount(ROWS);
        }
        return new VectorSchemaRoot(List.of(numbers, text, bits));
    }

    private void round(Path good, int action, int round) throws Exception {
        Path victim = folder.resolve("victim" + good.getFileName().toString().replaceAll(".*\\.", "."));
        byte[] bytes = Files.readAllBytes(good);
        Files.write(victim, bytes);
        boolean truncate = random.nextInt(3) > 0;
        long length = random.nextInt(3) == 0 ? random.nextInt(bytes.length) & -4096L : random.nextInt(bytes.length);
        long delay = random.nextInt(8) == 0 ? 0 : random.nextInt(6_000_000);
        Thread saboteur = new Thread(() -> damage(victim, truncate, length, delay));
        String outcome;
        saboteur.start();
        try (BufferAllocator allocator = new RootAllocator()) {
            outcome = act(allocator, good, victim, action, truncate, saboteur);
            if (allocator.getAllocatedMemory() != 0) {
                outcome = "BAD leak of " + allocator.getAllocatedMemory();
            }
        } catch (NpzException e) {
            outcome = e.code().toString();
            if (truncate && action > 0 && e.code() == ErrorCode.VALUE) {
                outcome = "BAD " + e;
            }
        } catch (Throwable e) {
            outcome = "BAD " + e + " at " + Arrays.toString(e.getStackTrace());
        }
        saboteur.join();
        String what = (truncate ? "truncated " : "rewritten ") + action + " " + outcome;
        if (outcome.startsWith("BAD")) {
            System.out.println("BAD round " + round + " " + good.getFileName() + " " + what);
        }
        outcomes.merge(what.length() > 60 ? what.substring(0, 60) : what, 1, Integer::sum);
    }

    private String act(BufferAllocator allocator, Path good, Path victim, int action, boolean truncate, Thread saboteur)
            throws Exception {
        switch (action) {
            case 0 -> {
                Verification verdict =
                        Frames.verify(allocator, victim, ReadOptions.defaults().withVerify(Verify.CONTENT));
                return "verify "
                        + (verdict.fault() == null ? "ok" : verdict.fault().code());
            }
            case 1 -> Frames.open(allocator, victim).close();
            case 2 -> {
                try (Frame frame = Frames.open(allocator, victim, ReadOptions.inMemory())) {
                    // From here on nothing that happens to the file matters.
                    saboteur.join();
                    return truncate ? compare(allocator, good, frame) : use(frame);
                }
            }
            case 3 -> {
                // An array stays one, in a file of its own: then both are read as columns.
                Path target = folder.resolve("converted-" + victim.getFileName());
                Files.deleteIfExists(target);
                try (Frame frame = Frames.open(allocator, victim)) {
                    Frames.write(frame, target, FAST);
                }
                try (Frame frame = Frames.open(allocator, target)) {
                    return truncate ? compare(allocator, good, frame) : use(frame);
                }
            }
            case 4 -> {
                Path target = folder.resolve("aligned" + victim.getFileName());
                Frames.align(allocator, victim, target, ReadOptions.defaults(), FAST);
                try (Frame frame = Frames.open(allocator, target)) {
                    return truncate ? compare(allocator, good, frame) : use(frame);
                }
            }
            case 5 -> {
                try (Frame frame = Frames.open(allocator, victim);
                        Frame copy = frame.copy()) {
                    return truncate ? compare(allocator, good, copy) : use(copy);
                }
            }
            case 6 -> {
                try (Frame frame = Frames.open(allocator, victim);
                        Frame part = frame.select(
                                frame.columnNames().get(frame.columnNames().size() - 1))) {
                    return part.rowCount() == frame.rowCount() ? "ok" : "BAD rows of a selection";
                }
            }
            case 7 -> {
                try (Frame frame = Frames.open(allocator, victim);
                        ArrowReader reader = frame.reader(1000)) {
                    int rows = 0;
                    while (reader.loadNextBatch()) {
                        rows += reader.getVectorSchemaRoot().getRowCount();
                    }
                    return rows == frame.rowCount() ? "ok" : "BAD rows of batches";
                }
            }
            default -> {
                try (Frame frame = Frames.open(allocator, victim)) {
                    return events(allocator, good, frame, truncate);
                }
            }
        }
        return "ok";
    }

    // Only keys are looked at: packed values may be those of the mapped file.
    private static String events(BufferAllocator allocator, Path good, Frame frame, boolean truncate) throws Exception {
        PackSpec sorted = PackSpec.by(0).packRest();
        PackSpec runs = PackSpec.by(1).packRest().order(InputOrder.RUNS).nullKeys(NullKeys.KEEP);
        for (PackSpec spec : List.of(sorted, runs)) {
            try (Packed packed = Events.pack(frame, spec);
                    Unpacked unpacked = Events.unpack(packed.root(), UnpackSpec.lists())) {
                if (truncate) {
                    try (Frame original = Frames.open(allocator, good);
                            Packed expected = Events.pack(original, spec);
                            Unpacked rows = Events.unpack(expected.root(), UnpackSpec.lists())) {
                        if (!VectorEqualsVisitor.vectorEquals(
                                        expected.root().getVector(0),
                                        packed.root().getVector(0))
                                || !VectorEqualsVisitor.vectorEquals(
                                        rows.root().getVector(0),
                                        unpacked.root().getVector(0))) {
                            return "BAD keys of events";
                        }
                    }
                }
            }
        }
        return "ok";
    }

    private static String use(Frame frame) throws NpzException {
        long nulls = 0;
        for (FieldVector vector : frame.root().getFieldVectors()) {
            nulls += vector.getNullCount();
        }
        return nulls < 0 ? "BAD nulls" : "ok";
    }

    private static String compare(BufferAllocator allocator, Path good, Frame frame) throws Exception {
        try (Frame original = Frames.open(allocator, good)) {
            List<FieldVector> expected = original.root().getFieldVectors();
            List<FieldVector> actual = frame.root().getFieldVectors();
            for (int i = 0; i < expected.size(); i++) {
                if (!VectorEqualsVisitor.vectorEquals(expected.get(i), actual.get(i))) {
                    return "BAD data in " + expected.get(i).getName();
                }
            }
            return "ok";
        }
    }

    private static void damage(Path victim, boolean truncate, long length, long delayNanos) {
        long until = System.nanoTime() + delayNanos;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        try (FileChannel channel = FileChannel.open(victim, StandardOpenOption.WRITE)) {
            if (truncate) {
                channel.truncate(length);
            } else {
                byte[] garbage = new byte[(int) Math.min(50_000, channel.size() - length)];
                Arrays.fill(garbage, (byte) 0xEE);
                channel.write(ByteBuffer.wrap(garbage), length);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
