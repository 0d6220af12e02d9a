package org.arrownpz.flight;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ColumnLayout;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Frames;
import org.arrownpz.testing.Await;
import org.arrownpz.testing.Maps;

/**
 * Serves a file that another thread truncates or rewrites in place while a client reads it. Prints what came out, and a
 * line {@code BAD …} where the server does not serve another file afterwards or something is left behind.
 *
 * <p>Arguments: a folder, the number of changes, a seed.
 */
final class FlightChangeRun {
    private static final WriteOptions FAST =
            WriteOptions.defaults().withDurability(Durability.RENAME_ONLY).withLayout(ColumnLayout.ARROW);
    private static final int ROWS = 60_000;
    private static final int BATCH_BYTES = 100_000;

    private final Path folder;
    private final Random random;
    private final TreeMap<String, Integer> outcomes = new TreeMap<>();

    private FlightChangeRun(Path folder, long seed) {
        this.folder = folder;
        this.random = new Random(seed);
    }

    public static void main(String[] arguments) throws Exception {
        FlightChangeRun run = new FlightChangeRun(Path.of(arguments[0]).toRealPath(), Long.parseLong(arguments[2]));
        run.run(Integer.parseInt(arguments[1]));
        run.outcomes.forEach((outcome, count) -> System.out.println(outcome + " " + count));
        System.out.println("changes " + arguments[1]);
        System.out.println("done");
    }

    private void run(int changes) throws Exception {
        try (BufferAllocator allocator = new RootAllocator()) {
            try (VectorSchemaRoot root = root(allocator)) {
                Frames.write(root, folder.resolve("good.npz"), FAST);
            }
            byte[] good = Files.readAllBytes(folder.resolve("good.npz"));
            try (NpzFlightServer server = NpzFlightServer.start(
                            allocator, folder, ServerOptions.defaults().withBatchBytes(BATCH_BYTES));
                    BufferAllocator clients = new RootAllocator()) {
                for (int change = 0; change < changes; change++) {
                    Files.write(folder.resolve("victim.npz"), good);
                    change(server, clients, good.length);
                    Files.delete(folder.resolve("victim.npz"));
                }
            }
            Await.holds(Duration.ofSeconds(30), () -> allocator.getAllocatedMemory() == 0 && left() == 0);
            long lost = allocator.getAllocatedMemory();
            System.out.println("lost " + lost + " bytes, " + left() + " mappings");
            if (lost > 0 || left() > 0) {
                System.out.println("BAD leak: " + allocator.toVerboseString());
            }
            allocator.releaseBytes(lost);
        }
    }

    private long left() {
        return Maps.mappedFiles().stream()
                .filter(path -> path.startsWith(folder + "/"))
                .count();
    }

    private static VectorSchemaRoot root(BufferAllocator allocator) {
        BigIntVector key = new BigIntVector("key", allocator);
        VarCharVector text = new VarCharVector("text", allocator);
        for (int i = 0; i < ROWS; i++) {
            key.setSafe(i, i);
            if (i % 5 > 0) {
                text.setSafe(i, ("row " + i).getBytes(StandardCharsets.US_ASCII));
            }
        }
        List<FieldVector> vectors = List.of(key, text);
        vectors.forEach(vector -> vector.setValueCount(ROWS));
        return new VectorSchemaRoot(vectors);
    }

    private void change(NpzFlightServer server, BufferAllocator clients, int size) throws Exception {
        boolean truncate = random.nextBoolean();
        long place = random.nextInt(size);
        long delay = random.nextInt(8) == 0 ? 0 : random.nextInt(6_000_000);
        Thread saboteur = new Thread(() -> damage(truncate, place, delay));
        saboteur.start();
        // Each its own connection, since one that cannot be written to is closed.
        String outcome = read(server, clients, "victim");
        saboteur.join();
        count((truncate ? "truncated " : "rewritten ") + outcome);
        // A file that is rewritten before it is opened is another file; one that is cut short then is none.
        if (truncate && outcome.equals("other data")) {
            System.out.println("BAD data of a file cut short at " + place);
        }
        String after = read(server, clients, "good");
        if (!after.equals("right data")) {
            System.out.println("BAD another file is not served any more: " + after);
        }
    }

    private void count(String outcome) {
        outcomes.merge(outcome, 1, Integer::sum);
    }

    private static String read(NpzFlightServer server, BufferAllocator clients, String name) throws Exception {
        try (FlightClient client = FlightClient.builder(clients, Location.forGrpcInsecure("localhost", server.port()))
                        .build();
                FlightStream stream = client.getStream(NpzTicket.of(name).toTicket())) {
            int rows = 0;
            boolean right = true;
            while (stream.next()) {
                VectorSchemaRoot root = stream.getRoot();
                BigIntVector key = (BigIntVector) root.getVector("key");
                for (int i = 0; i < root.getRowCount(); i++, rows++) {
                    right &= !key.isNull(i) && key.get(i) == rows;
                }
            }
            return rows == ROWS && right ? "right data" : "other data";
        } catch (FlightRuntimeException e) {
            return e.status().code() + " "
                    + String.valueOf(e.status().description())
                            .replaceAll("(?s).*?(FILE_CHANGED|[A-Z_]{5,}:|$).*", "$1");
        } catch (RuntimeException e) {
            // The client reads offsets that are those of the changed file.
            return "client " + e.getClass().getSimpleName();
        }
    }

    private void damage(boolean truncate, long place, long delayNanos) {
        long until = System.nanoTime() + delayNanos;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        try (FileChannel channel = FileChannel.open(folder.resolve("victim.npz"), StandardOpenOption.WRITE)) {
            if (truncate) {
                channel.truncate(place);
            } else {
                byte[] garbage = new byte[(int) Math.min(50_000, channel.size() - place)];
                Arrays.fill(garbage, (byte) 0xEE);
                channel.write(ByteBuffer.wrap(garbage), place);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
