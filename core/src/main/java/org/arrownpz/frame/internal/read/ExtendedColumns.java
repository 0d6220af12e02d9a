package org.arrownpz.frame.internal.read;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.TypeMapping;
import org.arrownpz.frame.internal.data.BlockIndex;
import org.arrownpz.frame.internal.data.ColumnOutline;
import org.arrownpz.frame.internal.data.ColumnSource;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.vector.CopyReport;
import org.arrownpz.vector.internal.buffers.ArrowColumn;
import org.arrownpz.vector.internal.buffers.VectorSlices;
import org.arrownpz.vector.read.VectorReader;
import org.jspecify.annotations.Nullable;

/** The columns of a frame with a stored Arrow schema: from blocks, restored to their fields, or from Arrow buffers. */
final class ExtendedColumns {
    private final BufferAllocator allocator;
    private final ArrowExtension extension;
    private final ReadOptions options;
    private final Location location;
    private final CopyReport.Builder report;
    private final FieldRestorer restorer;

    ExtendedColumns(
            BufferAllocator allocator,
            ArrowExtension extension,
            ReadOptions options,
            Location location,
            CopyReport.Builder report) {
        this.allocator = allocator;
        this.extension = extension;
        this.options = options;
        this.location = location;
        this.report = report;
        this.restorer = new FieldRestorer(allocator, location);
    }

    List<ColumnSource> sources(
            List<NumpyArray> index,
            List<NumpyArray> blocks,
            List<String> indexNames,
            List<String> names,
            int @Nullable [] selected) {
        int levels = extension.indexLevels();
        List<ColumnSource> sources = new ArrayList<>();
        for (int level = 0; level < levels; level++) {
            ArrowExtension.Buffers parts = extension.stored(level);
            sources.add(
                    parts != null
                            ? composed(parts, level, indexNames.get(level))
                            : restored(
                                    level,
                                    indexNames.get(level),
                                    ColumnSource.ofArray(index.get(level), indexNames.get(level)),
                                    index.get(level),
                                    0));
        }
        int[] blockColumns = blockColumns(names.size(), levels);
        List<String> blockNames = new ArrayList<>();
        for (int column = 0; column < blockColumns.length; column++) {
            if (blockColumns[column] >= 0) {
                blockNames.add(names.get(column));
            }
        }
        BlockIndex places = new BlockIndex(blocks);
        int count = selected == null ? names.size() : selected.length;
        int next = 0;
        while (next < count) {
            int column = selected == null ? next : selected[next];
            ArrowExtension.Buffers parts = extension.stored(levels + column);
            if (parts != null) {
                sources.add(composed(parts, levels + column, names.get(column)));
                next++;
                continue;
            }
            // Columns of one block are read together, so that a transpose is done once.
            int block = places.block(blockColumns[column]);
            int end = next;
            List<Integer> run = new ArrayList<>();
            while (end < count) {
                int other = selected == null ? end : selected[end];
                if (blockColumns[other] < 0 || places.block(blockColumns[other]) != block) {
                    break;
                }
                run.add(other);
                end++;
            }
            sources.add(restoredBlock(blocks.get(block), places, block, run, blockColumns, blockNames, levels));
            next = end;
        }
        return sources;
    }

    // The position among the columns of the blocks, or -1 for columns of Arrow buffers.
    private int[] blockColumns(int columns, int levels) {
        int[] positions = new int[columns];
        int visible = 0;
        for (int column = 0; column < columns; column++) {
            positions[column] = extension.stored(levels + column) == null ? visible++ : -1;
        }
        return positions;
    }

    private ColumnSource composed(ArrowExtension.Buffers parts, int column, String name) {
        Field field = extension.field(column);
        Field named = new Field(name, field.getFieldType(), field.getChildren());
        Field message = extension.messageField(column);
        ColumnSource.Headers headers = columns -> {
            long rows = parts.nodes().isEmpty() ? 0 : parts.nodes().get(0).length();
            if (rows != extension.rows()) {
                throw restorer.disagreement(named, rows + " rows");
            }
            columns.stated(named, new Field(name, message.getFieldType(), message.getChildren()));
        };
        ColumnSource.Values values = (reader, ones, from, rows, vectors) -> {
            FieldVector whole = ArrowColumn.compose(named, parts.nodes(), parts.arrays(), allocator, ones, location);
            vectors.add(whole);
            if (whole.getValueCount() != extension.rows()) {
                throw restorer.disagreement(named, whole.getValueCount() + " rows");
            }
            if (from != 0 || rows != whole.getValueCount()) {
                List<FieldVector> part = VectorSlices.share(List.of(whole), allocator, (int) from, rows, location);
                vectors.set(vectors.size() - 1, part.get(0));
                whole.close();
            } else {
                report.column(null, named, parts.viewedBytes(), 0, null);
            }
        };
        return new ColumnSource(values, headers);
    }

