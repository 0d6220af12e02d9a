package org.arrownpz.flight;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.array.Npz;
import org.arrownpz.flight.internal.FlightFaults;
import org.arrownpz.flight.internal.KnownFiles;
import org.arrownpz.flight.internal.access.Caller;
import org.arrownpz.flight.internal.access.Shares;
import org.arrownpz.flight.internal.web.Holdings;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.ipc.Tables;
import org.arrownpz.ipc.cdata.BatchReader;
import org.jspecify.annotations.Nullable;

/** The files and queries of a server for its HTTP. Names are those of SQL's tables, after their folders. */
record WebStore(
        ServedDirectory served,
        KnownFiles known,
        BufferAllocator allocator,
        ServerOptions options,
        Queries queries,
        PutReceiver receiver,
        Shares shares,
        BooleanSupplier ending,
        Supplier<Duration> stall,
        Supplier<String> told)
        implements Holdings {
    @Override
    public List<Listed> files(Caller caller) {
        return served.list(caller).stream()
                .map(file -> new Listed(file.name(), file.seen()))
                .sorted(Comparator.comparing(Listed::name))
                .toList();
    }

    @Override
    public List<KnownFiles.@Nullable Facts> facts(List<Listed> files) {
        return known.facts(files.stream().map(Listed::seen).toList(), () -> false);
    }

    @Override
    public @Nullable Path file(String name, Caller caller) {
        return served.find(name, caller);
    }

    @Override
    public ArrowReader rows(Path file, List<String> columns, long offset, long limit) throws IOException {
        NpzTicket wanted = new NpzTicket("table", columns, offset, limit);
        return reader(Batches.of(file, wanted, options.limits(), allocator, true));
    }

    /** Sends a file nowhere, so that the first client does not wait until the classes on its way are loaded. */
    void warm(int port) {
        try (BufferAllocator own = new RootAllocator();
                Socket first = new Socket(options.host(), port)) {
            // A request without a host is refused before anybody counts it.
            first.setSoTimeout(5000);
            first.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            first.getInputStream().readAllBytes();
            Path file = Files.createTempFile("arrow-npz-http", ".npz");
            try {
                Npz.save(file, Map.of("flag", new boolean[1], "text", new String[] {"a"}));
                WebStore store =
                        new WebStore(served, known, own, options, queries, receiver, shares, ending, stall, told);
                try (ArrowReader rows = store.rows(file, List.of(), 0, -1)) {
                    Ipc.writeStream(rows, OutputStream.nullOutputStream(), IpcOptions.defaults());
                }
            } finally {
                Files.delete(file);
            }
        } catch (IOException | RuntimeException e) {
            // The first client meets it.
        }
    }

    @Override
    public List<String> columns(Path file) throws IOException {
        try (ArrowReader reader = Tables.open(allocator, file)) {
            return reader.getVectorSchemaRoot().getSchema().getFields().stream()
                    .map(Field::getName)
                    .toList();
        }
    }

    @Override
    public boolean answersSql() {
        return options.sql();
    }

    @Override
    public ArrowReader query(Statement statement, Caller caller, BooleanSupplier gone, Consumer<Runnable> canceller)
            throws IOException {
        return reader(queries.run(
                statement.id(),
                caller,
                statement.sql(),
                statement.parameters(),
                false,
                () -> ending.getAsBoolean() || gone.getAsBoolean(),
                canceller));
    }

    @Override
    public Runnable take(Caller caller) {
        return shares.take(Shares.Kind.STREAM, caller.name());
    }

    @Override
    public boolean cancel(UUID id) {
        return queries.cancel(id);
    }

    @Override
    public void put(String name, boolean overwrite, long rows, Body body, Caller caller) throws IOException {
        NpzProducer.requireWriter(options, caller);
        shares.take(Shares.Kind.PUT, caller.name());
        receiver.receive(new PutCommand(name, overwrite, rows, true), body, body::isWhole, caller);
    }

    @Override
    public boolean givesUp(long nanos) {
        return ending.getAsBoolean() || nanos > stall.get().toNanos();
    }

    @Override
    public String metrics() {
        return told.get();
    }

    /** Batches as others read them. */
    private ArrowReader reader(Batches batches) {
        return new BatchReader(allocator) {
            @Override
            public VectorSchemaRoot getVectorSchemaRoot() {
                return batches.root();
            }

            @Override
            protected DictionaryProvider dictionaries() {
                return batches.dictionaries();
            }

            @Override
            public boolean loadNextBatch() throws IOException {
                if (ending.getAsBoolean()) {
                    throw FlightFaults.of(CallStatus.UNAVAILABLE, "the server shuts down");
                }
                return batches.next();
            }

            @Override
            public void close() throws IOException {
                batches.close();
            }
        };
    }
}
