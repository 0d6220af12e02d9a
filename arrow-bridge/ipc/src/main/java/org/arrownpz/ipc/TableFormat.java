package org.arrownpz.ipc;

import java.nio.file.Path;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Frame;

/**
 * File formats that an artifact adds to {@link Tables}, which finds it by {@link java.util.ServiceLoader}. Used by several
 * threads at a time.
 */
public interface TableFormat {
    /** The extensions of such files, in lower case, without the dot. */
    Set<String> extensions();

    /**
     * Opens a file. The caller closes the reader, which owns the file.
     *
     * @param extension which of the formats, one of {@link #extensions}
     * @param options the columns and what else has a meaning for the format; there are no positions
     * @throws IllegalArgumentException for unknown columns
     */
    ArrowReader open(BufferAllocator allocator, Path path, String extension, ReadOptions options) throws NpzException;

    /**
     * Reads a file whole: all columns, under the index that the file's metadata give; {@link Tables#read} selects. The
     * caller closes the frame, which owns the file.
     *
     * @param extension which of the formats, one of {@link #extensions}
     * @param options as for {@link #open}
     */
    Frame read(BufferAllocator allocator, Path path, String extension, ReadOptions options) throws NpzException;

    /**
     * Writes all batches of a reader, which stays the caller's. The target appears when it is complete.
     *
     * @param extension which of the formats, one of {@link #extensions}
     */
    void write(ArrowReader reader, Path target, String extension, Durability durability) throws NpzException;
}
