package org.arrownpz.internal.python;

import java.util.List;
import org.arrownpz.SafeText;

/** A value of the Python literals that occur in NPY headers, as {@link PyLiteral} reads them. Immutable. */
public sealed interface PyValue {
    /** The value's kind, with an article and for messages: "a list", "the integer 3". */
    String describe();

    /**
     * A string.
     *
     * @param value the text with escapes resolved
     * @param escaped whether the spelling held an escape, which no writer needs outside field names
     */
    record Text(String value, boolean escaped) implements PyValue {
        @Override
        public String describe() {
            return SafeText.quote(value);
        }
    }

    /**
     * An integer of any size.
     *
     * @param value the value, or {@code Long.MAX_VALUE} or {@code Long.MIN_VALUE} when it lies beyond
     * @param exact whether the value is within 64 bits
     */
    record Int(long value, boolean exact) implements PyValue {
        @Override
        public String describe() {
            return exact ? "the integer " + value : "an integer beyond 64 bits";
        }
    }

    /** {@code True} or {@code False}. */
    record Bool(boolean value) implements PyValue {
        @Override
        public String describe() {
            return value ? "True" : "False";
        }
    }

    /** A tuple. */
    record Tuple(List<PyValue> items) implements PyValue {
        public Tuple {
            items = List.copyOf(items);
        }

        @Override
        public String describe() {
            return "a tuple of " + items.size();
        }
    }

    /** A list. */
    record Sequence(List<PyValue> items) implements PyValue {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String describe() {
            return "a list of " + items.size();
        }
    }

    /** A dictionary in the order of its text; keys may occur more than once. */
    record Dict(List<Entry> entries) implements PyValue {
        public Dict {
            entries = List.copyOf(entries);
        }

        @Override
        public String describe() {
            return "a dictionary of " + entries.size();
        }
    }

    /** One pair of a {@link Dict}. */
    record Entry(PyValue key, PyValue value) {}

    /**
     * A literal without a meaning in headers: {@code None}, a float, a complex number, bytes or a set. It is read so
     * that the message can be about the value and not about syntax.
     *
     * @param name what it is, with an article where English wants one
     */
    record Other(String name) implements PyValue {
        @Override
        public String describe() {
            return name;
        }
    }
}
