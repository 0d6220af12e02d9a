package org.arrownpz.array;

import java.nio.ByteBuffer;
import org.arrownpz.NpzException;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;

/**
 * Arrays as NumPy prints them: what {@code np.array2string} gives, with the values at the corners of long ones.
 *
 * <pre>{@code
 * System.out.println(ArrayText.of(array));    // [[0.         0.01010101 0.02020202 ... 0.97979798 0.98989899 1.        ]
 * }</pre>
 *
 * <p>Reads the elements that it shows and no others. Immutable and safe for use by several threads.
 */
public final class ArrayText {
    private static final ArrayText NUMPY = new ArrayText(3, 1000, 75);

    /** More elements are never shown: of arrays of many dimensions, fewer at the ends of each. */
    private static final long MOST_SHOWN = 10_000;

    private final int edgeItems;
    private final long threshold;
    private final int lineWidth;

    private ArrayText(int edgeItems, long threshold, int lineWidth) {
        if (edgeItems < 1 || threshold < 0 || lineWidth < 1) {
            throw new IllegalArgumentException("edge items and line width are at least 1, the threshold is at least 0: "
                    + edgeItems + ", " + lineWidth + ", " + threshold);
        }
        this.edgeItems = edgeItems;
        this.threshold = threshold;
        this.lineWidth = lineWidth;
    }

    /** NumPy's form: arrays of more than 1000 elements show 3 at both ends of each dimension, in lines of 75 characters. */
    public static ArrayText defaults() {
        return NUMPY;
    }

    /** The same with so many elements at both ends of each dimension of an array that is summarised, at least 1. */
    public ArrayText withEdgeItems(int items) {
        return new ArrayText(items, threshold, lineWidth);
    }

    /** The same for summaries of arrays of more elements than this. */
    public ArrayText withThreshold(long elements) {
        return new ArrayText(edgeItems, elements, lineWidth);
    }

    /** The same with lines of so many characters, beyond which rows are folded. */
    public ArrayText withLineWidth(int characters) {
        return new ArrayText(edgeItems, threshold, characters);
    }

    int edgeItems() {
        return edgeItems;
    }

    long threshold() {
        return threshold;
    }

    /** The text of an array with NumPy's defaults. */
    public static String of(NumpyArray array) throws NpzException {
        return NUMPY.text(array);
    }

    /**
     * The text of an array.
     *
     * @throws NpzException IO or FILE_CHANGED where the file does so, LIMIT where a deflated member needs too much memory
     */
    public String text(NumpyArray array) throws NpzException {
        return array.shape().dimensions() == 0
                ? text(array, 0, 1)
                : text(array, 0, array.shape().length(0));
    }

    /**
     * The text of a part of the first dimension, {@code array[from:to]}; the one element of a 0-d array.
     *
     * @throws NpzException as {@link #text(NumpyArray)}
     * @throws IndexOutOfBoundsException when the part is not within the dimension
     */
    public String text(NumpyArray array, long from, long to) throws NpzException {
        long[] lengths = array.shape().lengths();
        if (lengths.length > 0) {
            if (from < 0 || to < from || to > lengths[0]) {
                throw new IndexOutOfBoundsException(from + " to " + to + " of " + array.shape());
            }
            lengths[0] = to - from;
        }
        long elements = Shape.of(lengths).elements();
        if (elements == 0) {
            return "[]";
        }
        int edge = elements > threshold ? edge(lengths) : 0;
        if (edge < 0) {
            return "[...]";
        }
        long[] strides = array.strides();
        int width = ElementText.readable(array.dtype());
        ByteBuffer shown = ByteBuffer.allocate(Math.toIntExact(shown(lengths, edge) * width));
        gather(array, lengths, strides, edge, 0, lengths.length == 0 ? 0 : from * strides[0], width, shown);
        ElementText format = ElementText.of(array, shown.flip(), this, lengths.length == 0);
        return new Layout(lengths, edge, format).text(0, " ", lineWidth);
    }

    /** The number of elements at both ends of each dimension that are few enough, or -1. */
    private int edge(long[] lengths) {
        for (int edge = edgeItems; edge > 0; edge--) {
            if (shown(lengths, edge) <= Math.max(MOST_SHOWN, edge == edgeItems ? threshold : 0)) {
                return edge;
            }
        }
        return -1;
    }

    /** The number of elements that are shown, or one that is more than can be. */
    private static long shown(long[] lengths, int edge) {
        long count = 1;
        for (long length : lengths) {
            count = Math.min(Integer.MAX_VALUE, count * (cut(length, edge) ? 2L * edge : Math.min(length, 1 << 20)));
        }
        return count;
    }

    private static boolean cut(long length, int edge) {
        return edge > 0 && length > 2L * edge;
    }

    private static void gather(
            NumpyArray array, long[] lengths, long[] strides, int edge, int axis, long at, int width, ByteBuffer shown)
            throws NpzException {
        if (axis == lengths.length) {
            if (width > 0) {
                array.data().read(at, shown.limit(shown.position() + width));
            }
            return;
        }
        boolean cut = cut(lengths[axis], edge);
        for (long i = 0; i < lengths[axis]; i++) {
            if (cut && i == edge) {
                i = lengths[axis] - edge;
            }
            gather(array, lengths, strides, edge, axis + 1, at + i * strides[axis], width, shown);
        }
    }

    /** The brackets and lines; takes the elements in order. */
    private static final class Layout {
        private final long[] lengths;
        private final int edge;
        private final ElementText elements;
        private int next;

        Layout(long[] lengths, int edge, ElementText elements) {
            this.lengths = lengths;
            this.edge = edge;
            this.elements = elements;
        }

        String text(int axis, String indent, int width) {
            if (axis == lengths.length) {
                return elements.text(next++);
            }
            int left = lengths.length - axis;
            boolean cut = cut(lengths[axis], edge);
            int count = cut ? 2 * edge : (int) lengths[axis];
            StringBuilder text = new StringBuilder();
            StringBuilder line = new StringBuilder(indent);
            String between = left == 1 ? " " : "\n".repeat(left - 1);
            for (int i = 0; i < count; i++) {
                if (cut && i == edge) {
                    append(text, line, "...", indent, left, width);
                    line.append(between);
                }
                append(text, line, text(axis + 1, indent + " ", width - 1), indent, left, width);
                line.append(i < count - 1 ? between : "");
            }
            return "[" + text.append(line).substring(indent.length()) + "]";
        }

        private static void append(
                StringBuilder text, StringBuilder line, String word, String indent, int left, int width) {
            if (left > 1) {
                line.append(line.length() == indent.length() && text.isEmpty() ? "" : indent)
                        .append(word);
                return;
            }
            // Python counts characters, not units of UTF-16.
            int length = line.codePointCount(0, line.length()) + word.codePointCount(0, word.length());
            if (length > width - 1 && line.length() > indent.length()) {
                text.append(line.toString().stripTrailing()).append('\n');
                line.setLength(0);
                line.append(indent);
            }
            line.append(word);
        }
    }
}
