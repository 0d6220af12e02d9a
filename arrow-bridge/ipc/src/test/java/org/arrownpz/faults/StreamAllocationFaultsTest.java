package org.arrownpz.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.arrownpz.Location;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.cdata.ExportScope;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Every request to the allocator is refused in turn while batches go through the C data interface and are aligned. */
@ExtendWith(LeakCheck.class)
class StreamAllocationFaultsTest {
    private static final int ROWS = 30;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path directory;

    private static Path file;

    @BeforeAll
    static void writesSample() throws Exception {
        org.apache.arrow.c.jni.JniLoader.get().ensureLoaded();
        file = directory.resolve("a.npz");
        try (BufferAllocator allocator = new RootAllocator();
                Roots table = Roots.mixed(allocator, ROWS);
                Frame frame = Frame.of(table.root(), table.dictionaries())) {
            Frames.write(frame, file, WriteOptions.defaults().withDurability(Durability.RENAME_ONLY));
        }
    }

    /** What a reader throws while native code reads it comes out of the other end as Arrow's own exception. */
    @Test
    void exportingAndImportingLeavesNothing() throws Exception {
        long requests = Refusals.each(Refusals::isNamed, refusals -> {
            BufferAllocator allocator = refusals.allocator();
            try (Frame frame = Frames.open(allocator, file)) {
                refusals.begin();
                ExportScope scope = new ExportScope(allocator, "export");
                try (ArrowReader reader = frame.reader(9);
                        ArrowArrayStream stream = ArrowArrayStream.allocateNew(scope.allocator())) {
                    Data.exportArrayStream(scope.allocator(), reader, stream);
                    try (ArrowReader again = Data.importArrayStream(allocator, stream)) {
                        long rows = 0;
                        while (again.loadNextBatch()) {
                            rows += again.getVectorSchemaRoot().getRowCount();
                        }
                        assertThat(rows).isEqualTo(ROWS);
                    }
                } finally {
                    assertThat(scope.drain(PATIENCE)).isTrue();
                }
            }
        });

        assertThat(requests).isPositive();
    }

    @Test
    void aligningFailsAsLimit() throws Exception {
        long requests = Refusals.each(Refusals::isLimit, refusals -> {
            try (BigIntVector vector = misaligned(refusals.allocator())) {
                refusals.begin();
                try (FieldVector aligned = ExportScope.realign(vector, Location.ofFile("file"))) {
                    assertThat(aligned.getDataBuffer().memoryAddress() % Long.BYTES)
                            .isZero();
                    assertThat(((BigIntVector) aligned).get(1)).isEqualTo(7);
                }
            }
        });

        assertThat(requests).isPositive();
    }

    private static BigIntVector misaligned(BufferAllocator allocator) {
        BigIntVector vector = new BigIntVector("a", allocator);
        try (ArrowBuf bits = allocator.buffer(8);
                ArrowBuf memory = allocator.buffer(32)) {
            bits.setByte(0, 3);
            memory.setLong(1, 5);
            memory.setLong(9, 7);
            try (ArrowBuf values = memory.slice(1, 16)) {
                values.getReferenceManager().retain();
                vector.loadFieldBuffers(new ArrowFieldNode(2, 0), List.of(bits, values));
            }
        }
        return vector;
    }
}
