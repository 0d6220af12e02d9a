package org.arrownpz.sql.internal.worker;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.support.Rollback;
import org.jspecify.annotations.Nullable;

/**
 * Processes that run statements: as many as there may be, each used again after a statement that ended well. Callers for
 * whom there is none wait in turn: of each the first, then of each the second. Safe for use by several threads.
 */
public final class WorkerPool implements AutoCloseable {
    /** Reasons for which a process is replaced. */
    public static final List<String> REASONS = List.of("crash", "limit", "cancel", "memory");

    private static final long WATCH_MILLIS = 20;
    private static final long WAIT_MILLIS = 100;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int MOST_WAITING = 1000;
    private static final int MOST_WAITING_OF_ONE = 100;

    private final int size;
    private final Consumer<String> log;
    private final WorkerImage image;
    private final Thread watch = new Thread(this::watch, "arrow-npz-worker-watch");
    private final Set<WorkerProcess> workers = new HashSet<>();
    private final Deque<WorkerProcess> idle = new ArrayDeque<>();
    private final Map<String, Long> ended = new HashMap<>();
    /** Those who wait, by their callers: the first of the first caller comes next, who is the last one then. */
    private final Map<String, Deque<Object>> waiting = new LinkedHashMap<>();

    private final String name = Long.toHexString(ThreadLocalRandom.current().nextLong());
    private final AtomicLong statements = new AtomicLong();
    /** Workers that run a statement, or are started for one. */
    private int taken;

    private int waitingCount;
    private boolean closed;

    /**
     * Starts the first process, without waiting for it.
     *
     * @param size how many statements run at a time
     * @param log gets a line for each process that ends by itself
     * @throws NpzException IO when there is no temporary directory
     */
    public WorkerPool(int size, Consumer<String> log) throws NpzException {
        this.size = size;
        this.log = log;
        try {
            this.image = WorkerImage.shared();
        } catch (IOException e) {
            throw Location.ofFile(null)
                    .error(ErrorCode.IO, "processes for statements have no temporary directory")
                    .cause(e)
                    .build();
        }
        watch.setDaemon(true);
        watch.start();
        inBackground(this::startIdle);
    }

    private static void inBackground(Runnable task) {
        Thread thread = new Thread(task, "arrow-npz-worker-start");
        thread.setDaemon(true);
        thread.start();
    }

    /** One that waits for the first statement, so that it need not. */
    private void startIdle() {
        synchronized (this) {
            if (closed || taken >= size || !idle.isEmpty()) {
                return;
            }
            taken++;
        }
        WorkerProcess worker = null;
        try {
            worker = start();
        } catch (IOException | RuntimeException e) {
            // Whoever needs one tells why there is none.
        }
        giveBack(worker);
    }

    private WorkerProcess start() throws IOException {
        WorkerProcess worker = WorkerProcess.start(image, log);
        try (Rollback undo = Rollback.of(() -> forget(worker))) {
            synchronized (this) {
                workers.add(worker);
                if (closed) {
                    throw new RejectedExecutionException("no more statements are run");
                }
            }
            worker.awaitReady();
            undo.commit();
        }
        if (image.needsTraining()) {
            inBackground(image::train);
        }
        return worker;
    }

    private void forget(WorkerProcess worker) {
        String reason = worker.reason();
        worker.close();
        synchronized (this) {
            if (workers.remove(worker) && !closed) {
                ended.merge(reason, 1L, Long::sum);
            }
        }
    }

    /** The number of processes. */
    public synchronized int count() {
        return workers.size();
    }

    /** The memory of all processes, without mapped files. */
    public long residentBytes() {
        WorkerProcess[] all;
        synchronized (this) {
            all = workers.toArray(WorkerProcess[]::new);
        }
        return Arrays.stream(all)
                .mapToLong(worker -> Math.max(0, worker.resident()))
                .sum();
    }

    /** The number of processes that were replaced for that reason. */
    public synchronized long ended(String reason) {
        return ended.getOrDefault(reason, 0L);
    }

    long nextNumber() {
        return statements.incrementAndGet();
    }

