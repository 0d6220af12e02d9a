package org.arrownpz.frame.internal.exchange;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.Types;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.frame.internal.data.FrameSelection;
import org.arrownpz.frame.internal.data.FrameState;
import org.arrownpz.frame.internal.data.VectorData;
import org.arrownpz.frame.internal.meta.ColumnNames;
import org.arrownpz.frame.internal.meta.IndexClassRules;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.FrameAxis.AxisType;
import org.arrownpz.frame.label.IndexClass;
import org.arrownpz.frame.label.Label;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.CopyReport;
import org.arrownpz.vector.internal.buffers.ExactVectors;
import org.arrownpz.vector.internal.encode.MonthColumns;
import org.jspecify.annotations.Nullable;

/** Frames over roots of the caller's, with labels from the schema's metadata. */
public final class RootFrames {
    private RootFrames() {}

    public static FrameState of(VectorSchemaRoot root, DictionaryProvider dictionaries) {
        Schema schema = root.getSchema();
        Map<String, String> metadata = schema.getCustomMetadata();
        boolean own = metadata != null && metadata.containsKey(Interchange.KEY);
        List<Field> fields = new ArrayList<>(schema.getFields());
        List<FieldVector> vectors = new ArrayList<>(root.getFieldVectors());
        List<FieldVector> owned = new ArrayList<>();
        try (Rollback undo = Rollback.all(owned)) {
            BufferAllocator allocator = allocator(vectors);
            for (int i = 0; i < vectors.size(); i++) {
                FieldVector months = own ? months(vectors.get(i)) : null;
                FieldVector exact = months == null ? ExactVectors.of(vectors.get(i), fields.get(i), allocator) : months;
                if (exact != null) {
                    owned.add(exact);
                    vectors.set(i, exact);
                }
                if (months != null) {
                    fields.set(i, months.getField());
                }
            }
            return undo.commit(of(new Schema(fields, metadata), vectors, owned, root.getRowCount(), dictionaries));
        } catch (NpzException e) {
            throw new UncheckedIOException(e);
        }
    }

    // Intervals that left as Int64 (see Interchange) are intervals again where they still are ones.
    private static @Nullable FieldVector months(FieldVector vector) throws NpzException {
        return MonthColumns.isStored(vector.getField())
                ? MonthColumns.restored(vector, vector.getAllocator(), Location.ofFile(null))
                : null;
    }

    public static FrameState of(Schema schema, List<FieldVector> vectors, long rows, DictionaryProvider dictionaries) {
        return of(schema, vectors, List.of(), rows, dictionaries);
    }

    /** @param owned what is closed with the frame */
    private static FrameState of(
            Schema schema,
            List<FieldVector> vectors,
            List<FieldVector> owned,
            long rows,
            DictionaryProvider dictionaries) {
        refuseDuplicates(schema.getFields());
        CopyReport.Builder report = CopyReport.builder();
        Map<String, String> metadata = schema.getCustomMetadata() == null ? Map.of() : schema.getCustomMetadata();
        String own = metadata.get(Interchange.KEY);
        Interchange.Document restored = null;
        if (own != null) {
            try {
                restored = Interchange.parse(own, schema, rows);
            } catch (NpzException e) {
                report.note("the schema's " + Interchange.KEY + " key was dropped: " + SafeText.escape(e.problem()));
            }
        }
        String pandas = metadata.get(Interchange.PANDAS_KEY);
        PandasReader.Document document = null;
        if (restored == null && pandas != null) {
            document = PandasReader.parse(pandas, schema);
            if (document == null) {
                report.note("the schema's pandas key was dropped: it is incomplete or does not fit the fields");
            }
        }
        Map<String, String> users = new LinkedHashMap<>(metadata);
        users.remove(Interchange.KEY);
        if (pandas != null && PandasWriter.isOwn(pandas)) {
            users.remove(Interchange.PANDAS_KEY);
        }
        BufferAllocator allocator = allocator(vectors);
        VectorData data = new VectorData(allocator, vectors, dictionaries, owned, report.build());
        FrameState frame;
        if (restored != null) {
            frame = FrameState.of(data, restored.index(), restored.columns(), rows)
                    .withName(restored.name())
                    .withForm(restored.form());
        } else if (document != null) {
            frame = pandas(document, data, rows);
        } else {
            List<String> names = schema.getFields().stream().map(Field::getName).toList();
            frame = FrameState.of(data, FrameAxis.automatic(rows), FrameAxis.ofTexts(names), rows);
        }
        return frame.withOrigin(Collections.unmodifiableMap(users));
    }

