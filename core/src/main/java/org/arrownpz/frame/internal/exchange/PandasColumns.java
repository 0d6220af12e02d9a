package org.arrownpz.frame.internal.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.TimeText;
import org.arrownpz.dtype.TimeUnit64;
import org.arrownpz.frame.internal.meta.ColumnNames;
import org.arrownpz.frame.internal.meta.NameCodec;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.Label;
import org.arrownpz.frame.label.LabelArray;
import org.arrownpz.internal.python.PyFloat;
import org.arrownpz.internal.python.PyText;
import org.jspecify.annotations.Nullable;

/**
 * The labels of a frame's columns as pandas restores them: {@code to_pandas()} takes the text of each label, or of the
 * tuple of labels, and turns each level into the type that is stated for it.
 */
final class PandasColumns {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** The form of one level in pandas. */
    private enum Kind {
        TEXT,
        NUMBER,
        /** JSON's or Python's own bool: pandas takes every text for true. */
        BOOL,
        TIME,
        /** Numbers and bools among texts, each as itself. */
        MIXED
    }

    private final FrameAxis axis;
    private final int depth;
    private final List<Kind> kinds;

    /** @param mixed whether other columns stand among the labelled ones, which have texts for labels */
    PandasColumns(FrameAxis axis, boolean mixed) {
        this.axis = axis;
        this.depth = Math.max(1, axis.labels().size());
        this.kinds = new ArrayList<>(depth);
        for (int level = 0; level < depth; level++) {
            Kind kind =
                    axis.labels().isEmpty() ? Kind.NUMBER : kind(axis.labels().get(level));
            boolean itself = kind == Kind.NUMBER || kind == Kind.BOOL;
            kinds.add(!mixed ? kind : itself ? Kind.MIXED : Kind.TEXT);
        }
    }

    private static Kind kind(LabelArray labels) {
        ScalarDType dtype = labels.dtype();
        return switch (dtype.kind()) {
            case INT, UINT -> Kind.NUMBER;
            case FLOAT -> dtype.itemSize() <= 8 ? Kind.NUMBER : Kind.TEXT;
            case BOOL -> Kind.BOOL;
            case DATETIME -> {
                for (int i = 0; i < labels.length(); i++) {
                    if (labels.timestamp(i) == null) {
                        yield Kind.TEXT;
                    }
                }
                yield TimeText.timestamp(TimeText.NAT, dtype.unit()) == null ? Kind.TEXT : Kind.TIME;
            }
            default -> Kind.TEXT;
        };
    }

    int depth() {
        return depth;
    }

    /** The name of a column: what pandas makes its label of. */
    JsonNode name(int column, String field) {
        if (depth > 1) {
            StringBuilder tuple = new StringBuilder("(");
            for (int level = 0; level < depth; level++) {
                tuple.append(level == 0 ? "" : ", ").append(item(level, column));
            }
            return NODES.textNode(tuple.append(')').toString());
        }
        return switch (kinds.get(0)) {
            case TEXT -> NODES.textNode(field);
            case NUMBER -> NODES.textNode(number(0, column));
            case TIME -> NODES.textNode(axis.labels().get(0).timestamp(column));
            case BOOL, MIXED -> NameCodec.encode(axis.label(column));
        };
    }

    /** The name of a column that is none of the labelled ones. */
    JsonNode otherName(String field) {
        return NODES.textNode(depth == 1 ? field : "(" + PyText.repr(field) + ", ''".repeat(depth - 1) + ")");
    }

    private String item(int level, int column) {
        LabelArray labels = axis.labels().get(level);
        return switch (kinds.get(level)) {
            case TEXT -> PyText.repr(labels.text(column));
            case NUMBER -> PyText.repr(number(level, column));
            case TIME -> PyText.repr(String.valueOf(labels.timestamp(column)));
            case BOOL -> labels.text(column);
            // Python's literals know no nan and no inf.
            case MIXED ->
                labels.value(column) instanceof Label.Float number && !Double.isFinite(number.value())
                        ? PyText.repr(labels.text(column))
                        : labels.text(column);
        };
    }

    private String number(int level, int column) {
        if (axis.labels().isEmpty()) {
            return Integer.toString(column);
        }
        LabelArray labels = axis.labels().get(level);
        boolean half =
                labels.dtype().kind() == DTypeKind.FLOAT && labels.dtype().itemSize() == 2;
        return half && labels.value(column) instanceof Label.Float number
                ? PyFloat.repr(number.value(), Float.BYTES)
                : labels.text(column);
    }

    /** The entry of {@code column_indexes} for a level. */
    ObjectNode index(int level) {
        ObjectNode node = NODES.objectNode();
        Label name = ColumnNames.levelName(axis.name(), level, depth);
        node.set("name", PandasWriter.name(name));
        node.set("field_name", PandasWriter.name(name));
        switch (kinds.get(level)) {
            case TEXT -> {
                node.put("pandas_type", "unicode").put("numpy_type", "object");
                node.putObject("metadata").put("encoding", "UTF-8");
                return node;
            }
            case BOOL -> node.put("pandas_type", "bool").put("numpy_type", "bool");
            case MIXED -> node.put("pandas_type", "mixed").put("numpy_type", "object");
            case NUMBER -> {
                String type = number(
                        axis.labels().isEmpty()
                                ? null
                                : axis.labels().get(level).dtype());
                node.put("pandas_type", type).put("numpy_type", type);
            }
            case TIME -> {
                // Both of the unit: pandas makes nanoseconds of a bare "datetime", which end in 1677 and 2262.
                String type = time(axis.labels().get(level).dtype().unit());
                node.put("pandas_type", type).put("numpy_type", type);
            }
        }
        node.putNull("metadata");
        return node;
    }

    private static String number(@Nullable ScalarDType dtype) {
        if (dtype == null) {
            return "int64";
        }
        return switch (dtype.kind()) {
            // pandas has no index of float16.
            case FLOAT -> "float" + Math.max(32, 8 * dtype.itemSize());
            case UINT -> "uint" + 8 * dtype.itemSize();
            default -> "int" + 8 * dtype.itemSize();
        };
    }

    private static String time(@Nullable TimeUnit64 unit) {
        TimeUnit64.Base base =
                unit == null || unit.base() == TimeUnit64.Base.DAY ? TimeUnit64.Base.SECOND : unit.base();
        return "datetime64[" + base.symbol() + "]";
    }
}
