package org.arrownpz.sql.internal.worker;

import java.io.Closeable;
import java.io.File;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.jspecify.annotations.Nullable;

/**
 * A process that runs statements, as its parent sees it. Statements are of one thread at a time; {@link #cancel}, {@link
 * #watch} and {@link #close} may be called by others.
 */
final class WorkerProcess implements AutoCloseable {
    /** The memory that the JVM, DuckDB and messages take beside that of a statement. */
    private static final long OVERHEAD = 160L << 20;
    /** Beyond this no interrupt is waited for. */
    private static final long SLACK = 64L << 20;
    /** The memory that a worker used again may hold beyond that at its start. */
    private static final long KEPT = 64L << 20;

    private static final Pattern RESIDENT = Pattern.compile("RssAnon:\\s+(\\d+) kB");
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Process process;
    private final Pipe pipe;
    private final Path directory;
    private final Path memory;
    private final WorkerImage image;
    private final Consumer<String> log;
    private long ownBytes;
    private boolean closed;
    private boolean killed;
    private String why = "memory";

    private String id = "";
    private long number;
    private boolean active;
    private long memoryLimit;
    private long processorLimit;
    /** Time of its processors when the statement was looked at first, or −1. */
    private long processorStart;

    private boolean cancelled;
    /** The bound that was passed, or null. */
    private @Nullable NpzException passed;
    /** When it is killed, as {@link System#nanoTime}; 0 while nothing is wrong. */
    private long killAt;

    private WorkerProcess(
            Process process, Pipe pipe, Path directory, Path memory, WorkerImage image, Consumer<String> log) {
        this.process = process;
        this.pipe = pipe;
        this.directory = directory;
        this.memory = memory;
        this.image = image;
        this.log = log;
    }

    /** The pipe that it writes to, where the system shows it: Java's stream copies bytes twice on their way. */
    private static ReadableByteChannel output(Process process) {
        try {
            return FileChannel.open(Path.of("/proc", Long.toString(process.pid()), "fd", "1"));
        } catch (IOException e) {
            return Channels.newChannel(process.getInputStream());
        }
    }

