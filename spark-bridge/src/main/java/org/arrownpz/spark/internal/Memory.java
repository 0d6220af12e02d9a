package org.arrownpz.spark.internal;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Memory outside the heap for what must be copied: one root for the process, a child for each task. */
public final class Memory {
    private static final RootAllocator ROOT = new RootAllocator();

    private Memory() {}

    public static BufferAllocator child(String name) {
        return ROOT.newChildAllocator(name, 0, Long.MAX_VALUE);
    }

    /** Bytes in use by all tasks of this process; mapped bytes are not counted. */
    static long used() {
        return ROOT.getAllocatedMemory();
    }
}
