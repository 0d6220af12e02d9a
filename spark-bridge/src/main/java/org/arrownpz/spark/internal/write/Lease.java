package org.arrownpz.spark.internal.write;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.arrownpz.spark.internal.Log;
import org.arrownpz.spark.internal.storage.Storage;
import org.arrownpz.spark.internal.storage.Storage.Entry;

/**
 * Holds a write's hidden directory while its driver lives: a file in it that the driver writes again each minute. Where
 * that ends, as when a driver is killed, a later write of the same table removes the directory.
 *
 * <p>A lease has ended {@link #TERM} after it was last renewed, by the storage's own clock, which dates both leases. On
 * the host that made it, it also lasts as long as its process does, so that one that was asleep finds its files. A
 * driver elsewhere that was stopped for longer finds them gone: its commit fails, and changes nothing. Directories
 * without a lease are left alone, unless they are as old and empty.
 */
final class Lease implements AutoCloseable {
    static final String STAGING = "_temporary-";
    static final String NAME = "_lease";
    /** The time that HDFS grants a writer that is not heard of. */
    static final Duration TERM = Duration.ofMinutes(20);

    private static final Duration RENEWAL = Duration.ofMinutes(1);
    private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "arrow-npz leases");
        thread.setDaemon(true);
        return thread;
    });

    private final Storage storage;
    private final URI file;
    private final byte[] holder;
    private final ScheduledFuture<?> renewal;
    private boolean ended;

    private Lease(Storage storage, URI file, byte[] holder) {
        this.storage = storage;
        this.file = file;
        this.holder = holder;
        this.renewal =
                CLOCK.scheduleWithFixedDelay(this::renew, RENEWAL.toSeconds(), RENEWAL.toSeconds(), TimeUnit.SECONDS);
    }

    /**
     * Makes the hidden directory and takes it.
     *
     * @param application whose it is, for those who look
     */
    static Lease take(Storage storage, URI staging, String application) throws IOException {
        storage.makeDirectories(staging);
        URI file = storage.child(staging, NAME);
        byte[] holder = holder(application).getBytes(StandardCharsets.UTF_8);
        storage.write(file, holder);
        return new Lease(storage, file, holder);
    }

    private static String holder(String application) {
        ProcessHandle self = ProcessHandle.current();
        return String.join("\n", host(), "" + self.pid(), start(self), application) + "\n";
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (IOException e) {
            return "";
        }
    }

    private static String start(ProcessHandle process) {
        return process.info().startInstant().map(Object::toString).orElse("");
    }

    synchronized void renew() {
        if (ended) {
            return;
        }
        try {
            storage.write(file, holder);
        } catch (IOException | RuntimeException e) {
            Log.LOG.warn("the lease {} could not be renewed", file, e);
        }
    }

    /** Ends the lease, and not in the middle of a renewal, which would make its directory again. */
    @Override
    public void close() {
        renewal.cancel(false);
        synchronized (this) {
            ended = true;
        }
    }

    /** Removes what writes have left in a table's directory that no driver holds any more. */
    static void removeEnded(Storage storage, URI table, URI own) {
        try {
            OptionalLong now = modified(storage, own);
            if (now.isEmpty()) {
                // Without a clock nothing is known of the others.
                return;
            }
            for (Entry entry : storage.list(table)) {
                if (entry.directory()
                        && entry.name().startsWith(STAGING)
                        && !entry.uri().equals(own)
                        && hasEnded(storage, entry, now.getAsLong())) {
                    Log.LOG.info("removed, left by a write that has ended: {}", entry.uri());
                    storage.delete(entry.uri());
                }
            }
        } catch (IOException | RuntimeException e) {
            // It is another write's: this one goes on.
            Log.LOG.warn("what ended writes left in {} could not be removed", table, e);
        }
    }

    private static OptionalLong modified(Storage storage, URI staging) throws IOException {
        return storage.list(staging).stream()
                .filter(entry -> entry.name().equals(NAME))
                .mapToLong(Entry::modified)
                .max();
    }

    private static boolean hasEnded(Storage storage, Entry staging, long now) throws IOException {
        if (staging.name().endsWith(Storage.REMOVED)) {
            return true;
        }
        List<Entry> content = storage.list(staging.uri());
        Optional<Entry> lease =
                content.stream().filter(entry -> entry.name().equals(NAME)).findFirst();
        long renewed = lease.map(Entry::modified).orElse(staging.modified());
        if (now - TERM.toMillis() <= renewed) {
            return false;
        }
        return lease.isPresent()
                ? !isAlive(new String(storage.read(lease.get().uri()), StandardCharsets.UTF_8))
                : content.isEmpty();
    }

    /** Whether the process is on this host and alive. Of other hosts nothing is known. */
    private static boolean isAlive(String holder) {
        String[] lines = holder.split("\n", -1);
        return lines.length > 2
                && lines[0].equals(host())
                && lines[1].matches("[0-9]{1,18}")
                && ProcessHandle.of(Long.parseLong(lines[1]))
                        .filter(process -> start(process).equals(lines[2]))
                        .isPresent();
    }
}
