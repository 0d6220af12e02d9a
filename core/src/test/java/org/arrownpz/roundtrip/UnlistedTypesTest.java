package org.arrownpz.roundtrip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.TypeMapping;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ArchiveForm;
import org.arrownpz.array.Npz;
import org.arrownpz.array.NumpyArrays;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/types.md says under "Not in the tables". */
@ExtendWith(LeakCheck.class)
class UnlistedTypesTest {
    private static final WriteOptions FAST = WriteOptions.defaults().withOverwrite();

    @TempDir
    Path directory;

    private Path npy(String descr, int... values) throws IOException {
        String header = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (" + values.length + ",), }";
        String padded = header + " ".repeat(117 - header.length()) + "\n";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0});
        bytes.write(padded.getBytes(StandardCharsets.US_ASCII));
        for (int value : values) {
            bytes.write(value);
        }
        return Files.write(directory.resolve("array.npy"), bytes.toByteArray());
    }

    private static byte[] only(BufferAllocator allocator, Path npz, String name) throws NpzException {
        try (NumpyArrays arrays = Npz.load(allocator, npz)) {
            NumpyArray array = arrays.get(name);
            byte[] bytes = new byte[(int) array.shape().elements()];
            array.buffer().get(0, bytes);
            return bytes;
        }
    }

    @Test
    @DisplayName("A15: bytes of bools stay in arrays, and are True in tables")
    void bytesOfBoolsStayInArraysAndAreTrueInTables(BufferAllocator allocator) throws IOException {
        Path npz = directory.resolve("bools.npz");
        Path npy = npy("|b1", 0, 1, 2, 255);
        for (TypeMapping mapping : TypeMapping.values()) {
            ReadOptions options = ReadOptions.defaults().withTypeMapping(mapping);
            try (Frame frame = Frames.open(allocator, npy, options)) {
                Frames.write(frame, npz, FAST);
                assertThat(only(allocator, npz, "arr_0")).containsExactly(0, 1, 2, -1);
                assertThat(frame.column(0).getObject(2)).isIn(true, (byte) 2);
                Frames.write(frame, npz, FAST.withForm(ArchiveForm.FRAME));
                assertThat(only(allocator, npz, "__blocks_0__"))
                        .as(mapping.name())
                        .containsExactly(0, 1, 1, 1);
            }
        }
    }

    @Test
    @DisplayName("C13: small types of ml_dtypes are bytes")
    void smallTypesOfMlDtypesAreBytes(BufferAllocator allocator) throws IOException {
        Path npz = directory.resolve("small.npz");
        try (Frame frame = Frames.open(allocator, npy("<V1", 1, 15, 0))) {
            FixedSizeBinaryVector column = (FixedSizeBinaryVector) frame.column(0);
            assertThat(column.getByteWidth()).isEqualTo(1);
            assertThat(column.get(1)).containsExactly(15);
            Frames.write(frame, npz, FAST.withForm(ArchiveForm.FRAME));
        }
        assertThat(only(allocator, npz, "__blocks_0__")).containsExactly(1, 15, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"|O", "T"})
    @DisplayName("C13: the refusal of StringDType names the way out")
    void refusalsOfObjectsNameTheWayOut(String descr, BufferAllocator allocator) throws IOException {
        Path npy = npy(descr, 0, 0, 0, 0, 0, 0, 0, 0);
        assertThatThrownBy(() -> Frames.open(allocator, npy).close())
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OBJECT_DTYPE))
                .hasMessageContaining("text (StringDType by astype(\"U\"))");
    }

    @Test
    @DisplayName("C13: a Bus manifest is a directory of frames")
    void manifestsAreDirectoriesOfFrames(BufferAllocator allocator) throws IOException {
        Path manifest = Files.createDirectory(directory.resolve("manifest"));
        try (IntVector numbers = new IntVector("n", allocator)) {
            numbers.setSafe(0, 7);
            numbers.setValueCount(1);
            try (Frame frame = Frame.of(VectorSchemaRoot.of(numbers))) {
                for (String label : List.of("one", "two")) {
                    Frames.writeDirectory(frame, manifest.resolve(label), FAST);
                }
            }
        }
        for (String label : List.of("one", "two")) {
            try (Frame frame = Frames.open(allocator, manifest.resolve(label))) {
                assertThat(frame.column("n").getObject(0)).isEqualTo(7);
            }
        }
        assertThatThrownBy(() -> Frames.open(allocator, manifest).close()).isInstanceOf(NpzException.class);
    }
}
