package org.arrownpz.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
    private static final String DEAD = "11111111-0000-0000-0000-000000000000";
    private static final String LIVING = "22222222-0000-0000-0000-000000000000";
    private static final String PUT = "_00000000-0000-0000-0000-000000000000.npz";

    @TempDir
    Path parent;

    private static Path lock(Path served, String server) {
        return served.resolve(".arrow-npz-server." + server + ".lock");
    }

    @Test
    void theNextServerRemovesTheBatchesOfADeadOne(BufferAllocator allocator) throws Exception {
        Path served = Files.createDirectory(parent.resolve("served"));
        Path batches =
                Files.createDirectory(served.resolve("..prices." + DEAD + PUT + ".49-0123456789abcdef.arrownpz-tmp"));
        Files.createFile(batches.resolve(".lock"));
        Files.writeString(batches.resolve("batch.npz"), "half");
        Files.writeString(batches.resolve(".batch.npz.4999999999-0123456789abcdef.arrownpz-tmp"), "half");
        Files.createFile(lock(served, DEAD));
        Path foreign = Files.createDirectories(
                served.resolve("..prices." + DEAD + PUT + ".x.arrownpz-tmp").resolve("folder/of/others"));

        NpzFlightServer.start(allocator, served, ServerOptions.defaults()).close();

        assertThat(batches).doesNotExist();
        assertThat(lock(served, DEAD)).doesNotExist();
        assertThat(foreign).isDirectory();
    }

    /** Also where both have the same process id, as in two containers, and where a zombie still has it. */
    @Test
    void whoHoldsTheLockKeepsItsPuts(BufferAllocator allocator) throws Exception {
        Path served = Files.createDirectory(parent.resolve("served"));
        Path half = Files.writeString(served.resolve(".prices." + LIVING + PUT), "half");
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LockHolder.class.getName(),
                        lock(served, LIVING).toString())
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("locked");
            NpzFlightServer.start(allocator, served, ServerOptions.defaults()).close();
            assertThat(half).exists();
            assertThat(lock(served, LIVING)).exists();
        } finally {
            other.destroyForcibly().waitFor();
        }

        NpzFlightServer.start(allocator, served, ServerOptions.defaults()).close();
        assertThat(half).doesNotExist();
        assertThat(served).isEmptyDirectory();
    }

    /** Another process that holds a lock until it is killed. */
    static final class LockHolder {
        private LockHolder() {}

        public static void main(String[] arguments) throws Exception {
            try (FileChannel channel =
                    FileChannel.open(Path.of(arguments[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                channel.lock();
                System.out.println("locked");
                ProcessHandle.current().parent().orElseThrow().onExit().join();
            }
        }
    }
}
