package org.arrownpz.array;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.array.internal.kernel.FloatDots;
import org.arrownpz.array.internal.kernel.RowKernels;
import org.arrownpz.internal.memory.CommonPool;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.support.Faults;

/**
 * A search for the rows of a matrix that lie nearest to a vector. Workers, as many as there are processors, take one block
 * of rows after the other; each holds the numbers of one block, and the best rows that it has seen.
 */
final class NearestRows {
    /** Numbers of a block, which stay in the second cache while they are used. */
    private static final int BLOCK = 1 << 15;
    /** Of those that are not copied, which are used once. */
    private static final int VIEWED_BLOCK = 1 << 20;

    private static final int LONGEST = Integer.MAX_VALUE - 8;
    /** Elements that are read at a time. */
    private static final int STRIP = 1 << 12;

    private final NumpyArray matrix;
    private final ElementValues numbers;
    private final double[] query;
    private final Vectors.Metric metric;
    private final int count;
    private final long rows;
    private final int columns;
    /** Bytes of a row of floats or doubles. */
    private final int rowBytes;

    private final boolean viewed;
    private final int blockRows;
    private final AtomicLong next = new AtomicLong();

    private NearestRows(NumpyArray matrix, double[] query, int count, Vectors.Metric metric) throws NpzException {
        Shape shape = matrix.shape();
        if (shape.dimensions() != 2 || shape.length(1) != query.length) {
            throw matrix.location()
                    .error(ErrorCode.ARRAY_SHAPE, "the rows are not as long as the vector that is looked for")
                    .expected("a matrix of " + query.length + " columns")
                    .found(shape)
                    .build();
        }
        this.matrix = matrix;
        this.numbers = numbers(matrix);
        this.query = query;
        this.metric = metric;
        this.rows = shape.length(0);
        this.columns = query.length;
        this.count = (int) Math.min(count, rows);
        long bytes = (long) columns * (numbers.isSingle() ? Float.BYTES : Double.BYTES);
        if (bytes > LONGEST) {
            throw matrix.location()
                    .fault(ErrorCode.LIMIT, "a row is too long to be held", "at most " + LONGEST + " bytes", bytes);
        }
        this.rowBytes = (int) bytes;
        boolean plain = matrix.order() == StorageOrder.C && numbers.isPlainFloat();
        this.viewed = plain && matrix.data().views(Math.max(bytes, (long) VIEWED_BLOCK * Double.BYTES));
        this.blockRows = (int) Math.max(1, Math.min(rows / 8, (viewed ? VIEWED_BLOCK : BLOCK) / Math.max(1, columns)));
    }

    private static ElementValues numbers(NumpyArray array) throws NpzException {
        ElementValues numbers = ElementValues.of(array);
        if (numbers == null || numbers.parts() > 1 || numbers.isTime()) {
            throw array.location()
                    .error(ErrorCode.ARRAY_DTYPE, "the array is of another dtype")
                    .expected("bool, integers, or floats of at most 64 bits")
                    .found(SafeText.escape(array.toString()))
                    .build();
        }
        return numbers;
    }

    /** All elements of an array in C order, as the nearest doubles. */
    static double[] all(NumpyArray array) throws NpzException {
        ElementValues numbers = numbers(array);
        long bytes = array.data().size();
        if (bytes > LONGEST) {
            throw array.location()
                    .error(ErrorCode.LIMIT, "the vector has more bytes than a Java array can hold")
                    .expected("at most " + LONGEST)
                    .found(bytes)
                    .build();
        }
        ByteBuffer elements = ByteBuffer.allocate((int) bytes);
        array.data().read(0, elements);
        double[] values = new double[(int) array.shape().elements()];
        numbers.reals(elements.flip(), values, values.length);
        return values;
    }

