package org.arrownpz.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.ExitCodes;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what lets a shell complete verbs, flags and their values. */
@Command(
        name = "completion",
        description = "Prints the script with which a shell completes verbs, flags and their values.",
        footer = {
            "",
            "bash: source <(arrow-npz completion bash), in ~/.bashrc. zsh: the same with zsh, in ~/.zshrc, after compinit.",
            "",
            "Examples:",
            "  arrow-npz completion bash > arrow-npz.bash"
        })
final class CompletionCommand implements Callable<Integer> {
    private static final String NAME = "arrow-npz";
    /** Takes away what the script's last line asks bash for. */
    private static final String NO_FILES = "  type compopt &>/dev/null && compopt +o default\n\n";

    private static final Pattern VALUES = Pattern.compile("(?<=_option_args=\\(|_param_args=\\()[^)\n]*");

    private final Console console;

    /** Shells that there are scripts for. */
    enum Shell {
        BASH,
        ZSH
    }

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    Shell shell = Shell.BASH;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    CompletionCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        // zsh runs the script for bash, which begins with what that takes.
        console.print(bash(Main.commandLine(console, Verbs.NAMES)));
        return ExitCodes.OK;
    }

    /** picocli's, with values in lower case, as help and documents have them, and file names where it knows nothing. */
    private static String bash(CommandLine all) {
        String script = AutoComplete.bash(NAME, all).replace(NO_FILES, "");
        return VALUES.matcher(script)
                .replaceAll(values -> Matcher.quoteReplacement(values.group().toLowerCase(Locale.ROOT)));
    }
}
