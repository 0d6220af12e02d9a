package org.arrownpz.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.file.Address;
import org.arrownpz.cli.verb.AddCommand;
import org.arrownpz.cli.verb.AlignCommand;
import org.arrownpz.cli.verb.BusCommand;
import org.arrownpz.cli.verb.CatCommand;
import org.arrownpz.cli.verb.CompareCommand;
import org.arrownpz.cli.verb.ConcatCommand;
import org.arrownpz.cli.verb.ConvertCommand;
import org.arrownpz.cli.verb.DiffCommand;
import org.arrownpz.cli.verb.FixtureCommand;
import org.arrownpz.cli.verb.HeadCommand;
import org.arrownpz.cli.verb.InfoCommand;
import org.arrownpz.cli.verb.NearestCommand;
import org.arrownpz.cli.verb.PackCommand;
import org.arrownpz.cli.verb.PasteCommand;
import org.arrownpz.cli.verb.PlotCommand;
import org.arrownpz.cli.verb.SchemaCommand;
import org.arrownpz.cli.verb.ServeCommand;
import org.arrownpz.cli.verb.SqlCommand;
import org.arrownpz.cli.verb.StatsCommand;
import org.arrownpz.cli.verb.UnpackCommand;
import org.arrownpz.cli.verb.VerifyCommand;

/** The verbs, in the order in which help lists them. */
public final class Verbs {
    public static final List<String> NAMES =
            List.of(("info schema head tail cat convert stats plot nearest verify diff compare"
                            + " align paste concat bus add pack unpack fixture sql serve view token completion")
                    .split(" "));

    private static final String HELP = "help";

    private Verbs() {}

    /**
     * The verbs that these arguments can name: the first argument alone where it is a verb, all otherwise, since help,
     * the answer to a misspelt verb and argument files ({@code @file}) need them. Describing a verb to picocli takes
     * reflection over its class; for all of them, that was a fifth of a short command's time.
     */
    static List<String> named(String[] args) {
        return args.length > 0 && NAMES.contains(args[0]) ? List.of(args[0]) : NAMES;
    }

    /**
     * These arguments, or {@code info} of them where they begin with a file instead of a verb; {@code help VERB} is
     * {@code VERB --help}.
     */
    static String[] completed(String[] args) {
        if (args.length > 0 && args[0].equals(HELP)) {
            if (args.length == 1) {
                return new String[] {"--help"};
            }
            return NAMES.contains(args[1]) ? new String[] {args[1], "--help"} : new String[] {args[1]};
        }
        if (args.length == 0 || NAMES.contains(args[0]) || args[0].startsWith("@") || !isFile(args[0])) {
            return args;
        }
        List<String> completed = new ArrayList<>(List.of(args));
        completed.add(0, "info");
        return completed.toArray(new String[0]);
    }

    /** Names without a dot or a slash may be misspelt verbs, unless they exist. */
    private static boolean isFile(String name) {
        if (name.startsWith("-")) {
            return false;
        }
        try {
            return name.contains(".") || name.contains("/") || Files.exists(Path.of(name)) || Address.isArray(name);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** A new instance of the verb of that name, one of {@link #NAMES}. */
    static Callable<Integer> create(String name, Console console) {
        return switch (name) {
            case "info" -> new InfoCommand(console);
            case "schema" -> new SchemaCommand(console);
            case "head" -> new HeadCommand(console);
            case "tail" -> new HeadCommand.Tail(console);
            case "cat" -> new CatCommand(console);
            case "convert" -> new ConvertCommand(console);
            case "stats" -> new StatsCommand(console);
            case "plot" -> new PlotCommand(console);
            case "nearest" -> new NearestCommand(console);
            case "verify" -> new VerifyCommand(console);
            case "diff" -> new DiffCommand(console);
            case "compare" -> new CompareCommand(console);
            case "align" -> new AlignCommand(console);
            case "paste" -> new PasteCommand(console);
            case "concat" -> new ConcatCommand(console);
            case "bus" -> new BusCommand(console);
            case "add" -> new AddCommand(console);
            case "pack" -> new PackCommand(console);
            case "unpack" -> new UnpackCommand(console);
            case "fixture" -> new FixtureCommand(console);
            case "sql" -> new SqlCommand(console);
            case "completion" -> new CompletionCommand(console);
            case "serve" -> new ServeCommand(console);
            case "view" -> new ViewCommand(console);
            case "token" -> new TokenCommand(console);
            default -> throw new IllegalArgumentException(name);
        };
    }
}
