package org.arrownpz.frame.internal.read;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.frame.internal.data.TablePlan.DictionaryReader;
import org.arrownpz.frame.internal.meta.ColumnNames;
import org.arrownpz.frame.internal.meta.FrameMetadata;
import org.arrownpz.frame.internal.meta.NameCodec;
import org.arrownpz.frame.internal.store.ArrayStore.MemberStore;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.FrameAxis.AxisType;
import org.arrownpz.frame.label.LabelArray;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.support.column.ArrowColumn;
import org.arrownpz.support.column.SchemaMember;
import org.jspecify.annotations.Nullable;

/**
 * The key {@code __arrow__} of {@code __meta__.json}: the Arrow schema of the frame, and where each column lies that is
 * not (only) in a block. StaticFrame ignores key and members.
 *
 * <pre>{@code {"version": 1, "schema": "__arrow_schema__.npy", "rows": 3,
 *  "columns": [{"column": 2, "nodes": [[3, 1, 0]], "buffers": ["__arrow_2_0__.npy", "__arrow_2_1__.npy"]},
 *              {"column": 4, "validity": "__arrow_4_0__.npy"}],
 *  "labels": 1, "index": {…}, "dictionaries": [{"id": 0, "nodes": […], "buffers": […]}]}
 * }</pre>
 *
 * <p>Columns are counted over the root, index levels first. Columns without an entry are those of the blocks, in order.
 * {@code labels} is the number of levels of {@code __arrow_columns_i__.npy}, the labels of all columns where StaticFrame
 * sees only some; {@code index} describes an index that StaticFrame does not see.
 */
public final class ArrowExtension implements DictionaryReader {
    public static final int VERSION = 1;
    public static final String SCHEMA_MEMBER = "__arrow_schema__.npy";

    /** A column or dictionary of Arrow buffers. */
    record Buffers(List<ArrowColumn.Node> nodes, List<@Nullable NumpyArray> arrays) {
        long viewedBytes() {
            long bytes = 0;
            for (NumpyArray array : arrays) {
                bytes += array == null ? 0 : array.header().dataLength();
            }
            return bytes;
        }
    }

    private final ArrowEntries entries;
    private final ReadLimits limits;
    private final Location location;
    private final long rows;
    private final Schema messageSchema;
    private final List<Field> fields;
    private final List<String> names;
    private final Map<Integer, Buffers> stored = new HashMap<>();
    private final Map<Integer, NumpyArray> validity = new HashMap<>();
    private final Map<Long, Buffers> dictionaries = new LinkedHashMap<>();
    private final List<NumpyArray> labelLevels = new ArrayList<>();
    private final @Nullable AxisType hiddenIndex;
    private final int indexLevels;

    ArrowExtension(JsonNode node, MemberStore store, ReadLimits limits, Location location, int sfLevels)
            throws NpzException {
        this.entries = new ArrowEntries(store, location);
        this.limits = limits;
        this.location = location;
        if (!NameCodec.isCount(node.get("version"), VERSION, VERSION)) {
            throw entries.unfit("the version", VERSION, node.get("version"));
        }
        if (!SCHEMA_MEMBER.equals(node.path("schema").textValue())) {
            throw entries.unfit("the schema member", SCHEMA_MEMBER, node.get("schema"));
        }
        this.rows = entries.count(node.get("rows"), Long.MAX_VALUE, "rows");
        NumpyArray schema = store.array(SCHEMA_MEMBER);
        this.messageSchema = SchemaMember.read(bytes(schema), schema.location());
        this.fields = SchemaMember.memorySchema(messageSchema).getFields();
        this.names = ColumnNames.unique(fields.stream().map(Field::getName).toList());
        readColumns(node.path("columns"));
        readDictionaries(node.path("dictionaries"));
        checkDictionaries();
        JsonNode index = node.get("index");
        if (index != null && sfLevels > 0) {
            throw entries.error("an index is stated twice").build();
        }
        this.hiddenIndex = index == null ? null : FrameMetadata.hiddenAxis(index, location);
        this.indexLevels = hiddenIndex == null ? sfLevels : hiddenIndex.depth();
        if (indexLevels > fields.size()) {
            throw entries.error("fewer fields than index levels").build();
        }
        long levels = node.has("labels") ? entries.count(node.get("labels"), 1000, "label levels") : 0;
        for (int level = 0; level < levels; level++) {
            labelLevels.add(store.array(labelMember(level)));
        }
    }

    public static String labelMember(int level) {
        return "__arrow_columns_" + level + "__.npy";
    }

