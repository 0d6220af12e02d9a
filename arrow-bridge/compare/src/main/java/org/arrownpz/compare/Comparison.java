package org.arrownpz.compare;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.arrownpz.compare.Rounds.Measurement;
import org.arrownpz.support.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a comparison of forms for one table. All times are of one process, in turns, with files in the page
 * cache, and nothing forced to the disk.
 *
 * <p>Immutable and safe for use by several threads, as all types in it.
 *
 * @param title what the table is called
 * @param data where it comes from: a file or a fixture's line
 * @param own what the user's own file is, for instance {@code this file, Parquet ZSTD}; null where it takes no part
 * @param rows its rows
 * @param columns its columns, index levels included
 * @param valueBytes bytes of its Arrow vectors
 * @param checksum the sum of all its values, see {@link Result#checksum}
 * @param sizes bytes of the files
 * @param results the lines, floors first, then writers, then readers
 * @param fidelity what the forms lose
 * @param missing who could not take part, and why
 * @param environment where it ran
 */
public record Comparison(
        String title,
        String data,
        @Nullable String own,
        long rows,
        int columns,
        long valueBytes,
        String checksum,
        Map<FileForm, Long> sizes,
        List<Result> results,
        List<Fidelity> fidelity,
        List<String> missing,
        Environment environment) {
    public static final String READ_FLOOR = "mmap + touch";
    public static final String STRIP_FLOOR = "strips + touch";
    public static final String COPY_FLOOR = "memcpy";
    public static final String MAP_FLOOR = "mmap";
    public static final String WRITE_FLOOR = "CRC + sequential write";

    /** A note that belongs to all times of opening. */
    public static final String LAZY = "Lazy: the file is mapped and its values are read when they are asked for. "
            + "Compare by 'every value', never by 'open' alone.";

    /** The conditions under which the figures were measured. */
    public static final String CONDITIONS =
            "Files in the page cache (warm), nothing forced to the disk, medians of turns in one process.";

    public Comparison {
        sizes = Map.copyOf(sizes);
        results = List.copyOf(results);
        fidelity = List.copyOf(fidelity);
        missing = List.copyOf(missing);
    }

    /** Three rows that lead the verdict: as it is, fastest to read, smallest; none where the first was not measured. */
    public List<Choice> choices() {
        return Verdict.choices(this);
    }

    /** The sentences that follow from the numbers, up to three. */
    public List<String> verdict() {
        return Verdict.of(this, choices());
    }

    /** A measured operation. */
    public enum Operation {
        /** Write the whole table to a file, over the file of the call before. */
        WRITE("writing"),
        /** Open until every column is an Arrow vector, and close. Mapped values are not read. */
        OPEN("opening"),
        /** Open, read one cell by its labels as StaticFrame's article does, and close. */
        CELL("one cell"),
        /** Open, read every value, and close: the time to compare by. */
        TOUCH("every value"),
        /** 1,000 rows of the first five columns by their numbers, from a file that was opened before. */
        TAKE("rows"),
        /** Open, take those rows, and close. */
        OPEN_TAKE("opening, rows");

        private final String action;

        Operation(String action) {
            this.action = action;
        }

        /** The operation in a line of progress. */
        String action() {
            return action;
        }

        /** The name in JSON. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The maker of the program of a line: nobody (the minimum of work for any program), this library, or others. */
    public enum Kind {
        FLOOR,
        OURS,
        PEER
    }

    /**
     * One line of a comparison.
     *
     * @param form what was written or read; null for floors
     * @param program the class or call that wrote or read it, or the name of the floor
     * @param kind who made the program
     * @param times what was measured
     * @param lazy the part of the values that opening only maps, 0 to 1: reading them comes later, see {@link
     *     Operation#TOUCH}
     * @param checksum the sum of all values as this reader gave them; null for writers and floors
     * @param notes for instance, which columns came as other types
     */
    public record Result(
            @Nullable FileForm form,
            String program,
            Kind kind,
            Map<Operation, Measurement> times,
            double lazy,
            @Nullable String checksum,
            List<String> notes) {
        public Result {
            times = Map.copyOf(times);
            notes = List.copyOf(notes);
        }

        /** A line of one time that stands for no values: of a floor or a writer. */
        static Result of(@Nullable FileForm form, String program, Kind kind, Operation operation, Measurement time) {
            return new Result(form, program, kind, Map.of(operation, time), 0, null, List.of());
        }

        /** A time, or null where there is none. */
        public @Nullable Measurement time(Operation operation) {
            return times.get(operation);
        }

        /** Whether opening leaves a good part of the values unread. */
        public boolean isLazy() {
            return lazy >= 0.05;
        }
    }

    /**
     * The losses of a form.
     *
     * @param form the form
     * @param lost what is lost where this library reads it; empty when all comes back
     * @param elsewhere who else reads it
     * @param lostElsewhere what those do not see; empty when they see all
     */
    public record Fidelity(FileForm form, List<String> lost, String elsewhere, List<String> lostElsewhere) {
        public Fidelity {
            lost = List.copyOf(lost);
            lostElsewhere = List.copyOf(lostElsewhere);
        }
    }

    /** The meaning of a row that leads a verdict: the file itself (or NPZ, where there is no file), or the best form. */
    public enum Role {
        NOW("as it is"),
        FASTEST("fastest to read"),
        SMALLEST("smallest");

        private final String label;

        Role(String label) {
            this.label = label;
        }

        /** The name for people. */
        public String label() {
            return label;
        }
    }

    /**
     * A row of the table that leads a comparison's verdict.
     *
     * @param role what it stands for
     * @param reader who reads it fastest
     * @param bytes its size
     * @param read opening and reading every value
     * @param write writing; null for the user's own file, which nobody wrote here
     * @param fidelity its form, and what that loses
     */
    public record Choice(
            Role role,
            String reader,
            long bytes,
            Measurement read,
            @Nullable Measurement write,
            Fidelity fidelity) {
        /** The form. */
        public FileForm form() {
            return fidelity.form;
        }
    }

    /**
     * The machine that a comparison ran on.
     *
     * @param system name, version and architecture of the operating system
     * @param processors how many the JVM may use
     * @param java the JVM's version
     * @param loadBefore the system's load average when it began, or a negative number where there is none
     * @param loadAfter the load average when it ended; one process that computes all the time adds 1
     */
    public record Environment(String system, int processors, String java, double loadBefore, double loadAfter) {
        static double load() {
            return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        }

        static Environment since(double loadBefore) {
            String system = System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                    + System.getProperty("os.arch");
            int processors = Runtime.getRuntime().availableProcessors();
            return new Environment(system, processors, Runtime.version().toString(), loadBefore, load());
        }
    }

    /** Numbers as people read them: three digits and a unit. */
    public static final class Units {
        private Units() {}

        /** A time in nanoseconds, for instance {@code 1.25 ms}. */
        public static String time(double nanoseconds) {
            return scaled(nanoseconds, " ns", " us", " ms", " s");
        }

        /** A size, for instance {@code 8.02 MB}; powers of ten. */
        public static String bytes(double bytes) {
            return scaled(bytes, " B", " kB", " MB", " GB");
        }

        private static String scaled(double value, String... units) {
            int unit = value < 1e3 ? 0 : value < 1e6 ? 1 : value < 1e9 ? 2 : 3;
            return digits(value / Math.pow(1e3, unit)) + units[unit];
        }

        /** A ratio, for instance {@code 2.10 x}. */
        public static String ratio(double ratio) {
            return digits(ratio) + " x";
        }

        /** Three digits. */
        public static String digits(double value) {
            double size = Math.abs(value);
            int places = size >= 99.95 || value == 0 ? 0 : size >= 9.995 ? 1 : 2;
            return String.format(Locale.ROOT, "%." + places + "f", value);
        }
    }

    /** A form's name for people; of the user's own file, with its format and codec. */
    public String label(FileForm form) {
        return form == FileForm.OWN && own != null ? own : form.label();
    }

    /** A floor's time by its name, or null. */
    public @Nullable Measurement floor(@Nullable String name) {
        for (Result result : results) {
            if (result.kind == Kind.FLOOR && result.program.equals(name)) {
                return result.times.values().iterator().next();
            }
        }
        return null;
    }

    /** The floor of reading every value: from a mapping or in strips, whichever is faster; or null. */
    public @Nullable String readFloor() {
        Measurement mapped = floor(READ_FLOOR);
        Measurement strips = floor(STRIP_FLOOR);
        if (mapped == null || strips == null) {
            return mapped == null ? strips == null ? null : STRIP_FLOOR : READ_FLOOR;
        }
        return strips.median() < mapped.median() ? STRIP_FLOOR : READ_FLOOR;
    }

    /** The fastest at an operation on a form, or null where none did it. */
    public @Nullable Result best(FileForm form, Operation operation) {
        Result best = null;
        Measurement least = null;
        for (Result result : results) {
            Measurement time = result.time(operation);
            if (result.form == form && time != null && (least == null || time.median() < least.median())) {
                best = result;
                least = time;
            }
        }
        return best;
    }

    /** The same as JSON. Times are in nanoseconds, sizes in bytes. */
    public JsonObject toJson() {
        return new ComparisonJson(this).toJson();
    }
}
