package org.arrownpz.ipc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.Verify;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reads damaged files to their last value with little memory. Each class of tests must have tried hundreds, and had
 * hundreds refused.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class HostileReads {
    /** Not enough for what a damaged length may ask for. */
    static final long LIMIT = 4 << 20;

    enum Outcome {
        REFUSED,
        READ
    }

    @TempDir
    Path directory;

    private int cases;
    private int refused;

    @AfterAll
    void countsEnoughCases() {
        assertThat(cases).isGreaterThan(300);
        assertThat(refused).isGreaterThan(300);
    }

    final byte[] sample(String name, IpcOptions.Compression compression) throws IOException {
        return IpcSample.write(directory.resolve("sample-" + name), compression);
    }

    final Outcome read(byte[] bytes, String name) throws IOException {
        cases++;
        Path path = Files.write(directory.resolve(name), bytes);
        try (BufferAllocator allocator = new RootAllocator(LIMIT)) {
            Outcome outcome = Outcome.READ;
            try (MappedIpcReader reader =
                    Ipc.open(allocator, path, IpcReadOptions.defaults().withVerify(Verify.CONTENT))) {
                while (reader.loadNextBatch()) {
                    touch(reader);
                }
                for (int i = reader.batchCount() - 1; i >= 0 && i < 3; i--) {
                    reader.loadBatch(i);
                    touch(reader);
                }
                reader.fileMetadata();
            } catch (NpzException e) {
                assertThat(e).hasMessageContaining(name);
                outcome = Outcome.REFUSED;
                refused++;
            }
            assertThat(allocator.getAllocatedMemory()).isZero();
            return outcome;
        }
    }

    private static void touch(MappedIpcReader reader) throws IOException {
        for (FieldVector vector : reader.getVectorSchemaRoot().getFieldVectors()) {
            touch(vector);
        }
        for (Dictionary dictionary : reader.getDictionaryVectors().values()) {
            touch(dictionary.getVector());
        }
    }

    private static void touch(FieldVector vector) {
        for (int row = 0; row < vector.getValueCount(); row++) {
            vector.hashCode(row);
        }
    }
}
