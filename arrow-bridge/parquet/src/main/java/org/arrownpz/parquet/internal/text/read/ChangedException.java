package org.arrownpz.parquet.internal.text.read;

import java.io.IOException;

/** A value that is not of the type that the file's values were seen to have: the file has changed in the meantime. */
final class ChangedException extends IOException {
    private static final long serialVersionUID = 1L;

    ChangedException() {
        super("a value is not of the type that its column had");
    }
}
