package org.arrownpz.frame.internal.data;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.support.Faults;
import org.arrownpz.vector.internal.gather.Rows;
import org.arrownpz.vector.read.VectorReader;
import org.arrownpz.vector.read.VectorReader.Form;
import org.jspecify.annotations.Nullable;

/** The type that its values give a column, settled by one pass over these, of which no more than a part is held. */
record SettledType(Form form, Field field) {
    /** The bytes of the file that are looked at together. */
    private static final long PART_BYTES = 1 << 20;

    /** Columns that are remembered: some ten megabytes. */
    private static final int MOST_KNOWN = 20_000;

    /** Types of the columns of files, for those who open one again and again. */
    private static final Map<Object, @Nullable SettledType[]> KNOWN = new ConcurrentHashMap<>();

    private static final AtomicInteger COLUMNS = new AtomicInteger();

    /**
     * Settles the columns of a source. Those of nested types stay null where they are not as the header says: making them
     * tells. One caller goes over a mapped file that has not changed since; others wait for it.
     *
     * @param headers of the columns; there are rows
     */
    static @Nullable SettledType[] settle(
            ColumnSource source,
            List<FrameSummary.Column> headers,
            long rows,
            ReadOptions options,
            VectorReader reader,
            AllValidBitmaps ones)
            throws NpzException {
        List<NumpyArray> arrays = new ArrayList<>();
        source.arrays(null, arrays::add);
        NumpyArray array = arrays.get(0);
        Object state = array.data().state();
        if (state == null || source instanceof ColumnSource.Part) {
            return found(source, headers, rows, array, reader, ones);
        }
        if (COLUMNS.get() >= MOST_KNOWN) {
            KNOWN.clear();
            COLUMNS.set(0);
        }
        try {
            return KNOWN.computeIfAbsent(List.of(state, List.copyOf(headers), options.misfitPolicy()), key -> {
                try {
                    COLUMNS.addAndGet(headers.size());
                    return found(source, headers, rows, array, reader, ones);
                } catch (NpzException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw Faults.typed(e);
        }
    }

    private static @Nullable SettledType[] found(
            ColumnSource source,
            List<FrameSummary.Column> headers,
            long rows,
            NumpyArray array,
            VectorReader reader,
            AllValidBitmaps ones)
            throws NpzException {
        long bytes = array.header().dataLength();
        @Nullable
        SettledType[] types = headers.stream()
                .map(header -> new SettledType(Form.PLANNED, header.field()))
                .toArray(SettledType[]::new);
        if (!(source instanceof ColumnSource.Part) && bytes <= VectorReader.MAX_ROWS && reader.isText(array)) {
            return types;
        }
        long[] lengths = new long[types.length];
        int step = (int) Math.max(8, Math.min(rows, PART_BYTES / Math.max(1, bytes / rows)) & -8L);
        List<FieldVector> part = new ArrayList<>();
        for (long row = 0; row < rows; row += step) {
            try {
                Rows some = Rows.range(row, (int) Math.min(step, rows - row));
                source.read(new ColumnSource.Target(reader, ones, some, part), null);
                for (int i = 0; i < lengths.length; i++) {
                    Field found = part.get(i).getField();
                    Field planned = headers.get(i).field();
                    lengths[i] += part.get(i) instanceof BaseVariableWidthVector text ? text.sizeOfValueBuffer() : 0;
                    if (!found.getChildren().isEmpty()) {
                        types[i] = found.equals(planned) ? types[i] : null;
                    } else if (!found.equals(planned)) {
                        types[i] = new SettledType(Form.STORAGE, found);
                        lengths[i] = Long.MIN_VALUE;
                    } else if (lengths[i] > VectorReader.MAX_ROWS) {
                        types[i] = new SettledType(Form.LARGE, large(planned));
                    }
                }
            } finally {
                part.forEach(FieldVector::close);
                part.clear();
            }
        }
        return types;
    }

    private static Field large(Field field) {
        boolean text = field.getType() instanceof ArrowType.Utf8;
        ArrowType type = text ? ArrowType.LargeUtf8.INSTANCE : ArrowType.LargeBinary.INSTANCE;
        return new Field(
                field.getName(),
                new FieldType(field.isNullable(), type, null, field.getMetadata()),
                field.getChildren());
    }
}
