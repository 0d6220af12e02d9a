package org.arrownpz.parquet.internal.text.read;

import java.io.IOException;

/** What is wrong with a file's text, and in which line of it. */
final class FormatException extends IOException {
    private static final long serialVersionUID = 1L;

    FormatException(long line, String problem) {
        super("line " + line + ": " + problem);
    }
}
