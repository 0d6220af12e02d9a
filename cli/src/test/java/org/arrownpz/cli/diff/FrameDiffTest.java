package org.arrownpz.cli.diff;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.util.Text;
import org.arrownpz.array.ArrayDiff;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Vectors;
import org.arrownpz.cli.cell.TypeName.TypeText;
import org.arrownpz.cli.diff.FrameDiff.Difference;
import org.arrownpz.frame.Frame;
import org.arrownpz.npy.NumpyArray;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrameDiffTest {
    private static final ArrowType INT8 = new ArrowType.Int(8, true);

    private static Frame categories(FieldVector words, long id, BufferAllocator allocator) {
        for (int i = 0; i < 2; i++) {
            String word = i == 0 ? "a" : "b";
            if (words instanceof VarCharVector texts) {
                texts.setSafe(i, new Text(word));
            } else {
                ((LargeVarCharVector) words).setSafe(i, new Text(word));
            }
        }
        words.setValueCount(2);
        DictionaryEncoding encoding = new DictionaryEncoding(id, false, null);
        TinyIntVector indices = new TinyIntVector("k", new FieldType(true, INT8, encoding), allocator);
        for (int row = 0; row < 6; row++) {
            indices.setSafe(row, row % 2);
        }
        indices.setValueCount(6);
        VectorSchemaRoot root = VectorSchemaRoot.of(indices);
        return Frame.of(root, new MapDictionaryProvider(new Dictionary(words, encoding)))
                .owning(root)
                .owning(words);
    }

    private static List<Difference> diff(Frame a, Frame b) throws Exception {
        return new FrameDiff(a, b, ArrayDiff.exact(), 5, 100).compare(column -> {});
    }

    @Test
    @DisplayName("A2: dictionaries of texts of different types differ in their type, once, and in no value")
    void saysOnceThatTypesOfDictionariesDiffer() throws Exception {
        try (BufferAllocator allocator = new RootAllocator();
                Frame texts = categories(new VarCharVector("words", allocator), 1, allocator);
                Frame same = categories(new VarCharVector("words", allocator), 2, allocator);
                Frame large = categories(new LargeVarCharVector("words", allocator), 1, allocator)) {
            assertThat(diff(texts, same)).isEmpty();
            assertThat(diff(texts, large))
                    .containsExactly(Difference.of(
                            "type", "k", "Utf8 dictionary by Int(8, true)", "LargeUtf8 dictionary by Int(8, true)"));
            assertThat(TypeText.of(large.schema().getFields().get(0), large.dictionaries()))
                    .isEqualTo("LargeUtf8 dictionary by Int(8, true)");
        }
    }

    @Test
    void findsTheRowsOfAMatrixThatDiffer(@TempDir Path directory) throws Exception {
        float[][] matrix = new float[50][1000];
        try (BufferAllocator allocator = new RootAllocator();
                Frame before = matrix(directory.resolve("a.npy"), matrix, allocator)) {
            matrix[17][999] = 1;
            matrix[41][0] = -0.0f;
            try (Frame after = matrix(directory.resolve("b.npy"), matrix, allocator)) {
                assertThat(diff(before, before)).isEmpty();
                assertThat(diff(before, after))
                        .singleElement()
                        .satisfies(found -> assertThat(found.first())
                                .extracting(Difference.Row::row)
                                .containsExactly(17L, 41L));
            }
        }
    }

    private static Frame matrix(Path file, float[][] matrix, BufferAllocator allocator) throws Exception {
        Npy.save(file, matrix);
        try (NumpyArray array = Npy.load(allocator, file)) {
            VectorSchemaRoot root = VectorSchemaRoot.of(Vectors.of(allocator, array, "m"));
            return Frame.of(root).owning(root);
        }
    }
}
