package org.arrownpz.handover;

import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex;
import io.github.jbellis.jvector.graph.SearchResult.NodeScore;
import io.github.jbellis.jvector.util.Bits;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import java.io.IOException;
import java.util.Arrays;

/** An index of JVector over a mapped matrix, built and searched; see {@link MappedVectors} for what is copied. */
final class JVector {
    private static final VectorSimilarityFunction L2 = VectorSimilarityFunction.EUCLIDEAN;

    private JVector() {}

    static ImmutableGraphIndex build(MappedVectors vectors) throws IOException {
        try (GraphIndexBuilder builder = new GraphIndexBuilder(vectors, L2, 16, 100, 1.2f, 1.2f, false)) {
            return builder.build(vectors);
        }
    }

    static int[] nearest(MappedVectors vectors, ImmutableGraphIndex index, int row, int count) {
        NodeScore[] found = GraphSearcher.search(
                        vectors.getVector(row), count, 10 * count, vectors, L2, index, Bits.ALL)
                .getNodes();
        return Arrays.stream(found).mapToInt(neighbour -> neighbour.node).toArray();
    }
}
