package org.arrownpz.frame.label;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.NpzException;
import org.arrownpz.frame.Bus;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.npy.NpyHeader;
import org.jspecify.annotations.Nullable;

/**
 * The facts that the headers of a file tell, see {@link Frames#inspect}. Immutable and safe for use by several threads;
 * holds no file and no memory of an allocator.
 *
 * @param kind what the file holds
 * @param name the frame's name
 * @param rows the number of rows; -1 for an archive of several frames or of arrays that are no table, and for
 *     a frame with Python objects, whose axes have no length and whose columns are none
 * @param index the rows' index
 * @param columnIndex the columns' index, with its labels
 * @param columns index levels first, then the columns, as in {@link Frame#schema()}; none for an archive of frames
 * @param metadata the metadata of the schema
 * @param members arrays and other members in the file's order
 * @param frames the labels of an archive of frames
 */
public record FrameSummary(
        Kind kind,
        Label name,
        long rows,
        FrameAxis index,
        FrameAxis columnIndex,
        List<Column> columns,
        Map<String, String> metadata,
        List<Member> members,
        List<String> frames) {
    /** The kind of content. */
    public enum Kind {
        /** A frame in StaticFrame's layout, in an archive or a directory. */
        FRAME,
        /** A plain archive of arrays, as {@code np.savez} writes it. */
        ARRAYS,
        /** One NPY array. */
        ARRAY,
        /** An archive of several frames, to be opened with {@link Bus}. */
        BUS
    }

    /**
     * A column or index level.
     *
     * @param field its field in the opened frame
     * @param messageField the field as IPC messages have it: a dictionary-encoded one has the type of its values
     * @param dependsOnValues whether values may give it another type when it is read: text with lone surrogates and times
     *     out of range keep their storage form, and text beyond 2 GiB takes 8-byte offsets
     * @param member the member that holds the column; empty for a file of one array, null where the column is put together
     *     from Arrow buffers or restored to a stored Arrow schema
     * @param position its place among the columns of a 2-D array or the fields of records, -1 where it is a whole array
     */
    public record Column(
            Field field,
            Field messageField,
            boolean dependsOnValues,
            @Nullable String member,
            int position) {
        /** The column's name. */
        public String name() {
            return field.getName();
        }
    }

    /**
     * A member of an archive or directory, or the one array of a file.
     *
     * @param name its name
     * @param header dtype, shape and order of an array; null for other members and where it cannot be read
     * @param method how the content is compressed, as ZIP counts it: 0 for stored, 8 for deflated
     * @param size bytes of the content
     * @param compressedSize bytes that the content takes in the file
     * @param offset file offset of the first element (of the content where it is no array), -1 where it is compressed
     * @param copyReason why reading copies it, or null where it can be viewed; without meaning for other members
     * @param fault why the header of an array cannot be read, which opening may not need; else null
     */
    public record Member(
            String name,
            @Nullable NpyHeader header,
            int method,
            long size,
            long compressedSize,
            long offset,
            @Nullable String copyReason,
            @Nullable NpzException fault) {}

    /** Copies the lists. */
    public FrameSummary {
        columns = List.copyOf(columns);
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        members = List.copyOf(members);
        frames = List.copyOf(frames);
    }

    /** The number of columns that are index levels. */
    public int indexLevels() {
        return index.storedLevels();
    }

    /** The schema of the opened frame, but for columns that depend on their values. */
    public Schema schema() {
        return new Schema(columns.stream().map(Column::field).toList(), metadata);
    }
}
