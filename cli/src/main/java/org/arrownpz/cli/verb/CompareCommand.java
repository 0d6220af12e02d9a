package org.arrownpz.cli.verb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.ExitCodes;
import org.arrownpz.cli.console.FlagValues.CommaList;
import org.arrownpz.cli.console.Progress;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.cli.file.ColumnNames;
import org.arrownpz.cli.file.Format;
import org.arrownpz.cli.file.ReadFlags;
import org.arrownpz.cli.file.ResultFlags;
import org.arrownpz.cli.file.Source;
import org.arrownpz.cli.file.Urls;
import org.arrownpz.cli.print.CompareTable;
import org.arrownpz.compare.Comparison;
import org.arrownpz.compare.HeadToHead;
import org.arrownpz.compare.Saving;
import org.arrownpz.compare.chart.Charts;
import org.arrownpz.compare.fixture.FrameFixture;
import org.arrownpz.event.Events;
import org.arrownpz.event.Packed;
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.frame.Frame;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures one table in all formats. */
@Command(
        name = "compare",
        description = {
            "Writes a table as NPZ, NPY directory, Feather and Parquet, with codecs and without, reads each (and FILE as it "
                    + "is) with this library and with others, checks that all read the same values, and tells sizes, times "
                    + "and what is lost.",
            "Files lie in the page cache (warm); nothing is forced to the disk. Needs about ten times the data on disk "
                    + "meanwhile."
        },
        footer = {
            "",
            "Examples:",
            "  arrow-npz compare prices.npz --rounds 1",
            "  arrow-npz compare events.parquet --by GroupID --rounds 1",
            "  arrow-npz compare --fixture 's(1000,10)|v(int,bool,float)|i(I,int)|c(I,str)' --rounds 1",
            "  arrow-npz compare --taxi 1000 --rounds 1 --chart charts --json > taxi.json",
            "",
            "One round gives a first answer in seconds. Figures to rely on take the default, about a minute for a small",
            "file, and --panel 1e6 some minutes."
        })
public final class CompareCommand extends Verb {
    @ArgGroup(multiplicity = "1")
    Subject subject = new Subject();

    /** The subject of the comparison: one of these. */
    static final class Subject {
        @Parameters(paramLabel = "FILE", description = "A file of any format.")
        @Nullable
        String file;

        @Option(names = "--fixture", paramLabel = "DSL", description = "A fixture, see 'arrow-npz fixture'.")
        @Nullable
        String fixture;

        @Option(
                names = "--panel",
                paramLabel = "SIZE",
                arity = "0..1",
                fallbackValue = FrameFixture.SMALL,
                description =
                        "The fixtures of StaticFrame's article: 1e6 (all nine, the default) or 1e8 (two; nine with --all).")
        @Nullable
        String panel;

        @Option(
                names = "--taxi",
                paramLabel = "ROWS",
                description = "A made-up table like New York's taxi trips of January 2010, up to 15000000 rows.")
        @Nullable
        Integer taxi;
    }

    @Option(
            names = "--all",
            description = "With --panel 1e8: all nine fixtures. Takes hours, 10 GB of disk and much memory.")
    boolean all;

