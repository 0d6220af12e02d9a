package org.arrownpz.cli;

import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.event.EmptyLists;
import org.arrownpz.event.Events;
import org.arrownpz.event.KeyEncoding;
import org.arrownpz.event.UnpackSpec;
import org.arrownpz.event.Unpacked;
import org.arrownpz.frame.Frame;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Explodes lists into rows. */
@Command(
        name = "unpack",
        description = "Explodes lists into rows, those of one row in step. Without OUT, prints the result as "
                + "'arrow-npz cat' does.",
        footer = {
            "",
            "Without --by and --explode all columns of lists are exploded.",
            "",
            "Examples:",
            "  arrow-npz unpack packed.npz events.npz --by GroupID",
            "  arrow-npz unpack packed.npz --explode EventID,Timestamp --ordinal position"
        })
final class UnpackCommand extends Verb {
    @Parameters(index = "0", paramLabel = "IN", description = "A file of any format, or - for an Arrow stream.")
    String source = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "OUT", description = "The target; - for an Arrow stream.")
    @Nullable
    String target;

    @Option(names = "--by", split = ",", paramLabel = "NAME", description = "Explode all columns but these.")
    List<String> by = List.of();

    @Option(names = "--explode", split = ",", paramLabel = "NAME", description = "Explode these columns.")
    List<String> explode = List.of();

    @Option(
            names = "--ordinal",
            paramLabel = "NAME",
            description = "Add a column of this name with each element's place in its list, from 0.")
    @Nullable
    String ordinal;

    @Option(
            names = "--empty",
            paramLabel = "POLICY",
            description = "Empty and null lists: null_row (default; one row with nulls) or drop (no row).")
    EmptyLists empty = EmptyLists.NULL_ROW;

    @Option(names = "--keys", paramLabel = "FORM", description = "Other columns: repeated (default) or run_end.")
    KeyEncoding keys = KeyEncoding.REPEATED;

    @Option(names = "--json", description = "Without OUT: print JSON also on a terminal.")
    boolean json;

    @Mixin
    ReadFlags flags = new ReadFlags();

    @Mixin
    ResultFlags result = new ResultFlags();

    UnpackCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws Exception {
        if (!by.isEmpty() && !explode.isEmpty()) {
            throw new UsageException("--by and --explode exclude each other");
        }
        result.check(target, console);
        try (BufferAllocator allocator = allocator();
                Source input = Source.open(allocator, source, flags, console);
                Progress progress = Progress.start(console)) {
            progress.show("unpacking " + source);
            try (Unpacked unpacked = Events.unpack(input.frame(), spec(input.frame()))) {
                progress.show("writing " + target);
                if (target == null) {
                    progress.close();
                }
                result.write(unpacked.frame(), target, json, console);
            }
        }
        return ExitCodes.OK;
    }

    private UnpackSpec spec(Frame frame) {
        UnpackSpec spec = !explode.isEmpty()
                ? UnpackSpec.explode(ColumnNames.refs(frame, explode))
                : by.isEmpty() ? UnpackSpec.lists() : UnpackSpec.by(ColumnNames.refs(frame, by));
        spec = spec.keys(keys).emptyLists(empty);
        return ordinal == null ? spec : spec.ordinal(ordinal);
    }
}
