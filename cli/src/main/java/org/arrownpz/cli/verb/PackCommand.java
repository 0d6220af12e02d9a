package org.arrownpz.cli.verb;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.NpzException;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.ExitCodes;
import org.arrownpz.cli.console.FlagValues.CommaList;
import org.arrownpz.cli.console.FlagValues.GapConverter;
import org.arrownpz.cli.console.Progress;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.cli.file.BatchSource;
import org.arrownpz.cli.file.ColumnNames;
import org.arrownpz.cli.file.ResultFlags;
import org.arrownpz.cli.file.Source;
import org.arrownpz.cli.file.Urls;
import org.arrownpz.cli.print.CompareTable;
import org.arrownpz.compare.Saving;
import org.arrownpz.event.Events;
import org.arrownpz.event.Packed;
import org.arrownpz.event.PackingReader;
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.event.spec.PackSpec.InputOrder;
import org.arrownpz.event.spec.PackSpec.NullKeys;
import org.arrownpz.event.spec.PackSpec.PackLayout;
import org.arrownpz.frame.Frame;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Packs the rows of one key into lists. */
@Command(
        name = "pack",
        description = "Packs the rows of one key into lists. Without OUT, prints the result as 'arrow-npz cat' does.",
        footer = {
            "",
            "Columns are named, or counted from 0 (from the end where negative). Names are separated by commas.",
            "",
            "Examples:",
            "  arrow-npz pack events.csv --by GroupID",
            "  arrow-npz pack events.csv packed.npz --by GroupID --pack Timestamp,EventID --carry UserID",
            "  arrow-npz pack clicks.feather visits.feather --by user --session 30m --time ts --rest",
            "  arrow-npz pack events.parquet --by GroupID --report"
        })
public final class PackCommand extends EventsVerb {
    @Option(
            names = "--by",
            split = ",",
            preprocessor = CommaList.class,
            required = true,
            paramLabel = "NAME",
            description = "The key's columns.")
    List<String> by = List.of();

    @Option(
            names = "--pack",
            split = ",",
            preprocessor = CommaList.class,
            paramLabel = "NAME",
            description = "Columns that become lists.")
    List<String> pack = List.of();

    @Option(
            names = "--rest",
            description = "All columns that are not named otherwise become lists; the default without --pack.")
    boolean rest;

    @Option(
            names = "--carry",
            split = ",",
            preprocessor = CommaList.class,
            paramLabel = "NAME",
            description = "Columns that are constant for a key (checked), stored once.")
    List<String> carry = List.of();

    @Option(
            names = "--session",
            paramLabel = "GAP",
            converter = GapConverter.class,
            description =
                    "Groups also break where more time than this (30m, 1h30m, 500ms) passed since the row before.")
    @Nullable
    Duration session;

    @Option(names = "--time", paramLabel = "NAME", description = "The column of times, with --session.")
    @Nullable
    String time;

    @Option(
            names = "--order",
            paramLabel = "ORDER",
            description = "sorted (default; checked, and sorted where it is not so), runs (rows of one key that lie "
                    + "together make a group) or sort.")
    Order order = Order.SORTED;

    @Option(
            names = "--null-keys",
            paramLabel = "POLICY",
            description = "Rows without key: drop (default), keep or error.")
    NullKeys nullKeys = NullKeys.DROP;

    @Option(
            names = "--layout",
            paramLabel = "LAYOUT",
            description = "lists (default; a list column for each) or list_of_struct (one column of lists of structs).")
    PackLayout layout = PackLayout.LISTS;

    @Option(
            names = "--report",
            description =
                    "Print what packing saves, as files of all formats, flat against packed, in place of rows. "
                            + "Holds the table in memory; writes temporary files, one at a time. OUT is written too, where given.")
    boolean report;

    public PackCommand(Console console) {
        super(console);
    }

    /** The orders by short names. */
    enum Order {
        SORTED(InputOrder.SORTED),
        RUNS(InputOrder.RUNS),
        SORT(InputOrder.STABLE_SORT);

        private final InputOrder input;

        Order(InputOrder input) {
            this.input = input;
        }
    }

    @Override
    void checkFlags() {
        if ((session == null) != (time == null)) {
            throw new UsageException("--session and --time belong together");
        }
    }

