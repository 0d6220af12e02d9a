package org.arrownpz.parquet.internal.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.Durability;
import org.arrownpz.Location;
import org.arrownpz.crash.Contents;
import org.arrownpz.crash.CrashWriter;
import org.arrownpz.crash.Replay;
import org.arrownpz.ipc.cdata.CNames;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetFile;
import org.arrownpz.parquet.ParquetOptions;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power fails while a Parquet file is completed and put in its place. The native library writes to the real file
 * system only: what it made there is copied to the recording one, as writes that nobody has forced.
 */
@ExtendWith(LeakCheck.class)
class ParquetPowerLossTest {
    private static final int PIECE = 10_000;

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
            Path real = directory.resolve("real.parquet");
            Parquet.write(content, real, ParquetOptions.defaults().withDurability(Durability.RENAME_ONLY));
            Map<String, String> metadata =
                    ParquetFooter.read(real, Location.ofFile(null)).metadata();
            try (SinglePart part = SinglePart.beside(target, Location.ofFile(null))) {
                Path parts =
                        target.getFileSystem().getPath(URI.create(part.uri()).getPath());
                try (FileChannel channel = FileChannel.open(
                        parts.resolve("part0.parquet"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(real));
                    while (bytes.hasRemaining()) {
                        int length = Math.min(PIECE, bytes.remaining());
                        channel.write(bytes.slice(bytes.position(), length));
                        bytes.position(bytes.position() + length);
                    }
                }
                part.complete(metadata, false, CNames.of(List.of()), new BitSet());
                part.commit(durability);
            }
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
        try (Contents contents = new Contents(400)) {
            for (int old = 0; old < 2; old++) {
                Replay replay = new Replay(allocator, contents, new PartWriter(), Durability.FSYNC, old, 1 - old);
                replay.run();
                states += replay.states();
            }
        }
        assertThat(states).isGreaterThan(2_000);
    }
}
