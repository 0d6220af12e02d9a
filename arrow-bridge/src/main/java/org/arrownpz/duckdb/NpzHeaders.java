package org.arrownpz.duckdb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ReadOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.internal.memory.ValidityOnes;
import org.arrownpz.npy.NpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.vector.read.VectorReader;
import org.jspecify.annotations.Nullable;

/**
 * The columns of an NPZ file by its headers alone: plain archives, and frames of NumPy columns labelled by one level of
 * texts, or automatically. What it says is a plan; who reads the columns sees what they are.
 *
 * @param columns the columns without index levels, under their names in the file's frame
 * @param hasIndex whether there are index levels beside them
 */
record NpzHeaders(List<Field> columns, boolean hasIndex) {
    private static final String META = "__meta__.json";
    private static final String EXTENSION = "__arrow__";
    private static final String COLUMN_LABELS = "__values_columns_0__";
    private static final String MORE_COLUMN_LABELS = "__values_columns_1__";
    private static final String INDEX_LABELS = "__values_index_0__";
    private static final String BLOCK = "__blocks_";
    private static final String BLOCK_END = "__.npy";
    private static final String ARRAY = ".npy";
    private static final JsonMapper JSON = new JsonMapper();

    /** The columns, or null where the file must be opened to know them, or to know what is wrong with it. */
    static @Nullable NpzHeaders read(BufferAllocator allocator, Path path, ReadOptions options) {
        try (NpzFile file = NpzFile.openLazily(allocator, path, options);
                ValidityOnes ones = new ValidityOnes(allocator, file.location())) {
            if (file.hasDeflated()) {
                return null;
            }
            VectorReader reader = new VectorReader(allocator, options, ones, null);
            NpzHeaders headers =
                    file.contains(META) ? frame(allocator, path, file, reader, options) : plain(file, reader);
            boolean usable = headers != null && !headers.columns().isEmpty() && headers.isDistinct();
            return usable ? headers : null;
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException | InternalError e) {
            // Opening the file says what is wrong.
            return null;
        }
    }

    private boolean isDistinct() {
        HashSet<String> names = new HashSet<>();
        return columns.stream().allMatch(field -> names.add(field.getName()));
    }

    private static NpzHeaders plain(NpzFile file, VectorReader reader) throws IOException {
        List<Field> fields = new ArrayList<>();
        for (String name : file.names()) {
            if (name.endsWith(ARRAY)) {
                String key = name.substring(0, name.length() - ARRAY.length());
                try (FieldVector none = reader.readRows(file.array(name), key, 0, 0)) {
                    fields.add(none.getField());
                }
            }
        }
        return new NpzHeaders(fields, false);
    }

    private static @Nullable NpzHeaders frame(
            BufferAllocator allocator, Path path, NpzFile file, VectorReader reader, ReadOptions options)
            throws IOException {
        byte[] text = file.bytes(META, options.limits().metadataBytes());
        JsonNode meta = JSON.readTree(new String(text, StandardCharsets.UTF_8));
        if (meta.has(EXTENSION) || file.contains(MORE_COLUMN_LABELS)) {
            return null;
        }
        List<String> names = null;
        if (file.contains(COLUMN_LABELS)) {
            names = labels(allocator, path, options);
            if (names == null) {
                return null;
            }
        }
        List<Field> fields = new ArrayList<>();
        for (int i = 0; file.contains(BLOCK + i + BLOCK_END); i++) {
            NpyArray block = file.array(BLOCK + i + BLOCK_END);
            Shape shape = block.header().shape();
            if (shape.dimensions() == 2
                    && block.header().dataLength() == 0
                    && shape.length(1) > options.limits().emptyColumns()) {
                return null;
            }
            List<FieldVector> vectors = shape.dimensions() == 1
                    ? List.of(reader.readRows(block, "", 0, 0))
                    : reader.readColumns(block, position -> "", null, 0, 0);
            try {
                for (FieldVector vector : vectors) {
                    int position = fields.size();
                    String name = names == null ? String.valueOf(position) : names.get(position);
                    Field field = vector.getField();
                    fields.add(new Field(name, field.getFieldType(), field.getChildren()));
                }
            } finally {
                vectors.forEach(FieldVector::close);
            }
        }
        return names == null || names.size() == fields.size()
                ? new NpzHeaders(fields, file.contains(INDEX_LABELS))
                : null;
    }

    private static @Nullable List<String> labels(BufferAllocator allocator, Path path, ReadOptions options)
            throws IOException {
        try (Frame labels = Frames.openArray(allocator, path, COLUMN_LABELS, options)) {
            if (!(labels.root().getVector(0) instanceof VarCharVector texts)) {
                return null;
            }
            List<String> names = new ArrayList<>();
            for (int i = 0; i < texts.getValueCount(); i++) {
                names.add(new String(texts.get(i), StandardCharsets.UTF_8));
            }
            return names;
        }
    }
}