    /** The name of a statement in messages and in the log. */
    String id(long number) {
        return name + "-" + number;
    }

    /**
     * Takes a process, once there is one.
     *
     * @param caller for whom; callers take turns
     * @param gone whether it is no longer needed
     * @throws RejectedExecutionException when too many wait, or it takes too long
     * @throws CancellationException when it is no longer needed
     * @throws NpzException when there can be none
     */
    WorkerProcess take(String caller, BooleanSupplier gone) throws NpzException {
        WorkerProcess worker = place(caller, gone);
        if (worker != null && worker.isReusable()) {
            return worker;
        }
        if (worker != null) {
            forget(worker);
        }
        try (Rollback undo = Rollback.of(() -> giveBack(null))) {
            return undo.commit(start());
        } catch (IOException e) {
            throw Failure.internal("the statement has no process to run in", e)
                    .found(String.valueOf(e.getMessage()))
                    .build();
        }
    }

    /** Waits for a place; gives a warm process, or null where one is to be started. */
    private synchronized @Nullable WorkerProcess place(String caller, BooleanSupplier gone) {
        Object ticket = new Object();
        Deque<Object> own = waiting.computeIfAbsent(caller, key -> new ArrayDeque<>());
        if (waitingCount >= MOST_WAITING || own.size() >= MOST_WAITING_OF_ONE) {
            throw new RejectedExecutionException("too many statements wait");
        }
        own.add(ticket);
        waitingCount++;
        try {
            long start = System.nanoTime();
            while (closed || taken >= size || !isNext(ticket)) {
                if (closed) {
                    throw new RejectedExecutionException("no more statements are run");
                }
                if (gone.getAsBoolean()) {
                    throw new CancellationException("nobody waits for the statement");
                }
                if (System.nanoTime() - start > PATIENCE_NANOS) {
                    throw new RejectedExecutionException("other statements take too long");
                }
                wait(WAIT_MILLIS);
            }
            taken++;
            return idle.pollLast();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the thread was interrupted");
        } finally {
            leave(caller, own, ticket);
        }
    }

    private boolean isNext(Object ticket) {
        Iterator<Deque<Object>> callers = waiting.values().iterator();
        return callers.hasNext() && callers.next().peekFirst() == ticket;
    }

    private void leave(String caller, Deque<Object> own, Object ticket) {
        boolean served = own.peekFirst() == ticket;
        own.remove(ticket);
        waitingCount--;
        if (served) {
            // It is the others' turn.
            waiting.remove(caller);
        }
        if (own.isEmpty()) {
            waiting.remove(caller);
        } else if (served) {
            waiting.put(caller, own);
        }
        notifyAll();
    }

    /** Gives a process back, or only the place of one that there is no more. */
    void giveBack(@Nullable WorkerProcess worker) {
        WorkerProcess good = worker != null && worker.isReusable() ? worker : null;
        WorkerProcess bad = good == null ? worker : null;
        boolean replace;
        synchronized (this) {
            taken--;
            replace = bad != null && !closed;
            if (good != null && closed) {
                bad = good;
            } else if (good != null) {
                idle.addLast(good);
            }
            notifyAll();
        }
        if (bad != null) {
            forget(bad);
        }
        if (replace) {
            inBackground(this::startIdle);
        }
    }

    private void watch() {
        while (true) {
            WorkerProcess[] all;
            synchronized (this) {
                if (closed && workers.isEmpty()) {
                    return;
                }
                all = workers.toArray(WorkerProcess[]::new);
            }
            long now = System.nanoTime();
            for (WorkerProcess worker : all) {
                worker.watch(now);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(WATCH_MILLIS);
            } catch (InterruptedException e) {
                // It ends with the pool.
            }
        }
    }

    /** Ends all processes, whatever they do, and refuses statements. */
    @Override
    public void close() {
        WorkerProcess[] all;
        synchronized (this) {
            closed = true;
            all = workers.toArray(WorkerProcess[]::new);
            notifyAll();
        }
        for (WorkerProcess worker : all) {
            forget(worker);
        }
    }
}
