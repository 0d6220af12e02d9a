package org.arrownpz.sql.internal.worker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.NpzException;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcFile;
import org.arrownpz.ipc.cdata.BatchReader;
import org.arrownpz.support.Rollback;
import org.jspecify.annotations.Nullable;

/** The rows that a process sends. What is not read when it is closed is given up, with the statement. */
final class WorkerReader extends BatchReader.Owned {
    private final Body body;

    private WorkerReader(IpcFile stream, Body body, BufferAllocator allocator, Runnable done) {
        super(allocator, stream.reader(), () -> {
            try (AutoCloseable last = () -> end(body, done)) {
                stream.close();
            }
        });
        this.body = body;
    }

    /** @param done called once the statement is over */
    static WorkerReader of(WorkerProcess process, BufferAllocator allocator, Runnable done) throws NpzException {
        Body body = new Body(process);
        try (Rollback undo = Rollback.of(() -> end(body, done))) {
            return undo.commit(new WorkerReader(Ipc.readStream(allocator, body, "the result"), body, allocator, done));
        } catch (NpzException | RuntimeException e) {
            throw body.reason(e);
        }
    }

    private static void end(Body body, Runnable done) {
        try {
            body.drain();
        } finally {
            done.run();
        }
    }

    @Override
    public boolean loadNextBatch() throws IOException {
        try {
            if (super.loadNextBatch()) {
                return true;
            }
            // A failure may come in place of the end.
            body.requireEnd();
            return false;
        } catch (IOException | RuntimeException e) {
            throw body.reason(e);
        }
    }

    /** The bytes of the stream. */
    private static final class Body implements ReadableByteChannel {
        private static final int PART = 1 << 16;

        private final WorkerProcess process;
        private int left;
        private boolean ended;
        private @Nullable Exception failure;

        private Body(WorkerProcess process) {
            this.process = process;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            try {
                while (left == 0) {
                    if (ended || !nextPart()) {
                        return -1;
                    }
                }
                int limit = target.limit();
                target.limit(target.position() + Math.min(left, target.remaining()));
                int count = process.read(target);
                target.limit(limit);
                left -= count;
                return count;
            } catch (NpzException | RuntimeException e) {
                ended = true;
                failure = e;
                throw new IOException(e);
            }
        }

        private boolean nextPart() throws NpzException {
            Pipe.Head head = process.next();
            ended = head.kind() != Pipe.DATA;
            left = ended ? 0 : head.length();
            return !ended;
        }

        void requireEnd() throws IOException {
            if (read(ByteBuffer.allocate(1)) >= 0) {
                throw new IOException("bytes after the end of the rows");
            }
        }

        /** Ends the statement where it is not over, and leaves the process to the next one, or ends it as well. */
        void drain() {
            if (!ended) {
                process.cancel();
            }
            ByteBuffer rest = ByteBuffer.allocate(PART);
            try {
                while (read(rest.clear()) >= 0) {
                    // Nobody wants it.
                }
            } catch (IOException e) {
                // It is over in any case.
            }
        }

        /** The true reason, where it was not the reading. */
        NpzException reason(Exception seen) {
            Exception known = failure == null ? seen : failure;
            if (known instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            return known instanceof NpzException fault
                    ? fault
                    : Failure.internal("the rows of the statement's process are no Arrow stream", known)
                            .build();
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
