package org.arrownpz.cli;

import java.util.concurrent.Callable;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.ExitCodes;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command without a verb. */
@Command(
        name = "arrow-npz",
        description =
                "Reads, writes, converts, compares and checks NumPy NPY and NPZ files, StaticFrame frames, Arrow and "
                        + "Parquet files.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "VERB",
        versionProvider = RootCommand.Version.class,
        footer = {
            "",
            "A file without a verb is looked at: info. Of a verb tells: arrow-npz help VERB.",
            "",
            "Examples:",
            "  arrow-npz prices.npz",
            "  arrow-npz convert prices.npz prices.feather",
            "  arrow-npz cat prices.npz | jq .close",
            "  arrow-npz pack events.csv packed.parquet --by GroupID",
            "  arrow-npz sql \"SELECT avg(close) FROM 'prices.npz'\"",
            "",
            "Exit codes: 0 all went well, 2 wrong usage,",
            "1 a file is damaged or cannot be read or written (diff: files differ)."
        })
final class RootCommand implements Callable<Integer> {
    private final Console console;

    @Spec
    CommandSpec spec;

    @SuppressWarnings("NullAway.Init")
    RootCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(console.err());
        return ExitCodes.USAGE;
    }

    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = RootCommand.class.getPackage().getImplementationVersion();
            return new String[] {"arrow-npz " + (version == null ? "(development)" : version)};
        }
    }
}
