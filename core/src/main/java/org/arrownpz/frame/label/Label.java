package org.arrownpz.frame.label;

import java.math.BigInteger;
import java.util.List;
import java.util.stream.Collectors;
import org.arrownpz.internal.python.PyFloat;
import org.arrownpz.internal.python.PyText;

/**
 * A Python value that names a frame or axis, or labels a row or column. Immutable.
 *
 * <p>{@link #text()} is Python's {@code str()} of the value, which becomes an Arrow field name; {@link #repr()} is
 * Python's {@code repr()}, which appears inside tuples.
 */
public sealed interface Label {
    /** The absent name, Python's None. */
    Label NONE = new None();

    /** Python's {@code str()}. */
    String text();

    /** Python's {@code repr()}. */
    default String repr() {
        return text();
    }

    /** A text label. */
    static Label of(String text) {
        return new Text(text);
    }

    /** An integer label. */
    static Label of(long value) {
        return new Int(BigInteger.valueOf(value));
    }

    /** A tuple of labels, as hierarchical indices have. */
    static Label tuple(List<Label> items) {
        return new Tuple(items);
    }

    /** Python's None. */
    record None() implements Label {
        @Override
        public String text() {
            return "None";
        }
    }

    /** A str; may hold lone surrogates. */
    record Text(String value) implements Label {
        @Override
        public String text() {
            return value;
        }

        @Override
        public String repr() {
            return PyText.repr(value);
        }
    }

    /** A bool. */
    record Bool(boolean value) implements Label {
        @Override
        public String text() {
            return value ? "True" : "False";
        }
    }

    /** An int of any size. */
    record Int(BigInteger value) implements Label {
        @Override
        public String text() {
            return value.toString();
        }
    }

    /** A float; two floats are equal when their bits are. */
    record Float(double value) implements Label {
        @Override
        public String text() {
            return PyFloat.repr(value);
        }
    }

    /**
     * A datetime.date or numpy.datetime64.
     *
     * @param iso the ISO-8601 text
     * @param spelling the Python expression as StaticFrame's metadata holds it
     */
    record Moment(String iso, String spelling) implements Label {
        @Override
        public String text() {
            return iso;
        }

        @Override
        public String repr() {
            return spelling;
        }
    }

    /** Any other item of a label array (bytes, complex, timedelta64), by its spellings. */
    record Item(String text, String repr) implements Label {}

    /** A tuple. */
    record Tuple(List<Label> items) implements Label {
        public Tuple {
            items = List.copyOf(items);
        }

        @Override
        public String text() {
            return repr();
        }

        @Override
        public String repr() {
            return items.stream()
                    .map(Label::repr)
                    .collect(Collectors.joining(", ", "(", items.size() == 1 ? ",)" : ")"));
        }
    }
}
