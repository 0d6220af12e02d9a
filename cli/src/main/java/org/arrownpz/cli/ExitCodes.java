package org.arrownpz.cli;

/** What the command's exit says. */
final class ExitCodes {
    /** All went well. */
    static final int OK = 0;
    /** Files differ. */
    static final int DIFFERENT = 1;
    /** A file is unreadable, damaged, or could not be written. */
    static final int DATA = 1;
    /** The command line is wrong, or would overwrite a file. */
    static final int USAGE = 2;

    private ExitCodes() {}
}
