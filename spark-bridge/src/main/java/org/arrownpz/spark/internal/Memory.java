package org.arrownpz.spark.internal;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.io.ArrowRuntime;

/** Memory outside the heap for what must be copied: one root for the process, a child for each task. */
public final class Memory {
    private Memory() {}

    /** In a class of its own, so that its failure has a sentence each time. */
    private static final class Root {
        static final RootAllocator ROOT = new RootAllocator();
    }

    /** @throws IllegalStateException naming the flag or the jar that Arrow lacks */
    public static BufferAllocator child(String name) {
        try {
            return Root.ROOT.newChildAllocator(name, 0, Long.MAX_VALUE);
        } catch (LinkageError e) {
            throw ArrowRuntime.explain(e);
        }
    }

    /** Bytes in use by all tasks of this process; mapped bytes are not counted. */
    static long used() {
        return Root.ROOT.getAllocatedMemory();
    }
}
