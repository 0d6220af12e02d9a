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
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.SafeText;
import org.arrownpz.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.bridge.internal.Faults;
import org.arrownpz.cdata.BatchReader;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;

/**
 * Takes a stream that a client puts: written to a hidden file, opened and verified with checksums, and only then given
 * its name. A put that fails, is cancelled or loses a race leaves nothing.
 */
final class Reception {
    /** Process and a random name; also of the temporary file from which the writer renames it. */
    private static final Pattern HIDDEN = Pattern.compile(
            "\\.{1,2}.+\\.([0-9]{1,18})-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.npz(?:\\..*\\.arrownpz-tmp)?",
            Pattern.DOTALL);

    private static final Set<String> LIVE = ConcurrentHashMap.newKeySet();

    private final Shelf shelf;
    private final BufferAllocator allocator;
    private final ServerOptions options;

    Reception(Shelf shelf, BufferAllocator allocator, ServerOptions options) {
        this.shelf = shelf;
        this.allocator = allocator;
        this.options = options;
    }

    /**
     * Receives a file.
     *
     * @param vain whether nobody sends any more
     */
    void receive(PutCommand command, FlightStream stream, PutWatch watch, BooleanSupplier vain) throws IOException {
        if (!options.writable()) {
            throw CallStatus.UNAUTHORIZED
                    .withDescription("this server is read-only")
                    .toRuntimeException();
        }
        String name = command.name();
        Path target = shelf.target(name);
        if (!command.overwrite() && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw exists(name);
        }
        String process = ProcessHandle.current().pid() + "-" + UUID.randomUUID();
        Path hidden = target.resolveSibling("." + name + "." + process + ".npz");
        LIVE.add(hidden.toString());
        try {
            try (ArrowReader reader = new StreamReader(stream, watch, vain, allocator)) {
                Frames.write(reader, hidden, WriteOptions.defaults());
            }
            verify(hidden);
            place(hidden, target, command.overwrite(), name);
        } finally {
            Files.deleteIfExists(hidden);
            LIVE.remove(hidden.toString());
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
        return CallStatus.ALREADY_EXISTS
                .withDescription(SafeText.quote(name) + " exists; put it with a command that says \"overwrite\":true")
                .toRuntimeException();
    }

    /** A Flight stream as a reader; the stream stays its owner's. */
    private static final class StreamReader extends BatchReader {
        private final FlightStream stream;
        private final PutWatch watch;
        private final BooleanSupplier vain;

        StreamReader(FlightStream stream, PutWatch watch, BooleanSupplier vain, BufferAllocator allocator) {
            super(allocator);
            this.stream = stream;
            this.watch = watch;
            this.vain = vain;
        }

        @Override
        public VectorSchemaRoot getVectorSchemaRoot() {
            return watch.await(vain, stream::getRoot);
        }

        @Override
        public boolean loadNextBatch() throws NpzException {
            try {
                return watch.await(vain, stream::next);
            } catch (FlightRuntimeException e) {
                throw e;
            } catch (RuntimeException e) {
                if (Faults.isOutOfMemory(e)) {
                    throw Faults.limit(
                            Location.ofFile(null), "for a batch", "Send smaller batches, or give the server more", e);
                }
                throw CallStatus.INVALID_ARGUMENT
                        .withDescription("Arrow Flight for Java cannot receive a batch: it is damaged, or a column"
                                + " is of a type that Arrow Java's vectors lack")
                        .withCause(e)
                        .toRuntimeException();
            }
        }

        @Override
        protected DictionaryProvider dictionaries() {
            return stream.getDictionaryProvider();
        }

        @Override
        public void close() {
            // Flight closes the stream.
        }
    }
}
