package org.arrownpz.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.arrownpz.compare.report.Comparison;
import org.arrownpz.compare.report.FileForm;
import org.arrownpz.compare.report.Measurement;
import org.arrownpz.compare.report.Operation;
import org.arrownpz.compare.report.Result;
import org.arrownpz.compare.report.Units;
import org.jspecify.annotations.Nullable;

/**
 * Advises in words whether to move from a form to NPZ or to stay. Reading means opening and reading every value; times
 * of opening alone do not count. Two times are different when their medians are a tenth apart and
 * the middle halves of their samples do not overlap; two sizes when they are a twentieth apart.
 */
final class Verdict {
    private static final double TIME = 1.1;
    private static final double SIZE = 1.05;
    /** Readers of one group that a sentence names. */
    private static final int NAMED = 2;

    private static final List<FileForm> RIVALS = List.of(
            FileForm.FEATHER, FileForm.FEATHER_LZ4, FileForm.FEATHER_ZSTD, FileForm.PARQUET, FileForm.PARQUET_ZSTD);

    private Verdict() {}

    /**
     * The best that is to be had with a form.
     *
     * @param name the form
     * @param reader who reads it fastest
     * @param read opening and touching every value
     * @param write writing
     * @param bytes the file's size
     * @param lost what does not come back
     */
    record Side(
            String name,
            String reader,
            Measurement read,
            @Nullable Measurement write,
            long bytes,
            List<String> lost) {}

    /** How two sides stand, from the view of NPZ. */
    enum Standing {
        AHEAD,
        LEVEL,
        BEHIND;

        static Standing of(Measurement npz, Measurement rival) {
            if (npz.median() * TIME <= rival.median() && npz.clearlyBelow(rival)) {
                return AHEAD;
            }
            return rival.median() * TIME <= npz.median() && rival.clearlyBelow(npz) ? BEHIND : LEVEL;
        }
    }

    /** The sentences of a comparison: about the user's own file where there is one, else NPZ against each rival. */
    static List<String> of(Comparison comparison) {
        if (comparison.own() != null) {
            List<String> sentences = new ArrayList<>(Choices.advice(comparison));
            sentences.addAll(peers(comparison));
            return sentences;
        }
        Side npz = side(comparison, FileForm.NPZ_ALIGNED);
        List<Side> rivals = new ArrayList<>();
        for (FileForm form : RIVALS) {
            Side rival = side(comparison, form);
            if (rival != null) {
                rivals.add(rival);
            }
        }
        List<String> sentences = new ArrayList<>();
        if (npz != null) {
            rivals.forEach(rival -> sentences.add(of(npz, rival)));
            sentences.addAll(peers(comparison));
        }
        return sentences;
    }

    private static @Nullable Side side(Comparison comparison, FileForm form) {
        Result reader = comparison.best(form, Operation.TOUCH);
        Measurement read = reader == null ? null : reader.time(Operation.TOUCH);
        Long bytes = comparison.sizes().get(form);
        if (reader == null || read == null || bytes == null) {
            return null;
        }
        Result writer = comparison.best(form, Operation.WRITE);
        List<String> lost = comparison.fidelity().stream()
                .filter(fidelity -> fidelity.form() == form)
                .flatMap(fidelity -> fidelity.lost().stream())
                .toList();
        return new Side(
                form.label(),
                reader.program(),
                read,
                writer == null ? null : writer.time(Operation.WRITE),
                bytes,
                lost);
    }

    /** The sentence about one rival: figures, then advice. */
    static String of(Side npz, Side rival) {
        StringBuilder text = new StringBuilder();
        text.append(rival.name() + ": read whole in " + Units.time(rival.read().median()) + " (" + rival.reader()
                + ") against " + Units.time(npz.read().median()) + " for NPZ, "
                + Units.ratio(rival.read().over(npz.read())));
        if (npz.write() != null && rival.write() != null) {
            text.append("; written in " + Units.time(rival.write().median()) + " against "
                    + Units.time(npz.write().median()) + ", "
                    + Units.ratio(rival.write().over(npz.write())));
        }
        text.append(
                "; " + Units.bytes((double) rival.bytes()) + " against " + Units.bytes((double) npz.bytes()) + ". ");
        text.append(advice(npz, rival));
        for (Side side : List.of(rival, npz)) {
            if (!side.lost().isEmpty()) {
                String name = side == npz ? "NPZ" : side.name();
                text.append(" " + name + " loses: " + String.join(", ", side.lost()) + ".");
            }
        }
        return text.toString();
    }

