package org.arrownpz.flight;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.internal.text.SafeText;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcFile;

/**
 * Takes a stream that a client puts: written to a hidden file, opened and verified with checksums, and only then given
 * its name. A put that fails, is cancelled or loses a race leaves nothing.
 */
record PutReceiver(ServedDirectory served, BufferAllocator allocator, ServerOptions options) {
    /** Process and a random name; also of the temporary file from which the writer renames it. */
    private static final Pattern HIDDEN = Pattern.compile(
            "\\.{1,2}.+\\.([0-9]{1,18})-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.npz(?:\\..*\\.arrownpz-tmp)?",
            Pattern.DOTALL);

    private static final Set<String> LIVE = ConcurrentHashMap.newKeySet();

    /** Receives a file. */
    void receive(PutCommand command, PutMessages messages) throws IOException {
        if (!options.writable()) {
            throw FlightFaults.of(CallStatus.UNAUTHORIZED, "this server is read-only");
        }
        String name = command.name();
        Path target = served.target(name);
        if (!command.overwrite() && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw exists(name);
        }
        String process = ProcessHandle.current().pid() + "-" + UUID.randomUUID();
        Path hidden = target.resolveSibling("." + name + "." + process + ".npz");
        LIVE.add(hidden.toString());
        try {
            write(messages, name, hidden);
            verify(hidden);
            place(hidden, target, command.overwrite(), name);
        } finally {
            Files.deleteIfExists(hidden);
            LIVE.remove(hidden.toString());
        }
    }

    private void write(PutMessages messages, String name, Path hidden) throws IOException {
        try (IpcFile stream = Ipc.readStream(allocator, messages, name)) {
            Frames.write(stream.reader(), hidden, WriteOptions.defaults());
        } catch (NpzException e) {
            switch (e.code()) {
                case LIMIT, IO, FILE_CHANGED -> throw e;
                // What the client sent is at fault.
                default ->
                    throw FlightFaults.of(
                            CallStatus.INVALID_ARGUMENT, e.code() + ": " + SafeText.escape(e.problem(), 300));
            }
        }
    }

    /** Deletes what servers left behind that were killed in the middle of a put. */
    static void sweep(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, ".*")) {
            for (Path file : files) {
                Matcher matcher = HIDDEN.matcher(String.valueOf(file.getFileName()));
                if (matcher.matches() && !isLive(file, Long.parseLong(matcher.group(1)))) {
                    delete(file);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /** Deletes a file, or a directory of batches that waited for the last one. */
    private static void delete(Path hidden) throws IOException {
        if (Files.isDirectory(hidden, LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> batches = Files.newDirectoryStream(hidden)) {
                for (Path batch : batches) {
                    Files.deleteIfExists(batch);
                }
                Files.deleteIfExists(hidden);
            } catch (DirectoryNotEmptyException e) {
                // No writer of ours makes directories in there.
            }
        } else if (Files.isRegularFile(hidden, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(hidden);
        }
    }

    private static boolean isLive(Path file, long process) {
        if (process != ProcessHandle.current().pid()) {
            return ProcessHandle.of(process).isPresent();
        }
        String text = file.toString();
        return LIVE.stream().anyMatch(live -> text.equals(live) || isTemporaryOf(file, Path.of(live)));
    }

    private static boolean isTemporaryOf(Path file, Path live) {
        return String.valueOf(file.getFileName()).startsWith("." + live.getFileName() + ".");
    }

    private void verify(Path hidden) throws NpzException {
        try (Frame frame = Frames.open(allocator, hidden, ReadOptions.defaults().withVerify(Verify.CRC))) {
            frame.root();
        }
    }

    private static void place(Path hidden, Path target, boolean overwrite, String name) throws IOException {
        if (overwrite) {
            Files.move(hidden, target, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        try {
            // A hard link fails where a rename would replace what came meanwhile.
            Files.createLink(target, hidden);
        } catch (FileAlreadyExistsException e) {
            throw exists(name);
        } catch (UnsupportedOperationException e) {
            Files.move(hidden, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static FlightRuntimeException exists(String name) {
        return FlightFaults.of(
                CallStatus.ALREADY_EXISTS,
                SafeText.quote(name) + " exists; put it with a command that says \"overwrite\":true");
    }
}
