package org.arrownpz.cli;

import java.time.Duration;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.event.ColumnRef;
import org.arrownpz.event.Events;
import org.arrownpz.event.InputOrder;
import org.arrownpz.event.NullKeys;
import org.arrownpz.event.PackLayout;
import org.arrownpz.event.PackReport;
import org.arrownpz.event.PackSpec;
import org.arrownpz.event.Packed;
import org.arrownpz.frame.Frame;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

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
            "  arrow-npz pack events.csv packed.npz --by GroupID,UserID --pack Timestamp,EventID --carry Country",
            "  arrow-npz pack clicks.feather visits.feather --by user --session 30m --time ts --rest"
        })
final class PackCommand extends Verb {
    @Parameters(index = "0", paramLabel = "IN", description = "A file of any format, or - for an Arrow stream.")
    String source = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "OUT", description = "The target; - for an Arrow stream.")
    @Nullable
    String target;

    @Option(names = "--by", split = ",", required = true, paramLabel = "NAME", description = "The key's columns.")
    List<String> by = List.of();

    @Option(names = "--pack", split = ",", paramLabel = "NAME", description = "Columns that become lists.")
    List<String> pack = List.of();

    @Option(
            names = "--rest",
            description = "All columns that are not named otherwise become lists; the default without --pack.")
    boolean rest;

    @Option(
            names = "--carry",
            split = ",",
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
            converter = Order.class,
            description = "sorted (default; checked, and sorted where it is not so), runs (rows of one key that lie "
                    + "together make a group) or sort.")
    InputOrder order = InputOrder.SORTED;

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

    @Option(names = "--json", description = "Without OUT: print JSON also on a terminal.")
    boolean json;

    @Mixin
    ReadFlags flags = new ReadFlags();

    @Mixin
    ResultFlags result = new ResultFlags();

    PackCommand(Console console) {
        super(console);
    }

    /** The orders by short names. */
    static final class Order implements ITypeConverter<InputOrder> {
        @Override
        public InputOrder convert(String value) {
            return switch (value) {
                case "sorted" -> InputOrder.SORTED;
                case "runs" -> InputOrder.RUNS;
                case "sort" -> InputOrder.STABLE_SORT;
                default -> throw new TypeConversionException("'" + value + "' is none of sorted, runs, sort");
            };
        }
    }

    @Override
    public Integer call() throws Exception {
        if ((session == null) != (time == null)) {
            throw new UsageException("--session and --time belong together");
        }
        result.check(target, console);
        try (BufferAllocator allocator = allocator();
                Source input = Source.open(allocator, source, flags, console);
                Progress progress = Progress.start(console)) {
            progress.show("packing " + source);
            try (Packed packed = Events.pack(input.frame(), spec(input.frame()))) {
                progress.show("writing " + target);
                if (target == null) {
                    progress.close();
                }
                result.write(packed.frame(), target, json, console);
                say(packed.report());
            }
        }
        return ExitCodes.OK;
    }

    private PackSpec spec(Frame frame) {
        PackSpec spec = PackSpec.by(ColumnNames.refs(frame, by))
                .order(order)
                .nullKeys(nullKeys)
                .layout(layout);
        if (!pack.isEmpty()) {
            spec = spec.pack(ColumnNames.refs(frame, pack));
        }
        if (rest || pack.isEmpty()) {
            spec = spec.packRest();
        }
        if (!carry.isEmpty()) {
            spec = spec.carry(ColumnNames.refs(frame, carry));
        }
        if (session != null && time != null) {
            ColumnRef clock = ColumnNames.refs(frame, List.of(time)).get(0);
            spec = spec.session(session, clock);
        }
        return spec;
    }

    /** What users did not ask for and should know. */
    private void say(PackReport report) {
        if (report.droppedRows() > 0) {
            console.say(report.droppedRows() + (report.droppedRows() == 1 ? " row" : " rows")
                    + " without key dropped; keep them with --null-keys keep");
        }
        if (report.fallback() != null) {
            console.say("sorted, because " + report.fallback());
        }
    }
}
