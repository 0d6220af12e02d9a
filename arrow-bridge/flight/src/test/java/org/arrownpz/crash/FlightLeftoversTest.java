package org.arrownpz.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.flight.NpzFlightServer;
import org.arrownpz.flight.ServerOptions;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a server leaves that is killed while the batches of a large put wait in temporary files. */
@ExtendWith(LeakCheck.class)
class FlightLeftoversTest {
    private static final String PUT = "..prices.4999999999-00000000-0000-0000-0000-000000000000.npz.";

    @TempDir
    Path parent;

    @Test
    void theNextServerRemovesTheBatchesOfADeadOne(BufferAllocator allocator) throws Exception {
        Path served = Files.createDirectory(parent.resolve("served"));
        Path batches = Files.createDirectory(served.resolve(PUT + "4999999999-0123456789abcdef.arrownpz-tmp"));
        Files.createFile(batches.resolve(".lock"));
        Files.writeString(batches.resolve("batch.npz"), "half");
        Files.writeString(batches.resolve(".batch.npz.4999999999-0123456789abcdef.arrownpz-tmp"), "half");
        long living = ProcessHandle.current().parent().orElseThrow().pid();
        Path others = Files.createDirectory(
                served.resolve(PUT.replace("4999999999", Long.toString(living)) + "1-0.arrownpz-tmp"));
        Path foreign =
                Files.createDirectories(served.resolve(PUT + "x.arrownpz-tmp").resolve("folder/of/others"));

        NpzFlightServer.start(allocator, served, ServerOptions.defaults()).close();

        assertThat(batches).doesNotExist();
        assertThat(others).isDirectory();
        assertThat(foreign).isDirectory();
    }
}
