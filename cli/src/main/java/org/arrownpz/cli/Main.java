package org.arrownpz.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.arrownpz.SafeText;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.ExitCodes;
import org.arrownpz.cli.console.Likely;
import org.arrownpz.cli.console.PipeOutput;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.cli.verb.Verb;
import org.arrownpz.internal.storage.LiveWrites;
import org.arrownpz.sql.Sql;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Entry point of the {@code arrow-npz} command. */
public final class Main {

    /** The message of picocli for a value that an enum has not. */
    private static final Pattern CHOICES =
            Pattern.compile("expected one of \\[(.*)] \\(case-insensitive\\) but was '(.*)'$", Pattern.DOTALL);

    private static volatile boolean done;

    private Main() {}

    public static void main(String[] args) {
        Console console = Console.system();
        Runtime.getRuntime().addShutdownHook(new Thread("arrow-npz-tidy") {
            @Override
            public void run() {
                // Of a command that Ctrl-C or SIGTERM ends; there is nothing left of one that ended by itself.
                if (!done) {
                    console.abandon();
                }
                LiveWrites.discardAll();
            }
        });
        int code = run(args, console);
        done = true;
        System.exit(code);
    }

    /** Runs the command over the given streams, none of which is taken for a terminal; returns the exit code. */
    public static int run(String[] args, InputStream in, OutputStream out, OutputStream err) {
        return run(args, Console.of(in, out, err));
    }

    static int run(String[] given, Console console) {
        String[] args = Verbs.completed(given);
        CommandLine line = commandLine(console, Verbs.named(args));
        int code;
        try {
            code = line.execute(args);
            line.getOut().flush();
            console.out().flush();
        } catch (IOException e) {
            code = fail(e, console, false);
        } catch (InternalError e) {
            // How the JVM tells that a mapped page is gone.
            console.say("a file was cut short, or its disk failed, while it was read");
            code = ExitCodes.DATA;
        } catch (OutOfMemoryError e) {
            console.say(Console.text(e));
            code = ExitCodes.DATA;
        }
        console.err().flush();
        return code;
    }

    /** The command with these verbs, see {@link Verbs#named}. */
    static CommandLine commandLine(Console console, List<String> verbs) {
        CommandLine line = new CommandLine(new RootCommand(console));
        for (String verb : verbs) {
            line.addSubcommand(Verbs.create(verb, console));
        }
        line.setOut(new PrintWriter(console.out(), false, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(
                console.color() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        line.setUsageHelpWidth(Math.max(60, Math.min(120, console.width())));
        line.setParameterExceptionHandler(Main::misuse);
        line.setExecutionStrategy(parsed -> {
            try {
                return new CommandLine.RunLast().execute(parsed);
            } finally {
                Verb.end(parsed);
            }
        });
        line.setExecutionExceptionHandler((failure, command, parsed) -> fail(failure, console, Verb.isDebug(command)));
        return line;
    }

    private static int misuse(ParameterException failure, String[] args) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("arrow-npz: " + SafeText.escape(problem(failure), Console.MESSAGE_LENGTH));
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        err.flush();
        return ExitCodes.USAGE;
    }

    /** With the verbs or flags that a misspelt one resembles. */
    private static String problem(ParameterException failure) {
        String problem = String.valueOf(failure.getMessage()).replaceFirst("^Error: ", "");
        problem = CHOICES.matcher(problem)
                .replaceFirst(found -> Matcher.quoteReplacement(SafeText.quote(found.group(2)) + " is none of "
                        + found.group(1).toLowerCase(Locale.ROOT)));
        problem = problem.replaceFirst("'([-+]?\\d+)' is not an? (?:int|long)$", "'$1' is out of range")
                .replaceFirst(" is not an? (?:int|long)$", " is no whole number")
                .replaceFirst(" is not a (?:float|double)$", " is no number");
        if (!(failure instanceof UnmatchedArgumentException unmatched)) {
            return problem;
        }
        String first = unmatched.getUnmatched().get(0);
        if (failure.getCommandLine().getParent() == null && !first.startsWith("-")) {
            return "there is no verb " + SafeText.quote(first) + Likely.hint(first, Verbs.NAMES);
        }
        List<String> suggestions = unmatched.getSuggestions();
        return suggestions.isEmpty() ? problem : problem + "; did you mean " + String.join(" or ", suggestions) + "?";
    }

    private static int fail(Exception failure, Console console, boolean debug) {
        if (PipeOutput.isClosed(failure)) {
            return ExitCodes.OK;
        }
        if (debug) {
            failure.printStackTrace(console.err());
        }
        console.say(Console.text(failure));
        if (failure instanceof Sql.StatementException refused
                && !refused.excerpt().isEmpty()) {
            console.err().println(refused.excerpt());
        }
        return failure instanceof UsageException || failure instanceof IllegalArgumentException
                ? ExitCodes.USAGE
                : ExitCodes.DATA;
    }
}
