package org.arrownpz.frame.internal.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.NpzException;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.frame.internal.data.FrameState;
import org.arrownpz.frame.internal.meta.FrameMetadata;
import org.arrownpz.frame.internal.read.ArrowExtension;
import org.arrownpz.frame.internal.store.ArraySinkFactory.ArraySink;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.Shape;
import org.arrownpz.support.column.ArrowColumn;
import org.arrownpz.support.column.SchemaMember;
import org.arrownpz.vector.internal.buffers.ArrowColumnBuffer;
import org.arrownpz.vector.internal.encode.ColumnEncoding;

/** Writes the Arrow schema, validity bitmaps and Arrow buffers of a frame, and the key that says where they are. */
final class ArrowMembers {
    private static final ScalarDType BYTES = ScalarDType.of(DTypeKind.UINT, 1);

    private final FrameState frame;
    private final List<List<FieldVector>> chunks;
    private final ArraySink sink;
    private final IntFunction<ArrayContent> validity;
    private final Map<Object, String> written = new HashMap<>();

    /** @param validity the bitmap of a column with nulls */
    ArrowMembers(FrameState frame, List<List<FieldVector>> chunks, ArraySink sink, IntFunction<ArrayContent> validity) {
        this.frame = frame;
        this.chunks = chunks;
        this.sink = sink;
        this.validity = validity;
    }

    /** The value of {@code __arrow__}; sizes of what is stored as buffers go into {@code bytes}. */
    JsonNode write(List<ColumnEncoding> encodings, long[] bytes, boolean indexVisible, boolean hidden)
            throws NpzException {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("version", ArrowExtension.VERSION);
        root.put("schema", ArrowExtension.SCHEMA_MEMBER);
        root.put("rows", frame.rowCount());
        writeSchema();
        ArrayNode columns = root.putArray("columns");
        Set<Long> dictionaries = new TreeSet<>();
        for (int column = 0; column < encodings.size(); column++) {
            if (encodings.get(column) instanceof ColumnEncoding.Numpy numpy) {
                if (numpy.needsValidity()) {
                    String member = "__arrow_" + column + "_0__.npy";
                    ArrayContent content = validity.apply(column);
                    sink.array(member, FrameWriter.header(content), content);
                    columns.addObject().put("column", column).put("validity", member);
                }
            } else {
                ObjectNode entry = columns.addObject();
                entry.put("column", column);
                bytes[column] = writeBuffers(entry, chunks.get(column), "__arrow_" + column + "_");
                collect(chunks.get(column).get(0).getField(), dictionaries);
            }
        }
        if (hidden && !frame.columns().labels().isEmpty()) {
            root.put("labels", frame.columns().labels().size());
        }
        if (!indexVisible) {
            root.set("index", FrameMetadata.hiddenNode(frame.index().type()));
        }
        writeDictionaries(root, dictionaries);
        return root;
    }

    private void writeSchema() throws NpzException {
        List<Field> fields = new ArrayList<>(chunks.size());
        chunks.forEach(column -> fields.add(column.get(0).getField()));
        Schema schema = new Schema(fields, frame.origin());
        byte[] message = SchemaMember.write(schema, frame.dictionaries());
        ArrayContent content = ArrayContent.of(ByteBuffer.wrap(message), BYTES, Shape.of(message.length));
        sink.array(ArrowExtension.SCHEMA_MEMBER, FrameWriter.header(content), content);
    }

    private long writeBuffers(ObjectNode entry, List<FieldVector> column, String prefix) throws NpzException {
        ArrowColumn.Stored parts = ArrowColumn.decompose(column);
        ArrayNode nodes = entry.putArray("nodes");
        for (ArrowColumn.Node node : parts.nodes()) {
            nodes.addArray().add(node.length()).add(node.nullCount()).add(node.dataBuffers());
        }
        ArrayNode buffers = entry.putArray("buffers");
        long bytes = 0;
        for (int i = 0; i < parts.buffers().size(); i++) {
            ArrowColumnBuffer buffer = parts.buffers().get(i);
            if (buffer == null) {
                buffers.addNull();
                continue;
            }
            // Lists packed together share their offsets: one member serves all of them.
            String member = written.get(buffer.key());
            if (member == null) {
                member = prefix + i + "__.npy";
                sink.array(member, FrameWriter.header(buffer), buffer);
                written.put(buffer.key(), member);
                bytes += buffer.byteLength();
            }
            buffers.add(member);
        }
        return bytes;
    }

    private void collect(Field field, Set<Long> ids) throws NpzException {
        DictionaryEncoding encoding = field.getDictionary();
        if (encoding != null && ids.add(encoding.getId())) {
            collect(frame.dictionaries().lookup(encoding.getId()).getVector().getField(), ids);
        }
        for (Field child : field.getChildren()) {
            collect(child, ids);
        }
    }

    private void writeDictionaries(ObjectNode root, Set<Long> ids) throws NpzException {
        if (ids.isEmpty()) {
            return;
        }
        ArrayNode list = root.putArray("dictionaries");
        int ordinal = 0;
        for (long id : ids) {
            FieldVector values = frame.dictionaries().lookup(id).getVector();
            ObjectNode entry = list.addObject();
            entry.put("id", id);
            writeBuffers(entry, List.of(values), "__arrow_dictionary_" + ordinal++ + "_");
        }
    }
}
