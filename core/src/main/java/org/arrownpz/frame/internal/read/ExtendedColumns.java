package org.arrownpz.frame.internal.read;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.TypeMapping;
import org.arrownpz.frame.internal.data.ColumnOutline;
import org.arrownpz.frame.internal.data.ColumnSource;
import org.arrownpz.frame.internal.data.ColumnSource.Target;
import org.arrownpz.frame.internal.data.SourceList;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.support.Rollback;
import org.arrownpz.support.column.ArrowColumn;
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

    /** The index levels. */
    List<ColumnSource> index(List<NumpyArray> index, List<String> names) {
        List<ColumnSource> sources = new ArrayList<>();
        for (int level = 0; level < extension.indexLevels(); level++) {
            ArrowExtension.Buffers parts = extension.stored(level);
            sources.add(
                    parts != null
                            ? composed(parts, level, names.get(level))
                            : new Restored(this, new ColumnSource.OfArray(index.get(level), names.get(level)), level));
        }
        return sources;
    }

    /** The columns; neighbours of one block are read together, so that a transpose is done once. */
    List<ColumnSource> columns(List<NumpyArray> blocks, List<String> names) {
        int levels = extension.indexLevels();
        List<String> visible = new ArrayList<>();
        for (int column = 0; column < names.size(); column++) {
            if (extension.stored(levels + column) == null) {
                visible.add(names.get(column));
            }
        }
        SourceList places = new SourceList(ColumnSource.ofBlocks(blocks, visible));
        List<ColumnSource> sources = new ArrayList<>();
        int shown = 0;
        for (int column = 0; column < names.size(); ) {
            ArrowExtension.Buffers parts = extension.stored(levels + column);
            if (parts != null) {
                sources.add(composed(parts, levels + column, names.get(column)));
                column++;
                continue;
            }
            int block = places.source(shown);
            int start = column;
            int left = places.get(block).count() - (shown - places.first(block));
            while (column < names.size() && column - start < left && extension.stored(levels + column) == null) {
                column++;
            }
            int[] run = IntStream.range(shown, shown + column - start).toArray();
            sources.add(new Restored(this, places.select(run).get(0), levels + start));
            shown += run.length;
        }
        return sources;
    }

    private ColumnSource composed(ArrowExtension.Buffers parts, int column, String name) {
        Field field = extension.field(column);
        Field message = extension.messageField(column);
        return new Composed(
                this,
                parts,
                new Field(name, field.getFieldType(), field.getChildren()),
                new Field(name, message.getFieldType(), message.getChildren()));
    }

    /** One column of Arrow buffers. */
    private record Composed(ExtendedColumns of, ArrowExtension.Buffers parts, Field field, Field messageField)
            implements ColumnSource {
        @Override
        public int count() {
            return 1;
        }

        @Override
        public void read(Target to, int @Nullable [] wanted) throws NpzException {
            FieldVector whole =
                    ArrowColumn.compose(field, parts.nodes(), parts.arrays(), of.allocator, to.ones(), of.location);
            to.vectors().add(whole);
            if (whole.getValueCount() != of.extension.rows()) {
                throw of.restorer.disagreement(field, whole.getValueCount() + " rows");
            }
            to.reader().viewed(field, parts.viewedBytes());
        }

        // The checks of a column look at all of it.
        @Override
        public boolean readsRows(int column) {
            return false;
        }

        @Override
        public boolean hasNulls(int column) {
            return !parts.arrays().isEmpty() && parts.arrays().get(0) != null;
        }

        @Override
        public void outline(ColumnOutline columns, int @Nullable [] wanted) throws NpzException {
            ArrowColumn.check(field, parts.nodes(), parts.arrays(), of.allocator, of.location);
            long rows = parts.nodes().isEmpty() ? 0 : parts.nodes().get(0).length();
            if (rows != of.extension.rows()) {
                throw of.restorer.disagreement(field, rows + " rows");
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
    private record Restored(ExtendedColumns of, ColumnSource source, int first) implements ColumnSource {
        @Override
        public int count() {
            return source.count();
        }

        @Override
        public void read(Target to, int @Nullable [] wanted) throws NpzException {
            List<FieldVector> vectors = to.vectors();
            int before = vectors.size();
            source.read(to, wanted);
            for (int i = before; i < vectors.size(); i++) {
                int position = wanted == null ? i - before : wanted[i - before];
                vectors.set(i, restore(vectors.get(i), position, to));
            }
        }

        private FieldVector restore(FieldVector read, int position, Target to) throws NpzException {
            Field found = read.getField();
            Field wanted = of.wanted(found, first + position);
            NumpyArray validity = of.extension.validity(first + position);
            long from = to.rows().first();
            if (of.staysStorage(found, wanted)) {
                return validity == null ? read : of.restorer.restore(read, found, validity, from);
            }
            if (FieldRestorer.isCompatible(found, wanted)) {
                return of.restorer.restore(read, wanted, validity, from);
            }
            VectorReader storage = new VectorReader(of.allocator, of.storage(), to.ones(), null);
            List<FieldVector> again = new ArrayList<>();
            try (Rollback undo = Rollback.all(again)) {
                source.read(new Target(storage, to.ones(), to.rows(), again), new int[] {position});
                if (!FieldRestorer.isCompatible(again.get(0).getField(), wanted)) {
                    throw of.restorer.disagreement(wanted, found.getType().toString());
                }
                undo.commit();
            }
            read.close();
            return of.restorer.restore(again.get(0), wanted, validity, from);
        }

        // Bits of nulls lie eight rows to a byte.
        @Override
        public boolean readsRows(int column) {
            return of.extension.validity(first + column) == null && source.readsRows(column);
        }

        @Override
        public boolean hasNulls(int column) {
            return of.extension.validity(first + column) != null;
        }

        @Override
        public void outline(ColumnOutline outline, int @Nullable [] wanted) throws NpzException {
            source.outline(outline, wanted);
            int count = wanted == null ? count() : wanted.length;
            for (int i = 0; i < count; i++) {
                int position = wanted == null ? i : wanted[i];
                Field field = outline.field(count - i);
                // Values that keep their storage form fit a schema that headers alone do not: such a column is
                // compared with the schema where it is made.
                outline.restate(
                        count - i,
                        outline.dependsOnValues(count - i)
                                ? of.wanted(field, first + position)
                                : restored(field, position));
            }
        }

        /** The field of a restored column, from the field that its block gives. */
        private Field restored(Field read, int position) throws NpzException {
            Field wanted = of.wanted(read, first + position);
            if (of.staysStorage(read, wanted)) {
                return read;
            }
            if (!FieldRestorer.isCompatible(read, wanted)) {
                ColumnOutline storage = new ColumnOutline(of.storage());
                source.outline(storage, new int[] {position});
                if (!FieldRestorer.isCompatible(storage.field(1), wanted)) {
                    throw of.restorer.disagreement(wanted, read.getType().toString());
                }
            }
            return wanted;
        }

        @Override
        public void arrays(int @Nullable [] wanted, Consumer<NumpyArray> arrays) {
            source.arrays(wanted, arrays);
            for (int i = 0; i < (wanted == null ? count() : wanted.length); i++) {
                NumpyArray validity = of.extension.validity(first + (wanted == null ? i : wanted[i]));
                if (validity != null) {
                    arrays.accept(validity);
                }
            }
        }
    }

    private Field wanted(Field read, int column) {
        Field field = extension.field(column);
        return new Field(read.getName(), field.getFieldType(), field.getChildren());
    }

    // The storage mapping is the user's wish for other types than the schema's; nulls are kept with it too.
    private boolean staysStorage(Field read, Field wanted) {
        return options.typeMapping() == TypeMapping.STORAGE && !FieldRestorer.isCompatible(read, wanted);
    }

    private ReadOptions storage() {
        return options.withTypeMapping(TypeMapping.STORAGE);
    }
}
