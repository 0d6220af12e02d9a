package org.arrownpz.crash;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;

/** A way to write a table over an existing target. Used by several threads. */
public interface CrashWriter {
    /** The target's file name, which tells writers apart. */
    String target();

    /** Whether the target is a directory, which takes two renames to replace. */
    default boolean isDirectory() {
        return false;
    }

    void write(BufferAllocator allocator, VectorSchemaRoot content, Path target, Durability durability)
            throws Exception;

    /** Opens the target, checksums and all, and tells which of the contents it is. */
    default int read(BufferAllocator allocator, Path target, Contents contents) throws Exception {
        try (Frame frame = Frames.open(allocator, target, ReadOptions.inMemory().withVerify(Verify.CRC))) {
            return contents.identify(frame.root().getFieldVectors());
        }
    }

    /** The names that a killed process may leave beside the target, as documented at AtomicFile and AtomicDirectory. */
    default Pattern leftovers(long process) {
        String last = isDirectory() ? "(tmp|old)" : "tmp";
        return Pattern.compile(Pattern.quote("." + target() + "." + process) + "-[0-9a-f]{16}\\.arrownpz-" + last);
    }
}
