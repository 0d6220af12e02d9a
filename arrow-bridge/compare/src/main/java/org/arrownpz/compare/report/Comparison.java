package org.arrownpz.compare.report;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a comparison of forms for one table. All times are of one process, in turns, with files in the page
 * cache, and nothing forced to the disk.
 *
 * <p>Immutable and safe for use by several threads.
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
 * @param choices three rows that lead the verdict: as it is, fastest to read, smallest
 * @param verdict what follows from the numbers, in sentences
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
        List<Choice> choices,
        List<String> verdict,
        Environment environment) {
    public static final String READ_FLOOR = "mmap + touch";
    public static final String STRIP_FLOOR = "strips + touch";
    public static final String COPY_FLOOR = "memcpy";
    public static final String MAP_FLOOR = "mmap";
    public static final String WRITE_FLOOR = "CRC + sequential write";
    /** A note that belongs to all times of opening. */
    public static final String LAZY = "Lazy: the file is mapped and its values are read when they are asked for. "
            + "Compare by 'every value', never by 'open' alone.";
    /** How the figures were measured. */
    public static final String CONDITIONS =
            "Files in the page cache (warm), nothing forced to the disk, medians of turns in one process.";

    public Comparison {
        sizes = Map.copyOf(sizes);
        results = List.copyOf(results);
        fidelity = List.copyOf(fidelity);
        missing = List.copyOf(missing);
        choices = List.copyOf(choices);
        verdict = List.copyOf(verdict);
    }

    /** A form's name for people; of the user's own file, with its format and codec. */
    public String label(FileForm form) {
        return form == FileForm.OWN && own != null ? own : form.label();
    }

    /** A floor's time by its name, or null. */
    public @Nullable Measurement floor(@Nullable String name) {
        for (Result result : results) {
            if (result.kind() == Result.Kind.FLOOR && result.program().equals(name)) {
                return result.times().values().iterator().next();
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
            if (result.form() == form && time != null && (least == null || time.median() < least.median())) {
                best = result;
                least = time;
            }
        }
        return best;
    }
}
