package org.arrownpz.npy;

import org.arrownpz.io.ByteSource;

/**
 * An open NPY file and the array in it. Close it; regions taken from the array live on. Safe for use by several
 * threads.
 */
public final class NpyFile implements AutoCloseable {
    private final ByteSource source;
    private final NumpyArray array;

    NpyFile(ByteSource source, NumpyArray array) {
        this.source = source;
        this.array = array;
    }

    /** The file's one array. Its regions can be asked for until the file is closed. */
    public NumpyArray array() {
        return array;
    }

    /** Gives up the hold on file and memory; regions already taken stay valid. May be called more than once. */
    @Override
    public void close() {
        source.close();
    }

    @Override
    public String toString() {
        return array.toString();
    }
}
