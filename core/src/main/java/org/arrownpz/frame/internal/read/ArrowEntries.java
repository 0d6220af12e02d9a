package org.arrownpz.frame.internal.read;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.frame.internal.meta.FrameMetadata;
import org.arrownpz.frame.internal.meta.NameCodec;
import org.arrownpz.frame.internal.store.ArrayStore.MemberStore;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.support.column.ArrowColumn;
import org.jspecify.annotations.Nullable;

/** Reads the entries of the {@code __arrow__} key, every number and name checked where it is read. */
record ArrowEntries(MemberStore store, Location location) {
    private static final Pattern MEMBER = Pattern.compile("__arrow_[a-z0-9_]{1,60}__\\.npy");
    private static final int MAX_PARTS = 1 << 20;

    /** The nodes and buffers of a column or dictionary. */
    ArrowExtension.Buffers buffers(JsonNode entry) throws NpzException {
        JsonNode nodeList = entry.path("nodes");
        JsonNode bufferList = entry.path("buffers");
        if (!nodeList.isArray()
                || !bufferList.isArray()
                || nodeList.size() > MAX_PARTS
                || bufferList.size() > MAX_PARTS) {
            throw error("nodes or buffers are no list").build();
        }
        List<ArrowColumn.Node> nodes = new ArrayList<>(nodeList.size());
        for (JsonNode node : nodeList) {
            if (!node.isArray() || node.size() != 3) {
                throw unfit("a node", "[length, nulls, data buffers]", node);
            }
            nodes.add(new ArrowColumn.Node(
                    count(node.get(0), Long.MAX_VALUE, "a node's length"),
                    count(node.get(1), Long.MAX_VALUE, "a node's null count"),
                    (int) count(node.get(2), MAX_PARTS, "a node's data buffers")));
        }
        List<@Nullable NumpyArray> arrays = new ArrayList<>(bufferList.size());
        for (JsonNode buffer : bufferList) {
            arrays.add(buffer.isNull() ? null : array(buffer));
        }
        return new ArrowExtension.Buffers(nodes, arrays);
    }

    /** The array of that name, which is looked up only when it is of the one form that our writer gives. */
    NumpyArray array(@Nullable JsonNode name) throws NpzException {
        String text = name == null ? null : name.textValue();
        if (text == null || !MEMBER.matcher(text).matches()) {
            throw unfit("a member name", "__arrow_…__.npy", name);
        }
        return store.array(text);
    }

    /** An integer from 0 to the given bound. */
    long count(@Nullable JsonNode node, long max, String what) throws NpzException {
        if (!NameCodec.isCount(node, 0, max) || node == null) {
            throw unfit(what, "an integer from 0 to " + max, node);
        }
        return node.longValue();
    }

    NpzException.Builder error(String problem) {
        return location.error(ErrorCode.META_SCHEMA, "in " + FrameMetadata.ARROW_KEY + ", " + problem);
    }

    NpzException unfit(String problem, Object expected, @Nullable JsonNode found) {
        String text = found == null ? "nothing" : SafeText.escape(found.toString());
        return error(problem).expected(expected).found(text).build();
    }
}
