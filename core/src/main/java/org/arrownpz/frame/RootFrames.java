package org.arrownpz.frame;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
import org.arrownpz.vector.CopyReport;
import org.arrownpz.vector.MonthColumns;

/** Frames over roots of the caller's, with labels from the schema's metadata. */
final class RootFrames {
    private RootFrames() {}

    static Frame of(VectorSchemaRoot root, DictionaryProvider dictionaries) {
        Schema schema = root.getSchema();
        List<FieldVector> vectors = new ArrayList<>(root.getFieldVectors());
        Map<String, String> metadata = schema.getCustomMetadata();
        List<FieldVector> months = new ArrayList<>();
        if (metadata != null && metadata.containsKey(Interchange.KEY)) {
            try {
                restoreMonths(vectors, months);
            } catch (NpzException e) {
                months.forEach(FieldVector::close);
                throw new UncheckedIOException(e);
            }
        }
        if (months.isEmpty()) {
            return of(schema, vectors, root.getRowCount(), dictionaries);
        }
        List<Field> fields = new ArrayList<>(vectors.size());
        vectors.forEach(vector -> fields.add(vector.getField()));
        boolean done = false;
        try {
            Frame frame = of(new Schema(fields, metadata), vectors, root.getRowCount(), dictionaries);
            months.forEach(frame.data().lifetime()::own);
            done = true;
            return frame;
        } finally {
            if (!done) {
                months.forEach(FieldVector::close);
            }
        }
    }

    // Intervals that left as Int64 (see Interchange) are intervals again where they still are ones.
    private static void restoreMonths(List<FieldVector> vectors, List<FieldVector> made) throws NpzException {
        for (int i = 0; i < vectors.size(); i++) {
            FieldVector vector = vectors.get(i);
            if (MonthColumns.isStored(vector.getField())) {
                FieldVector months = MonthColumns.restored(vector, vector.getAllocator(), Location.ofFile(null));
                if (months != null) {
                    made.add(months);
                    vectors.set(i, months);
                }
            }
        }
    }

    static Frame of(Schema schema, List<FieldVector> vectors, long rows, DictionaryProvider dictionaries) {
        refuseDuplicates(schema.getFields());
        CopyReport.Builder report = CopyReport.builder();
        Map<String, String> metadata = schema.getCustomMetadata() == null ? Map.of() : schema.getCustomMetadata();
        String own = metadata.get(Interchange.KEY);
        Frame.Parts parts = null;
        if (own != null) {
            try {
                parts = restored(Interchange.parse(own, schema, rows), vectors, dictionaries, report);
            } catch (NpzException e) {
                report.note("the schema's " + Interchange.KEY + " key was dropped: " + SafeText.escape(e.problem()));
            }
        }
        String pandas = metadata.get(Interchange.PANDAS_KEY);
        if (parts == null && pandas != null) {
            PandasReader.Document document = PandasReader.parse(pandas, schema);
            if (document == null) {
                report.note("the schema's pandas key was dropped: it is incomplete or does not fit the fields");
            } else {
                parts = pandas(document, vectors, rows, dictionaries, report);
            }
        }
        if (parts == null) {
            parts = plain(schema, vectors, rows, dictionaries, report);
        }
        parts.rowCount = rows;
        Map<String, String> users = new LinkedHashMap<>(metadata);
        users.remove(Interchange.KEY);
        if (pandas != null && PandasWriter.isOwn(pandas)) {
            users.remove(Interchange.PANDAS_KEY);
        }
        parts.origin = Collections.unmodifiableMap(users);
        return new Frame(parts);
    }

    private static void refuseDuplicates(List<Field> fields) {
        Set<String> seen = new HashSet<>();
        Set<String> doubled = new LinkedHashSet<>();
        for (Field field : fields) {
            if (!seen.add(field.getName())) {
                doubled.add(field.getName());
            }
        }
        if (!doubled.isEmpty()) {
            throw new IllegalArgumentException(
                    "labels are unique in a frame, but these field names are doubled: " + doubled);
        }
    }

    private static Frame.Parts plain(
            Schema schema,
            List<FieldVector> vectors,
            long rows,
            DictionaryProvider dictionaries,
            CopyReport.Builder report) {
        List<String> names = new ArrayList<>(vectors.size());
        schema.getFields().forEach(field -> names.add(field.getName()));
        return new Frame.Parts(
                allocator(vectors),
                FrameAxis.automatic(rows),
                FrameAxis.ofTexts(names),
                VectorData.borrowed(allocator(vectors), vectors, dictionaries, List.of()),
                report.build());
    }

    private static Frame.Parts restored(
            Interchange.Document document,
            List<FieldVector> vectors,
            DictionaryProvider dictionaries,
            CopyReport.Builder report) {
        Frame.Parts parts = new Frame.Parts(
                allocator(vectors),
                document.index(),
                document.columns(),
                VectorData.borrowed(allocator(vectors), vectors, dictionaries, List.of()),
                report.build());
        parts.kind = document.kind();
        parts.name = document.name();
        parts.layout = document.blocks();
        parts.record = document.record();
        parts.emptyType = document.emptyType();
        return parts;
    }

    private static Frame.Parts pandas(
            PandasReader.Document document,
            List<FieldVector> vectors,
            long rows,
            DictionaryProvider dictionaries,
            CopyReport.Builder report) {
        BufferAllocator allocator = allocator(vectors);
        List<FieldVector> ordered = new ArrayList<>(vectors.size() + 1);
        List<FieldVector> owned = new ArrayList<>();
        Set<Integer> index = new HashSet<>();
        List<IndexClass> classes = new ArrayList<>();
        for (int position : document.indexFields()) {
            index.add(position);
            ordered.add(vectors.get(position));
            classes.add(IndexClasses.required(vectors.get(position).getField()));
        }
        FrameAxis axis;
        PandasReader.Range range = document.range();
        if (range != null && !range.isAutomatic(rows) && range.hasLength(rows) && !vectors.isEmpty()) {
            // The one index that is not in the data: 0, 1, 2, … is automatic, other ranges become labels.
            BigIntVector labels = materialise(
                    range,
                    Math.toIntExact(rows),
                    allocator,
                    document.indexNames().get(0),
                    vectors);
            owned.add(labels);
            ordered.add(labels);
            axis = FrameSelection.axis(List.of(IndexClass.INDEX), document.indexNames(), rows);
        } else if (classes.isEmpty()) {
            axis = new FrameAxis(
                    IndexClass.INDEX, 1, List.of(), document.indexNames().get(0), rows, true, 0, List.of());
        } else {
            axis = FrameSelection.axis(classes, document.indexNames(), rows);
        }
        for (int i = 0; i < vectors.size(); i++) {
            if (!index.contains(i)) {
                ordered.add(vectors.get(i));
            }
        }
        return new Frame.Parts(
                allocator,
                axis,
                document.columns(),
                VectorData.borrowed(allocator, ordered, dictionaries, owned),
                report.build());
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
    static BufferAllocator allocator(List<FieldVector> vectors) {
        for (FieldVector vector : vectors) {
            if (!(vector instanceof NullVector)) {
                return vector.getAllocator();
            }
        }
        return new RootAllocator();
    }
}
