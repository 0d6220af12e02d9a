package org.arrownpz.array;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.SafeText;
import org.arrownpz.SmallFloat;
import org.arrownpz.TargetFormat;
import org.arrownpz.WriteOptions;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.support.Rollback;

/**
 * safetensors files, in which machine learning keeps model weights: arrays by name, mapped without a copy.
 *
 * <pre>{@code
 * try (NumpyArrays model = Safetensors.load(allocator, Path.of("model.safetensors"))) {
 *     float[] weights = model.get("lm_head.weight").floats();
 *     Npz.save(Path.of("model.npz"), model.toMap());
 * }
 * }</pre>
 *
 * <p>bfloat16 and float8, which NumPy has no dtype for, are {@link SmallFloat}s over {@code V2} and {@code V1}; values of 4
 * and 6 bits are their bytes, {@code V1} of one dimension, and {@link NumpyArray#packed} tells what they are. All methods are
 * safe for use by several threads. Rules: huggingface/safetensors, README.md, "Format".
 */
public final class Safetensors {
    private static final int ALIGNMENT = 8;
    private static final JsonFactory JSON = new JsonFactory();

    private Safetensors() {}

    /** {@link #load(BufferAllocator, Path, ReadOptions)} with the default options: mapped read-only. */
    public static NumpyArrays load(BufferAllocator allocator, Path path) throws NpzException {
        return load(allocator, path, ReadOptions.defaults());
    }

    /**
     * Opens a file and checks its header; no data are touched. The tensors tile the file, or it is refused.
     *
     * @param allocator gives memory to what is copied; it must outlive that. Mapped bytes are not accounted
     * @param options mapping, the limits of directory bytes, members and dimensions and, for vectors, type mapping and
     *     policies are heeded
     * @return the tensors in the order of their data, which the caller closes
     * @throws NpzException IO, FILE_CHANGED, LIMIT, or MAGIC to DATA_TRAILING for a file that breaks the format's rules;
     *     DTYPE for types that safetensors 0.8 does not have
     */
    public static NumpyArrays load(BufferAllocator allocator, Path path, ReadOptions options) throws NpzException {
        return load(
                allocator,
                ByteSources.open(allocator, path, options.mapping()),
                Location.ofFile(path.toString()),
                options);
    }

    /**
     * {@link #load(BufferAllocator, Path, ReadOptions)} of a file within a source, which is closed with the tensors, or at
     * once on failure.
     *
     * @param location what to call the file in messages
     * @throws NpzException as {@link #load(BufferAllocator, Path, ReadOptions)}
     */
    public static NumpyArrays load(BufferAllocator allocator, ByteSource source, Location location, ReadOptions options)
            throws NpzException {
        try (Rollback undo = Rollback.of(source)) {
            SafetensorsHeader header = SafetensorsHeader.read(source, options.limits(), location);
            Map<String, NumpyArray> arrays = new LinkedHashMap<>();
            header.tensors().forEach((name, tensor) -> arrays.put(name, array(name, tensor, header, source, location)));
            return undo.commit(new NumpyArrays(
                    allocator, List.copyOf(arrays.keySet()), arrays::get, header.metadata(), source::close, options));
        }
    }

    private static NumpyArray array(
            String name,
            SafetensorsHeader.Tensor tensor,
            SafetensorsHeader file,
            ByteSource source,
            Location location) {
        long length = tensor.end() - tensor.begin();
        SafetensorsType type = tensor.type();
        Shape shape = type.isPacked() ? Shape.of(length) : tensor.shape();
        NpyHeader header = new NpyHeader(1, type.dtype(), shape, StorageOrder.C, file.start(), length);
        NumpyArray array =
                new NumpyArray(location.member(name), header, source.slice(file.start() + tensor.begin(), length));
        if (type.isPacked()) {
            return array.as(new NumpyArray.Packed(type.name(), tensor.shape()));
        }
        SmallFloat smallFloat = type.smallFloat();
        return smallFloat == null ? array : array.as(smallFloat);
    }

    /** {@link #save(Path, Map, Map, WriteOptions)} without metadata, with the default options. */
    public static void save(Path target, Map<String, ?> arrays) throws NpzException {
        save(target, arrays, Map.of(), WriteOptions.defaults());
    }

    /** {@link #save(Path, Map, Map, WriteOptions)} of all arrays of a file, with its metadata. */
    public static void save(Path target, NumpyArrays arrays) throws NpzException {
        save(target, arrays.toMap(), arrays.metadata(), WriteOptions.defaults());
    }

