package org.arrownpz.flight;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.SafeText;
import org.arrownpz.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;

/**
 * Takes a stream that a client puts: written to a hidden file, opened and verified with checksums, and only then given
 * its name. A put that fails, is cancelled or loses a race leaves nothing.
 */
final class Reception {
    private final Shelf shelf;
    private final BufferAllocator allocator;
    private final ServerOptions options;

    Reception(Shelf shelf, BufferAllocator allocator, ServerOptions options) {
        this.shelf = shelf;
        this.allocator = allocator;
        this.options = options;
    }

    void receive(PutCommand command, FlightStream stream) throws IOException {
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
        Path hidden = target.resolveSibling("." + name + "." + UUID.randomUUID() + ".npz");
        try {
            try (ArrowReader reader = new StreamReader(stream, allocator)) {
                Frames.write(reader, hidden, WriteOptions.defaults());
            }
            verify(hidden);
            place(hidden, target, command.overwrite(), name);
        } finally {
            Files.deleteIfExists(hidden);
        }
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
    private static final class StreamReader extends ArrowReader {
        private final FlightStream stream;

        StreamReader(FlightStream stream, BufferAllocator allocator) {
            super(allocator);
            this.stream = stream;
        }

        @Override
        public VectorSchemaRoot getVectorSchemaRoot() {
            return stream.getRoot();
        }

        @Override
        public boolean loadNextBatch() {
            return stream.next();
        }

        @Override
        public Map<Long, Dictionary> getDictionaryVectors() {
            Map<Long, Dictionary> dictionaries = new TreeMap<>();
            getDictionaryIds().forEach(id -> dictionaries.put(id, lookup(id)));
            return dictionaries;
        }

        @Override
        public Dictionary lookup(long id) {
            return stream.getDictionaryProvider().lookup(id);
        }

        @Override
        public Set<Long> getDictionaryIds() {
            return stream.getDictionaryProvider().getDictionaryIds();
        }

        @Override
        protected Schema readSchema() {
            return stream.getSchema();
        }

        @Override
        public long bytesRead() {
            return 0;
        }

        @Override
        public void close() {
            // Flight closes the stream.
        }

        @Override
        public void close(boolean closeReadChannel) {
            close();
        }

        @Override
        protected void closeReadSource() {
            close();
        }
    }
}
