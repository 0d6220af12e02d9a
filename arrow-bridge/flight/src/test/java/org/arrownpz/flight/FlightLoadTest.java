package org.arrownpz.flight;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.testing.Effort;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A server with many clients of all sorts, killed and started again: nothing lost, nothing left, nobody in. */
@ExtendWith(LeakCheck.class)
class FlightLoadTest {
    private static final int CLIENTS = Effort.of(12, 64);

    @TempDir
    Path scratch;

    private void load(BufferAllocator allocator, int operations, long seconds, int kills) throws Exception {
        Path folder = Files.createDirectory(scratch.resolve("data"));
        try (VectorSchemaRoot base = LoadCalls.root(allocator, LoadCalls.BASE_ROWS, -1);
                VectorSchemaRoot shared = LoadCalls.root(allocator, LoadCalls.ROWS, 0)) {
            Frames.write(base, folder.resolve(LoadCalls.BASE + ".npz"), WriteOptions.defaults());
            Frames.write(shared, folder.resolve(LoadCalls.SHARED + ".npz"), WriteOptions.defaults());
        }
        FlightLoad load = new FlightLoad(allocator, folder, CLIENTS);
        List<String> last = load.run(operations, seconds, kills);
        System.out.println(load.operations() + " operations, "
                + load.acknowledged().size() + " puts acknowledged, " + kills + " kills: " + load.outcomes());

        assertThat(load.faults()).isEmpty();
        assertThat(load.operations()).isPositive();
        assertThat(last).contains("allocated 0", "left 0", "done");
        for (Map.Entry<String, Long> put : load.acknowledged().entrySet()) {
            try (Frame frame = open(allocator, folder.resolve(put.getKey() + ".npz"))) {
                BigIntVector key = (BigIntVector) frame.root().getVector("key");
                assertThat(frame.rowCount()).isEqualTo(LoadCalls.ROWS);
                assertThat(key.get(0)).isEqualTo(put.getValue());
                assertThat(key.get(LoadCalls.ROWS - 1)).isEqualTo(put.getValue());
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            // A put whose acknowledgement was lost with its server may be there, and is complete then.
            assertThat(files).allSatisfy(file -> {
                assertThat(file.getFileName().toString()).matches("(base|shared|put-\\d+)\\.npz");
                open(allocator, file).close();
            });
        }
        try (Stream<Path> files = Files.list(scratch)) {
            assertThat(files).containsExactly(folder);
        }
    }

    private static Frame open(BufferAllocator allocator, Path file) throws Exception {
        return Frames.open(allocator, file, ReadOptions.defaults().withVerify(Verify.CRC));
    }

    @Test
    void losesNothingLeavesNothingAndLetsNobodyInUnderLoad(BufferAllocator allocator) throws Exception {
        load(allocator, 8, Effort.of(3, 20), 1);
    }

    @Test
    @Tag("soak")
    void losesNothingLeavesNothingAndLetsNobodyInForFiveMinutes(BufferAllocator allocator) throws Exception {
        load(allocator, Integer.MAX_VALUE, 300, 8);
    }
}
