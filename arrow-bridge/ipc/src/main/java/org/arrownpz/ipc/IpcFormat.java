package org.arrownpz.ipc;

import java.nio.file.Path;
import java.util.Locale;

/** The two Arrow IPC containers. Immutable and safe for use by several threads. */
public enum IpcFormat {
    /** The file format with a footer, also called Feather V2. */
    FILE,
    /** The streaming format, readable from pipes. */
    STREAM;

    /** The format that a file name's extension asks for: {@code .arrows} is a stream, everything else a file. */
    public static IpcFormat ofPath(Path path) {
        Path name = path.getFileName();
        return name != null && name.toString().toLowerCase(Locale.ROOT).endsWith(".arrows") ? STREAM : FILE;
    }
}