    private static OutputStream unbuffered(OutputStream buffered) {
        return new FilterOutputStream(buffered) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
                out.flush();
            }
        };
    }

    /**
     * Starts a process, which is of use after {@link #awaitReady}.
     *
     * @param image from which it starts
     * @param log gets one line for each process that ends by itself
     */
    static WorkerProcess start(WorkerImage image, Consumer<String> log) throws IOException {
        Path directory = image.directory();
        Path memory = memory(directory);
        FileChannel shared = Pipe.memory(memory, StandardOpenOption.READ);
        try {
            ProcessBuilder builder = image.process(directory);
            builder.command().add(1, "-D" + WorkerMain.SHARED + "=" + (shared == null ? "" : memory));
            Process process = builder.start();
            Pipe pipe = new Pipe(output(process), Channels.newChannel(unbuffered(process.getOutputStream())), shared);
            WorkerProcess worker = new WorkerProcess(process, pipe, directory, memory, image, log);
            synchronized (worker) {
                worker.killAt = System.nanoTime() + START_NANOS;
            }
            return worker;
        } catch (IOException e) {
            discard(directory, memory, shared);
            throw e;
        }
    }

    /** A file that lies in memory, for this user alone; the process removes its name as soon as it has opened it. */
    private static Path memory(Path directory) {
        try {
            return Files.createTempFile(
                    Path.of("/dev/shm"),
                    "arrow-npz-sql-" + ProcessHandle.current().pid() + "-",
                    "");
        } catch (IOException e) {
            return directory.resolve("none");
        }
    }

    private static void discard(Path directory, Path memory, @Nullable Closeable pipe) {
        try (pipe) {
            memory.toFile().delete();
            delete(directory);
        } catch (IOException e) {
            // Its pipes are gone, as it is.
        }
    }

    /** Waits until it can be used. */
    void awaitReady() throws IOException {
        try {
            Pipe.Head head = pipe.next();
            if (head.kind() != Pipe.READY) {
                throw new IOException("a process of another kind");
            }
        } catch (IOException e) {
            close();
            throw new IOException("a process for statements does not start, with exit code " + exitCode(), e);
        }
        synchronized (this) {
            killAt = 0;
        }
        ownBytes = Math.max(0, resident());
        image.keep(directory);
    }

    private int exitCode() {
        return process.isAlive() ? -1 : process.exitValue();
    }

    /**
     * Starts a statement.
     *
     * @param statement by which messages call it
     */
    void begin(String statement, Request request) throws NpzException {
        byte[] bytes = request.bytes();
        synchronized (this) {
            number = request.number();
            id = statement;
            active = true;
            memoryLimit = request.workspace().memoryLimit();
            processorLimit = request.workspace().processorLimit();
            processorStart = -1;
            passed = null;
        }
        try {
            pipe.write(Pipe.RUN, bytes);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** The next message of the statement that runs; its end and its failure are one. */
    Pipe.Head next() throws NpzException {
        Pipe.Head head;
        byte[] failure;
        try {
            head = pipe.next();
            failure = head.kind() == Pipe.FAILED ? pipe.body(head) : new byte[0];
        } catch (IOException e) {
            throw failed(e);
        }
        if (head.kind() == Pipe.END) {
            over(null);
        } else if (head.kind() == Pipe.FAILED) {
            throw thrown(over(Failure.of(failure, id)));
        }
        return head;
    }

    byte[] body(Pipe.Head head) throws NpzException {
        try {
            return pipe.body(head);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    int read(ByteBuffer target) throws NpzException {
        try {
            return pipe.read(target);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** The statement is over; gives why, which is what it was ended for from here, if it was. */
    private synchronized @Nullable Exception over(@Nullable Exception other) {
        Exception reason = other;
        if (passed != null) {
            reason = passed;
        } else if (cancelled) {
            reason = new CancellationException("the query was cancelled");
        }
        active = false;
        cancelled = false;
        killAt = 0;
        return reason;
    }

    /** Ends the statement that runs, if one does: by an interrupt, and with its process where that does not help. */
    synchronized void cancel() {
        if (active) {
            cancelled = true;
            interrupt();
        }
    }

    private void interrupt() {
        if (killAt != 0) {
            return;
        }
        killAt = System.nanoTime() + PATIENCE_NANOS;
        // On a thread of its own: a process that does not listen must not stop who ends it.
        byte[] statement = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
        Thread teller = new Thread(() -> tell(statement), "arrow-npz-interrupt");
        teller.setDaemon(true);
        teller.start();
    }

    private void tell(byte[] statement) {
        try {
            pipe.write(Pipe.CANCEL, statement);
        } catch (IOException e) {
            // It has ended.
        }
    }

    /** Looks whether what runs passes its bounds; to be called every few milliseconds. */
    void watch(long now) {
        boolean hasMemory;
        boolean hasProcessor;
        synchronized (this) {
            if (killAt != 0 && now - killAt >= 0) {
                kill();
                return;
            }
            hasMemory = active && memoryLimit > 0;
            hasProcessor = active && processorLimit > 0;
        }
        long resident = hasMemory ? resident() : 0;
        long processor = hasProcessor ? processorNanos() : 0;
        synchronized (this) {
            if (!active) {
                return;
            }
            processorStart = processorStart < 0 ? processor : processorStart;
            if (memoryLimit > 0 && resident - OVERHEAD > memoryLimit) {
                pass(
                        "the statement needs more memory than it may take",
                        memoryLimit + " bytes",
                        resident + " bytes in its process, of which " + ownBytes + " are its own");
                if (resident - OVERHEAD - SLACK > memoryLimit) {
                    kill();
                }
            } else if (processorLimit > 0 && processor - processorStart > processorLimit) {
                pass(
                        "the statement needs more time of processors than it may take",
                        TimeUnit.NANOSECONDS.toMillis(processorLimit) + " ms",
                        TimeUnit.NANOSECONDS.toMillis(processor - processorStart) + " ms");
            }
        }
    }

    /** Kills the process, which is alive for a while more; an answer that was on its way may still come. */
    private void kill() {
        killed = true;
        why = !active ? "crash" : passed == null ? "cancel" : "limit";
        process.destroyForcibly();
    }

    /** Notes the bound that was passed first, and ends the statement. */
    private void pass(String problem, String allowed, String taken) {
        if (passed == null) {
            passed = NpzException.of(ErrorCode.LIMIT, problem)
                    .expected("at most " + allowed)
                    .found(taken)
                    .remedy("Give it a higher limit, or let it sort, group or join less")
                    .build();
        }
        interrupt();
    }

    /** Time of its processors, all together; 0 where the system does not tell. */
    private long processorNanos() {
        return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
    }

    /** Memory of its own that is in use, without mapped files; −1 where the system does not tell. */
    long resident() {
        try {
            Path status = Path.of("/proc", Long.toString(process.pid()), "status");
            Matcher found = RESIDENT.matcher(Files.readString(status));
            if (found.find()) {
                return Long.parseLong(found.group(1)) << 10;
            }
        } catch (IOException | NumberFormatException e) {
            // Not on Linux, or it has ended.
        }
        return -1;
    }

    /** Whether the next statement may run here. */
    boolean isReusable() {
        synchronized (this) {
            if (closed || killed || active || !process.isAlive()) {
                return false;
            }
        }
        return resident() - ownBytes <= KEPT;
    }

    /** The meaning of the end of the process, or of other trouble with it. */
    private NpzException failed(IOException cause) {
        if (cause instanceof ClosedByInterruptException) {
            cancel();
        }
        end();
        Exception reason = over(null);
        synchronized (this) {
            why = reason == null ? "crash" : reason instanceof NpzException ? "limit" : "cancel";
        }
        if (reason == null) {
            int code = exitCode();
            log.accept("statement " + id + " ended its process " + process.pid() + ", exit code " + code);
            reason = Failure.internal("statement " + id + " ended its process", cause)
                    .found("exit code " + code)
                    .remedy("All other statements go on")
                    .build();
        }
        return thrown(reason);
    }

    private static NpzException thrown(@Nullable Exception reason) {
        if (reason instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        return (NpzException) Objects.requireNonNull(reason);
    }

    /** The reason for which it is used no more; one that has a process still holds too much memory. */
    synchronized String reason() {
        return !process.isAlive() && why.equals("memory") ? "crash" : active ? "cancel" : why;
    }

    /** Ends the process, and waits for its end. A statement that runs is cancelled. */
    @Override
    public void close() {
        synchronized (this) {
            cancelled |= active;
        }
        end();
    }

    private void end() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        discard(directory, memory, pipe);
    }

    /** Deletes a directory of files. */
    static void delete(Path directory) {
        clear(directory.toFile());
        directory.toFile().delete();
    }

    /** Deletes the files of a directory. */
    static void clear(File directory) {
        File[] files = directory.listFiles();
        for (File file : files == null ? new File[0] : files) {
            file.delete();
        }
    }
}
