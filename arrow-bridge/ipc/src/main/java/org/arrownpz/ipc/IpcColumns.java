package org.arrownpz.ipc;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.NpzException;
import org.arrownpz.frame.Frame;
import org.arrownpz.support.Rollback;
import org.jspecify.annotations.Nullable;

/**
 * Reads columns of an Arrow file under its index, without reading others. Labels belong to the whole: they are settled on
 * the file's schema before its data are opened.
 */
final class IpcColumns {
    private IpcColumns() {}

    /**
     * The file's frame, which owns the file. The caller closes it.
     *
     * @throws IllegalArgumentException for unknown columns
     */
    static Frame read(BufferAllocator allocator, Path path, IpcReadOptions options) throws NpzException {
        List<String> columns = options.columns();
        Schema selected = columns == null ? null : select(allocator, path, columns);
        List<String> read = selected == null ? null : names(selected);
        IpcFile file = Ipc.read(allocator, path, new IpcReadOptions(options.mapping(), options.verify(), read));
        return selected == null ? whole(file, columns) : labelled(file, selected);
    }

    private static Frame whole(IpcFile file, @Nullable List<String> columns) throws NpzException {
        try (Rollback undo = Rollback.of(file)) {
            return undo.commit(Tables.select(file.frame().owning(file), columns));
        }
    }

    /**
     * The schema, metadata included, of a selection of columns and the index; null where only rows tell what the index
     * is, so that all has to be read.
     */
    private static @Nullable Schema select(BufferAllocator allocator, Path path, List<String> columns)
            throws NpzException {
        try (MappedIpcReader reader = Ipc.open(allocator, path)) {
            VectorSchemaRoot none = reader.getVectorSchemaRoot();
            if (hasRange(none.getSchema().getCustomMetadata())) {
                return null;
            }
            try (Frame whole = Frame.of(none, reader);
                    Frame selected = whole.select(columns.toArray(new String[0]))) {
                Schema schema = selected.interchangeSchema();
                return names(none.getSchema()).containsAll(names(schema)) ? schema : null;
            }
        } catch (NpzException e) {
            throw e;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** pandas' ranges count the rows, which the schema does not tell. */
    private static boolean hasRange(Map<String, String> metadata) {
        return !metadata.containsKey("arrow_npz")
                && metadata.getOrDefault("pandas", "").contains("\"range\"");
    }

    private static Frame labelled(IpcFile file, Schema schema) throws NpzException {
        try (Rollback undo = Rollback.of(file)) {
            Frame read = file.frame();
            VectorSchemaRoot root = read.root();
            List<Field> fields = new ArrayList<>();
            List<FieldVector> vectors = new ArrayList<>();
            for (Field wanted : schema.getFields()) {
                FieldVector vector = root.getVector(wanted.getName());
                fields.add(vector.getField());
                vectors.add(vector);
            }
            Schema labels = new Schema(fields, schema.getCustomMetadata());
            VectorSchemaRoot chosen = new VectorSchemaRoot(labels, vectors, root.getRowCount());
            return undo.commit(Frame.of(chosen, read.dictionaries()).owning(file));
        }
    }

    private static List<String> names(Schema schema) {
        return schema.getFields().stream().map(Field::getName).toList();
    }
}
