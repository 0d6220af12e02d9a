package org.arrownpz.sql.internal.worker;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.sql.internal.Engine;
import org.arrownpz.sql.internal.Runner;
import org.arrownpz.sql.internal.Workspace;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * A process that runs statements, one at a time, for the one that started it, and ends with it: whatever DuckDB is at, when
 * its standard input ends.
 */
public final class WorkerMain {
    /** An argument: it ends once it has started, so that the JVM archives the classes that it loaded. */
    static final String TRAINING = "training";

    /** DuckDB's library, where it is unpacked already. */
    static final String LIBRARY = System.mapLibraryName("duckdb_java");

    /** A property: the file of the memory that is shared with the parent. */
    static final String SHARED = "arrownpz.shared";

    /** DuckDB's parser and planner take depth for what is nested. */
    private static final long STACK_BYTES = 16L << 20;

    private static final int TIDY_ATTEMPTS = 1000;

    private final Pipe pipe;
    private final SynchronousQueue<Request> requests = new SynchronousQueue<>();
    private @Nullable Runner running;
    private long runningNumber;
    /** The number of the statement that is to be ended, which may be over. */
    private long cancelled = -1;

    private WorkerMain(Pipe pipe) {
        this.pipe = pipe;
    }

    public static void main(String[] arguments) {
        // What prints would be read as messages.
        Pipe pipe = new Pipe(
                new FileInputStream(FileDescriptor.in).getChannel(),
                new FileOutputStream(FileDescriptor.out).getChannel(),
                Pipe.memory(
                        Path.of(System.getProperty(SHARED, "")),
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.DELETE_ON_CLOSE));
        System.setOut(System.err);
        // What a terminal tells all processes of a command is for the parent, who ends this one.
        Signal.handle(new Signal("INT"), SignalHandler.SIG_IGN);
        Signal.handle(new Signal("TERM"), SignalHandler.SIG_IGN);
        WorkerMain worker = new WorkerMain(pipe);
        Thread listener = new Thread(worker::listen, "arrow-npz-parent");
        listener.setDaemon(true);
        listener.start();
        boolean training = List.of(arguments).contains(TRAINING);
        new Thread(null, () -> worker.serve(training), "arrow-npz-statements", STACK_BYTES).start();
    }

    private void listen() {
        try {
            while (true) {
                Pipe.Head head = pipe.next();
                byte[] body = pipe.body(head);
                if (head.kind() == Pipe.FREE) {
                    pipe.free();
                } else if (head.kind() == Pipe.RUN) {
                    requests.put(Request.of(body));
                } else {
                    cancel(ByteBuffer.wrap(body).getLong());
                }
            }
        } catch (IOException | RuntimeException e) {
            // The parent is gone, or not the one that it should be.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end(true);
        }
    }

    /**
     * Without waiting for anything: DuckDB may be at something that takes for ever.
     *
     * @param orphaned whether nobody else comes to tidy up
     */
    private static void end(boolean orphaned) {
        File own = new File(System.getProperty("java.io.tmpdir", "."));
        // Again where DuckDB unpacks its library at that moment.
        for (int i = 0; i < TIDY_ATTEMPTS && own.exists(); i++) {
            WorkerProcess.delete(own.toPath());
        }
        // The last one deletes what all start from.
        File home = own.getAbsoluteFile().getParentFile();
        File[] others = home.listFiles(File::isDirectory);
        if (orphaned && others != null && others.length == 0) {
            WorkerProcess.delete(home.toPath());
        }
        Runtime.getRuntime().halt(0);
    }

    /** Deletes the libraries that were unpacked into this process' own directory: they are loaded. */
    private static void deleteUnpacked() {
        WorkerProcess.clear(new File(System.getProperty("java.io.tmpdir", ".")));
    }

    private synchronized void cancel(long number) {
        cancelled = number;
        if (running != null && runningNumber == number) {
            running.cancel();
        }
    }

    private synchronized void begin(Runner runner, long number) {
        running = runner;
        runningNumber = number;
        if (cancelled == number) {
            runner.cancel();
        }
    }

    private void serve(boolean training) {
        try {
            warmUp();
            if (training) {
                System.exit(0);
            }
            while (true) {
                Request request = requests.take();
                byte[] answer;
                byte kind = Pipe.END;
                try {
                    run(request);
                    answer = new byte[0];
                } catch (Throwable e) {
                    kind = Pipe.FAILED;
                    answer = Failure.bytes(e);
                } finally {
                    synchronized (this) {
                        running = null;
                    }
                }
                deleteUnpacked();
                pipe.write(kind, answer);
                Engine.prepare();
            }
        } catch (Throwable e) {
            // The parent sees that it has ended; nobody reads what it would say.
            end(false);
        }
    }

    /** Loads what every statement needs, and says that it is there. */
    private void warmUp() throws Exception {
        String machine = System.getProperty("os.arch", "");
        if (new File(System.getProperty("java.library.path", ""), LIBRARY).exists()) {
            // Of a machine that it does not know DuckDB's driver has no library to unpack, and loads that one.
            System.setProperty("os.arch", "other");
        }
        Engine.prepare();
        System.setProperty("os.arch", machine);
        try (BufferAllocator allocator = new RootAllocator();
                Runner engine = new Engine(allocator, new Workspace());
                ArrowReader rows = engine.query("SELECT 1 AS one, 'x' AS two", List.of());
                SlicedReader slices = new SlicedReader(rows, allocator)) {
            Ipc.writeStream(slices, OutputStream.nullOutputStream(), IpcOptions.defaults());
        }
        Engine.prepare();
        pipe.write(Pipe.READY, new byte[0]);
    }

    private void run(Request request) throws Exception {
        long limit = request.workspace().memoryLimit();
        try (BufferAllocator allocator = new RootAllocator(limit > 0 ? limit : Long.MAX_VALUE);
                Runner engine = new Engine(allocator, request.workspace())) {
            begin(engine, request.number());
            if (request.describes()) {
                Runner.Description known = engine.describe(request.statement(), request.parameters());
                byte[] description = new Values.Writer()
                        .texts(known.parameters())
                        .bytes(known.schema().serializeAsMessage())
                        .bytes();
                pipe.write(Pipe.DESCRIPTION, description);
                return;
            }
            List<?> parameters = request.parameters();
            try (ArrowReader rows = engine.query(request.statement(), parameters == null ? List.of() : parameters);
                    SlicedReader slices = new SlicedReader(rows, allocator)) {
                pipe.write(Pipe.STARTED, new byte[0]);
                Ipc.writeStream(slices, pipe.data(), IpcOptions.defaults());
            }
        }
    }
}
