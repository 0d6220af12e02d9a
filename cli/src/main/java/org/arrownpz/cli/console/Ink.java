package org.arrownpz.cli.console;

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
}