    /**
     * Writes arrays byte for byte as {@code safetensors.numpy.save_file} does: wide types first, then by name, in C order
     * and little-endian. Arrays in Fortran order or big-endian are turned by a copy on the heap. The target is replaced in
     * one step; whatever fails, it stays as it was.
     *
     * @param arrays values as for {@link Npz#save(Path, Map)}
     * @param metadata texts for {@code __metadata__}; none is written where there are none
     * @param options the durability is heeded
     * @throws NpzException IO, LIMIT, and what the contents throw
     * @throws IllegalArgumentException when a value is no array or of a dtype that the format does not have (text, times,
     *     records, complex128), or a name is {@code __metadata__}; the message names it;
     *     or the target has the extension of another format
     */
    public static void save(Path target, Map<String, ?> arrays, Map<String, String> metadata, WriteOptions options)
            throws NpzException {
        TargetFormat.require(target, TargetFormat.SAFETENSORS);
        List<Tensor> tensors = new ArrayList<>(arrays.size());
        for (Map.Entry<String, ?> entry : arrays.entrySet()) {
            tensors.add(tensor(entry.getKey(), entry.getValue()));
        }
        tensors.sort(Comparator.comparing(Tensor::type).reversed().thenComparing(Tensor::name));
        List<ArrayContent> contents = tensors.stream().map(Tensor::content).toList();
        Npy.write(target, options, header(tensors, metadata), contents);
    }

    /** A tensor to be written, in C order and little-endian. */
    private record Tensor(String name, SafetensorsType type, Shape shape, ArrayContent content) {}

    private static Tensor tensor(String name, Object value) throws NpzException {
        try {
            if (name.equals(SafetensorsHeader.METADATA)) {
                throw new IllegalArgumentException("the format keeps this name for itself");
            }
            ArrayContent content = Vectors.content(value);
            NumpyArray.Packed packed = content instanceof NumpyArray array ? array.packed() : null;
            if (packed != null) {
                return packed(name, packed, content);
            }
            SmallFloat smallFloat = value instanceof FieldVector vector
                    ? Vectors.smallFloat(vector.getField())
                    : content instanceof NumpyArray array ? array.smallFloat() : null;
            SafetensorsType type = SafetensorsType.of(content.dtype(), smallFloat);
            if (type == null) {
                throw new IllegalArgumentException("safetensors has no type for " + content.dtype());
            }
            ArrayContent turned = content instanceof NumpyArray array ? array.toLittleEndianC() : inC(content);
            return new Tensor(name, type, content.shape(), turned);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the array " + SafeText.quote(name) + " cannot be saved: " + e.getMessage(), e);
        }
    }

    private static Tensor packed(String name, NumpyArray.Packed packed, ArrayContent content) {
        SafetensorsType type = SafetensorsType.ofName(packed.type());
        boolean whole = type != null
                && type.isPacked()
                && SafetensorsHeader.bytes(packed.shape().elements(), type.bits()) == content.byteLength();
        if (type == null || !whole) {
            throw new IllegalArgumentException("its bytes are not those of " + SafeText.quote(packed.toString()));
        }
        return new Tensor(name, type, packed.shape(), content);
    }

    private static ArrayContent inC(ArrayContent content) {
        if (content.order() == StorageOrder.FORTRAN && content.shape().dimensions() > 1) {
            throw new IllegalArgumentException("buffers in Fortran order are not turned");
        }
        return content;
    }

    private static byte[] header(List<Tensor> tensors, Map<String, String> metadata) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[Long.BYTES]);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart(SafetensorsHeader.METADATA);
                for (Map.Entry<String, String> entry : metadata.entrySet()) {
                    json.writeStringField(entry.getKey(), entry.getValue());
                }
                json.writeEndObject();
            }
            long at = 0;
            for (Tensor tensor : tensors) {
                json.writeObjectFieldStart(tensor.name());
                json.writeStringField("dtype", tensor.type().name());
                json.writeFieldName("shape");
                long[] lengths = tensor.shape().lengths();
                json.writeArray(lengths, 0, lengths.length);
                long end = Math.addExact(at, tensor.content().byteLength());
                json.writeFieldName("data_offsets");
                json.writeArray(new long[] {at, end}, 0, 2);
                json.writeEndObject();
                at = end;
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        while (out.size() % ALIGNMENT != 0) {
            out.write(' ');
        }
        byte[] header = out.toByteArray();
        ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putLong(0, header.length - Long.BYTES);
        return header;
    }
}
