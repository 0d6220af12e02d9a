package org.arrownpz.npy;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.SafeText;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DescrParser;
import org.arrownpz.internal.python.PyLiteral;
import org.arrownpz.internal.python.PySyntaxException;
import org.arrownpz.internal.python.PyValue;
import org.jspecify.annotations.Nullable;

/** The text of one header: encoding, literal, keys, and the types and values behind them. */
record NpyHeaderText(int major, int textOffset, ReadLimits limits, Location location) {
    /** NumPy's own bound; {@link ReadLimits#dimensions()} can only be lower. */
    private static final int MAX_DIMENSIONS = 64;

    private static final int LENGTH_OFFSET = 8;

    private static final String KEYS = "exactly descr, fortran_order and shape";

    /** The header that ends, with its data beginning, at the given byte. */
    NpyHeader parse(byte[] bytes, int end) throws NpzException {
        String text = decode(bytes, end);
        PyValue literal = literal(text);
        if (!(literal instanceof PyValue.Dict dict)) {
            throw error(ErrorCode.HEADER_SYNTAX, "the header is not a dictionary")
                    .found(literal.describe())
                    .build();
        }
        PyValue descr = null;
        PyValue fortran = null;
        PyValue shape = null;
        for (PyValue.Entry entry : dict.entries()) {
            String key = entry.key() instanceof PyValue.Text name ? name.value() : "";
            switch (key) {
                case "descr" -> descr = once(descr, entry);
                case "fortran_order" -> fortran = once(fortran, entry);
                case "shape" -> shape = once(shape, entry);
                default -> throw keys("a key that does not belong there", entry.key());
            }
        }
        if (descr == null || fortran == null || shape == null) {
            String missing = descr == null ? "descr" : fortran == null ? "fortran_order" : "shape";
            throw error(ErrorCode.HEADER_KEYS, "the header has no key " + missing)
                    .expected(KEYS)
                    .build();
        }
        if (!(fortran instanceof PyValue.Bool order)) {
            throw error(ErrorCode.HEADER_KEYS, "fortran_order is not a truth value")
                    .expected("True or False")
                    .found(fortran.describe())
                    .build();
        }
        DType dtype = DescrParser.parse(descr, limits, location, textOffset);
        Shape lengths = shape(shape, dtype.itemSize());
        long dataLength = lengths.elements() * dtype.itemSize();
        StorageOrder storage = order.value() ? StorageOrder.FORTRAN : StorageOrder.C;
        return new NpyHeader(major, dtype, lengths, storage, end, dataLength);
    }

    private String decode(byte[] bytes, int end) throws NpzException {
        if (major < 3) {
            return new String(bytes, textOffset, end - textOffset, StandardCharsets.ISO_8859_1);
        }
        String text;
        try {
            // A fresh decoder reports malformed input, where the String constructor would replace it.
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, textOffset, end - textOffset))
                    .toString();
        } catch (CharacterCodingException e) {
            throw error(ErrorCode.HEADER_ENCODING, "the header of version 3.0 is not UTF-8")
                    .cause(e)
                    .build();
        }
        int characters = text.codePointCount(0, text.length());
        if (characters > limits.headerCharacters()) {
            throw NpyHeaderReader.tooLong(limits, characters + " characters", location);
        }
        return text;
    }

    private PyValue literal(String text) throws NpzException {
        try {
            return PyLiteral.parse(text, limits.headerNesting(), major < 3);
        } catch (PySyntaxException e) {
            if (e.kind() == PySyntaxException.Kind.LISTS_TOO_DEEP) {
                throw error(ErrorCode.DTYPE, "a record dtype is nested too deeply: " + e.problem())
                        .remedy("ReadLimits.withHeaderNesting raises the limit.")
                        .build();
            }
            // Every writer ends the header with a newline; without one, it is the length that cuts the text.
            boolean cut = e.kind() == PySyntaxException.Kind.INCOMPLETE && !text.endsWith("\n") && !text.isBlank();
            throw location.error(
                            ErrorCode.HEADER_SYNTAX,
                            cut
                                    ? "the header length cuts the header text"
                                    : "the header is not a Python literal: " + e.problem() + ", at character "
                                            + e.position() + " of the header text")
                    .at(cut ? LENGTH_OFFSET : textOffset)
                    .found(SafeText.quote(excerpt(text, e.position())))
                    .build();
        }
    }

    private static String excerpt(String text, int position) {
        int from = Math.max(0, Math.min(position, text.length()) - 10);
        return text.substring(from, Math.min(text.length(), position + 20));
    }

    private PyValue once(@Nullable PyValue present, PyValue.Entry entry) throws NpzException {
        if (present != null) {
            throw keys("a key that occurs twice", entry.key());
        }
        return entry.value();
    }

    private Shape shape(PyValue value, long itemSize) throws NpzException {
        if (!(value instanceof PyValue.Tuple tuple)) {
            throw error(ErrorCode.SHAPE, "the shape is not a tuple")
                    .found(value.describe())
                    .build();
        }
        List<PyValue> items = tuple.items();
        if (items.size() > limits.dimensions()) {
            boolean beyondNumPy = items.size() > MAX_DIMENSIONS;
            throw error(beyondNumPy ? ErrorCode.SHAPE : ErrorCode.LIMIT, "the array has too many dimensions")
                    .expected("at most " + limits.dimensions())
                    .found(items.size())
                    .build();
        }
        long[] lengths = new long[items.size()];
        // NumPy multiplies the lengths beside a zero too, so that strides of empty arrays stay within 64 bits.
        long bytes = Math.max(1, itemSize);
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = length(items.get(i));
            if (lengths[i] > 0) {
                if (bytes > Long.MAX_VALUE / lengths[i]) {
                    throw overflow("dimension " + i + " of length " + lengths[i] + ", " + bytes + " bytes before it");
                }
                bytes *= lengths[i];
            }
        }
        return Shape.of(lengths);
    }

    private long length(PyValue item) throws NpzException {
        if (!(item instanceof PyValue.Int length)) {
            throw error(ErrorCode.SHAPE, "a length in the shape is not an integer")
                    .found(item.describe())
                    .build();
        }
        if (length.value() < 0) {
            throw error(ErrorCode.SHAPE, "a length in the shape is negative")
                    .found(item.describe())
                    .build();
        }
        if (!length.exact()) {
            throw overflow(item.describe());
        }
        return length.value();
    }

    private NpzException overflow(String found) {
        return error(ErrorCode.SIZE_OVERFLOW, "the shape times the item size does not fit 63 bits")
                .found(found)
                .build();
    }

    private NpzException keys(String problem, PyValue found) {
        return error(ErrorCode.HEADER_KEYS, problem)
                .expected(KEYS)
                .found(found.describe())
                .build();
    }

    private NpzException.Builder error(ErrorCode code, String problem) {
        return location.error(code, problem).at(textOffset);
    }
}
