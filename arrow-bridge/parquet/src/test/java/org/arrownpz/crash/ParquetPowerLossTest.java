package org.arrownpz.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetFile;
import org.arrownpz.parquet.ParquetOptions;
import org.arrownpz.testing.Effort;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The power fails while a Parquet file is written and put in its place. */
@ExtendWith(LeakCheck.class)
class ParquetPowerLossTest {
    @TempDir
    Path directory;

    private final class PartWriter implements CrashWriter {
        @Override
        public String target() {
            return "table.parquet";
        }

        @Override
        public void write(BufferAllocator allocator, VectorSchemaRoot content, Path target, Durability durability)
                throws Exception {
            Parquet.write(content, target, ParquetOptions.defaults().withDurability(durability));
        }

        @Override
        public int read(BufferAllocator allocator, Path target, Contents contents) throws Exception {
            Path real = Files.write(directory.resolve("read.parquet"), Files.readAllBytes(target));
            try (ParquetFile file = Parquet.read(allocator, real)) {
                return contents.identify(file.frame().root().getFieldVectors());
            }
        }
    }

    @Test
    void everyStateHoldsTheOldContentOrTheNewOne(BufferAllocator allocator) throws Exception {
        int states = 0;
        try (Contents contents = new Contents(Effort.of(1_000, 12_000))) {
            for (int old = 0; old < 2; old++) {
                Replay replay = new Replay(allocator, contents, new PartWriter(), Durability.FSYNC, old, 1 - old);
                replay.run();
                states += replay.states();
            }
        }
        assertThat(states).isGreaterThan(Effort.of(200, 2_000));
    }
}