    private ColumnSource restoredBlock(
            NumpyArray array,
            BlockIndex places,
            int block,
            List<Integer> run,
            int[] blockColumns,
            List<String> blockNames,
            int levels) {
        int[] wanted = new int[run.size()];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = blockColumns[run.get(i)];
        }
        ColumnSource source = places.source(block, wanted, blockNames);
        ColumnSource.Headers headers = columns -> {
            source.outline(columns);
            for (int i = 0; i < wanted.length; i++) {
                columns.restate(
                        wanted.length - i, restoredField(columns.field(wanted.length - i), levels + run.get(i), array));
            }
        };
        ColumnSource.Values values = (reader, ones, from, rows, vectors) -> {
            int first = vectors.size();
            source.read(reader, ones, from, rows, vectors);
            for (int i = 0; i < wanted.length; i++) {
                int column = levels + run.get(i);
                int positionInBlock = wanted[i] - places.first(block);
                FieldVector read = vectors.get(first + i);
                vectors.set(first + i, restore(read, column, array, positionInBlock, ones, from, rows));
            }
        };
        return new ColumnSource(values, headers);
    }

    private ColumnSource restored(int column, String name, ColumnSource source, NumpyArray array, int position) {
        ColumnSource.Headers headers = columns -> {
            source.outline(columns);
            columns.restate(1, restoredField(columns.field(1), column, array));
        };
        ColumnSource.Values values = (reader, ones, from, rows, vectors) -> {
            source.read(reader, ones, from, rows, vectors);
            FieldVector read = vectors.get(vectors.size() - 1);
            vectors.set(vectors.size() - 1, restore(read, column, array, position, ones, from, rows));
        };
        return new ColumnSource(values, headers);
    }

    /** The field of a restored column, from the field that its block gives. */
    private Field restoredField(Field read, int column, NumpyArray array) throws NpzException {
        Field wanted = wanted(read, column);
        if (staysStorage(read, wanted)) {
            return read;
        }
        if (!FieldRestorer.isCompatible(read, wanted)) {
            ColumnOutline storage = new ColumnOutline(options.withTypeMapping(TypeMapping.STORAGE));
            ColumnSource source = array.header().shape().dimensions() == 1
                    ? ColumnSource.ofArray(array, read.getName())
                    : ColumnSource.ofBlock(array, ignored -> read.getName(), new int[] {0});
            source.outline(storage);
            if (!FieldRestorer.isCompatible(storage.field(1), wanted)) {
                throw restorer.disagreement(wanted, read.getType().toString());
            }
        }
        return wanted;
    }

    private Field wanted(Field read, int column) {
        Field field = extension.field(column);
        return new Field(read.getName(), field.getFieldType(), field.getChildren());
    }

    // The storage mapping is the user's wish for other types than the schema's; nulls are kept with it too.
    private boolean staysStorage(Field read, Field wanted) {
        return options.typeMapping() == TypeMapping.STORAGE && !FieldRestorer.isCompatible(read, wanted);
    }

    private FieldVector restore(
            FieldVector read, int column, NumpyArray array, int position, AllValidBitmaps ones, long from, int rows)
            throws NpzException {
        Field wanted = wanted(read.getField(), column);
        NumpyArray validity = extension.validity(column);
        if (staysStorage(read.getField(), wanted)) {
            return validity == null ? read : restorer.restore(read, read.getField(), validity, from);
        }
        if (FieldRestorer.isCompatible(read.getField(), wanted)) {
            return restorer.restore(read, wanted, validity, from);
        }
        VectorReader storage = new VectorReader(allocator, options.withTypeMapping(TypeMapping.STORAGE), ones, null);
        FieldVector other;
        if (array.header().shape().dimensions() == 1) {
            other = storage.readRows(array, read.getName(), from, rows);
        } else {
            other = storage.readColumns(array, ignored -> read.getName(), new int[] {position}, from, rows)
                    .get(0);
        }
        if (!FieldRestorer.isCompatible(other.getField(), wanted)) {
            other.close();
            throw restorer.disagreement(wanted, read.getField().getType().toString());
        }
        read.close();
        return restorer.restore(other, wanted, validity, from);
    }
}
