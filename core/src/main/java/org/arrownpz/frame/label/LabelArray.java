package org.arrownpz.frame.label;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.TimeText;
import org.arrownpz.internal.python.PyFloat;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.jspecify.annotations.Nullable;

/**
 * One level of column labels: a one-dimensional NumPy array on the Java heap, of any dtype. Immutable.
 */
public final class LabelArray {
    private final ScalarDType dtype;
    private final byte[] data;
    private final int length;

    private LabelArray(ScalarDType dtype, byte[] data, int length) {
        this.dtype = dtype;
        this.data = data;
        this.length = length;
    }

    /** Reads the array into heap memory, code points checked. */
    public static LabelArray read(NumpyArray array, ReadLimits limits) throws NpzException {
        Location location = array.location();
        if (!(array.header().dtype() instanceof ScalarDType dtype)) {
            throw location.fault(
                    ErrorCode.FRAME_LABELS,
                    "labels of a record dtype",
                    "a scalar dtype",
                    array.header().dtype());
        }
        long bytes = array.header().dataLength();
        if (bytes > limits.labelBytes()) {
            throw location.error(ErrorCode.LIMIT, "the labels are larger than ReadLimits.labelBytes")
                    .expected("at most " + limits.labelBytes())
                    .found(bytes)
                    .remedy("Raise the limit with ReadLimits.withLabelBytes")
                    .build();
        }
        if (array.header().shape().elements() > Integer.MAX_VALUE - 8) {
            throw location.fault(ErrorCode.LIMIT, "more labels than a Java list holds");
        }
        ByteBuffer data = ByteBuffer.allocate((int) bytes);
        array.data().read(0, data);
        LabelArray labels =
                new LabelArray(dtype, data.array(), (int) array.header().shape().elements());
        labels.checkCodePoints(location);
        return labels;
    }

    /** Labels of the given dtype over data that the caller no longer touches. */
    public static LabelArray of(ScalarDType dtype, byte[] data, int length) {
        if (Math.multiplyExact(dtype.itemSize(), (long) length) != data.length) {
            throw new IllegalArgumentException("label data do not fit dtype and length");
        }
        return new LabelArray(dtype, data, length);
    }

    /** Text labels, as wide as the longest. */
    public static LabelArray ofTexts(List<String> texts) {
        int width = 1;
        for (String text : texts) {
            width = Math.max(width, text.codePointCount(0, text.length()));
        }
        ByteBuffer data = ByteBuffer.allocate(Math.multiplyExact(Math.multiplyExact(4, width), texts.size()))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < texts.size(); i++) {
            data.position(i * width * 4);
            String text = texts.get(i);
            for (int at = 0; at < text.length(); ) {
                int codePoint = text.codePointAt(at);
                data.putInt(codePoint);
                at += Character.charCount(codePoint);
            }
        }
        return new LabelArray(ScalarDType.unicode(width), data.array(), texts.size());
    }

    /** The dtype of the labels. */
    public ScalarDType dtype() {
        return dtype;
    }

    /** The number of labels. */
    public int length() {
        return length;
    }

    /** The label as a Python value. */
    public Label value(int position) {
        return LabelItem.read(dtype, data, position);
    }

    /** Python's {@code str()} of the label, with lone surrogates escaped; of floats with the digits that their dtype has. */
    public String text(int position) {
        if (dtype.kind() == DTypeKind.UNICODE) {
            return LabelItem.text(dtype, data, position);
        }
        Label label = value(position);
        return label instanceof Label.Float number ? spelled(number) : label.text();
    }

    /** Python's {@code repr()} of the label, as it stands in a tuple. */
    String repr(int position) {
        Label label = value(position);
        return label instanceof Label.Float number ? spelled(number) : label.repr();
    }

    private String spelled(Label.Float number) {
        return PyFloat.repr(number.value(), (int) dtype.itemSize());
    }

    /** pandas' text of a label that is a datetime64, or null where it has none. */
    @Nullable
    public String timestamp(int position) {
        ByteBuffer bytes = ByteBuffer.wrap(data).order(dtype.javaOrder());
        return TimeText.timestamp(bytes.getLong(8 * position), dtype.unit());
    }

    /** {@link #text} of all labels. */
    public List<String> texts() {
        if (dtype.kind() == DTypeKind.UNICODE) {
            return LabelItem.texts(dtype, data, length);
        }
        List<String> texts = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            texts.add(text(i));
        }
        return texts;
    }

    private void checkCodePoints(Location location) throws NpzException {
        if (dtype.kind() != DTypeKind.UNICODE) {
            return;
        }
        int bad = LabelItem.firstBadCodePoint(dtype, data);
        if (bad >= 0) {
            throw location.error(ErrorCode.VALUE, "a label holds a code point beyond Unicode")
                    .at(bad)
                    .expected("at most U+10FFFF")
                    .found("element " + bad / dtype.itemSize())
                    .build();
        }
    }

    public byte[] data() {
        return data;
    }

    /** The labels as an array to be written. */
    public ArrayContent content() {
        return ArrayContent.of(ByteBuffer.wrap(data), dtype, Shape.of(length));
    }

    /** The labels at the given positions. */
    LabelArray select(int[] positions) {
        int item = (int) dtype.itemSize();
        byte[] selected = new byte[Math.multiplyExact(item, positions.length)];
        for (int i = 0; i < positions.length; i++) {
            System.arraycopy(data, positions[i] * item, selected, i * item, item);
        }
        return new LabelArray(dtype, selected, positions.length);
    }
}
