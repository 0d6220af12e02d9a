package org.arrownpz.cli.console;

/** The meanings of the command's exit. */
public final class ExitCodes {
    /** All went well. */
    public static final int OK = 0;
    /** Files differ. */
    public static final int DIFFERENT = 1;
    /** A file is unreadable, damaged, or could not be written. */
    public static final int DATA = 1;
    /** The command line is wrong, or would overwrite a file. */
    public static final int USAGE = 2;

    private ExitCodes() {}
}
