package org.arrownpz.flight;

import static org.arrownpz.flight.FlightCalls.client;
import static org.arrownpz.flight.FlightCalls.fails;
import static org.arrownpz.flight.FlightCalls.put;
import static org.arrownpz.flight.FlightCalls.read;
import static org.arrownpz.flight.FlightCalls.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.testing.Await;
import org.arrownpz.testing.FaultyFileSystem;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** When and where a put becomes a file, on disks that fail, and what others lose by it: nothing. */
@ExtendWith(LeakCheck.class)
class PutPlacesTest {
    private static final FlightDescriptor SALES = FlightDescriptor.path("sales");

    @TempDir
    Path directory;

    private NpzFlightServer start(BufferAllocator allocator, FaultyFileSystem system) throws Exception {
        return NpzFlightServer.start(allocator, system.path(directory), ServerOptions.defaults());
    }

    private void holdsTheWhole(BufferAllocator allocator) throws Exception {
        try (Frame frame = Frames.open(allocator, directory.resolve("sales.npz"))) {
            assertThat(frame.rowCount()).isEqualTo(10);
        }
    }

    @Test
    @DisplayName("B8: the name is on the disk before the client hears of it")
    void flushesTheFolderBeforeItAcknowledges(BufferAllocator allocator) throws Exception {
        FaultyFileSystem system = new FaultyFileSystem((operation, number) -> false);
        try (NpzFlightServer server = start(allocator, system);
                FlightClient client = client(server, allocator)) {
            put(client, SALES, 5, allocator);
            List<String> operations = system.operations();
            assertThat(operations.subList(operations.indexOf("link"), operations.size()))
                    .startsWith("link", "force");
            put(client, new PutCommand("sales", true).toDescriptor(), 5, allocator);
            operations = system.operations();
            assertThat(operations.subList(operations.lastIndexOf("move"), operations.size()))
                    .startsWith("move", "force");
        }
        holdsTheWhole(allocator);
    }

    @Test
    @DisplayName("B8: a name that may be lost is not acknowledged")
    void failsWhereTheFolderCannotBeFlushed(BufferAllocator allocator) throws Exception {
        boolean[] linked = {false};
        FaultyFileSystem system = new FaultyFileSystem((operation, number) -> {
            linked[0] |= operation.equals("link");
            return linked[0] && operation.equals("force");
        });
        try (ServerLogLines log = new ServerLogLines();
                NpzFlightServer server = start(allocator, system);
                FlightClient client = client(server, allocator)) {
            assertThatThrownBy(() -> put(client, SALES, 5, allocator))
                    .isInstanceOf(FlightRuntimeException.class)
                    .hasMessageContaining("a power failure may still undo it");
            server.close();
            assertThat(log.lines()).singleElement().asString().contains("fault injected into force");
        }
        holdsTheWhole(allocator);
    }

    @Test
    @DisplayName("B8: file systems without hard links")
    void renamesWhereThereAreNoHardLinks(BufferAllocator allocator) throws Exception {
        // As Linux says it for FAT: FileSystemException, "Operation not permitted".
        FaultyFileSystem system = new FaultyFileSystem((operation, number) -> operation.equals("link"));
        try (NpzFlightServer server = start(allocator, system);
                FlightClient client = client(server, allocator)) {
            put(client, SALES, 5, allocator);
            assertThat(system.operations()).containsSubsequence("link", "move", "force");
            fails(FlightStatusCode.ALREADY_EXISTS, () -> put(client, SALES, 6, allocator));
        }
        holdsTheWhole(allocator);
        assertThat(directory).isDirectoryNotContaining("glob:**/.*");
    }

