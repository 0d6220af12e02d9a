package org.arrownpz.cli.verb;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.array.ArrayDiff;
import org.arrownpz.cli.cell.Figures;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.ExitCodes;
import org.arrownpz.cli.console.Ink;
import org.arrownpz.cli.console.Ink.ColorFlag;
import org.arrownpz.cli.console.Progress;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.cli.diff.FrameDiff;
import org.arrownpz.cli.diff.FrameDiff.Difference;
import org.arrownpz.cli.file.ArraySet;
import org.arrownpz.cli.file.ReadFlags;
import org.arrownpz.cli.file.Source;
import org.arrownpz.cli.look.ArrayDifference;
import org.arrownpz.frame.Frame;
import org.arrownpz.support.JsonObject;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares two files. */
@Command(
        name = "diff",
        description = "Compares two files of any formats: rows, names, labels, types, metadata and values.",
        footer = {
            "",
            "Values are compared bit for bit: -0.0 is not 0.0, and a NaN equals a NaN of the same bits. Null equals null.",
            "Values of columns whose types differ are not compared. Of arrays that are no table: which are missing, differ in",
            "dtype or shape, and how many values differ, where first, and by how much at most.",
            "Exit code 0 when nothing differs, 1 when something does or a file is damaged, 2 on misuse.",
            "",
            "Examples:",
            "  arrow-npz diff old.npz new.npz",
            "  arrow-npz diff --tolerance 1e-9 model.npz model.feather",
            "  arrow-npz diff --tolerance 1e-8 --rtol 1e-5 before.safetensors after.safetensors",
            "  arrow-npz diff model.npz:weights weights.npy"
        })
public final class DiffCommand extends Verb {
    private static final int MAX_TEXT = 200;

    @Parameters(index = "0", paramLabel = "A", description = "A file of any format, or - for an Arrow stream.")
    String first = "";

    @Parameters(index = "1", paramLabel = "B", description = "Another one.")
    String second = "";

    @Option(
            names = "--tolerance",
            paramLabel = "T",
            description = "Take floats for equal that differ by at most T; all NaN are equal then, and -0.0 is 0.0.")
    @Nullable
    Double tolerance;

    @Option(
            names = "--rtol",
            paramLabel = "R",
            description = "And by R times the second one's size: both are atol and rtol of np.allclose.")
    @Nullable
    Double relative;

