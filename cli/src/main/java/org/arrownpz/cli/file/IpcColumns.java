package org.arrownpz.cli.file;

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
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcFile;
import org.arrownpz.ipc.IpcReadOptions;
import org.arrownpz.ipc.MappedIpcReader;
import org.jspecify.annotations.Nullable;

/**
 * Some columns of an Arrow file under its index, without reading others. Labels belong to the whole: they are settled on
 * the file's schema before its data are opened.
 */
final class IpcColumns {
    private IpcColumns() {}

    /**
     * The schema, metadata included, of a selection of columns and the index; null where only rows tell what the index
     * is, so that all has to be read.
     *
     * @throws IllegalArgumentException for unknown columns
     */
    static @Nullable Schema select(BufferAllocator allocator, Path path, List<String> columns) throws NpzException {
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

    /** Opens the columns of a schema; the caller closes the file. */
    static IpcFile open(BufferAllocator allocator, Path path, Schema schema) throws NpzException {
        return Ipc.read(allocator, path, IpcReadOptions.defaults().withColumns(names(schema)));
    }

    /** The frame of an opened file, labelled as the schema says. Its memory is the file's. */
    static Frame frame(IpcFile file, Schema schema) throws NpzException {
        Frame read = file.frame();
        VectorSchemaRoot root = read.root();
        List<Field> fields = new ArrayList<>();
        List<FieldVector> vectors = new ArrayList<>();
        for (Field wanted : schema.getFields()) {
            FieldVector vector = root.getVector(wanted.getName());
            fields.add(vector.getField());
            vectors.add(vector);
        }
        Schema labelled = new Schema(fields, schema.getCustomMetadata());
        return Frame.of(new VectorSchemaRoot(labelled, vectors, root.getRowCount()), read.dictionaries());
    }

    private static List<String> names(Schema schema) {
        return schema.getFields().stream().map(Field::getName).toList();
    }
}