    private static String advice(Side npz, Side rival) {
        Standing read = Standing.of(npz.read(), rival.read());
        Measurement ours = npz.write();
        Measurement theirs = rival.write();
        Standing write = ours == null || theirs == null ? Standing.LEVEL : Standing.of(ours, theirs);
        String move = "Move from " + rival.name() + " to NPZ";
        String stay = "Stay with " + rival.name();
        String space = space(npz, rival);
        if (read == Standing.AHEAD && write == Standing.BEHIND && ours != null && theirs != null) {
            double reads = (ours.median() - theirs.median())
                    / (rival.read().median() - npz.read().median());
            return move + " for data that are read " + times(reads) + " or more for each time they are written" + space;
        }
        if (read == Standing.BEHIND && write == Standing.AHEAD && ours != null && theirs != null) {
            double reads = (theirs.median() - ours.median())
                    / (npz.read().median() - rival.read().median());
            return move + " for data that are read less than " + times(reads) + " for each time they are written"
                    + space;
        }
        if (read == Standing.BEHIND || write == Standing.BEHIND) {
            return stay + ": it is faster to " + (read == Standing.BEHIND ? "read" : "write") + ".";
        }
        if (read == Standing.AHEAD || write == Standing.AHEAD) {
            String what = read == write ? "for speed" : read == Standing.AHEAD ? "to read faster" : "to write faster";
            return move + " " + what + space;
        }
        boolean apart = isApart(npz.read(), rival.read()) || (ours != null && theirs != null && isApart(ours, theirs));
        return "Speed is no reason to move: "
                + (apart ? "the times scatter more than they differ" : "both are level")
                + space;
    }

    private static boolean isApart(Measurement one, Measurement other) {
        return one.median() * TIME <= other.median() || other.median() * TIME <= one.median();
    }

    private static String times(double reads) {
        long whole = Math.max(1, (long) Math.ceil(reads));
        return whole == 1 ? "once" : whole + " times";
    }

    private static String space(Side npz, Side rival) {
        double ratio = (double) npz.bytes() / Math.max(1, rival.bytes());
        if (ratio < SIZE && ratio > 1 / SIZE) {
            return ".";
        }
        return String.format(Locale.ROOT, "; NPZ takes %.2f times the space.", ratio);
    }

    /** One sentence about this library against every other reader of the same data. */
    private static List<String> peers(Comparison comparison) {
        Result ours = comparison.best(FileForm.NPZ_ALIGNED, Operation.TOUCH);
        Measurement npz = ours == null ? null : ours.time(Operation.TOUCH);
        if (npz == null) {
            return List.of();
        }
        List<String> ahead = new ArrayList<>();
        List<String> level = new ArrayList<>();
        List<String> behind = new ArrayList<>();
        List<Result> peers = comparison.results().stream()
                .filter(result -> result.kind() == Result.Kind.PEER && result.form() != null)
                .filter(result -> result.time(Operation.TOUCH) != null)
                .sorted(Comparator.comparingDouble(result -> touch(result).over(npz)))
                .toList();
        for (Result result : peers) {
            Measurement peer = touch(result);
            String text = result.program() + " of " + comparison.label(Objects.requireNonNull(result.form())) + " "
                    + Units.ratio(peer.over(npz));
            switch (Standing.of(npz, peer)) {
                case AHEAD -> ahead.add(text);
                case LEVEL -> level.add(text);
                case BEHIND -> behind.add(text);
            }
        }
        StringBuilder text = new StringBuilder("Every value through Frames.open of aligned NPZ");
        String name = comparison.readFloor();
        Measurement floor = comparison.floor(name);
        if (floor != null) {
            text.append(String.format(Locale.ROOT, " takes %.2f x the floor (%s)", npz.over(floor), name));
        }
        append(text, ", ahead of ", ahead);
        append(text, ", level with ", level);
        append(text, ", behind ", behind);
        return List.of(text.append('.').toString());
    }

    private static Measurement touch(Result result) {
        return Objects.requireNonNull(result.time(Operation.TOUCH));
    }

    /** The fastest of a group, of which the table has all. */
    private static void append(StringBuilder text, String lead, List<String> parts) {
        if (!parts.isEmpty()) {
            text.append(lead).append(String.join(", ", parts.subList(0, Math.min(NAMED, parts.size()))));
            text.append(parts.size() > NAMED ? " and " + (parts.size() - NAMED) + " more" : "");
        }
    }
}