    @Option(names = "--nan-differs", description = "A NaN equals nothing, as np.allclose has it by default.")
    boolean nanDiffers;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "5",
            description = "Print so many of the rows that differ for each column (default: ${DEFAULT-VALUE}).")
    int shown;

    @Option(names = "--json", description = "Print one JSON object per difference also on a terminal.")
    boolean json;

    @Mixin
    ColorFlag color = new ColorFlag();

    @Mixin
    ReadFlags flags = new ReadFlags();

    public DiffCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws Exception {
        ArrayDiff values = values();
        requireRange("--rows", shown, 0, Long.MAX_VALUE);
        List<String> files = inputs.of(List.of(first, second));
        try (BufferAllocator allocator = allocator();
                Progress progress = Progress.start(console)) {
            String a = files.get(0);
            String b = files.get(1);
            Console screen = color.apply(console);
            try (Source.Opened left = open(allocator, a, b);
                    Source.Opened right = open(allocator, b, a)) {
                if (left.frame() != null && right.frame() != null) {
                    List<Difference> found = compare(left.frame(), right.frame(), values, progress);
                    return print(found, DiffCommand::json, one -> text(one, screen));
                }
            }
            try (ArraySet left = arrays(allocator, a);
                    ArraySet right = arrays(allocator, b)) {
                List<ArrayDifference> found =
                        ArrayDifference.of(left, right, values, name -> progress.show("comparing " + name));
                return print(found, DiffCommand::json, one -> text(one, screen));
            }
        }
    }

    private ArrayDiff values() {
        boolean exact = tolerance == null && relative == null;
        ArrayDiff values = exact
                ? ArrayDiff.exact()
                : ArrayDiff.within(number("--tolerance", tolerance), number("--rtol", relative));
        return nanDiffers ? values.withoutEqualNan() : values;
    }

    private static double number(String flag, @Nullable Double given) {
        double value = given == null ? 0 : given;
        if (!(value >= 0)) {
            throw new UsageException(flag + " takes a number from 0, not " + given);
        }
        return value;
    }

    /** One side: arrays where they are no table, and where both sides are compared as arrays. */
    private Source.Opened open(BufferAllocator allocator, String name, String other) throws NpzException {
        ArraySet single = Source.isArrays(allocator, name, flags) && Source.isArrays(allocator, other, flags)
                ? ArraySet.open(allocator, name, flags)
                : null;
        return single == null ? Source.openAny(allocator, name, flags, console, true) : new Source.Opened(null, single);
    }

    private ArraySet arrays(BufferAllocator allocator, String name) throws NpzException {
        ArraySet arrays = name.equals("-") ? null : ArraySet.open(allocator, name, flags);
        if (arrays == null) {
            throw new UsageException(
                    "a table and arrays that are no table are not compared: " + Console.quote(name) + " is a table");
        }
        return arrays;
    }

    private List<Difference> compare(Frame a, Frame b, ArrayDiff values, Progress progress) throws IOException {
        return new FrameDiff(a, b, values, shown, Math.min(a.batchRows(), b.batchRows()))
                .compare(column -> progress.show("comparing " + column));
    }

    private <T> int print(List<T> differences, Function<T, JsonObject> object, Function<T, String> text)
            throws IOException {
        for (T difference : differences) {
            print(json, object.apply(difference), () -> text.apply(difference));
        }
        return differences.isEmpty() ? ExitCodes.OK : ExitCodes.DIFFERENT;
    }

    private static JsonObject json(ArrayDifference difference) {
        JsonObject object = new JsonObject()
                .put("what", difference.what())
                .put("array", difference.array())
                .put("a", difference.a())
                .put("b", difference.b());
        ArrayDiff.Result values = difference.values();
        return values == null
                ? object
                : object.put("elements", values.count())
                        .put("first", Arrays.stream(values.first()).boxed().toList())
                        .put("absolute", known(values.absolute()))
                        .put("relative", known(values.relative()));
    }

    private static @Nullable Object known(double value) {
        return Double.isNaN(value) ? null : (Object) value;
    }

    private static String text(ArrayDifference difference, Console screen) {
        StringBuilder text = head(difference.what(), difference.array(), screen);
        ArrayDiff.Result values = difference.values();
        if (values != null) {
            text.append(": " + Figures.count(values.count(), "element"))
                    .append(values.count() == 1 ? " differs" : " differ")
                    .append(
                            Double.isNaN(values.absolute())
                                    ? ""
                                    : ", by " + Figures.brief(values.absolute()) + " at most")
                    .append(Double.isNaN(values.relative()) ? "" : ", relative " + Figures.brief(values.relative()))
                    .append("\n  " + ArrayDifference.tuple(values.first()));
        }
        return text.append(": " + sides(difference.a(), difference.b(), screen)).toString();
    }

    private static JsonObject json(Difference difference) {
        return new JsonObject()
                .put("what", difference.what())
                .put("column", difference.column())
                .put("a", difference.a())
                .put("b", difference.b())
                .putKnown("rows", difference.rows())
                .put("first", difference.first().stream().map(DiffCommand::json).toList());
    }

    private static JsonObject json(Difference.Row row) {
        return new JsonObject()
                .put("row", row.row())
                .put("a", new JsonObject.Raw(row.a()))
                .put("b", new JsonObject.Raw(row.b()));
    }

    private static String text(Difference difference, Console screen) {
        StringBuilder text = head(difference.what().replace('_', ' '), difference.column(), screen);
        if (difference.rows() < 0) {
            return text + ": " + sides(difference.a(), difference.b(), screen);
        }
        text.append(": " + Figures.count(difference.rows()))
                .append(difference.rows() == 1 ? " row differs\n" : " rows differ\n");
        for (Difference.Row row : difference.first()) {
            text.append("  " + row.row() + ": " + sides(row.a(), row.b(), screen));
        }
        return text.toString();
    }

    private static StringBuilder head(String what, @Nullable String name, Console screen) {
        String of = name == null ? "" : " of " + Ink.BOLD.on(screen, SafeText.escape(name, MAX_TEXT));
        return new StringBuilder(what + of);
    }

    private static String sides(@Nullable String a, @Nullable String b, Console screen) {
        return Ink.RED.on(screen, side(a)) + " | " + Ink.GREEN.on(screen, side(b)) + "\n";
    }

    private static String side(@Nullable String text) {
        return text == null ? "(none)" : SafeText.escape(text, MAX_TEXT);
    }
}
