package org.arrownpz.flight;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.SafeText;
import org.arrownpz.WriteOptions;
import org.arrownpz.flight.internal.FlightFaults;
import org.arrownpz.flight.internal.KnownFiles;
import org.arrownpz.flight.internal.access.Caller;
import org.arrownpz.flight.internal.access.Shares;
import org.arrownpz.flight.internal.put.PutLease;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcFile;
import org.jspecify.annotations.Nullable;

/**
 * Takes a stream that a client puts: written to a hidden file, opened and verified with checksums, and only then given
 * its name. A put that fails, is cancelled or loses a race leaves nothing.
 */
record PutReceiver(
        ServedDirectory served, BufferAllocator allocator, PutLease lease, ServerLimits limits, Shares shares) {
    /**
     * Receives a file.
     *
     * @param messages an Arrow IPC stream
     * @param closed whether it has come to its closing mark
     * @param caller whose share of bytes it takes
     */
    void receive(PutCommand command, ReadableByteChannel messages, BooleanSupplier closed, Caller caller)
            throws IOException {
        String name = command.name();
        Path target = served.target(name);
        requirePlace(target, command);
        Path hidden = lease.hidden(name);
        try (Bounded bounded = new Bounded(messages, room(target), shares, caller.name())) {
            write(bounded, name, hidden);
            verify(command, closed.getAsBoolean(), hidden);
            synchronized (served) {
                // Another put may have taken it, by this name or by one that differs in case.
                requirePlace(target, command);
                if (Files.size(hidden) > room(target)) {
                    throw full();
                }
                place(hidden, target, command.overwrite(), name);
            }
            flush(name);
        } finally {
            Files.deleteIfExists(hidden);
        }
    }

    /** The bytes that a file of that name may have, with all others. */
    private long room(Path target) {
        if (limits.putBytes() == Long.MAX_VALUE && limits.putFiles() == Integer.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        long bytes = 0;
        int files = 1;
        for (Map.Entry<String, KnownFiles.Seen> file : served.files().entrySet()) {
            if (!target.endsWith(file.getKey())) {
                bytes += file.getValue().state().size();
                files++;
            }
        }
        if (files > limits.putFiles()) {
            throw FlightFaults.of(
                    CallStatus.RESOURCE_EXHAUSTED,
                    "LIMIT: this server takes " + limits.putFiles() + " files, and has as many");
        }
        return Math.max(0, limits.putBytes() - bytes);
    }

    private static FlightRuntimeException full() {
        return FlightFaults.of(
                CallStatus.RESOURCE_EXHAUSTED,
                "LIMIT: with this put the files have more bytes than this server takes; nothing is kept of it");
    }

    /** Ends where more comes than finds room. Compressed batches may still become longer in the file. */
    private static final class Bounded implements ReadableByteChannel {
        /** The bytes that a stream may have beside those of its file. */
        private static final long SLACK = 1 << 20;

        private final ReadableByteChannel stream;
        private final Shares shares;
        private final String caller;
        private long taken;
        private long left;
        private @Nullable FlightRuntimeException refusal;

        private Bounded(ReadableByteChannel stream, long room, Shares shares, String caller) {
            this.stream = stream;
            this.shares = shares;
            this.caller = caller;
            this.left = room > Long.MAX_VALUE - SLACK ? Long.MAX_VALUE : room + SLACK;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            int count = stream.read(target);
            if (count > 0) {
                left -= count;
                try {
                    shares.take(Shares.Kind.BYTES, caller, count);
                    taken += count;
                } catch (FlightRuntimeException e) {
                    refusal = e;
                }
            }
            if (left < 0 || refusal != null) {
                throw new IOException("the put finds no room");
            }
            return count;
        }

        @Override
        public boolean isOpen() {
            return stream.isOpen();
        }

        @Override
        public void close() throws IOException {
            shares.give(Shares.Kind.BYTES, caller, taken);
            taken = 0;
            stream.close();
        }
    }

    private void write(Bounded messages, String name, Path hidden) throws IOException {
        try (IpcFile stream = Ipc.readStream(allocator, messages, name)) {
            Frames.write(stream.reader(), hidden, WriteOptions.defaults());
        } catch (NpzException e) {
            if (messages.refusal != null) {
                throw messages.refusal;
            }
            if (messages.left < 0) {
                throw full();
            }
            switch (e.code()) {
                case LIMIT, IO, FILE_CHANGED -> throw e;
                // What the client sent is at fault.
                default ->
                    throw FlightFaults.of(
                            CallStatus.INVALID_ARGUMENT, e.code() + ": " + SafeText.escape(e.problem(), 300));
            }
        }
    }

    private void verify(PutCommand command, boolean closed, Path hidden) throws NpzException {
        if (command.closing() && !closed) {
            throw incomplete("the put ended without its closing mark");
        }
        try (Frame frame = Frames.open(allocator, hidden, ReadOptions.defaults().withVerify(Verify.CRC))) {
            frame.root();
            if (command.rows() >= 0 && command.rows() != frame.rowCount()) {
                throw incomplete("the put has " + frame.rowCount() + " rows, and its command says " + command.rows());
            }
        }
    }

    private static FlightRuntimeException incomplete(String problem) {
        return FlightFaults.of(CallStatus.INVALID_ARGUMENT, problem + "; nothing is kept of it");
    }

    private void requirePlace(Path target, PutCommand command) {
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            served.requireOwnName(command.name());
        } else if (!command.overwrite()) {
            throw exists(command.name());
        }
    }

    private static void place(Path hidden, Path target, boolean overwrite, String name) throws IOException {
        if (overwrite) {
            Files.move(hidden, target, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        try {
            // A hard link fails where a rename would replace what another server put meanwhile.
            link(hidden, target);
        } catch (FileAlreadyExistsException e) {
            throw exists(name);
        }
    }

    private static void link(Path hidden, Path target) throws IOException {
        try {
            Files.createLink(target, hidden);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (FileSystemException | UnsupportedOperationException e) {
            // There are no links here, or not for this user.
            Files.move(hidden, target);
        }
    }

    /** Makes a file's name last before the client hears that it is there. */
    private void flush(String name) {
        FileChannel folder;
        try {
            folder = FileChannel.open(served.directory(), StandardOpenOption.READ);
        } catch (IOException | UnsupportedOperationException e) {
            // The platform opens no directories, which is no fault.
            return;
        }
        try (folder) {
            folder.force(true);
        } catch (IOException e) {
            throw FlightFaults.of(
                    CallStatus.UNAVAILABLE,
                    SafeText.quote(name) + " is written and in place, but a power failure may still undo it",
                    e);
        }
    }

    private static FlightRuntimeException exists(String name) {
        return FlightFaults.of(
                CallStatus.ALREADY_EXISTS,
                SafeText.quote(name) + " exists; put it with a command that says \"overwrite\":true");
    }
}