    private static void refuseDuplicates(List<Field> fields) {
        Set<String> seen = new HashSet<>();
        List<String> doubled = fields.stream()
                .map(Field::getName)
                .filter(name -> !seen.add(name))
                .distinct()
                .toList();
        if (!doubled.isEmpty()) {
            throw new IllegalArgumentException(
                    "labels are unique in a frame, but these field names are doubled: " + doubled);
        }
    }

    private static FrameState pandas(PandasReader.Document document, VectorData data, long rows) {
        List<FieldVector> vectors = data.vectors();
        List<FieldVector> ordered = new ArrayList<>(vectors.size() + 1);
        List<AutoCloseable> owned = new ArrayList<>(data.owned());
        Set<Integer> index = new HashSet<>();
        List<IndexClass> classes = new ArrayList<>();
        for (int position : document.indexFields()) {
            index.add(position);
            ordered.add(vectors.get(position));
            classes.add(IndexClassRules.required(vectors.get(position).getField()));
        }
        FrameAxis axis;
        PandasReader.Range range = document.range();
        if (range != null && !range.isAutomatic(rows) && range.hasLength(rows) && !vectors.isEmpty()) {
            // The one index that is not in the data: 0, 1, 2, … is automatic, other ranges become labels.
            BigIntVector labels = materialise(
                    range,
                    Math.toIntExact(rows),
                    data.allocator(),
                    document.indexNames().get(0),
                    vectors);
            owned.add(labels);
            ordered.add(labels);
            axis = FrameSelection.axis(List.of(IndexClass.INDEX), document.indexNames(), rows);
        } else if (classes.isEmpty()) {
            axis = FrameAxis.automatic(
                    AxisType.flat(IndexClass.INDEX, document.indexNames().get(0)), rows);
        } else {
            axis = FrameSelection.axis(classes, document.indexNames(), rows);
        }
        for (int i = 0; i < vectors.size(); i++) {
            if (!index.contains(i)) {
                ordered.add(vectors.get(i));
            }
        }
        VectorData all = new VectorData(data.allocator(), ordered, data.dictionaries(), owned, data.report());
        return FrameState.of(all, axis, document.columns(), rows);
    }

    private static BigIntVector materialise(
            PandasReader.Range range, int rows, BufferAllocator allocator, Label name, List<FieldVector> vectors) {
        List<String> names = new ArrayList<>();
        vectors.forEach(vector -> names.add(vector.getName()));
        String field = ColumnNames.ofIndex(name, 1, names).get(0);
        BigIntVector labels = new BigIntVector(field, FieldType.nullable(Types.MinorType.BIGINT.getType()), allocator);
        labels.allocateNew(rows);
        for (int i = 0; i < rows; i++) {
            labels.set(i, range.start() + range.step() * i);
        }
        labels.setValueCount(rows);
        return labels;
    }

    // A root without columns, or with columns of the null type alone, has no allocator; nothing of one that is never
    // closed is left behind, for it gives no memory.
    public static BufferAllocator allocator(List<FieldVector> vectors) {
        for (FieldVector vector : vectors) {
            if (!(vector instanceof NullVector)) {
                return vector.getAllocator();
            }
        }
        return new RootAllocator();
    }
}
