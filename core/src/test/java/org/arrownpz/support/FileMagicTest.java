package org.arrownpz.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.frame.Frames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FileMagicTest {
    @TempDir
    Path directory;

    static List<Arguments> starts() {
        return List.of(
                Arguments.of("ARROW1", ErrorCode.MAGIC, "Feather V2", "Ipc.open"),
                Arguments.of("FEA1", ErrorCode.VERSION, "Feather V1", "pyarrow.feather"),
                Arguments.of("PAR1", ErrorCode.MAGIC, "Parquet file", "Parquet.open"),
                Arguments.of("\u00ff\u00ff\u00ff\u00ff", ErrorCode.MAGIC, "Arrow IPC stream", "Ipc.open"),
                Arguments.of("\u0089HDF\r\n\u001a\n", ErrorCode.MAGIC, "HDF5", "savez"),
                Arguments.of("\u001f\u008b\b", ErrorCode.MAGIC, "gzip", "Decompress"));
    }

    @ParameterizedTest
    @MethodSource("starts")
    void namesTheFormatAndWhatReadsItWhereAnNpzFileIsExpected(
            String start, ErrorCode code, String format, String remedy) throws IOException {
        // Of what gzip made of an NPY file, the reader of those says so.
        List<String> names = format.equals("gzip") ? List.of("x.npz", "x") : List.of("x.npz", "x.npy", "x");
        for (String name : names) {
            Path file = Files.write(directory.resolve(name), (start + "\0\0\0\0\0\0\0\0").getBytes(ISO_8859_1));
            try (BufferAllocator allocator = new RootAllocator()) {
                assertThatThrownBy(() -> Frames.open(allocator, file))
                        .isInstanceOfSatisfying(
                                NpzException.class,
                                failure -> assertThat(failure.code()).isEqualTo(code))
                        .hasMessageContaining(format)
                        .hasMessageContaining(remedy);
            }
        }
    }

    @Test
    void tellsNothingOfOtherAndOfShorterFiles() throws IOException {
        assertThat(FileMagic.of(new byte[0])).isNull();
        assertThat(FileMagic.of("PK,price\n".getBytes(ISO_8859_1))).isNull();
        assertThat(FileMagic.of("ARROW".getBytes(ISO_8859_1))).isNull();
        assertThat(FileMagic.of(directory)).isNull();
        assertThat(FileMagic.of(directory.resolve("none"))).isNull();
        assertThat(FileMagic.of(Files.writeString(directory.resolve("x"), "PAR1")))
                .isEqualTo(FileMagic.PARQUET);
    }
}
