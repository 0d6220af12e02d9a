package org.arrownpz.frame.internal.read;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
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
import org.arrownpz.vector.internal.buffers.ArrowColumn;
import org.arrownpz.vector.internal.gather.Rows;
import org.arrownpz.vector.read.VectorReader;
import org.jspecify.annotations.Nullable;

/** The columns of a frame with a stored Arrow schema: from blocks, restored to their fields, or from Arrow buffers. */
final class ExtendedColumns {
    private final BufferAllocator allocator;
    private final ArrowExtension extension;
    private final ReadOptions options;
    private final Location location;
    private final FieldRestorer restorer;

    ExtendedColumns(BufferAllocator allocator, ArrowExtension extension, ReadOptions options, Location location) {
        this.allocator = allocator;
        this.extension = extension;
        this.options = options;
        this.location = location;
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
                            : new Restored(
                                    ColumnSource.ofArray(index.get(level), indexNames.get(level)),
                                    index.get(level),
                                    new int[] {level},
                                    new int[] {0}));
        }
        int[] blockColumns = blockColumns(names.size(), levels);
        List<String> blockNames = new ArrayList<>();
        for (int column = 0; column < blockColumns.length; column++) {
            if (blockColumns[column] >= 0) {
                blockNames.add(names.get(column));
            }
        }
        BlockIndex places = new BlockIndex(blocks, blockNames);
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
            sources.add(restoredBlock(blocks.get(block), places, block, run, blockColumns, levels));
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
        Field message = extension.messageField(column);
        return new Composed(
                parts,
                new Field(name, field.getFieldType(), field.getChildren()),
                new Field(name, message.getFieldType(), message.getChildren()));
    }

    private ColumnSource restoredBlock(
            NumpyArray array, BlockIndex places, int block, List<Integer> run, int[] blockColumns, int levels) {
        int[] wanted = new int[run.size()];
        int[] columns = new int[run.size()];
        int[] positions = new int[run.size()];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = blockColumns[run.get(i)];
            columns[i] = levels + run.get(i);
            positions[i] = wanted[i] - places.first(block);
        }
        return new Restored(places.source(block, wanted), array, columns, positions);
    }

    /** One column of Arrow buffers. */
    private final class Composed implements ColumnSource {
        private final ArrowExtension.Buffers parts;
        private final Field field;
        private final Field messageField;

        Composed(ArrowExtension.Buffers parts, Field field, Field messageField) {
            this.parts = parts;
            this.field = field;
            this.messageField = messageField;
        }

        @Override
        public int count() {
            return 1;
        }

        @Override
        public void read(
                VectorReader reader,
                AllValidBitmaps ones,
                int @Nullable [] wanted,
                Rows rows,
                List<FieldVector> vectors)
                throws NpzException {
            FieldVector whole = ArrowColumn.compose(field, parts.nodes(), parts.arrays(), allocator, ones, location);
            vectors.add(whole);
            if (whole.getValueCount() != extension.rows()) {
                throw restorer.disagreement(field, whole.getValueCount() + " rows");
            }
            reader.viewed(field, parts.viewedBytes());
        }

        // The checks of a column look at all of it.
        @Override
        public boolean readsRows() {
            return false;
        }

        @Override
        public boolean hasNulls(int column) {
            return !parts.arrays().isEmpty() && parts.arrays().get(0) != null;
        }

        @Override
        public void outline(ColumnOutline columns, int @Nullable [] wanted) throws NpzException {
            ArrowColumn.check(field, parts.nodes(), parts.arrays(), allocator, location);
            long rows = parts.nodes().isEmpty() ? 0 : parts.nodes().get(0).length();
            if (rows != extension.rows()) {
                throw restorer.disagreement(field, rows + " rows");
            }
            columns.stated(field, messageField);
        }

        @Override
        public void arrays(int @Nullable [] wanted, Consumer<NumpyArray> arrays) {
            for (NumpyArray array : parts.arrays()) {
                if (array != null) {
                    arrays.accept(array);
                }
            }
        }
    }

    /** Columns of one array, as the fields that the schema states. */
    private final class Restored implements ColumnSource {
        private final ColumnSource source;
        private final NumpyArray array;
        private final int[] columns;
        private final int[] positions;

        /**
         * Columns of a source.
         *
         * @param columns their positions in the root
         * @param positions their positions in the array
         */
        Restored(ColumnSource source, NumpyArray array, int[] columns, int[] positions) {
            this.source = source;
            this.array = array;
            this.columns = columns;
            this.positions = positions;
        }

        @Override
        public int count() {
            return columns.length;
        }

        @Override
        public void read(
                VectorReader reader,
                AllValidBitmaps ones,
                int @Nullable [] wanted,
                Rows rows,
                List<FieldVector> vectors)
                throws NpzException {
            int first = vectors.size();
            source.read(reader, ones, wanted, rows, vectors);
            for (int i = first; i < vectors.size(); i++) {
                int column = wanted == null ? i - first : wanted[i - first];
                FieldVector read = vectors.get(i);
                vectors.set(i, restore(read, columns[column], array, positions[column], ones, rows));
            }
        }

        // Bits of nulls lie eight rows to a byte.
        @Override
        public boolean readsRows() {
            for (int column : columns) {
                if (extension.validity(column) != null) {
                    return false;
                }
            }
            return source.readsRows();
        }

        @Override
        public boolean hasNulls(int column) {
            return extension.validity(columns[column]) != null;
        }

        @Override
        public void outline(ColumnOutline outline, int @Nullable [] wanted) throws NpzException {
            source.outline(outline, wanted);
            int count = wanted == null ? columns.length : wanted.length;
            for (int i = 0; i < count; i++) {
                int column = columns[wanted == null ? i : wanted[i]];
                Field field = outline.field(count - i);
                // Values that keep their storage form fit a schema that headers alone do not: such a column is
                // compared with the schema where it is made.
                outline.restate(
                        count - i,
                        outline.dependsOnValues(count - i)
                                ? wanted(field, column)
                                : restoredField(field, column, array));
            }
        }

        @Override
        public void arrays(int @Nullable [] wanted, Consumer<NumpyArray> arrays) {
            arrays.accept(array);
            for (int i = 0; i < (wanted == null ? columns.length : wanted.length); i++) {
                NumpyArray validity = extension.validity(columns[wanted == null ? i : wanted[i]]);
                if (validity != null) {
                    arrays.accept(validity);
                }
            }
        }
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
            source.outline(storage, null);
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
            FieldVector read, int column, NumpyArray array, int position, AllValidBitmaps ones, Rows rows)
            throws NpzException {
        Field wanted = wanted(read.getField(), column);
        NumpyArray validity = extension.validity(column);
        if (staysStorage(read.getField(), wanted)) {
            return validity == null ? read : restorer.restore(read, read.getField(), validity, rows.first());
        }
        if (FieldRestorer.isCompatible(read.getField(), wanted)) {
            return restorer.restore(read, wanted, validity, rows.first());
        }
        VectorReader storage = new VectorReader(allocator, options.withTypeMapping(TypeMapping.STORAGE), ones, null);
        FieldVector other;
        if (array.header().shape().dimensions() == 1) {
            other = storage.readRows(array, read.getName(), rows);
        } else {
            other = storage.readColumns(array, ignored -> read.getName(), new int[] {position}, rows)
                    .get(0);
        }
        if (!FieldRestorer.isCompatible(other.getField(), wanted)) {
            other.close();
            throw restorer.disagreement(wanted, read.getField().getType().toString());
        }
        read.close();
        return restorer.restore(other, wanted, validity, rows.first());
    }
}
