package org.arrownpz.npz;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.npz.internal.zip.read.MemberInflater;

/** Inflates many members with one inflater per thread: the caller's and some of the common pool's. */
final class ParallelInflation {
    private final MemberData data;
    private final BufferAllocator allocator;
    private final Location location;
    private final int[] members;
    private final AtomicInteger next = new AtomicInteger();
    /** The first fault, or that the archive was closed. Joining a task would wrap what the task throws. */
    private final AtomicReference<Exception> fault = new AtomicReference<>();

    ParallelInflation(MemberData data, BufferAllocator allocator, Location location, int[] members) {
        this.data = data;
        this.allocator = allocator;
        this.location = location;
        this.members = members;
    }

    void run() throws NpzException {
        int helpers = Math.min(ForkJoinPool.getCommonPoolParallelism(), members.length - 1);
        List<ForkJoinTask<?>> tasks = new ArrayList<>();
        for (int i = 0; i < helpers; i++) {
            tasks.add(ForkJoinPool.commonPool().submit(this::work));
        }
        try {
            work();
        } finally {
            // Also when this thread fails: helpers must not outlive the call.
            tasks.forEach(ForkJoinTask::quietlyJoin);
        }
        for (ForkJoinTask<?> task : tasks) {
            task.join();
        }
        Exception first = fault.get();
        if (first instanceof NpzException typed) {
            throw typed;
        } else if (first instanceof IllegalStateException closed) {
            throw closed;
        }
    }

    private void work() {
        if (next.get() >= members.length) {
            return;
        }
        try (MemberInflater inflater = new MemberInflater(allocator, location)) {
            int i;
            while (fault.get() == null && (i = next.getAndIncrement()) < members.length) {
                data.inflated(members[i], inflater);
            }
        } catch (NpzException | IllegalStateException e) {
            fault.compareAndSet(null, e);
        }
    }
}
