package org.arrownpz.frame.internal.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DescrParser;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.StructDType;
import org.arrownpz.frame.internal.data.FrameData;
import org.arrownpz.frame.internal.data.FrameState;
import org.arrownpz.frame.internal.data.FrameState.BlockShape;
import org.arrownpz.frame.internal.data.FrameState.Form;
import org.arrownpz.frame.internal.data.VectorData;
import org.arrownpz.frame.internal.meta.FrameMetadata;
import org.arrownpz.frame.internal.meta.JsonText;
import org.arrownpz.frame.internal.meta.NameCodec;
import org.arrownpz.frame.internal.read.FrameReader;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.frame.label.Label;
import org.arrownpz.frame.label.LabelArray;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.NpyHeaderReader;
import org.arrownpz.npy.NpyHeaderWriter;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.vector.CopyReport;
import org.arrownpz.vector.internal.encode.MonthColumns;
import org.jspecify.annotations.Nullable;

/**
 * The schema metadata key {@code arrow_npz}: what a frame has and an Arrow schema has not, as versioned JSON. It holds
 * StaticFrame's own metadata document, the label arrays of the columns as base64 NPY, the block structure, and the field
 * names it was made for, so that a schema changed since is noticed.
 */
public final class Interchange {
    static final String KEY = "arrow_npz";
    public static final String PANDAS_KEY = FrameMetadata.PANDAS_KEY;

    private static final int VERSION = 1;
    // Labels inside another file's metadata are as trusted as that file; the bounds are those of a frame.
    private static final ReadLimits LIMITS = ReadLimits.defaults()
            .withMetadataBytes(1L << 30)
            .withLabelBytes(1L << 30)
            .withRecordFields(Integer.MAX_VALUE);

    private Interchange() {}

    /** The frame's fields as others can read them. */
    public static List<Field> fields(FrameState frame) throws NpzException {
        return frame.fields().stream().map(MonthColumns::stored).toList();
    }

    /** The given fields, which are the frame's, with the keys {@code arrow_npz} and {@code pandas}. */
    public static Schema schema(FrameState frame, List<Field> fields) throws NpzException {
        Schema schema = new Schema(fields);
        Map<String, String> metadata = new LinkedHashMap<>(frame.origin());
        metadata.put(KEY, JsonText.dumps(document(frame, schema)));
        metadata.put(PANDAS_KEY, PandasWriter.json(frame, schema));
        return new Schema(fields, metadata);
    }

    /** The schema of batches that are written as plain arrays, named as their fields are. It says nothing of rows. */
    static Schema plainSchema(BufferAllocator allocator, List<Field> fields) {
        List<String> names = fields.stream().map(Field::getName).toList();
        FrameAxis columns = names.isEmpty() ? FrameAxis.automatic(0) : FrameAxis.ofTexts(names);
        CopyReport report = CopyReport.builder().build();
        FrameData none = new VectorData(allocator, List.of(), new MapDictionaryProvider(), List.of(), report);
        FrameState plain = FrameState.of(none, FrameAxis.automatic(0), columns, 0)
                .withForm(Form.of(FrameSummary.Kind.ARRAYS, null));
        return new Schema(fields, Map.of(KEY, JsonText.dumps(document(plain, new Schema(fields)))));
    }

    /**
     * The given vectors as the schema has them; those that are not the same are made, and given to the owner.
     *
     * @throws NpzException LIMIT, VALUE or FILE_CHANGED
     */
    public static List<FieldVector> vectors(
            List<FieldVector> vectors,
            Schema schema,
            BufferAllocator allocator,
            Location location,
            Consumer<FieldVector> owner)
            throws NpzException {
        List<FieldVector> stored = new ArrayList<>(vectors);
        for (int i = 0; i < stored.size(); i++) {
            FieldVector vector = stored.get(i);
            if (!vector.getField().getType().equals(schema.getFields().get(i).getType())) {
                FieldVector months = MonthColumns.stored(vector, allocator, location);
                owner.accept(months);
                stored.set(i, months);
            }
        }
        return stored;
    }

