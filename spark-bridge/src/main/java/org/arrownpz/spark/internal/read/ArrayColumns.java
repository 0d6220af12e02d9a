package org.arrownpz.spark.internal.read;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.dtype.StructDType;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.spark.internal.column.Columns;
import org.arrownpz.spark.internal.read.NpzSource.FileColumns;
import org.arrownpz.vector.read.VectorReader;
import org.jspecify.annotations.Nullable;

/**
 * Columns that are arrays, columns of two-dimensional arrays, or fields of an array of records. Only the rows of a batch
 * are decoded or transposed at a time; numbers of one-dimensional and Fortran-order arrays stay in the file.
 */
final class ArrayColumns implements FileColumns {
    private final NpzSource source;
    private final VectorReader reader;
    private final Columns columns;
    private final List<FrameSummary.Column> wanted;
    private final List<Member> members = new ArrayList<>();
    private final @Nullable FieldVector[] vectors;

    /** A member and the places of the wanted columns that it holds. */
    private record Member(String name, NumpyArray array, List<Integer> places) {}

    ArrayColumns(
            BufferAllocator allocator,
            NpzSource source,
            ReadOptions options,
            List<FrameSummary.Column> wanted,
            String name)
            throws NpzException {
        this.source = source;
        this.wanted = wanted;
        this.vectors = new FieldVector[wanted.size()];
        this.reader = new VectorReader(allocator, options, Location.ofFile(name));
        this.columns = new Columns(new DictionaryProvider.MapDictionaryProvider(), name);
        Map<String, Member> known = new HashMap<>();
        for (int place = 0; place < wanted.size(); place++) {
            // Columns of one member: others are core's to put together.
            String key = Objects.requireNonNull(wanted.get(place).member());
            Member member = known.get(key);
            if (member == null) {
                member = new Member(key, source.array(key), new ArrayList<>());
                known.put(key, member);
                members.add(member);
            }
            member.places().add(place);
        }
    }

    @Override
    public long position(long row) {
        return row;
    }

    @Override
    public long bytes() {
        return members.stream()
                .mapToLong(member -> source.bytes(
                        member.name(), member.array().header(), member.places().size()))
                .sum();
    }

    @Override
    public ColumnVector[] read(long from, int count) throws NpzException {
        release();
        for (Member member : members) {
            read(member, from, count);
        }
        source.checkUnchanged();
        ColumnVector[] batch = new ColumnVector[vectors.length];
        for (int i = 0; i < batch.length; i++) {
            FieldVector vector = vectors[i];
            if (vector == null) {
                throw new IllegalStateException("no vector for " + wanted.get(i).name());
            }
            batch[i] = columns.of(vector, 0);
        }
        return batch;
    }

    // All wanted columns of a block together, so that a transpose is done once.
    private void read(Member member, long from, int count) throws NpzException {
        NumpyArray array = member.array();
        List<Integer> places = member.places();
        if (wanted.get(places.get(0)).position() < 0) {
            int place = places.get(0);
            vectors[place] = reader.readRows(array, wanted.get(place).name(), from, count);
            return;
        }
        if (array.header().dtype() instanceof StructDType) {
            fields(member, from, count);
            return;
        }
        int[] positions =
                places.stream().mapToInt(place -> wanted.get(place).position()).toArray();
        List<FieldVector> read = reader.readColumns(array, position -> member.name(), positions, from, count);
        for (int i = 0; i < positions.length; i++) {
            vectors[places.get(i)] = read.get(i);
        }
    }

    private void fields(Member member, long from, int count) throws NpzException {
        try (StructVector records = (StructVector) reader.readRows(member.array(), member.name(), from, count)) {
            List<FieldVector> fields = records.getChildrenFromFields();
            for (int place : member.places()) {
                FieldVector field = fields.get(wanted.get(place).position());
                FieldVector column = field.getField().createVector(field.getAllocator());
                field.makeTransferPair(column).transfer();
                vectors[place] = column;
            }
        }
    }

    private void release() {
        for (int i = 0; i < vectors.length; i++) {
            FieldVector vector = vectors[i];
            if (vector != null) {
                vectors[i] = null;
                vector.close();
            }
        }
    }

    @Override
    public void close() {
        release();
        reader.close();
    }
}
