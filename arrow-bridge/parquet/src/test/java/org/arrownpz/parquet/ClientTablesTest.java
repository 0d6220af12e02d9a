package org.arrownpz.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parquet files that pandas and pyarrow wrote, through archives and back. */
@ExtendWith(LeakCheck.class)
class ClientTablesTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"multiindex_with_range", "multiindex_zero_rows"})
    void keepLevelsWithoutNamesThroughTwoArchives(String name, BufferAllocator allocator) throws IOException {
        Path first = directory.resolve("first.npz");
        Path second = directory.resolve("second.npz");
        JsonNode before;
        try (ParquetFile file = Parquet.read(allocator, resource(name))) {
            before = pandas(file.frame());
            Frames.write(file.frame(), first, WriteOptions.defaults());
        }
        try (Frame frame = Frames.open(allocator, first)) {
            Frames.write(frame, second, WriteOptions.defaults());
        }
        try (Frame frame = Frames.open(allocator, second)) {
            assertThat(pandas(frame).get("index_columns")).hasSize(2).isEqualTo(before.get("index_columns"));
        }
    }

    @Test
    void mayHoldLargeListsWithinStructsAndNoRows(BufferAllocator allocator) throws IOException {
        try (ParquetFile file = Parquet.read(allocator, resource("large_list"))) {
            assertThat(file.frame().rowCount()).isZero();
            assertThat(file.frame().schema().toString()).contains("LargeList");
        }
    }

    @ParameterizedTest
    @CsvSource({"variant,value", "shredded_variant,typed_value"})
    @DisplayName("C2: variants are the structs that they are stored as")
    void mayHoldVariants(String name, String part, BufferAllocator allocator) throws IOException {
        try (ParquetFile file = Parquet.read(allocator, resource(name))) {
            StructVector variant = (StructVector) file.frame().root().getVector("var");
            assertThat(variant.getField().getChildren())
                    .extracting(Field::getName)
                    .containsExactly("metadata", part);
            assertThat((byte[]) variant.getChild("metadata").getObject(0)).containsExactly(1, 0, 0);
            assertThat(variant.getChild(part).isNull(0)).isFalse();
        }
    }

    private static JsonNode pandas(Frame frame) throws IOException {
        String key = frame.interchangeRoot().getSchema().getCustomMetadata().get("pandas");
        return new ObjectMapper().readTree(Objects.requireNonNull(key));
    }

    private Path resource(String name) throws IOException {
        Path file = directory.resolve(name + ".parquet");
        try (var stream = ClientTablesTest.class.getResourceAsStream("/parquet/" + name + ".parquet")) {
            Files.copy(Objects.requireNonNull(stream), file);
        }
        return file;
    }
}