    private static ObjectNode document(FrameState frame, Schema schema) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("version", VERSION);
        root.put("kind", frame.form().kind().name());
        List<BlockShape> layout = frame.form().layout();
        int blocks = layout == null ? 0 : layout.size();
        root.set(
                "meta",
                new FrameMetadata(
                                frame.name(),
                                frame.index().type(),
                                frame.columns().type(),
                                blocks,
                                null)
                        .toNode());
        root.put("index_levels", frame.indexLevels());
        ArrayNode fields = root.putArray("fields");
        schema.getFields().forEach(field -> fields.add(field.getName()));
        ArrayNode labels = root.putArray("column_labels");
        frame.columns().labels().forEach(level -> labels.add(base64(level)));
        StructDType record = frame.form().record();
        if (record != null) {
            root.put("record", record.descr());
        }
        ScalarDType emptyType = frame.form().emptyType();
        if (emptyType != null) {
            root.put("empty", emptyType.descr());
        }
        if (layout != null) {
            ArrayNode shapes = root.putArray("blocks");
            layout.forEach(block -> shapes.add(block.flat() ? 0 : block.width()));
        }
        return root;
    }

    private static String base64(LabelArray labels) {
        byte[] header = NpyHeaderWriter.staticFrame(labels.dtype(), Shape.of(labels.length()), StorageOrder.FORTRAN);
        byte[] npy = new byte[header.length + labels.data().length];
        System.arraycopy(header, 0, npy, 0, header.length);
        System.arraycopy(labels.data(), 0, npy, header.length, labels.data().length);
        return Base64.getEncoder().encodeToString(npy);
    }

    /** The number of index levels that a schema's key says its first fields are; 0 where none is legible. */
    static int indexLevels(Schema schema) {
        String json = schema.getCustomMetadata().get(KEY);
        if (json == null) {
            return 0;
        }
        try {
            return parse(json, schema, 0).index().storedLevels();
        } catch (NpzException e) {
            return 0;
        }
    }

    /**
     * The content of the key.
     *
     * @param blocks the block structure, or null where it is not stated
     * @param record the dtype of the record array whose fields are the columns, or null
     * @param emptyType the dtype of the array without columns, or null
     */
    record Document(Label name, FrameAxis index, FrameAxis columns, Form form) {}

    /**
     * Reads the key.
     *
     * @throws NpzException when it is malformed or contradicts the schema
     */
    static Document parse(String json, Schema schema, long rows) throws NpzException {
        Location place = Location.ofFile(null).member("schema metadata key " + KEY);
        JsonNode root = JsonText.parse(json.getBytes(StandardCharsets.UTF_8), LIMITS, place);
        if (!NameCodec.isCount(root.get("version"), VERSION, VERSION)) {
            throw contradiction(place, "the version is not " + VERSION);
        }
        List<Field> fields = schema.getFields();
        JsonNode names = root.path("fields");
        boolean same = names.isArray() && names.size() == fields.size();
        for (int i = 0; same && i < fields.size(); i++) {
            same = fields.get(i).getName().equals(names.get(i).asText());
        }
        if (!same) {
            throw contradiction(place, "its fields are not those of the schema");
        }
        if (!NameCodec.isCount(root.get("index_levels"), 0, fields.size())
                || !root.path("meta").isObject()) {
            throw contradiction(place, "it lacks index_levels or meta");
        }
        FrameMetadata meta = FrameMetadata.of(root.get("meta"), place);
        int levels = root.get("index_levels").intValue();
        int width = fields.size() - levels;
        if (levels != 0 && levels != meta.index().depth()) {
            throw contradiction(place, "the index has another depth");
        }
        List<LabelArray> labels = labels(root.path("column_labels"), meta, width, place);
        FrameAxis index = FrameReader.axis(meta.index(), rows, levels, List.of());
        FrameAxis columns = FrameReader.axis(meta.columns(), width, labels.size(), labels);
        Form form = new Form(
                kind(root, place),
                blocks(root.get("blocks"), width),
                dtype(root.get("record"), place) instanceof StructDType record ? record : null,
                width == 0 && dtype(root.get("empty"), place) instanceof ScalarDType type ? type : null);
        return new Document(meta.name(), index, columns, form);
    }

    private static FrameSummary.Kind kind(JsonNode root, Location place) throws NpzException {
        for (FrameSummary.Kind kind : FrameSummary.Kind.values()) {
            if (kind != FrameSummary.Kind.BUS
                    && kind.name().equals(root.path("kind").asText())) {
                return kind;
            }
        }
        throw contradiction(place, "the kind is unknown");
    }

    private static List<LabelArray> labels(JsonNode list, FrameMetadata meta, int width, Location place)
            throws NpzException {
        if (!list.isArray()
                || (list.size() != 0 && list.size() != meta.columns().depth())) {
            throw contradiction(place, "the column labels have another depth");
        }
        NpyHeaderReader headers = new NpyHeaderReader(LIMITS);
        List<LabelArray> labels = new ArrayList<>(list.size());
        for (JsonNode item : list) {
            byte[] npy;
            try {
                npy = Base64.getDecoder().decode(item.asText());
            } catch (IllegalArgumentException e) {
                throw contradiction(place, "the column labels are not base64");
            }
            ByteSource source = ByteSources.ofHeap(ByteBuffer.wrap(npy));
            LabelArray level = LabelArray.read(headers.open(source, place, true), LIMITS);
            if (level.length() != width) {
                throw contradiction(place, "the number of column labels is not that of the columns");
            }
            labels.add(level);
        }
        return labels;
    }

    private static @Nullable DType dtype(@Nullable JsonNode descr, Location place) throws NpzException {
        return descr == null ? null : DescrParser.parse(descr.asText(), LIMITS, place);
    }

    private static @Nullable List<BlockShape> blocks(@Nullable JsonNode list, int width) {
        if (list == null || !list.isArray()) {
            return null;
        }
        List<BlockShape> blocks = new ArrayList<>(list.size());
        long total = 0;
        for (JsonNode item : list) {
            if (!NameCodec.isCount(item, 0, width)) {
                return null;
            }
            boolean flat = item.intValue() == 0;
            blocks.add(new BlockShape(flat ? 1 : item.intValue(), flat));
            total += flat ? 1 : item.intValue();
        }
        return total == width ? blocks : null;
    }

    private static NpzException contradiction(Location place, String problem) {
        return place.fault(ErrorCode.META_SCHEMA, problem);
    }
}
