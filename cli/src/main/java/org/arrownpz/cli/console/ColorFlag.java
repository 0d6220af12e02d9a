package org.arrownpz.cli.console;

import picocli.CommandLine.Option;

/** The flag of the verbs that print in colours. */
public final class ColorFlag {
    /** When to print in colours. */
    enum When {
        /** Colours on a terminal that has them, unless the environment has {@code NO_COLOR}. */
        AUTO,
        ALWAYS,
        NEVER
    }

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            defaultValue = "auto",
            description = "Colours: auto (on a terminal, unless NO_COLOR is set), always or never.")
    When when = When.AUTO;

    /** The console with the colours that were asked for. */
    public Console apply(Console console) {
        return when == When.AUTO ? console : console.withColor(when == When.ALWAYS);
    }
}
