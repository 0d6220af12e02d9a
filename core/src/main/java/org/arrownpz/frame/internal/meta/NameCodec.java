package org.arrownpz.frame.internal.meta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.arrownpz.frame.label.Label;
import org.jspecify.annotations.Nullable;

/**
 * Names of frames and axes in {@code __meta__.json}: scalars as themselves, tuples as arrays, dates as the Python
 * expressions that StaticFrame revives. The expressions are matched and read, never evaluated.
 */
public final class NameCodec {
    private static final Pattern DATETIME64 = Pattern.compile("(?:numpy|np)\\.datetime64\\('([-.T:0-9]+)'\\)");
    private static final Pattern DATE =
            Pattern.compile("datetime\\.date\\(([0-9]{1,4}), ?([0-9]{1,2}), ?([0-9]{1,2})\\)");

    private NameCodec() {}

    /** The name that the node stands for, or null when names cannot be of its type. */
    public static @Nullable Label decode(JsonNode node) {
        if (node.isNull()) {
            return Label.NONE;
        }
        if (node.isTextual()) {
            return text(node.textValue());
        }
        if (node.isBoolean()) {
            return new Label.Bool(node.booleanValue());
        }
        if (node.isIntegralNumber()) {
            return new Label.Int(node.bigIntegerValue());
        }
        if (node.isNumber()) {
            return new Label.Float(node.doubleValue());
        }
        if (!node.isArray()) {
            return null;
        }
        List<Label> items = new ArrayList<>(node.size());
        for (JsonNode child : node) {
            Label item = decode(child);
            if (item == null) {
                return null;
            }
            items.add(item);
        }
        return new Label.Tuple(items);
    }

    private static Label text(String text) {
        Matcher datetime = DATETIME64.matcher(text);
        if (datetime.matches()) {
            return new Label.Moment(datetime.group(1), text);
        }
        Matcher date = DATE.matcher(text);
        if (date.matches()) {
            try {
                LocalDate day = LocalDate.of(
                        Integer.parseInt(date.group(1)),
                        Integer.parseInt(date.group(2)),
                        Integer.parseInt(date.group(3)));
                return new Label.Moment(day.toString(), text);
            } catch (DateTimeException e) {
                return new Label.Text(text);
            }
        }
        return new Label.Text(text);
    }

    /**
     * The node of a name.
     *
     * @throws IllegalArgumentException for names that StaticFrame's metadata cannot hold (bytes, complex, timedelta)
     */
    public static JsonNode encode(Label name) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (name instanceof Label.None) {
            return nodes.nullNode();
        } else if (name instanceof Label.Text text) {
            return nodes.textNode(text.value());
        } else if (name instanceof Label.Bool bool) {
            return nodes.booleanNode(bool.value());
        } else if (name instanceof Label.Int integer) {
            return nodes.numberNode(integer.value());
        } else if (name instanceof Label.Float number) {
            return nodes.numberNode(number.value());
        } else if (name instanceof Label.Moment moment) {
            return nodes.textNode(moment.spelling());
        } else if (name instanceof Label.Tuple tuple) {
            ArrayNode array = nodes.arrayNode(tuple.items().size());
            tuple.items().forEach(item -> array.add(encode(item)));
            return array;
        }
        throw new IllegalArgumentException("a name is None, text, bool, int, float, date or tuple, not " + name.repr());
    }

    /** Whether the node is an integer within the given bounds. */
    public static boolean isCount(@Nullable JsonNode node, long min, long max) {
        if (node == null || !node.isIntegralNumber()) {
            return false;
        }
        BigInteger value = node.bigIntegerValue();
        return value.compareTo(BigInteger.valueOf(min)) >= 0 && value.compareTo(BigInteger.valueOf(max)) <= 0;
    }
}
