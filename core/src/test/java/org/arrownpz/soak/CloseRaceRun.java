package org.arrownpz.soak;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.testing.Maps;

/**
 * Many threads use one object, and another closes it at some moment: an archive, a file, a frame or a reader, each over
 * a mapping, a copy, a buffer and deflated members. Prints what came out, and a line {@code BAD …} for each outcome that
 * is neither the right data nor a typed error, and for everything that is left behind.
 *
 * <p>Arguments: a folder, the number of races, a seed.
 */
final class CloseRaceRun {
    private static final int READERS = 3;
    private static final int STEPS = 40;
    /** Figures of the process are looked at so often, in races. */
    private static final int INSPECTION = 250;

    private final Things things;
    private final Random random;
    private final TreeMap<String, Integer> outcomes = new TreeMap<>();
    private final CyclicBarrier start = new CyclicBarrier(READERS + 1);
    private final CyclicBarrier end = new CyclicBarrier(READERS + 1);
    private final AtomicReference<SharedThing> shared = new AtomicReference<>();
    private final AtomicBoolean over = new AtomicBoolean();

    /** Where the things to be closed come from. */
    interface Things {
        /** Where their files lie. */
        Path folder();

        /** Another thing, of a kind that depends on the race's number. */
        SharedThing open(BufferAllocator allocator, int race) throws IOException;
    }

    private CloseRaceRun(Things things, long seed) {
        this.things = things;
        this.random = new Random(seed);
    }

    public static void main(String[] arguments) throws Exception {
        run(new SharedThings(Path.of(arguments[0])), arguments);
    }

    static void run(Things things, String... arguments) throws Exception {
        CloseRaceRun run = new CloseRaceRun(things, Long.parseLong(arguments[2]));
        run.run(Integer.parseInt(arguments[1]));
        run.outcomes.forEach((outcome, count) -> System.out.println(outcome + " " + count));
        System.out.println("races " + arguments[1]);
        System.out.println("done");
    }

    private void run(int races) throws Exception {
        Thread[] readers = new Thread[READERS];
        for (int i = 0; i < READERS; i++) {
            int number = i;
            readers[i] = new Thread(() -> read(number), "reader-" + i);
            readers[i].setDaemon(true);
            readers[i].start();
        }
        for (int race = 0; race < races; race++) {
            race(race);
            if (race % INSPECTION == INSPECTION - 1) {
                List<String> left = new ArrayList<>(Maps.openFiles());
                left.addAll(Maps.mappedFiles());
                left.removeIf(path -> !path.startsWith(things.folder() + "/"));
                if (!left.isEmpty()) {
                    System.out.println("BAD race " + race + " leaves open or mapped " + left);
                }
            }
        }
        over.set(true);
        start.await();
        for (Thread reader : readers) {
            reader.join();
        }
    }

    private void race(int race) throws Exception {
        try (BufferAllocator allocator = new RootAllocator()) {
            SharedThing thing = things.open(allocator, race);
            shared.set(thing);
            int steps = random.nextInt(STEPS);
            long spin = random.nextInt(4) == 0 ? 0 : random.nextInt(400_000);
            start.await();
            // Closed after so many steps of the readers or so long, whichever comes first: neither must be in time.
            long until = System.nanoTime() + spin;
            while (thing.steps() < steps && System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            thing.close();
            end.await();
            // What is closed stays closed, and closing twice is nothing.
            thing.close();
            thing.afterClose();
            if (allocator.getAllocatedMemory() != 0) {
                System.out.println(
                        "BAD race " + race + " of " + thing.name() + " leaks: " + allocator.toVerboseString());
                allocator.releaseBytes(allocator.getAllocatedMemory());
            }
        }
    }

    private void read(int number) {
        Random choice = new Random(number);
        try {
            while (true) {
                start.await();
                if (over.get()) {
                    return;
                }
                SharedThing thing = shared.get();
                String outcome = outcome(thing, choice);
                synchronized (outcomes) {
                    outcomes.merge(thing.name() + " " + outcome, 1, Integer::sum);
                }
                end.await();
            }
        } catch (Exception e) {
            System.out.println("BAD reader ended by " + e);
        }
    }

    private static String outcome(SharedThing thing, Random choice) {
        try {
            for (int step = 0; step < STEPS; step++) {
                String fault = thing.use(choice);
                if (fault != null) {
                    System.out.println("BAD data of " + thing.name() + ": " + fault);
                    return "BAD data";
                }
                thing.count();
            }
            return "all steps";
        } catch (IllegalStateException e) {
            return isClosed(e) ? "closed" : bad(thing, e);
        } catch (NpzException e) {
            // A file that is read through its channel says so itself.
            return e.code() == ErrorCode.IO && e.problem().contains("closed") ? "closed channel" : bad(thing, e);
        } catch (Throwable e) {
            return bad(thing, e);
        }
    }

    private static boolean isClosed(IllegalStateException e) {
        return String.valueOf(e.getMessage())
                .matches("The (archive|frame|reader|source|file|validity region) is closed");
    }

    private static String bad(SharedThing thing, Throwable e) {
        System.out.println("BAD outcome of " + thing.name() + ": " + e + " at "
                + Arrays.toString(Arrays.copyOf(e.getStackTrace(), Math.min(12, e.getStackTrace().length))));
        return "BAD";
    }
}
