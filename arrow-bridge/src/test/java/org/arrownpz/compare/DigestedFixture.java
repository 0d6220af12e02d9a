package org.arrownpz.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.ReadOptions;
import org.arrownpz.TypeMapping;
import org.arrownpz.frame.Frame;

/** Compares all values and labels of a fixture with the digests of what frame-fixtures made. */
final class DigestedFixture {
    private DigestedFixture() {}

    static void check(JsonNode golden, BufferAllocator allocator) throws Exception {
        ReadOptions storage = ReadOptions.defaults().withTypeMapping(TypeMapping.STORAGE);
        try (Frame frame = FrameFixture.parse(golden.get("dsl").asText()).frame(allocator, storage)) {
            MessageDigest columnMajor = Golden.sha256();
            MessageDigest rowMajor = Golden.sha256();
            List<List<FieldVector>> blocks = blocks(frame);
            for (List<FieldVector> block : blocks) {
                block.forEach(column -> Golden.update(columnMajor, column));
                Golden.updateRowMajor(rowMajor, block);
            }
            MessageDigest index = Golden.sha256();
            Golden.update(index, frame.root().getVector(0));
            assertThat(blocks).hasSize(golden.get("n_blocks").asInt());
            assertThat(Golden.hex(columnMajor))
                    .isEqualTo(golden.get("sha256_columns_concat").asText());
            assertThat(Golden.hex(rowMajor))
                    .isEqualTo(golden.get("sha256_blocks_concat_C_order").asText());
            assertThat(Golden.hex(index))
                    .isEqualTo(golden.get("sha256_index_i8").asText());
            assertThat(Golden.labels(frame))
                    .isEqualTo(golden.get("sha256_columns_U4_utf32le").asText());
        }
    }

    /** Runs of columns of one dtype. */
    static List<List<FieldVector>> blocks(Frame frame) {
        List<List<FieldVector>> blocks = new ArrayList<>();
        String dtype = "";
        for (FieldVector column : Golden.columns(frame)) {
            if (!NumpyColumns.dtype(column).equals(dtype)) {
                dtype = NumpyColumns.dtype(column);
                blocks.add(new ArrayList<>());
            }
            blocks.get(blocks.size() - 1).add(column);
        }
        return blocks;
    }
}