    private byte[] bytes(NumpyArray schema) throws NpzException {
        long length = schema.header().dataLength();
        if (schema.header().shape().dimensions() != 1
                || !"|u1".equals(schema.header().dtype().toString())) {
            throw schema.location()
                    .error(ErrorCode.META_SCHEMA, "the stored Arrow schema has the wrong form")
                    .expected("|u1 of one dimension")
                    .found(schema.header().dtype() + " " + schema.header().shape())
                    .build();
        }
        if (length > limits.labelBytes()) {
            throw schema.location()
                    .error(ErrorCode.LIMIT, "the stored Arrow schema is larger than ReadLimits.labelBytes")
                    .expected("at most " + limits.labelBytes())
                    .found(length)
                    .build();
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) length);
        schema.data().read(0, bytes);
        return bytes.array();
    }

    private void readColumns(JsonNode list) throws NpzException {
        if (!list.isArray()) {
            throw entries.error("the columns are no list").build();
        }
        for (JsonNode entry : list) {
            int column = (int) entries.count(entry.get("column"), fields.size() - 1L, "a column's position");
            boolean doubled;
            if (entry.has("nodes")) {
                doubled = stored.put(column, entries.buffers(entry)) != null || validity.containsKey(column);
            } else {
                NumpyArray bits = entries.array(entry.get("validity"));
                FieldRestorer.check(bits, rows, location);
                doubled = validity.put(column, bits) != null || stored.containsKey(column);
            }
            if (doubled) {
                throw entries.error("a column is stated twice").found(column).build();
            }
        }
    }

    private void readDictionaries(JsonNode list) throws NpzException {
        if (!list.isMissingNode() && !list.isArray()) {
            throw entries.error("the dictionaries are no list").build();
        }
        for (JsonNode entry : list) {
            JsonNode id = entry.path("id");
            if (!NameCodec.isCount(id, Long.MIN_VALUE, Long.MAX_VALUE)
                    || dictionaries.put(id.longValue(), entries.buffers(entry)) != null) {
                throw entries.unfit("a dictionary's id", "an integer of its own", id);
            }
        }
    }

    long rows() {
        return rows;
    }

    /** Metadata of the schema as a whole. */
    Map<String, String> origin() {
        return messageSchema.getCustomMetadata();
    }

    /** The index that StaticFrame does not see, or null. */
    @Nullable
    FrameAxis index() {
        return hiddenIndex == null ? null : FrameAxis.ofRows(hiddenIndex, rows, hiddenIndex.depth());
    }

    int indexLevels() {
        return indexLevels;
    }

    /** The field names of the index levels. */
    List<String> indexNames() {
        return names.subList(0, indexLevels);
    }

    /** The field names of the columns, as they were: texts of labels need not be the names that a file came with. */
    List<String> columnNames() {
        return names.subList(indexLevels, names.size());
    }

    Field field(int column) {
        return fields.get(column);
    }

    /** The field in message format: with the type of a dictionary's values where it is encoded. */
    Field messageField(int column) {
        return messageSchema.getFields().get(column);
    }

    @Nullable
    Buffers stored(int column) {
        return stored.get(column);
    }

    @Nullable
    NumpyArray validity(int column) {
        return validity.get(column);
    }

    /** The labels of all columns, where StaticFrame's metadata give those of the columns in blocks. */
    FrameAxis columns(FrameAxis visible) throws NpzException {
        int total = fields.size() - indexLevels;
        long hidden =
                stored.keySet().stream().filter(column -> column >= indexLevels).count();
        if (visible.length() != total - hidden) {
            throw entries.error("the schema has another number of columns")
                    .expected(visible.length() + hidden)
                    .found(total)
                    .build();
        }
        if (hidden == 0) {
            return visible;
        }
        if (labelLevels.isEmpty() != visible.isAuto()) {
            throw entries.error(
                            "the labels of all columns are not there where those in blocks are, or the other way round")
                    .build();
        }
        if (labelLevels.isEmpty()) {
            return FrameAxis.automatic(visible.type(), total);
        }
        List<LabelArray> labels = new ArrayList<>(labelLevels.size());
        for (NumpyArray level : labelLevels) {
            if (level.header().shape().dimensions() != 1
                    || level.header().shape().length(0) != total) {
                throw level.location()
                        .error(ErrorCode.FRAME_SHAPE, "the number of labels is not that of the columns")
                        .expected(total)
                        .found(level.header().shape())
                        .build();
            }
            labels.add(LabelArray.read(level, limits));
        }
        if (labels.size() != visible.depth()) {
            throw entries.error("the labels have another depth").build();
        }
        FrameAxis all = FrameAxis.ofColumns(visible.type(), labels);
        List<String> texts = ColumnNames.texts(all);
        // Labels whose texts differ differ themselves.
        if (ColumnNames.unique(texts) != texts) {
            FrameReader.refuseDoubledLabels(all, labelLevels);
        }
        return all;
    }

    /** Checks the dictionaries by their headers. */
    void checkDictionaries(BufferAllocator allocator) throws NpzException {
        for (Map.Entry<Long, Field> entry : encoded().entrySet()) {
            Buffers parts = Objects.requireNonNull(dictionaries.get(entry.getKey()));
            ArrowColumn.check(
                    SchemaMember.dictionaryField(entry.getValue()), parts.nodes(), parts.arrays(), allocator, location);
        }
    }

    @Override
    public void read(
            BufferAllocator allocator, AllValidBitmaps ones, MapDictionaryProvider provider, List<FieldVector> owned)
            throws NpzException {
        for (Map.Entry<Long, Field> entry : encoded().entrySet()) {
            Buffers parts = Objects.requireNonNull(dictionaries.get(entry.getKey()));
            FieldVector values = ArrowColumn.compose(
                    SchemaMember.dictionaryField(entry.getValue()),
                    parts.nodes(),
                    parts.arrays(),
                    allocator,
                    ones,
                    location);
            owned.add(values);
            provider.put(new Dictionary(values, entry.getValue().getDictionary()));
        }
    }

    private void checkDictionaries() throws NpzException {
        Map<Long, Field> encoded = encoded();
        for (Long id : encoded.keySet()) {
            if (!dictionaries.containsKey(id)) {
                throw entries.error("a dictionary is missing").found(id).build();
            }
        }
        if (dictionaries.size() != encoded.size()) {
            throw entries.error("a dictionary is stored that no field uses").build();
        }
    }

    private Map<Long, Field> encoded() {
        Map<Long, Field> encoded = new LinkedHashMap<>();
        collect(messageSchema.getFields(), encoded);
        return encoded;
    }

    private static void collect(List<Field> messageFields, Map<Long, Field> encoded) {
        for (Field field : messageFields) {
            collect(field.getChildren(), encoded);
            if (field.getDictionary() != null) {
                encoded.putIfAbsent(field.getDictionary().getId(), field);
            }
        }
    }
}
