package org.arrownpz.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.array.NumpyArrays;
import org.arrownpz.array.Safetensors;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.NumpyArray;

/**
 * A safetensors file, tensor by tensor. After {@link Settings}, a byte tells whether the rest is a file (even), or a header
 * and data without the header's length (odd): text up to its first NUL, and as many bytes behind it.
 */
public final class SafetensorsTarget {
    private static final Location PLACE = Location.ofFile("fuzz.safetensors");
    private static final int TENSORS = 20;
    private static final BufferAllocator INPUTS = Oracle.inputs();

    private SafetensorsTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        CurrentInput.record(data);
        if (data.length <= Settings.LENGTH) {
            return;
        }
        Settings settings = Settings.of(data);
        byte[] rest = Arrays.copyOfRange(data, Settings.LENGTH + 1, data.length);
        byte[] file = (data[Settings.LENGTH] & 1) != 0 ? file(rest) : rest;
        try (ArrowBuf buffer = INPUTS.buffer(Math.max(1, file.length))) {
            buffer.setBytes(0, file);
            ByteBuffer end = settings.endAligned() && InputMemory.holds(file, 0) ? InputMemory.atEnd(file, 0) : null;
            Oracle.holds(allocator -> read(
                    allocator,
                    end == null ? ByteSources.of(buffer, 0, file.length) : ByteSources.of(allocator, end),
                    file.length,
                    settings));
            if (buffer.refCnt() != 1) {
                throw new AssertionError("references to the file are left: " + buffer.refCnt());
            }
        }
    }

    /** A length before a header that ends at its first NUL, which is left out. */
    static byte[] file(byte[] parts) {
        int end = 0;
        while (end < parts.length && parts[end] != 0) {
            end++;
        }
        int data = Math.max(0, parts.length - end - 1);
        return ByteBuffer.allocate(Long.BYTES + end + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(end)
                .put(parts, 0, end)
                .put(parts, parts.length - data, data)
                .array();
    }

    private static void read(BufferAllocator allocator, ByteSource source, long size, Settings settings)
            throws NpzException {
        try (NumpyArrays tensors = Safetensors.load(allocator, source, PLACE, settings.options())) {
            tensors.metadata().forEach((key, value) -> (key + value).getBytes(StandardCharsets.UTF_8));
            long bytes = 0;
            for (String name : tensors.names()) {
                bytes = Math.addExact(bytes, tensors.get(name).byteLength());
            }
            if (bytes > size) {
                throw new AssertionError("tensors of more bytes than the file has: " + bytes);
            }
            for (String name : tensors.names().subList(0, Math.min(tensors.size(), TENSORS))) {
                tensor(tensors, name, settings);
            }
        }
    }

    private static void tensor(NumpyArrays tensors, String name, Settings settings) throws NpzException {
        NumpyArray tensor = tensors.get(name);
        if (settings.usesBlocks()) {
            tensor.buffer();
        }
        if (settings.usesCopy() && tensor.smallFloat() != null) {
            tensor.floats();
        }
        try (FieldVector vector = tensors.vector(name)) {
            Oracle.touch(vector, true);
        }
    }
}
