package org.arrownpz.cli.verb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.arrownpz.NpzException;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.FlagValues.CommaList;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.cli.file.BatchSource;
import org.arrownpz.cli.file.ColumnNames;
import org.arrownpz.event.Events;
import org.arrownpz.event.Unpacked;
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.event.spec.UnpackSpec;
import org.arrownpz.event.spec.UnpackSpec.EmptyLists;
import org.arrownpz.event.spec.UnpackSpec.KeyEncoding;
import org.arrownpz.frame.Frame;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
public final class UnpackCommand extends EventsVerb {
    @Option(
            names = "--by",
            split = ",",
            preprocessor = CommaList.class,
            paramLabel = "NAME",
            description = "Explode all columns but these.")
    List<String> by = List.of();

    @Option(
            names = "--explode",
            split = ",",
            preprocessor = CommaList.class,
            paramLabel = "NAME",
            description = "Explode these columns.")
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

    public UnpackCommand(Console console) {
        super(console);
    }

    @Override
    void checkFlags() {
        if (!by.isEmpty() && !explode.isEmpty()) {
            throw new UsageException("--by and --explode exclude each other");
        }
    }

    @Override
    boolean takesBatches() {
        // Batches of run ends cannot be joined again by whoever reads the result.
        return keys == KeyEncoding.REPEATED;
    }

    @Override
    boolean mayFallBack() {
        return false;
    }

    @Override
    String task() {
        return "unpacking";
    }

    @Override
    Whole whole(Frame frame) throws NpzException {
        ColumnNames names = ColumnNames.of(frame);
        Unpacked unpacked = Events.unpack(frame, spec(names.refs(by), names));
        return new Whole(unpacked.frame(), () -> {}, unpacked::close);
    }

    @Override
    Stream stream(BatchSource input, LongConsumer rowsSoFar) throws IOException {
        ColumnNames names = input.names();
        // Index levels are columns of a batch, and repeated as those of a frame are.
        List<PackSpec.ColumnRef> kept = new ArrayList<>(names.refs(by));
        names.levels().stream()
                .map(PackSpec.ColumnRef::of)
                .filter(level -> !kept.contains(level))
                .forEach(kept::add);
        return new Stream(Events.unpacking(input.batches(names, rowsSoFar), spec(kept, names)), () -> {});
    }

    private UnpackSpec spec(List<PackSpec.ColumnRef> kept, ColumnNames names) {
        UnpackSpec spec = !explode.isEmpty()
                ? UnpackSpec.explode(names.refs(explode))
                : by.isEmpty() ? UnpackSpec.lists() : UnpackSpec.by(kept);
        spec = spec.keys(keys).emptyLists(empty);
        return ordinal == null ? spec : spec.ordinal(ordinal);
    }
}