    @Option(
            names = "--by",
            split = ",",
            preprocessor = CommaList.class,
            paramLabel = "NAME",
            description = "Of FILE: also compare the same rows packed by this key, and flat against packed.")
    List<String> by = List.of();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "15",
            description =
                    "Turns of each call at most, default: ${DEFAULT-VALUE}. Slow calls have fewer, three at least.")
    int rounds;

    @Option(
            names = "--python",
            paramLabel = "PATH",
            description =
                    "The Python whose pandas, StaticFrame and NumPy read too, in one process of its own; 'none' for "
                            + "none. Default: the environment's ARROW_NPZ_CLIENTS, or python3.")
    @Nullable
    String python;

    @Option(names = "--dir", paramLabel = "DIR", description = "The directory of the files, which are deleted.")
    @Nullable
    Path directory;

    @Option(names = "--chart", paramLabel = "DIR", description = "Also draw bar charts, PNG and SVG, into DIR.")
    @Nullable
    Path chart;

    @Option(names = "--json", description = "Print one JSON object per table also on a terminal.")
    boolean json;

    @Mixin
    ReadFlags flags = new ReadFlags();

    public CompareCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws Exception {
        requireRange("--rounds", rounds, 1, Long.MAX_VALUE);
        ResultFlags.refuse(all && subject.panel == null, "--all", "--panel");
        ResultFlags.refuse(!by.isEmpty() && subject.file == null, "--by", "a FILE");
        if (directory != null && !Files.isDirectory(directory)) {
            throw new UsageException("--dir is no directory: " + directory);
        }
        List<Comparison> comparisons = new ArrayList<>();
        try (BufferAllocator allocator = allocator();
                Progress progress = Progress.start(console)) {
            HeadToHead contest = HeadToHead.defaults()
                    .withRounds(rounds)
                    .withDirectory(directory)
                    .withPython(python());
            if (subject.panel != null) {
                for (var one : FrameFixture.panel(subject.panel, all).entrySet()) {
                    HeadToHead named = contest.withProgress(text -> progress.show(one.getKey() + ": " + text));
                    progress.show(one.getKey() + ": making the data");
                    try (Frame frame = one.getValue().frame(allocator)) {
                        comparisons.add(
                                named.compare(one.getKey(), one.getValue().dsl(), frame, allocator));
                    }
                    // At once: each took its time, and the next may fail.
                    print(comparisons.get(comparisons.size() - 1));
                }
            } else {
                HeadToHead told = contest.withProgress(progress::show);
                comparisons.add(compare(allocator, told));
                print(comparisons.get(0));
                if (!by.isEmpty() && subject.file != null) {
                    comparisons.add(packed(subject.file, comparisons.get(0), allocator, told));
                }
            }
        }
        if (chart != null) {
            Charts.writeComparisons(comparisons, chart);
        }
        return ExitCodes.OK;
    }

    private @Nullable String python() {
        if (python != null) {
            return python.equals("none") ? null : python;
        }
        String clients = System.getenv("ARROW_NPZ_CLIENTS");
        return clients == null || clients.isEmpty() ? "python3" : clients;
    }

    private Comparison compare(BufferAllocator allocator, HeadToHead contest) throws IOException {
        if (subject.fixture != null) {
            try (Frame frame = FrameFixture.parse(subject.fixture).frame(allocator)) {
                return contest.compare(subject.fixture, frame, allocator);
            }
        }
        if (subject.taxi != null) {
            try (VectorSchemaRoot root = FrameFixture.taxi(allocator, subject.taxi);
                    Frame frame = Frame.of(root)) {
                return contest.compare("taxi trips", frame, allocator);
            }
        }
        if (subject.file == null) {
            throw new UsageException("a FILE, --fixture, --panel or --taxi");
        }
        subject.file = inputs.of(subject.file);
        Format format = Source.format(subject.file);
        if (flags.readsAll() && format != Format.PIPE && format != Format.SAFETENSORS && format != Format.BUS) {
            return contest.compare(Urls.path(subject.file), flags.options(), allocator);
        }
        console.say("The file itself takes no part: it is a pipe, or holds more than the table.");
        try (Frame source = Source.open(allocator, subject.file, flags, console)) {
            return contest.compare(subject.file, source, allocator);
        }
    }

    /** Compares the packed rows, and prints this, and flat against packed. */
    private Comparison packed(String file, Comparison flat, BufferAllocator allocator, HeadToHead contest)
            throws IOException {
        try (Frame source = Source.open(allocator, file, flags, console);
                Packed packed = Events.pack(
                        source, PackSpec.by(ColumnNames.of(source).refs(by)).packRest())) {
            Comparison comparison =
                    contest.compare(file + " packed by " + String.join(",", by), packed.frame(), allocator);
            print(comparison);
            Saving saving = Saving.of(flat, comparison);
            print(json, saving.toJson(), () -> CompareTable.text(saving));
            return comparison;
        }
    }

    private void print(Comparison comparison) throws IOException {
        print(json, comparison.toJson(), () -> CompareTable.text(comparison, console.width()));
        console.out().flush();
    }
}