    @Override
    public Integer call() throws Exception {
        if (!report) {
            return super.call();
        }
        checkFlags();
        if (target != null) {
            ResultFlags.refuse(target.equals("-"), "--report", "files as OUT, and - is where the report is printed");
            result.check(target, false, console);
        } else {
            result.check(null, json, console);
        }
        source = inputs.of(source);
        try (BufferAllocator allocator = allocator();
                Progress progress = Progress.start(console)) {
            progress.show(task() + " " + source);
            try (Frame input = Source.open(allocator, source, flags, console)) {
                Saving saving = report(input, progress);
                progress.close();
                print(json, saving.toJson(), () -> CompareTable.text(saving));
            }
        }
        return ExitCodes.OK;
    }

    private Saving report(Frame input, Progress progress) throws IOException {
        ColumnNames names = ColumnNames.of(input);
        boolean all = rest || pack.isEmpty();
        try (Frame flat = all ? input.share() : input.select(used(names));
                Packed packed = Events.pack(input, spec(names))) {
            List<String> notes = new ArrayList<>();
            if (packed.report().droppedRows() > 0) {
                notes.add("rows without key, in the flat table only: "
                        + packed.report().droppedRows());
            }
            if (packed.report().fallback() != null) {
                notes.add("the rows were sorted to be packed, which is a part of what is saved: "
                        + packed.report().fallback());
            }
            boolean whole = all && flags.readsAll() && !source.equals("-") && Files.isRegularFile(Urls.path(source));
            Saving saving = Saving.measure(
                    source, whole ? Files.size(Urls.path(source)) : null, flat, packed.frame(), notes, progress::show);
            if (target != null) {
                progress.show("writing " + target);
                result.write(packed.frame(), target, false, console);
            }
            return saving;
        }
    }

    /** The columns that the packed table is made of, each once. */
    private String[] used(ColumnNames names) {
        Set<PackSpec.ColumnRef> wanted = new HashSet<>(referred(names));
        return names.columns().stream()
                .filter(name -> wanted.contains(PackSpec.ColumnRef.of(name)))
                .toArray(String[]::new);
    }

    @Override
    boolean takesBatches() {
        return order != Order.SORT;
    }

    @Override
    boolean mayFallBack() {
        return order == Order.SORTED;
    }

    @Override
    String task() {
        return "packing";
    }

    @Override
    Whole whole(Frame frame) throws NpzException {
        Packed packed = Events.pack(frame, spec(ColumnNames.of(frame)));
        return new Whole(
                packed.frame(),
                () -> {
                    sayDropped(packed.report().droppedRows());
                    if (packed.report().fallback() != null) {
                        console.say("sorted, because " + packed.report().fallback());
                    }
                },
                packed::close);
    }

    @Override
    Stream stream(BatchSource input, LongConsumer rowsSoFar) throws IOException {
        ColumnNames used = input.names().withLevelsOf(referred(input.names()));
        PackingReader packing = Events.packing(input.batches(used, rowsSoFar), spec(input.names()));
        return new Stream(packing, () -> sayDropped(packing.droppedRows()));
    }

    private List<PackSpec.ColumnRef> referred(ColumnNames names) {
        List<PackSpec.ColumnRef> refs = new ArrayList<>(names.refs(by));
        refs.addAll(names.refs(pack));
        refs.addAll(names.refs(carry));
        refs.addAll(names.refs(time == null ? List.of() : List.of(time)));
        return refs;
    }

    private PackSpec spec(ColumnNames names) {
        PackSpec spec = PackSpec.by(names.refs(by))
                .order(order.input)
                .nullKeys(nullKeys)
                .layout(layout);
        if (!pack.isEmpty()) {
            spec = spec.pack(names.refs(pack));
        }
        if (rest || pack.isEmpty()) {
            spec = spec.packRest();
        }
        if (!carry.isEmpty()) {
            spec = spec.carry(names.refs(carry));
        }
        if (session != null && time != null) {
            spec = spec.session(session, names.refs(List.of(time)).get(0));
        }
        return spec;
    }

    private void sayDropped(long rows) {
        if (rows > 0) {
            console.say(
                    rows + (rows == 1 ? " row" : " rows") + " without key dropped; keep them with --null-keys keep");
        }
    }
}
