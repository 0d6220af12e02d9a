package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.WriteOptions;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A record array that travels as an Arrow root with metadata comes back as the file it was. */
@ExtendWith(LeakCheck.class)
class RecordInterchangeTest {
    @ParameterizedTest
    @ValueSource(strings = {"simple", "titles", "mixed_endian", "complex_half", "aligned_padded", "subarray"})
    void recordArraysKeepTheirForm(String name, BufferAllocator allocator, @TempDir Path directory) throws Exception {
        Path source = Golden.folder("numpy").resolve("structured").resolve(name + ".npy");
        Path direct = directory.resolve("direct.npy");
        Path travelled = directory.resolve("travelled.npy");
        try (Frame frame = Frames.open(allocator, source);
                Frame restored = Frame.of(frame.interchangeRoot())) {
            Frames.write(frame, direct, WriteOptions.defaults());
            Frames.write(restored, travelled, WriteOptions.defaults());
        }
        assertThat(Files.readAllBytes(travelled)).isEqualTo(Files.readAllBytes(direct));
        int header = Files.readString(source, StandardCharsets.ISO_8859_1).indexOf('\n');
        assertThat(Files.readString(travelled, StandardCharsets.ISO_8859_1).substring(0, header))
                .isEqualTo(Files.readString(source, StandardCharsets.ISO_8859_1).substring(0, header));
    }
}
