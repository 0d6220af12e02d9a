package org.arrownpz.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** A fish script that completes a command with one level of verbs; picocli has those for bash and zsh. */
final class FishCompletion {
    private FishCompletion() {}

    static String script(String name, CommandLine command) {
        StringBuilder script = new StringBuilder();
        script.append("# Completes ").append(name).append(" in fish.\n");
        String noVerb = "not __fish_seen_subcommand_from "
                + String.join(" ", command.getSubcommands().keySet());
        // Without a verb, a file is looked at.
        for (Map.Entry<String, CommandLine> verb : command.getSubcommands().entrySet()) {
            line(script, name, noVerb).append(" -a ").append(verb.getKey());
            describe(script, verb.getValue().getCommandSpec().usageMessage().description());
        }
        options(script, name, noVerb, command);
        command.getSubcommands()
                .forEach((verb, line) -> options(script, name, "__fish_seen_subcommand_from " + verb, line));
        return script.toString();
    }

    private static void options(StringBuilder script, String name, String condition, CommandLine command) {
        for (OptionSpec option : command.getCommandSpec().options()) {
            line(script, name, condition);
            for (String flag : option.names()) {
                script.append(flag.startsWith("--") ? " -l " : " -s ").append(flag.replaceFirst("^-+", ""));
            }
            if (option.arity().max() > 0) {
                List<String> values = values(option);
                // A value may be a file's name, unless all values are known.
                script.append(values.isEmpty() ? " -r" : " -x -a " + quote(String.join(" ", values)));
            }
            describe(script, option.description());
        }
    }

    private static List<String> values(OptionSpec option) {
        List<String> values = new ArrayList<>();
        if (option.completionCandidates() != null) {
            option.completionCandidates().forEach(value -> values.add(value.toLowerCase(Locale.ROOT)));
        }
        return values;
    }

    private static StringBuilder line(StringBuilder script, String name, String condition) {
        return script.append("complete -c ").append(name).append(" -n ").append(quote(condition));
    }

    /** The first sentence. */
    private static void describe(StringBuilder script, String[] description) {
        String text = String.join(" ", description);
        int end = text.indexOf(". ");
        script.append(" -d ")
                .append(quote(end < 0 ? text : text.substring(0, end + 1)))
                .append('\n');
    }

    private static String quote(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
