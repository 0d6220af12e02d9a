package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The schema key that tells pandas of labels and dictionaries. */
@ExtendWith(LeakCheck.class)
class PandasKeyTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "<i2, int16, int16",
        "|u1, uint8, uint8",
        "<f2, float16, float16",
        "<f16, unicode, object",
        "|b1, bool, bool",
        "|S3, unicode, object",
        "<M8[D], datetime, datetime64[s]",
        "<M8[ms], datetime, datetime64[ms]",
        "<M8[us], datetime, datetime64[us]",
        "<M8[ns], datetime, datetime64[ns]",
        "<M8[25s], unicode, object",
        "<M8[h], unicode, object",
    })
    void pandasLearnsTheTypeOfTheColumnLabels(String dtype, String pandas, String numpy, BufferAllocator allocator)
            throws Exception {
        Path file = new Parts()
                .array("__values_columns_0__.npy", dtype, 1)
                .array("__blocks_0__.npy", "<i8", 2, 1)
                .meta(1)
                .archive(directory.resolve("labels.npz"));
        try (Frame frame = Frames.open(allocator, file)) {
            String json = frame.interchangeSchema().getCustomMetadata().get(Interchange.PANDAS_KEY);
            JsonNode labels = Golden.JSON.readTree(json).get("column_indexes").get(0);
            assertThat(labels.get("pandas_type").asText()).isEqualTo(pandas);
            assertThat(labels.get("numpy_type").asText()).isEqualTo(numpy);
        }
    }

    @Test
    void pandasLearnsDictionariesWithoutAnIndexType(BufferAllocator allocator) {
        try (FieldVector words = Roots.texts(allocator, "w", "x", "y");
                IntVector indices = Roots.indices(allocator, "c", 1, 0, 1);
                VectorSchemaRoot root = Roots.root(indices);
                Frame frame = Frame.of(root, Roots.dictionaries(indices, words));
                ArrowReader reader = frame.reader(1)) {
            assertThat(frame.interchangeSchema().getCustomMetadata().get(Interchange.PANDAS_KEY))
                    .contains("categorical")
                    .contains("int32");
            assertThat(reader.getDictionaryIds()).containsExactly(1L);
            assertThat(reader.lookup(1).getVector().getValueCount()).isEqualTo(2);
            assertThat(reader.bytesRead()).isZero();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
