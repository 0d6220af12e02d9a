package org.arrownpz.compare;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.internal.memory.ValidityOnes;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.NpyArray;
import org.arrownpz.vector.read.VectorReader;

/** Python objects as Arrow vectors: mixed ones as dense unions, tuples as structs. */
final class ObjectColumns {
    private static final Location LOCATION = Location.ofFile(null);
    private static final String WHAT = "a column of objects";

    private final BufferAllocator allocator;
    private final ReadOptions options;

    ObjectColumns(BufferAllocator allocator, ReadOptions options) {
        this.allocator = allocator;
        this.options = options;
    }

    /**
     * A vector that the caller closes.
     *
     * @param from the position in the stream of the first value
     * @param repeats how often each value stands
     */
    FieldVector vector(String name, ValueType type, int from, int repeats, int count) throws NpzException {
        try {
            if (type instanceof ValueType.Objects) {
                return union(name, from, repeats, count);
            }
            if (type instanceof ValueType.Tuples tuples) {
                return struct(name, tuples.items(), from, repeats, count);
            }
            return numpy(name, ((ValueType.Numpy) type).dtype(), from, count);
        } catch (OutOfMemoryException e) {
            throw LOCATION.fault(ErrorCode.LIMIT, "the allocator cannot give the memory for " + WHAT)
                    .cause(e)
                    .exception();
        }
    }

    private FieldVector numpy(String name, ScalarDType dtype, int from, int count) throws NpzException {
        ScalarDType stored = new ValueType.Numpy(dtype).dtype(count);
        byte[] values = ValueStream.bytes(dtype, from, count);
        try (ArrowBuf data = Allocations.allocate(allocator, values.length, LOCATION, WHAT);
                ByteSource source = ByteSources.of(data, 0, values.length);
                ValidityOnes ones = new ValidityOnes(allocator)) {
            data.setBytes(0, values);
            return new VectorReader(allocator, options, ones, null)
                    .read(new NpyArray(LOCATION, FixtureFrame.header(stored, count), source), name);
        }
    }

    private FieldVector struct(String name, List<ValueType> items, int from, int repeats, int count)
            throws NpzException {
        List<FieldVector> children = new ArrayList<>();
        try {
            List<Field> fields = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                FieldVector child = vector(Integer.toString(i), items.get(i), from, repeats, count);
                children.add(child);
                fields.add(child.getField());
            }
            Field field = new Field(name, FieldType.nullable(new ArrowType.Struct()), fields);
            VectorSchemaRoot parts = new VectorSchemaRoot(fields, children, count);
            try (ArrowRecordBatch batch = new VectorUnloader(parts).getRecordBatch()) {
                List<ArrowFieldNode> nodes = new ArrayList<>();
                nodes.add(new ArrowFieldNode(count, 0));
                nodes.addAll(batch.getNodes());
                List<ArrowBuf> buffers = new ArrayList<>();
                buffers.add(allocator.getEmpty());
                buffers.addAll(batch.getBuffers());
                return load(field, count, nodes, buffers);
            }
        } finally {
            children.forEach(FieldVector::close);
        }
    }

    private FieldVector union(String name, int from, int repeats, int count) throws NpzException {
        int distinct = count / repeats + (count % repeats == 0 ? 0 : 1);
        ObjectStream stream = new ObjectStream(from + distinct);
        int[] first = new int[ObjectStream.TYPES];
        int[] end = new int[ObjectStream.TYPES];
        for (int i = 0; i < from + distinct; i++) {
            end[stream.type(i)]++;
            first[stream.type(i)] += i < from ? 1 : 0;
        }
        List<ArrowBuf> buffers = new ArrayList<>();
        try {
            ArrowBuf types = allocate(buffers, count);
            ArrowBuf offsets = allocate(buffers, 4L * count);
            for (int i = 0; i < count; i++) {
                int element = from + i / repeats;
                byte type = stream.type(element);
                types.setByte(i, type);
                offsets.setInt(4L * i, stream.slot(element) - first[type]);
            }
            List<ArrowFieldNode> nodes = new ArrayList<>();
            nodes.add(new ArrowFieldNode(count, 0));
            int nones = end[ObjectStream.NONE] - first[ObjectStream.NONE];
            nodes.add(new ArrowFieldNode(nones, nones));
            for (int type = ObjectStream.BOOL; type < ObjectStream.TYPES; type++) {
                nodes.add(new ArrowFieldNode(end[type] - first[type], 0));
                addValues(buffers, type, first[type], end[type] - first[type]);
            }
            return load(unionField(name), count, nodes, buffers);
        } finally {
            buffers.forEach(ArrowBuf::close);
        }
    }

    // The buffers of one type's values: no validity, then the values.
    private void addValues(List<ArrowBuf> buffers, int type, int first, int count) throws NpzException {
        allocate(buffers, 0);
        switch (type) {
            case ObjectStream.BOOL -> {
                int bits = 0;
                for (int i = 0; i < count; i++) {
                    bits |= ObjectStream.bool(first + i) ? 1 << i : 0;
                }
                allocate(buffers, 1).setByte(0, bits);
            }
            case ObjectStream.INT -> {
                ArrowBuf values = allocate(buffers, 8L * count);
                for (int i = 0; i < count; i++) {
                    values.setLong(8L * i, ObjectStream.integer(first + i));
                }
            }
            case ObjectStream.FLOAT -> {
                ArrowBuf values = allocate(buffers, 8L * count);
                for (int i = 0; i < count; i++) {
                    values.setDouble(8L * i, ObjectStream.real(first + i));
                }
            }
            default -> {
                ArrowBuf offsets = allocate(buffers, 4L * (count + 1));
                ArrowBuf texts = allocate(buffers, 4L * count);
                for (int i = 0; i <= count; i++) {
                    offsets.setInt(4L * i, SourceValues.LABEL_LENGTH * i);
                    if (i < count) {
                        texts.setInt(4L * i, ObjectStream.label(first + i));
                    }
                }
            }
        }
    }

    private ArrowBuf allocate(List<ArrowBuf> buffers, long bytes) throws NpzException {
        ArrowBuf buffer = Allocations.allocate(allocator, bytes, LOCATION, WHAT);
        buffers.add(buffer);
        return buffer.writerIndex(bytes);
    }

    private static Field unionField(String name) {
        List<Field> children = new ArrayList<>();
        children.add(Field.nullable("none", new ArrowType.Null()));
        children.add(Field.nullable("bool", new ArrowType.Bool()));
        children.add(Field.nullable("int", new ArrowType.Int(64, true)));
        children.add(Field.nullable("float", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)));
        children.add(Field.nullable("str", new ArrowType.Utf8()));
        int[] ids = new int[children.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = i;
        }
        return new Field(name, FieldType.nullable(new ArrowType.Union(UnionMode.Dense, ids)), children);
    }

    private FieldVector load(Field field, int count, List<ArrowFieldNode> nodes, List<ArrowBuf> buffers) {
        VectorSchemaRoot root = VectorSchemaRoot.create(new Schema(List.of(field)), allocator);
        boolean done = false;
        try (ArrowRecordBatch batch = new ArrowRecordBatch(count, nodes, buffers)) {
            new VectorLoader(root).load(batch);
            done = true;
            return root.getVector(0);
        } finally {
            if (!done) {
                root.close();
            }
        }
    }
}