    @Test
    @DisplayName("a put that waits for the disk does not hold up the server's end, and leaves nothing")
    void putsThatWaitForTheDiskDoNotHoldUpTheServersEnd(BufferAllocator allocator) throws Exception {
        CountDownLatch waits = new CountDownLatch(1);
        CountDownLatch disk = new CountDownLatch(1);
        FaultyFileSystem system = new FaultyFileSystem((operation, number) -> {
            if (operation.equals("force")) {
                waits.countDown();
                assertThatCode(disk::await).doesNotThrowAnyException();
            }
            return operation.equals("force");
        });
        try (BufferAllocator own = allocator.newChildAllocator("client", 0, Long.MAX_VALUE);
                NpzFlightServer server = start(allocator, system);
                FlightClient client = client(server, own)) {
            CompletableFuture<Void> put = CompletableFuture.runAsync(
                    () -> assertThatThrownBy(() -> put(client, SALES, 5, own))
                            .isInstanceOf(FlightRuntimeException.class),
                    call -> new Thread(call).start());
            waits.await();
            server.close();
            assertThat(server.isTerminated()).isFalse();
            disk.countDown();
            put.join();
            Await.until(server::isTerminated, () -> "the put ends");
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    @DisplayName("B13: a full disk is told to those who run the server")
    void saysWhyAFileCannotBeWritten(BufferAllocator allocator) throws Exception {
        FaultyFileSystem system = new FaultyFileSystem((operation, number) -> operation.equals("write"));
        try (ServerLogLines log = new ServerLogLines();
                NpzFlightServer server = start(allocator, system);
                FlightClient client = client(server, allocator)) {
            assertThatThrownBy(() -> put(client, SALES, 5, allocator))
                    .isInstanceOfSatisfying(
                            FlightRuntimeException.class,
                            e -> assertThat(e.status().code()).isEqualTo(FlightStatusCode.UNAVAILABLE))
                    .hasMessageContaining("the server's log says why")
                    .hasMessageNotContaining(directory.toString());
            server.close();
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("DoPut ended with UNAVAILABLE: " + directory.toRealPath())
                    .contains("fault injected into write");
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    @DisplayName("B13: also where not even the first file can be made")
    void saysWhyNoFileCanBeMade(BufferAllocator allocator) throws Exception {
        FaultyFileSystem system = new FaultyFileSystem((operation, number) -> operation.equals("create"));
        try (ServerLogLines log = new ServerLogLines();
                NpzFlightServer server = start(allocator, system);
                FlightClient client = client(server, allocator)) {
            fails(FlightStatusCode.UNAVAILABLE, () -> put(client, SALES, 5, allocator));
            server.close();
            assertThat(log.lines()).singleElement().asString().contains("fault injected into create");
        }
    }

    @Test
    @DisplayName("B11: a put does not take a table's name from another file")
    void refusesNamesThatWouldMeanTwoFiles(BufferAllocator allocator) throws Exception {
        write(directory.resolve("costs.npz"), 5, allocator);
        try (Frame frame = Frames.open(allocator, directory.resolve("costs.npz"))) {
            Ipc.write(frame, directory.resolve("sales.feather"), IpcOptions.defaults());
        }
        try (NpzFlightServer server = NpzFlightServer.start(
                        allocator, directory, ServerOptions.defaults().withSql(256 << 20));
                FlightClient client = client(server, allocator)) {
            for (String name : List.of("sales", "Sales", "sales.feather", "COSTS")) {
                String other = name.equals("COSTS") ? "costs.npz" : "sales.feather";
                for (boolean overwrite : new boolean[] {false, true}) {
                    assertThatThrownBy(() -> put(client, new PutCommand(name, overwrite).toDescriptor(), 5, allocator))
                            .isInstanceOfSatisfying(
                                    FlightRuntimeException.class,
                                    e -> assertThat(e.status().code()).isEqualTo(FlightStatusCode.ALREADY_EXISTS))
                            .hasMessageContaining("the file '" + other + "'");
                }
            }
            assertThat(read(client, new SqlQuery("SELECT twice FROM sales").toTicket())[0])
                    .isEqualTo(5);
            put(client, new PutCommand("costs", true).toDescriptor(), 6, allocator);
            assertThat(read(client, new SqlQuery("SELECT twice FROM costs").toTicket())[0])
                    .isEqualTo(12);
        }
    }

    @Test
    @DisplayName("B11: a file that shares its name already can be replaced")
    void replacesAFileThatSharesItsName(BufferAllocator allocator) throws Exception {
        write(directory.resolve("sales.npz"), 3, allocator);
        Files.copy(directory.resolve("sales.npz"), directory.resolve("sales.parquet"));
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, ServerOptions.defaults());
                FlightClient client = client(server, allocator)) {
            put(client, new PutCommand("sales", true).toDescriptor(), 5, allocator);
            try (FlightStream stream = client.getStream(NpzTicket.of("sales").toTicket())) {
                assertThat(stream.next()).isTrue();
                assertThat(stream.getRoot().getRowCount()).isEqualTo(10);
            }
        }
    }
}
