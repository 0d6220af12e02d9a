package org.arrownpz.internal.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.testing.FaultyFileSystem;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a helper writes, or does not come to write, is in the file nevertheless, and its faults are not lost. */
class WriteBehindTest {
    private static final Location PLACE = Location.ofFile("a.npz");
    private static final int BYTES = 12 * StagedOutput.CAPACITY + 4711;

    @TempDir
    private Path folder;

    /** When the helper gets to work. */
    enum Helper implements Executor {
        AT_ONCE {
            @Override
            public void execute(Runnable task) {
                task.run();
            }
        },
        NEVER {
            @Override
            public void execute(Runnable task) {}
        },
        REFUSED {
            @Override
            public void execute(Runnable task) {
                throw new RejectedExecutionException();
            }
        },
        MEANWHILE {
            @Override
            public void execute(Runnable task) {
                new Thread(task).start();
            }
        };
    }

    private static FileChannel open(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    private static byte[] content() {
        byte[] content = new byte[BYTES];
        new Random(3).nextBytes(content);
        return content;
    }

    private static void put(StagedOutput output, byte[] content) throws NpzException {
        for (int at = 0; at < content.length; at += 1000) {
            int part = Math.min(1000, content.length - at);
            output.put(Arrays.copyOfRange(content, at, at + part), part);
        }
    }

    @ParameterizedTest
    @EnumSource
    void writesEverythingInItsPlace(Helper helper) throws Exception {
        byte[] content = content();
        Path path = folder.resolve("a");
        try (FileChannel channel = open(path);
                StagedOutput output = new StagedOutput(channel, PLACE, new WriteBehind(channel, helper))) {
            put(output, content);
            // Into what has left the buffer long ago, and into what is in it.
            for (int at : new int[] {5, 3 * StagedOutput.CAPACITY - 2, BYTES - 9}) {
                output.patch(at, new byte[] {1, 2, 3, 4}, 0, 4);
                System.arraycopy(new byte[] {1, 2, 3, 4}, 0, content, at, 4);
            }
            assertThat(output.position()).isEqualTo(BYTES);
            output.flush();
        }
        assertThat(Files.readAllBytes(path)).isEqualTo(content);
    }

    @ParameterizedTest
    @EnumSource
    void leavesRoomForWhatComesLater(Helper helper) throws Exception {
        byte[] content = content();
        Path path = folder.resolve("a");
        try (FileChannel channel = open(path);
                StagedOutput output = new StagedOutput(channel, PLACE, new WriteBehind(channel, helper))) {
            put(output, content);
            output.skip(100);
            output.put(new byte[] {7}, 1);
            output.writeAt(BYTES, ByteBuffer.wrap(new byte[] {8, 9}));
            output.flush();
        }
        byte[] written = Files.readAllBytes(path);
        assertThat(written).startsWith(content).hasSize(BYTES + 101);
        assertThat(written[BYTES]).isEqualTo((byte) 8);
        assertThat(written[BYTES + 100]).isEqualTo((byte) 7);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 9, 14})
    void tellsAFaultWhoeverMeetsIt(int operation) throws Exception {
        for (Helper helper : List.of(Helper.AT_ONCE, Helper.NEVER, Helper.REFUSED)) {
            FaultyFileSystem files =
                    new FaultyFileSystem((name, number) -> name.equals("write") && number == operation);
            try (FileChannel channel = open(files.path(folder.resolve(helper + "" + operation)));
                    StagedOutput output = new StagedOutput(channel, PLACE, new WriteBehind(channel, helper))) {
                assertFails(helper, () -> {
                    put(output, content());
                    output.flush();
                });
                // A file with a hole is not completed.
                assertFails(helper, () -> put(output, new byte[5 * StagedOutput.CAPACITY]));
            }
        }
    }

    private static void assertFails(Helper helper, ThrowableAssert.ThrowingCallable writing) {
        assertThatThrownBy(writing)
                .as("%s", helper)
                .isInstanceOfSatisfying(
                        NpzException.class, fault -> assertThat(fault.code()).isEqualTo(ErrorCode.IO));
    }

    @Test
    void writesNothingOnceItIsClosed() throws Exception {
        List<Runnable> late = new ArrayList<>();
        Path path = folder.resolve("a");
        try (FileChannel channel = open(path)) {
            StagedOutput output = new StagedOutput(channel, PLACE, new WriteBehind(channel, late::add));
            put(output, new byte[3 * StagedOutput.CAPACITY]);
            output.close();
            late.forEach(Runnable::run);
        }
        assertThat(late).hasSize(1);
        assertThat(path).hasSize(0);
    }

    @Test
    void isLeftToTheJdksOwnChannels() throws Exception {
        FaultyFileSystem files = new FaultyFileSystem((operation, number) -> false);
        try (FileChannel channel = open(files.path(folder.resolve("a")))) {
            assertThat(WriteBehind.isWorthwhile(channel)).isFalse();
        }
    }
}
