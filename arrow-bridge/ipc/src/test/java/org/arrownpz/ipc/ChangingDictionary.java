package org.arrownpz.ipc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** Batches of one dictionary-encoded column and a number, each batch with a dictionary of its own. */
public final class ChangingDictionary extends ArrowReader {
    private static final long ID = 7;
    private static final DictionaryEncoding ENCODING = new DictionaryEncoding(ID, false, null);

    private final List<List<String>> dictionaries;
    private int next;

    public ChangingDictionary(BufferAllocator allocator, List<List<String>> dictionaries) {
        super(allocator);
        this.dictionaries = dictionaries;
    }

    /** The texts of a batch: its dictionary's, the last first, then a null. */
    static List<String> texts(List<String> dictionary) {
        List<String> texts = new ArrayList<>();
        for (int i = dictionary.size() - 1; i >= 0; i--) {
            texts.add(dictionary.get(i));
        }
        texts.add(null);
        return texts;
    }

    /** The texts that a loaded batch shows. */
    static List<String> decode(ArrowReader reader) throws IOException {
        VectorSchemaRoot root = reader.getVectorSchemaRoot();
        IntVector indices = (IntVector) root.getVector("word");
        VarCharVector words = (VarCharVector) reader.lookup(ID).getVector();
        List<String> texts = new ArrayList<>();
        for (int row = 0; row < root.getRowCount(); row++) {
            texts.add(
                    indices.isNull(row)
                            ? null
                            : words.getObject(indices.get(row)).toString());
        }
        return texts;
    }

    @Override
    protected Schema readSchema() {
        Field word = new Field("word", new FieldType(true, new ArrowType.Utf8(), ENCODING), null);
        return new Schema(List.of(word, Field.nullable("number", new ArrowType.Int(32, true))), Map.of("k", "v"));
    }

    @Override
    public boolean loadNextBatch() throws IOException {
        prepareLoadNextBatch();
        if (next == dictionaries.size()) {
            return false;
        }
        List<String> dictionary = dictionaries.get(next++);
        Dictionary target = lookup(ID);
        VarCharVector words = (VarCharVector) target.getVector();
        words.reset();
        for (int i = 0; i < dictionary.size(); i++) {
            words.setSafe(i, dictionary.get(i).getBytes(StandardCharsets.UTF_8));
        }
        words.setValueCount(dictionary.size());
        VectorSchemaRoot root = getVectorSchemaRoot();
        root.getFieldVectors().forEach(FieldVector::reset);
        IntVector indices = (IntVector) root.getVector("word");
        IntVector numbers = (IntVector) root.getVector("number");
        int rows = dictionary.size() + 1;
        for (int i = 0; i < rows; i++) {
            numbers.setSafe(i, next * 100 + i);
            if (i < dictionary.size()) {
                indices.setSafe(i, dictionary.size() - 1 - i);
            } else {
                indices.setNull(i);
            }
        }
        root.setRowCount(rows);
        return true;
    }

    @Override
    public long bytesRead() {
        return 0;
    }

    @Override
    protected void closeReadSource() {}
}
