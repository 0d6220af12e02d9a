package org.arrownpz.cli.console;

import picocli.CommandLine.Option;

/** Colours of a terminal: those that its user chose for their names. */
public enum Ink {
    PLAIN("0"),
    BOLD("1"),
    DIM("2"),
    RED("31"),
    GREEN("32"),
    YELLOW("33"),
    CYAN("36");

    private final String begin;

    Ink(String code) {
        this.begin = "\u001b[" + code + "m";
    }

    /** The text in this colour, or as it is where a console has none. */
    public String on(Console console, String text) {
        return this != PLAIN && console.color() && !text.isEmpty() ? begin + text + "\u001b[0m" : text;
    }

    /** The flag of the verbs that print in colours. */
    public static final class ColorFlag {
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
}
