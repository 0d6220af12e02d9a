package org.arrownpz.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.arrownpz.compare.report.Choice;
import org.arrownpz.compare.report.Choice.Role;
import org.arrownpz.compare.report.Comparison;
import org.arrownpz.compare.report.Fidelity;
import org.arrownpz.compare.report.FileForm;
import org.arrownpz.compare.report.Measurement;
import org.arrownpz.compare.report.Operation;
import org.arrownpz.compare.report.Result;
import org.arrownpz.compare.report.Units;
import org.jspecify.annotations.Nullable;

/**
 * What somebody can do with a table: leave it as it is, read it fastest, keep it smallest. A form is faster only where
 * {@link Verdict.Standing} says so, and smaller only where a twentieth is saved: else what is there stays.
 */
final class Choices {
    /** Files below are read in no time, whatever their form. */
    static final long SMALL = 1_000_000;
    /** Who takes so many times less space is not given up for speed. */
    static final double COMPRESSED = 10;

    private static final double SPACE = 1.05;

    private Choices() {}

    /** The three rows; none where the first was not measured. */
    static List<Choice> of(Comparison comparison) {
        FileForm now = comparison.own() == null ? FileForm.NPZ_ALIGNED : FileForm.OWN;
        Choice base = choice(comparison, now, Role.NOW);
        if (base == null) {
            return List.of();
        }
        Choice fastest = base;
        Choice smallest = base;
        for (FileForm form : FileForm.values()) {
            Choice choice = form == now ? null : choice(comparison, form, Role.NOW);
            if (choice == null) {
                continue;
            }
            if (isFaster(choice, base)
                    && choice.read().median() < fastest.read().median()) {
                fastest = choice;
            }
            if (choice.bytes() * SPACE < base.bytes() && choice.bytes() < smallest.bytes()) {
                smallest = choice;
            }
        }
        return List.of(base, as(Role.FASTEST, fastest), as(Role.SMALLEST, smallest));
    }

    private static boolean isFaster(Choice choice, Choice base) {
        return Verdict.Standing.of(choice.read(), base.read()) == Verdict.Standing.AHEAD;
    }

    private static Choice as(Role role, Choice choice) {
        return new Choice(
                role,
                choice.form(),
                choice.reader(),
                choice.bytes(),
                choice.read(),
                choice.write(),
                choice.lost(),
                choice.lostElsewhere());
    }

    private static @Nullable Choice choice(Comparison comparison, FileForm form, Role role) {
        Result reader = comparison.best(form, Operation.TOUCH);
        Measurement read = reader == null ? null : reader.time(Operation.TOUCH);
        Long bytes = comparison.sizes().get(form);
        if (reader == null || read == null || bytes == null) {
            return null;
        }
        Result writer = comparison.best(form, Operation.WRITE);
        Fidelity fidelity = comparison.fidelity().stream()
                .filter(one -> one.form() == form)
                .findFirst()
                .orElse(new Fidelity(form, List.of(), "", List.of()));
        return new Choice(
                role,
                form,
                reader.program(),
                bytes,
                read,
                writer == null ? null : writer.time(Operation.WRITE),
                fidelity.lost(),
                fidelity.lostElsewhere());
    }

    /** What to do with one's own file, in sentences; none where there is no file. */
    static List<String> advice(Comparison comparison) {
        List<Choice> rows = of(comparison);
        if (rows.isEmpty() || rows.get(0).form() != FileForm.OWN) {
            return List.of();
        }
        Choice own = rows.get(0);
        Choice fastest = rows.get(1);
        Choice smallest = rows.get(2);
        List<String> sentences = new ArrayList<>();
        if (own.bytes() < SMALL) {
            return List.of("Stay with " + comparison.label(FileForm.OWN) + ": at " + Units.bytes((double) own.bytes())
                    + ", read whole in " + Units.time(own.read().median()) + ", no other format is worth a change.");
        }
        double space = (double) fastest.bytes() / Math.max(1, own.bytes());
        if (fastest.form() == FileForm.OWN) {
            sentences.add("Stay with " + comparison.label(FileForm.OWN) + ": no other is clearly faster to read.");
        } else if (space >= COMPRESSED) {
            sentences.add(String.format(
                    Locale.ROOT,
                    "Stay with %s: it is compressed %.1f times against %s, the fastest to read (%s against %s).",
                    comparison.label(FileForm.OWN),
                    space,
                    fastest.form().label(),
                    Units.time(fastest.read().median()),
                    Units.time(own.read().median())));
        } else {
            sentences.add(String.format(
                            Locale.ROOT,
                            "Move from %s to %s for data that are read often: every value in %s (%s) against %s (%s), "
                                    + "%.1f times as fast; it takes %.2f times the space.",
                            comparison.label(FileForm.OWN),
                            fastest.form().label(),
                            Units.time(fastest.read().median()),
                            fastest.reader(),
                            Units.time(own.read().median()),
                            own.reader(),
                            own.read().over(fastest.read()),
                            space)
                    + losses(fastest));
        }
        if (smallest.form() != FileForm.OWN) {
            sentences.add(String.format(
                            Locale.ROOT,
                            "To save space: %s takes %s against %s, %.2f times smaller, and is read in %s.",
                            smallest.form().label(),
                            Units.bytes((double) smallest.bytes()),
                            Units.bytes((double) own.bytes()),
                            (double) own.bytes() / Math.max(1, smallest.bytes()),
                            Units.time(smallest.read().median()))
                    + losses(smallest));
        }
        return sentences;
    }

    private static String losses(Choice choice) {
        String text = choice.lost().isEmpty() ? " Nothing is lost" : " Lost: " + String.join(", ", choice.lost());
        return text
                + (choice.lostElsewhere().isEmpty()
                        ? "."
                        : "; other readers do not see: " + String.join(", ", choice.lostElsewhere()) + ".");
    }
}
