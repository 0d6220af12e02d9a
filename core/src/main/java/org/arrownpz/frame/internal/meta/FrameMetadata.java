package org.arrownpz.frame.internal.meta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.SafeText;
import org.arrownpz.frame.label.FrameAxis.AxisType;
import org.arrownpz.frame.label.IndexClass;
import org.arrownpz.frame.label.IndexClass.IndexType;
import org.arrownpz.frame.label.Label;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code __meta__.json}.
 *
 * @param name name of the frame
 * @param index class, depth, name and level classes of the rows' index
 * @param columns the same of the columns' index
 * @param blocks the number of {@code __blocks_i__.npy} members
 * @param arrow the {@code __arrow__} extension, or null in files that StaticFrame wrote
 */
public record FrameMetadata(
        Label name,
        AxisType index,
        AxisType columns,
        int blocks,
        @Nullable JsonNode arrow) {
    public static final String MEMBER = "__meta__.json";
    public static final String ARROW_KEY = "__arrow__";
    /** The key under which a stored Arrow schema carries pandas' own metadata: labels, which the frame has itself. */
    public static final String PANDAS_KEY = "pandas";

    private static final String NAMES = "__names__";
    private static final String TYPES = "__types__";
    private static final String TYPES_INDEX = "__types_index__";
    private static final String TYPES_COLUMNS = "__types_columns__";
    private static final String DEPTHS = "__depths__";
    private static final int MAX_DEPTH = 1000;

    /**
     * Reads and checks the document.
     *
     * @throws NpzException META_JSON or META_SCHEMA
     */
    public static FrameMetadata parse(byte[] json, ReadLimits limits, Location location) throws NpzException {
        JsonNode root = JsonText.parse(json, limits, location);
        return of(root, location);
    }

    public static FrameMetadata of(JsonNode root, Location location) throws NpzException {
        if (!root.isObject()) {
            throw location.fault(
                    ErrorCode.META_JSON, "the metadata are no JSON object", "an object", root.getNodeType());
        }
        JsonNode names = list(root, NAMES, 3, location);
        JsonNode types = list(root, TYPES, 2, location);
        JsonNode depths = list(root, DEPTHS, 3, location);
        int blocks = count(depths, 0, 0, Integer.MAX_VALUE - 8, "number of blocks", location);
        AxisType index = axis(
                root,
                TYPES_INDEX,
                types.get(0),
                count(depths, 1, 1, MAX_DEPTH, "index depth", location),
                name(names.get(1), location),
                location);
        AxisType columns = axis(
                root,
                TYPES_COLUMNS,
                types.get(1),
                count(depths, 2, 1, MAX_DEPTH, "columns depth", location),
                name(names.get(2), location),
                location);
        return new FrameMetadata(name(names.get(0), location), index, columns, blocks, root.get(ARROW_KEY));
    }

    /** An axis as the {@code __arrow__} extension states it: {@code {"class", "depth", "name", "levels"}}. */
    public static AxisType hiddenAxis(JsonNode node, Location location) throws NpzException {
        if (!node.isObject() || !NameCodec.isCount(node.get("depth"), 1, MAX_DEPTH) || !node.has("class")) {
            throw location.fault(ErrorCode.META_SCHEMA, "the index in " + ARROW_KEY + " is not described");
        }
        Label name = name(
                node.path("name").isMissingNode() ? JsonNodeFactory.instance.nullNode() : node.get("name"), location);
        return axis(node, "levels", node.get("class"), node.get("depth").intValue(), name, location);
    }

    /** The opposite of {@link #hiddenAxis}. */
    public static ObjectNode hiddenNode(AxisType axis) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("class", axis.indexClass().className());
        node.put("depth", axis.depth());
        node.set("name", NameCodec.encode(axis.name()));
        putLevels(node, "levels", axis);
        return node;
    }

    private static JsonNode list(JsonNode root, String key, int length, Location location) throws NpzException {
        JsonNode node = root.get(key);
        if (node == null) {
            throw location.fault(ErrorCode.META_SCHEMA, "the key " + key + " is missing");
        }
        if (!node.isArray() || node.size() != length) {
            throw location.error(ErrorCode.META_SCHEMA, "the value of " + key)
                    .expected("a list of " + length)
                    .found(node.isArray() ? "a list of " + node.size() : node.getNodeType())
                    .build();
        }
        return node;
    }

    private static int count(JsonNode list, int position, int min, int max, String what, Location location)
            throws NpzException {
        JsonNode node = list.get(position);
        if (node.isFloatingPointNumber() && !Double.isFinite(node.doubleValue())) {
            // JSON has no such numbers, and a double cannot hold 1e999.
            throw location.fault(ErrorCode.META_JSON, "the " + what + " in " + DEPTHS + " is no finite number");
        }
        if (!NameCodec.isCount(node, min, max)) {
            throw location.error(ErrorCode.META_SCHEMA, "the " + what + " in " + DEPTHS)
                    .expected("an integer from " + min + " to " + max)
                    .found(SafeText.escape(node.toString()))
                    .build();
        }
        return node.intValue();
    }

    private static Label name(JsonNode node, Location location) throws NpzException {
        Label name = NameCodec.decode(node);
        if (name == null) {
            throw location.fault(ErrorCode.META_SCHEMA, "a name in " + NAMES + " holds an object");
        }
        return name;
    }

    private static AxisType axis(
            JsonNode root, String levelsKey, JsonNode type, int depth, Label name, Location location)
            throws NpzException {
        IndexClass indexClass = indexClass(type, TYPES, location);
        if (depth > 1 != (indexClass.type() == IndexType.HIERARCHY)) {
            throw location.error(ErrorCode.META_SCHEMA, "class and depth of an index do not agree")
                    .expected(depth > 1 ? IndexClass.HIERARCHY : "a class of depth 1")
                    .found(indexClass + " of depth " + depth)
                    .build();
        }
        JsonNode levels = root.get(levelsKey);
        List<IndexClass> classes = new ArrayList<>();
        if (depth > 1 && levels != null) {
            for (JsonNode level : list(root, levelsKey, depth, location)) {
                IndexClass levelClass = indexClass(level, levelsKey, location);
                if (levelClass.type() == IndexType.HIERARCHY) {
                    throw location.fault(ErrorCode.META_SCHEMA, "a level in " + levelsKey + " is a hierarchy itself");
                }
                classes.add(levelClass);
            }
        }
        return new AxisType(indexClass, depth, name, classes);
    }

    private static IndexClass indexClass(JsonNode node, String key, Location location) throws NpzException {
        IndexClass found = node.isTextual() ? IndexClass.ofName(node.textValue()) : null;
        if (found == null) {
            throw location.error(ErrorCode.META_SCHEMA, "an entry of " + key)
                    .expected("the name of a StaticFrame index class")
                    .found(SafeText.escape(node.toString()))
                    .build();
        }
        return found;
    }

    /** The document in StaticFrame's key order. */
    public ObjectNode toNode() {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        ObjectNode root = nodes.objectNode();
        ArrayNode names = root.putArray(NAMES);
        names.add(NameCodec.encode(name));
        names.add(NameCodec.encode(index.name()));
        names.add(NameCodec.encode(columns.name()));
        root.putArray(TYPES)
                .add(index.indexClass().className())
                .add(columns.indexClass().className());
        putLevels(root, TYPES_INDEX, index);
        putLevels(root, TYPES_COLUMNS, columns);
        root.putArray(DEPTHS).add(blocks).add(index.depth()).add(columns.depth());
        if (arrow != null) {
            root.set(ARROW_KEY, arrow);
        }
        return root;
    }

    private static void putLevels(ObjectNode root, String key, AxisType axis) {
        if (!axis.levelClasses().isEmpty()) {
            ArrayNode levels = root.putArray(key);
            axis.levelClasses().forEach(level -> levels.add(level.className()));
        }
    }

    /** The document as StaticFrame would write it, byte for byte. */
    public String toJson() {
        return JsonText.dumps(toNode());
    }
}
