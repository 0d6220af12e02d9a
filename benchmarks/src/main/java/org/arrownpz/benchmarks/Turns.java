package org.arrownpz.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.arrownpz.compare.Rounds;
import org.arrownpz.compare.Rounds.Measurement;

/** Calls that take turns, and their times as lines of one table, each beside the floor that was added last. */
public final class Turns {
    /** Results of calls: without a use of them, the compiler might leave calls out. */
    private static long checksum;

    private final String title;
    private final Rounds rounds;
    private final List<Line> lines = new ArrayList<>();
    private int floor;

    /**
     * Turns of no calls yet.
     *
     * @param title what all lines begin with
     */
    public Turns(String title, Rounds rounds) {
        this.title = title;
        this.rounds = rounds;
    }

    /** So many turns of each call, however long they take. */
    public Turns(String title, int rounds) {
        this(title, new Rounds(rounds, Long.MAX_VALUE));
    }

    private static final class Line {
        final String name;
        final int floor;
        Measurement time = Measurement.of(0);

        Line(String name, int floor) {
            this.name = name;
            this.floor = floor;
        }
    }

    /** A call that measures itself, in nanoseconds, as a process that is asked does. */
    @FunctionalInterface
    public interface Told {
        long call() throws Exception;
    }

    /** Prints the machine, what is measured, and the names of the columns of all tables. */
    public static void printHeader(String subject) {
        System.out.printf(
                "JDK %s, %s processors %s%n%-30s %-40s %12s %12s %8s %6s%n",
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                subject,
                "case",
                "call",
                "median us",
                "best us",
                "x floor",
                "turns");
    }

    /** Adds a call that this and the following ones stand beside. */
    public Turns floor(String name, Callable<?> call) {
        floor = lines.size();
        return add(name, call);
    }

    public Turns floor(String name, Rounds.Call call) {
        floor = lines.size();
        return add(name, call);
    }

    public Turns add(String name, Callable<?> call) {
        return add(
                name, (Rounds.Call) () -> checksum = checksum * 31 + call.call().hashCode());
    }

    public Turns add(String name, Rounds.Call call) {
        Line line = line(name);
        rounds.add(title + name, call, time -> line.time = time);
        return this;
    }

    public Turns addTold(String name, Told call) {
        Line line = line(name);
        List<Long> told = new ArrayList<>();
        // Turns that warmed up come first, and do not count.
        rounds.add(title + name, () -> told.add(call.call()), time -> {
            List<Long> counted = told.subList(told.size() - time.samples(), told.size());
            line.time =
                    Measurement.of(counted.stream().mapToLong(Long::longValue).toArray());
        });
        return this;
    }

    private Line line(String name) {
        Line line = new Line(name, floor);
        lines.add(line);
        return line;
    }

    /** Runs all calls and prints their lines. */
    public void run() throws Exception {
        rounds.run(text -> {});
        for (Line line : lines) {
            System.out.printf(
                    Locale.ROOT,
                    "%-30s %-40s %12.1f %12.1f %8.2f %6d%n",
                    title,
                    line.name,
                    line.time.median() / 1e3,
                    line.time.best() / 1e3,
                    line.time.over(lines.get(line.floor).time),
                    line.time.samples());
        }
        System.out.printf("%-30s checksum %x%n", title, checksum);
    }
}
