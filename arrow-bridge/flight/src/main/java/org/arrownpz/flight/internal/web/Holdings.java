package org.arrownpz.flight.internal.web;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.flight.internal.KnownFiles;
import org.arrownpz.flight.internal.access.Caller;
import org.jspecify.annotations.Nullable;

/** The content and the rules of a server, which HTTP shares with Flight. Safe for use by several threads. */
public interface Holdings {
    /** The files that the caller may read, each by its shortest name, sorted. */
    List<Listed> files(Caller caller);

    /** A file of a list. */
    record Listed(String name, KnownFiles.Seen seen) {}

    /** The facts on each file, which need not be read again for them; null where one cannot be read. */
    List<KnownFiles.@Nullable Facts> facts(List<Listed> files);

    /** The file of a name, or null where the caller may read none of that name. */
    @Nullable
    Path file(String name, Caller caller);

    /**
     * Rows and columns of a file. The caller closes the reader.
     *
     * @param columns their names, index levels included, in the order wanted; empty for all
     * @param limit the number of rows at most, or −1 for all
     * @throws IllegalArgumentException for unknown columns
     */
    ArrowReader rows(Path file, List<String> columns, long offset, long limit) throws IOException;

    /** The names of a table's columns, index levels first. */
    List<String> columns(Path file) throws IOException;

    /** Whether it answers SQL. */
    boolean answersSql();

    /** A statement of SQL. */
    record Statement(UUID id, String sql, List<@Nullable Object> parameters) {}

    /**
     * The result of a statement. The caller closes the reader.
     *
     * @param gone whether nobody waits for the result any more
     * @param canceller gets what ends the statement, to be called from any thread
     */
    ArrowReader query(Statement statement, Caller caller, BooleanSupplier gone, Consumer<Runnable> canceller)
            throws IOException;

    /** Ends a statement; false when it does not run. */
    boolean cancel(UUID id);

    /** Receives a file. */
    void put(String name, boolean overwrite, long rows, Body body, Caller caller) throws IOException;

    /** An Arrow IPC stream that comes from a client. */
    interface Body extends ReadableByteChannel {
        /** Whether the stream has come to its end mark. */
        boolean isWhole();
    }

    /** The memory of the server. */
    BufferAllocator allocator();

    /**
     * Takes one of the caller's share of streams.
     *
     * @return what gives it back
     * @throws org.apache.arrow.flight.FlightRuntimeException when the caller has all of it
     */
    Runnable take(Caller caller);

    /** Whether to give up a client that has taken nothing for so long: at once when the server ends, soon when it is full. */
    boolean givesUp(long nanos);

    /** The text of the metrics. */
    String metrics();
}
