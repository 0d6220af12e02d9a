package org.arrownpz.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Arrays as NumPy 2.4.6 printed them: {@code array/text.jsonl} has files of every dtype and what {@code np.array2string} said. */
@ExtendWith(LeakCheck.class)
class ArrayTextTest {
    @TempDir
    Path directory;

    @Test
    void printsArraysAsNumpyDoes(BufferAllocator allocator) throws Exception {
        List<String> differ = new ArrayList<>();
        int cases = 0;
        for (JsonNode golden : golden()) {
            Path file = directory.resolve("case.npy");
            Files.write(file, golden.get("npy").binaryValue());
            try (NumpyArray array = Npy.load(allocator, file)) {
                String text = ArrayText.defaults()
                        .withEdgeItems(golden.get("edge").asInt())
                        .withThreshold(golden.get("threshold").asInt())
                        .withLineWidth(golden.get("width").asInt())
                        .text(array);
                if (!text.equals(golden.get("text").asText())) {
                    differ.add(golden.get("dtype") + " " + golden.get("shape") + "\n"
                            + golden.get("text").asText() + "\n" + text);
                }
            }
            cases++;
        }
        assertThat(differ).isEmpty();
        assertThat(cases).isGreaterThan(200);
    }

    private static List<JsonNode> golden() throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> cases = new ArrayList<>();
        try (InputStream input = Objects.requireNonNull(ArrayTextTest.class.getResourceAsStream("/array/text.jsonl"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                cases.add(json.readTree(line));
            }
        }
        return cases;
    }

    @Test
    void printsPartsOfTheFirstDimension(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("rows.npy");
        Npy.save(file, new int[][] {{1, 2}, {3, 4}, {50, 6}});
        try (NumpyArray array = Npy.load(allocator, file)) {
            assertThat(ArrayText.of(array)).isEqualTo("[[ 1  2]\n [ 3  4]\n [50  6]]");
            assertThat(ArrayText.defaults().text(array, 0, 2)).isEqualTo("[[1 2]\n [3 4]]");
            assertThat(ArrayText.defaults().text(array, 2, 3)).isEqualTo("[[50  6]]");
            assertThat(ArrayText.defaults().text(array, 1, 1)).isEqualTo("[]");
            assertThatThrownBy(() -> ArrayText.defaults().text(array, 2, 4))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ArrayText.defaults().withEdgeItems(0));
    }

    @Test
    void showsFewerItemsOfArraysOfManyDimensions(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("many.npy");
        String header = "{'descr': '|u1', 'fortran_order': False, 'shape': (7, 7, 7, 7, 7, 7, 7), }";
        byte[] text = (header + " ".repeat(117 - header.length()) + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = new byte[10 + text.length + 823_543];
        System.arraycopy(
                new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) text.length, 0}, 0, bytes, 0, 10);
        System.arraycopy(text, 0, bytes, 10, text.length);
        Files.write(file, bytes);
        try (NumpyArray array = Npy.load(allocator, file)) {
            assertThat(ArrayText.of(array)).startsWith("[[[[[[[0 ... 0]").hasSizeLessThan(10_000);
        }
    }
}
