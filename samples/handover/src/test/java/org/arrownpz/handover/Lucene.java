package org.arrownpz.handover;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.Directory;

/**
 * A matrix of embeddings and their ids into an index of Lucene, row by row, and a search in it.
 *
 * <p>Copied: each row once, by one array for all, into the index, which keeps its own. Memory: the file's mapping while rows
 * are added, then Lucene's. Byte order: the machine's, as {@code floatBuffer()} and {@code longBuffer()} give it.
 */
final class Lucene {
    private Lucene() {}

    static void index(Directory directory, FloatBuffer rows, LongBuffer ids, int dimension) throws IOException {
        float[] row = new float[dimension];
        try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig())) {
            for (int i = 0; i < ids.limit(); i++) {
                rows.get(i * dimension, row);
                Document document = new Document();
                document.add(new KnnFloatVectorField("vector", row));
                document.add(new StoredField("id", ids.get(i)));
                writer.addDocument(document);
            }
            writer.forceMerge(1);
        }
    }

    static long[] nearest(Directory directory, float[] query, int count) throws IOException {
        try (DirectoryReader reader = DirectoryReader.open(directory)) {
            IndexSearcher searcher = new IndexSearcher(reader);
            ScoreDoc[] found = searcher.search(new KnnFloatVectorQuery("vector", query, 10 * count), count).scoreDocs;
            long[] ids = new long[found.length];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = searcher.storedFields()
                        .document(found[i].doc)
                        .getField("id")
                        .numericValue()
                        .longValue();
            }
            return ids;
        }
    }
}
