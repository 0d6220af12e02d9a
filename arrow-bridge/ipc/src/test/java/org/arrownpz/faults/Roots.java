package org.arrownpz.faults;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.testing.RandomVectors;

/** Small tables, with a dictionary where asked for. */
final class Roots implements AutoCloseable {
    private static final ArrowType.Int INT = new ArrowType.Int(32, true);

    private final VectorSchemaRoot root;
    private final List<AutoCloseable> dictionaryValues = new ArrayList<>();
    private final DictionaryProvider.MapDictionaryProvider dictionaries =
            new DictionaryProvider.MapDictionaryProvider();

    private Roots(List<FieldVector> columns) {
        this.root = new VectorSchemaRoot(columns);
    }

    /** Numbers, texts with nulls, lists and structs, and texts by a dictionary. */
    static Roots mixed(BufferAllocator allocator, int rows) {
        RandomVectors vectors = new RandomVectors(allocator, 11, true);
        List<FieldVector> columns = new ArrayList<>();
        for (Field field : List.of(
                field("bits", ArrowType.Bool.INSTANCE),
                field("text", ArrowType.Utf8.INSTANCE),
                field("lists", ArrowType.List.INSTANCE, field("item", INT)),
                field("structs", ArrowType.Struct.INSTANCE, field("a", INT), field("b", ArrowType.Utf8.INSTANCE)))) {
            columns.add(vectors.vector(field, rows));
        }
        VarCharVector words = new VarCharVector("words", allocator);
        for (int i = 0; i < 3; i++) {
            words.setSafe(i, ("word" + i).getBytes(StandardCharsets.UTF_8));
        }
        words.setValueCount(3);
        DictionaryEncoding encoding = new DictionaryEncoding(5, false, INT);
        IntVector indices = new IntVector("dictionary", new FieldType(true, INT, encoding), allocator);
        for (int i = 0; i < rows; i++) {
            indices.setSafe(i, i % 3);
        }
        indices.setValueCount(rows);
        columns.add(indices);
        Roots roots = new Roots(columns);
        roots.dictionaries.put(new Dictionary(words, encoding));
        roots.dictionaryValues.add(words);
        return roots;
    }

    /** Keys in runs of three, numbers and texts. */
    static Roots events(BufferAllocator allocator, int rows) {
        BigIntVector keys = new BigIntVector("k", allocator);
        for (int i = 0; i < rows; i++) {
            keys.setSafe(i, i / 3);
        }
        keys.setValueCount(rows);
        RandomVectors vectors = new RandomVectors(allocator, 13, false);
        return new Roots(List.of(
                keys,
                vectors.vector(field("v", INT), rows),
                vectors.vector(field("t", ArrowType.Utf8.INSTANCE), rows)));
    }

    private static Field field(String name, ArrowType type, Field... children) {
        return RandomVectors.field(name, type, children);
    }

    VectorSchemaRoot root() {
        return root;
    }

    DictionaryProvider dictionaries() {
        return dictionaries;
    }

    @Override
    public void close() {
        root.close();
        AutoCloseables.closeNoChecked(() -> AutoCloseables.close(dictionaryValues));
    }
}
