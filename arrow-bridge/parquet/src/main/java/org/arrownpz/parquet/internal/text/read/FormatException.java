package org.arrownpz.parquet.internal.text.read;

import java.io.IOException;

/** A fault of a file's text, and its line. */
final class FormatException extends IOException {
    private static final long serialVersionUID = 1L;

    FormatException(long line, String problem) {
        super("line " + line + ": " + problem);
    }
}
