package org.arrownpz.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.arrownpz.compare.Comparison.Choice;
import org.arrownpz.compare.Comparison.Fidelity;
import org.arrownpz.compare.Comparison.Kind;
import org.arrownpz.compare.Comparison.Operation;
import org.arrownpz.compare.Comparison.Result;
import org.arrownpz.compare.Comparison.Role;
import org.arrownpz.compare.Comparison.Units;
import org.arrownpz.compare.Rounds.Measurement;
import org.jspecify.annotations.Nullable;

/**
 * The conclusions from the figures, in three rows (as it is, fastest to read, smallest) and three sentences (speed,
 * space, other readers). Reading means opening and reading every value; times of opening alone do not count. A form is
 * faster only where its median is a tenth below and the middle halves of the samples do not overlap, and smaller only
 * where a twentieth is saved: else what is there stays.
 */
final class Verdict {
    /** Files below are read in no time, whatever their form. */
    private static final long SMALL = 1_000_000;

    /** A form that takes so many times less space is not given up for speed. */
    private static final double COMPRESSED = 10;

    private static final double SPACE = 1.05;
    /** Readers of one group that a sentence names. */
    private static final int NAMED = 2;

    private Verdict() {}

    /** The three rows; none where the first was not measured. */
    static List<Choice> choices(Comparison comparison) {
        FileForm now = comparison.own() == null ? FileForm.NPZ_ALIGNED : FileForm.OWN;
        Choice base = choice(comparison, now);
        if (base == null) {
            return List.of();
        }
        Choice fastest = base;
        Choice smallest = base;
        for (FileForm form : FileForm.values()) {
            Choice choice = choice(comparison, form);
            if (choice == null) {
                continue;
            }
            if (choice.read().isClearlyBelow(base.read())
                    && choice.read().median() < fastest.read().median()) {
                fastest = choice;
            }
            if (choice.bytes() * SPACE < base.bytes() && choice.bytes() < smallest.bytes()) {
                smallest = choice;
            }
        }
        return List.of(base, as(Role.FASTEST, fastest), as(Role.SMALLEST, smallest));
    }

    private static Choice as(Role role, Choice choice) {
        return new Choice(role, choice.reader(), choice.bytes(), choice.read(), choice.write(), choice.fidelity());
    }

    private static @Nullable Choice choice(Comparison comparison, FileForm form) {
        Result reader = comparison.best(form, Operation.TOUCH);
        Long bytes = comparison.sizes().get(form);
        if (reader == null || bytes == null) {
            return null;
        }
        Result writer = comparison.best(form, Operation.WRITE);
        Measurement write = writer == null ? null : writer.time(Operation.WRITE);
        Fidelity fidelity = comparison.fidelity().stream()
                .filter(one -> one.form() == form)
                .findFirst()
                .orElse(new Fidelity(form, List.of(), "", List.of()));
        return new Choice(Role.NOW, reader.program(), bytes, touch(reader), write, fidelity);
    }

    /** The sentences that follow from the rows. */
    static List<String> of(Comparison comparison, List<Choice> choices) {
        List<String> sentences = new ArrayList<>();
        if (!choices.isEmpty()) {
            Choice now = choices.get(0);
            String label = comparison.label(now.form());
            if (now.bytes() < SMALL) {
                sentences.add("Stay with " + label + ": at " + Units.bytes((double) now.bytes()) + ", read whole in "
                        + time(now) + ", no other format is worth a change.");
            } else {
                sentences.add(speed(label, now, choices.get(1)));
                space(now, choices.get(2), sentences);
            }
        }
        peers(comparison, sentences);
        return sentences;
    }

    private static String speed(String label, Choice now, Choice fastest) {
        double space = (double) fastest.bytes() / Math.max(1, now.bytes());
        if (fastest.form() == now.form()) {
            return "Stay with " + label + ": no other is clearly faster to read.";
        }
        String other = fastest.form().label();
        if (space >= COMPRESSED) {
            String text = "Stay with %s: it is compressed %.1f times against %s, the fastest to read (%s against %s).";
            return String.format(Locale.ROOT, text, label, space, other, time(fastest), time(now));
        }
        String text = "Move from %s to %s for data that are read often: every value in %s (%s) against %s (%s), "
                + "%.1f times as fast; it takes %.2f times the space.%s";
        return String.format(
                Locale.ROOT,
                text,
                label,
                other,
                time(fastest),
                fastest.reader(),
                time(now),
                now.reader(),
                now.read().over(fastest.read()),
                space,
                losses(fastest.fidelity()));
    }

    private static void space(Choice now, Choice smallest, List<String> sentences) {
        if (smallest.form() != now.form()) {
            sentences.add(String.format(
                    Locale.ROOT,
                    "To save space: %s takes %s against %s, %.2f times smaller, and is read in %s.%s",
                    smallest.form().label(),
                    Units.bytes((double) smallest.bytes()),
                    Units.bytes((double) now.bytes()),
                    (double) now.bytes() / Math.max(1, smallest.bytes()),
                    time(smallest),
                    losses(smallest.fidelity())));
        }
    }

    private static String time(Choice choice) {
        return Units.time(choice.read().median());
    }

    private static String losses(Fidelity one) {
        String elsewhere = String.join(", ", one.lostElsewhere());
        return (one.lost().isEmpty() ? " Nothing is lost" : " Lost: " + String.join(", ", one.lost()))
                + (elsewhere.isEmpty() ? "." : "; other readers do not see: " + elsewhere + ".");
    }

    /** One sentence about this library against every other reader of the same data. */
    private static void peers(Comparison comparison, List<String> sentences) {
        Result ours = comparison.best(FileForm.NPZ_ALIGNED, Operation.TOUCH);
        if (ours == null) {
            return;
        }
        Measurement npz = touch(ours);
        List<String> ahead = new ArrayList<>();
        List<String> level = new ArrayList<>();
        List<String> behind = new ArrayList<>();
        comparison.results().stream()
                .filter(result -> result.kind() == Kind.PEER && result.time(Operation.TOUCH) != null)
                .sorted(Comparator.comparingDouble(result -> touch(result).over(npz)))
                .forEach(result -> {
                    Measurement peer = touch(result);
                    List<String> group = npz.isClearlyBelow(peer) ? ahead : peer.isClearlyBelow(npz) ? behind : level;
                    group.add(result.program() + " of " + comparison.label(Objects.requireNonNull(result.form())) + " "
                            + Units.ratio(peer.over(npz)));
                });
        StringBuilder text = new StringBuilder("Every value through Frames.open of aligned NPZ");
        String name = comparison.readFloor();
        Measurement floor = comparison.floor(name);
        if (floor != null) {
            text.append(String.format(Locale.ROOT, " takes %.2f x the floor (%s)", npz.over(floor), name));
        }
        append(text, ", ahead of ", ahead);
        append(text, ", level with ", level);
        append(text, ", behind ", behind);
        sentences.add(text.append('.').toString());
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