    static List<Vectors.Neighbor> find(NumpyArray matrix, double[] query, int count, Vectors.Metric metric)
            throws NpzException {
        NearestRows search = new NearestRows(matrix, query, count, metric);
        long blocks = (search.rows - 1) / search.blockRows + 1;
        int workers = CommonPool.mayHelp() ? Runtime.getRuntime().availableProcessors() : 1;
        List<BestRows> found;
        try {
            found = IntStream.range(0, (int) Math.min(workers, blocks))
                    .parallel()
                    .mapToObj(worker -> search.work())
                    .toList();
        } catch (UncheckedIOException e) {
            throw Faults.typed(e);
        }
        matrix.data().checkUnchanged();
        return search.merged(found);
    }

    private List<Vectors.Neighbor> merged(List<BestRows> found) {
        BestRows best = new BestRows(count);
        found.forEach(best::addAll);
        List<Vectors.Neighbor> neighbors = new ArrayList<>(count);
        best.sorted((row, key) -> {
            double score = metric == Vectors.Metric.L2 ? Math.sqrt(key) : 0.0 - key;
            neighbors.add(new Vectors.Neighbor(row, score));
        });
        return neighbors;
    }

    private BestRows work() {
        BestRows best = new BestRows(count);
        ByteBuffer held =
                ByteBuffer.allocateDirect(viewed ? 0 : blockRows * rowBytes).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer strip = ByteBuffer.allocate(viewed ? 0 : STRIP * numbers.width());
        double[] decoded = new double[viewed ? 0 : STRIP];
        double[] scores = new double[blockRows];
        FloatDots filter = new FloatDots(query);
        try {
            for (long first = next.getAndAdd(blockRows); first < rows; first = next.getAndAdd(blockRows)) {
                int length = (int) Math.min(blockRows, rows - first);
                if (viewed) {
                    try (ArrowBuf block = matrix.region(first * rowBytes, (long) length * rowBytes)) {
                        score(block.nioBuffer(0, length * rowBytes), length, scores, filter, -best.worst());
                    }
                } else {
                    read(first, length, held, strip, decoded);
                    score(held, length, scores, filter, -best.worst());
                }
                for (int row = 0; row < length; row++) {
                    // Zeros of both signs are equal.
                    best.add(first + row, (metric == Vectors.Metric.L2 ? scores[row] : -scores[row]) + 0.0);
                }
            }
        } catch (NpzException e) {
            throw new UncheckedIOException(e);
        }
        return best;
    }

    /** The scores of a block; NaN of rows whose product is less than one for sure. */
    private void score(ByteBuffer block, int length, double[] scores, FloatDots filter, double least)
            throws NpzException {
        MemoryAccess.guard(matrix.location(), () -> {
            switch (metric) {
                case COSINE -> RowKernels.cosines(block, numbers.isSingle(), query, scores, length);
                case L2 -> RowKernels.squaredDistances(block, numbers.isSingle(), query, scores, length);
                case DOT -> {
                    filter.add(block, numbers.isSingle(), length);
                    RowKernels.dots(block, numbers.isSingle(), query, scores, length, row -> filter.isLess(row, least));
                }
            }
        });
    }

    private void read(long first, int length, ByteBuffer block, ByteBuffer strip, double[] decoded)
            throws NpzException {
        if (matrix.order() == StorageOrder.FORTRAN) {
            for (int column = 0; column < columns; column++) {
                read(column * rows + first, length, block, column, columns, strip, decoded);
            }
        } else {
            read(first * columns, length * columns, block, 0, 1, strip, decoded);
        }
    }

    /** Reads elements that follow one another in the file to every step-th place. */
    private void read(long element, int length, ByteBuffer block, int at, int step, ByteBuffer strip, double[] decoded)
            throws NpzException {
        int width = numbers.width();
        for (int done = 0; done < length; ) {
            int part = Math.min(length - done, STRIP);
            matrix.data().read((element + done) * width, strip.clear().limit(part * width));
            numbers.reals(strip.flip(), decoded, part);
            int place = at + done * step;
            if (numbers.isSingle()) {
                for (int i = 0; i < part; i++, place += step) {
                    block.putFloat(place * Float.BYTES, (float) decoded[i]);
                }
            } else {
                for (int i = 0; i < part; i++, place += step) {
                    block.putDouble(place * Double.BYTES, decoded[i]);
                }
            }
            done += part;
        }
    }
}
