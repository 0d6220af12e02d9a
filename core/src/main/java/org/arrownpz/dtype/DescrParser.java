package org.arrownpz.dtype;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.SafeText;
import org.arrownpz.internal.python.PyLiteral;
import org.arrownpz.internal.python.PySyntaxException;
import org.arrownpz.internal.python.PyValue;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code descr} of an NPY header (NEP 1; NumPy's {@code numpy.lib.format.descr_to_dtype}): the way back from
 * {@link DType#descr()}.
 *
 * <p>Accepted are all strings that {@code numpy.dtype} takes ({@code '<i8'}, {@code 'int64'}, {@code 'q'},
 * {@code 'i4,f8'}) and lists of fields {@code (name, descr)} or {@code (name, descr, shape)}, where the name may be a pair
 * {@code (title, name)} and the descr again a list or, for sub-arrays, a pair {@code (descr, shape)}. Nameless void
 * fields are padding and move the fields behind them. C's {@code long} and its kin have the 8 bytes of 64-bit Linux and
 * macOS. Refused are Python objects anywhere, types whose items exceed 2 GiB as in NumPy, sub-arrays outside records,
 * and units of no length.
 *
 * <p>All methods are safe for use by several threads.
 */
public final class DescrParser {
    /** NumPy 2's own bound on the dimensions of a sub-array. */
    private static final int MAX_SUBARRAY_DIMENSIONS = 64;

    private final ReadLimits limits;
    private final Location location;
    private final long offset;
    private int fields;

    private DescrParser(ReadLimits limits, Location location, long offset) {
        this.limits = limits;
        this.location = location;
        this.offset = offset;
    }

    /**
     * The type that a parsed {@code descr} spells.
     *
     * @param location file and member, for messages
     * @param offset the byte offset that faults are reported at, or -1
     * @throws NpzException DTYPE, OBJECT_DTYPE, or LIMIT for too many record fields
     */
    public static DType parse(PyValue descr, ReadLimits limits, Location location, long offset) throws NpzException {
        return new DescrParser(limits, location, offset).type(descr, false);
    }

    /**
     * The type that a {@code descr} spells as a Python literal, the form of {@link DType#descr()}.
     *
     * @throws NpzException DTYPE when the text is no literal either, otherwise as above
     */
    public static DType parse(String descr, ReadLimits limits, Location location) throws NpzException {
        try {
            return parse(PyLiteral.parse(descr, limits.headerNesting(), false), limits, location, -1);
        } catch (PySyntaxException e) {
            throw location.error(ErrorCode.DTYPE, "the descr is not a Python literal (" + e.problem() + ")")
                    .found(SafeText.quote(descr))
                    .cause(e)
                    .build();
        }
    }

    // Recursion is as deep as the literal is nested, which PyLiteral bounds.
    private DType type(PyValue descr, boolean inRecord) throws NpzException {
        if (descr instanceof PyValue.Text text) {
            DType type = text(text);
            if (!inRecord && type instanceof SubarrayDType) {
                throw fault("a sub-array type is no type of an array, only of a record's field", descr);
            }
            return type;
        }
        if (descr instanceof PyValue.Sequence list) {
            return record(list.items());
        }
        if (inRecord && descr instanceof PyValue.Tuple pair && pair.items().size() == 2) {
            return subarray(type(pair.items().get(0), true), pair.items().get(1));
        }
        throw fault("the dtype is neither a string nor a list of fields", descr);
    }

    private DType text(PyValue.Text text) throws NpzException {
        if (!text.escaped() && CommaDescr.isOne(text.value())) {
            PyValue expanded = CommaDescr.expand(text.value());
            if (expanded != null) {
                return type(expanded, true);
            }
        }
        return scalar(text);
    }

    private ScalarDType scalar(PyValue.Text text) throws NpzException {
        String spelling = text.value();
        if (!text.escaped()) {
            if (ScalarDescr.isObject(spelling)) {
                throw location.error(
                                ErrorCode.OBJECT_DTYPE, "the array holds Python objects, which are never unpickled")
                        .at(offset)
                        .found(SafeText.quote(spelling))
                        .remedy(
                                "Save the array again as numbers, text (StringDType by astype(\"U\")) or records without objects.")
                        .build();
            }
            ScalarDType type = ScalarDescr.parse(spelling);
            if (type != null) {
                return type;
            }
        }
        throw location.error(ErrorCode.DTYPE, "unknown dtype")
                .at(offset)
                .expected("a type such as '<i8', '|S5' or '<M8[ns]'")
                .found(SafeText.quote(spelling))
                .build();
    }

    private StructDType record(List<PyValue> items) throws NpzException {
        List<StructDType.Field> found = new ArrayList<>(Math.min(items.size(), limits.recordFields()));
        Set<String> taken = new HashSet<>();
        long end = 0;
        for (PyValue item : items) {
            StructDType.Field field = field(item, end);
            end += field.dtype().itemSize();
            if (end > Integer.MAX_VALUE) {
                throw tooLarge();
            }
            if (isPadding(field)) {
                continue;
            }
            if (++fields > limits.recordFields()) {
                throw location.error(ErrorCode.LIMIT, "a record type has too many fields")
                        .at(offset)
                        .expected("at most " + limits.recordFields())
                        .remedy("ReadLimits.withRecordFields (--max-header-size on the command line) raises the limit.")
                        .build();
            }
            if (field.name().isEmpty()) {
                throw fault("a record field that is not padding has no name", item);
            }
            // NumPy keeps names and titles in one dictionary.
            if (!taken.add(field.name()) || (field.title() != null && !taken.add(field.title()))) {
                throw fault("two record fields have one name or title", new PyValue.Text(field.name(), false));
            }
            found.add(field);
        }
        if (found.isEmpty()) {
            throw location.error(ErrorCode.DTYPE, "a record type has no fields")
                    .at(offset)
                    .build();
        }
        return new StructDType(found, end);
    }

    private StructDType.Field field(PyValue item, long start) throws NpzException {
        if (!(item instanceof PyValue.Tuple tuple)
                || tuple.items().size() < 2
                || tuple.items().size() > 3) {
            throw fault("a record field is not a tuple of name, type and optional shape", item);
        }
        List<PyValue> parts = tuple.items();
        String name = name(parts.get(0));
        String title = null;
        if (name == null
                && parts.get(0) instanceof PyValue.Tuple pair
                && pair.items().size() == 2) {
            title = name(pair.items().get(0));
            name = title == null ? null : name(pair.items().get(1));
        }
        if (name == null) {
            throw fault("a record field's name is neither a string nor a pair of strings", parts.get(0));
        }
        DType type = type(parts.get(1), true);
        if (parts.size() == 3) {
            type = subarray(type, parts.get(2));
        }
        return new StructDType.Field(name, title, type, start);
    }

    private static @Nullable String name(PyValue value) {
        return value instanceof PyValue.Text text ? text.value() : null;
    }

    // As in NumPy, whose sub-array types count as void whatever their elements are.
    private static boolean isPadding(StructDType.Field field) {
        return field.name().isEmpty()
                && field.title() == null
                && (field.dtype() instanceof SubarrayDType
                        || (field.dtype() instanceof ScalarDType scalar && scalar.kind() == DTypeKind.VOID));
    }

    private DType subarray(DType element, PyValue shape) throws NpzException {
        List<PyValue> items;
        if (shape instanceof PyValue.Tuple tuple) {
            items = tuple.items();
        } else if (shape instanceof PyValue.Int number) {
            if (element instanceof ScalarDType scalar && scalar.itemSize() == 0) {
                return resized(scalar, number);
            }
            items = List.of(shape);
        } else {
            throw fault("a sub-array's shape is not a tuple", shape);
        }
        if (items.isEmpty()) {
            if (element.itemSize() == 0 && element instanceof ScalarDType) {
                throw fault("an element without a size is given no shape", shape);
            }
            return element;
        }
        if (items.size() > MAX_SUBARRAY_DIMENSIONS) {
            throw fault("a sub-array has more than " + MAX_SUBARRAY_DIMENSIONS + " dimensions", shape);
        }
        List<Integer> lengths = new ArrayList<>(items.size());
        // Beside a zero the other lengths still must multiply, as NumPy has it; so zeros are left out of the product.
        long bytes = Math.max(1, element.itemSize());
        for (PyValue item : items) {
            if (!(item instanceof PyValue.Int length) || length.value() < 0) {
                throw fault("a sub-array's length is not an integer of 0 or more", item);
            }
            if (length.value() > Integer.MAX_VALUE) {
                throw tooLarge();
            }
            bytes *= Math.max(1, length.value());
            if (bytes > Integer.MAX_VALUE) {
                throw tooLarge();
            }
            lengths.add((int) length.value());
        }
        return new SubarrayDType(element, lengths);
    }

    /** An element without a size, to which a number gives one, as NumPy has it: {@code 5S} is {@code S5}. */
    private ScalarDType resized(ScalarDType element, PyValue.Int size) throws NpzException {
        boolean fits = size.value() >= 0 && size.value() <= Integer.MAX_VALUE;
        ScalarDType sized = fits ? ScalarDescr.sized(element.kind(), element.order(), (int) size.value()) : null;
        if (sized == null) {
            throw fault("no size of an element", size);
        }
        return sized;
    }

    private NpzException tooLarge() {
        return location.error(ErrorCode.DTYPE, "one item of the dtype exceeds " + Integer.MAX_VALUE + " bytes")
                .at(offset)
                .build();
    }

    private NpzException fault(String problem, PyValue found) {
        return location.error(ErrorCode.DTYPE, problem)
                .at(offset)
                .found(found.describe())
                .build();
    }
}
