package org.arrownpz.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions.Durability;
import org.junit.jupiter.api.Test;

class KilledWritersTest extends KilledWriters {
    KilledWritersTest() {
        super(WriterLoops.class, CoreWriter.ALL);
    }

    @Test
    void noticesAWriterThatWritesInPlace() {
        Kills kills = new Kills(directory, HalfWritten.class, List.of(CoreWriter.ARRAY), 1, 1, SEED);
        assertThatThrownBy(kills::run)
                .isInstanceOf(AssertionError.class)
                .cause()
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_TRUNCATED));
    }

    /** Has written half of its second generation over the first one when it is killed. */
    static final class HalfWritten {
        public static void main(String[] arguments) throws Exception {
            Path scratch = Path.of(arguments[0]);
            Path target = WriterLoops.target(scratch, CoreWriter.ARRAY, 0);
            try (BufferAllocator allocator = new RootAllocator();
                    Contents contents = new Contents(WriterLoops.FEWEST_ROWS)) {
                Path elsewhere = scratch.resolve("elsewhere");
                CoreWriter.ARRAY.write(allocator, contents.of(2), elsewhere, Durability.RENAME_ONLY);
                byte[] bytes = Files.readAllBytes(elsewhere);
                Files.write(target, Arrays.copyOf(bytes, bytes.length / 2));
            }
            Progress progress = Progress.open(WriterLoops.progress(scratch));
            progress.begin(0, 2);
            progress.complete(0, 1);
            ProcessHandle.current().parent().orElseThrow().onExit().join();
        }
    }
}
