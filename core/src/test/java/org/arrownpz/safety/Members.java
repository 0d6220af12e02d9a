package org.arrownpz.safety;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.npz.NpzWriter;

/** An archive as its members' bytes, to be changed and written again as a sound zip file. */
final class Members {
    private final Map<String, byte[]> content;

    private Members(Map<String, byte[]> content) {
        this.content = content;
    }

    static Members read(BufferAllocator allocator, Path path) throws NpzException {
        Map<String, byte[]> content = new LinkedHashMap<>();
        try (NpzFile file = NpzFile.open(allocator, path)) {
            for (String name : file.names()) {
                content.put(name, file.bytes(name, 1 << 20));
            }
        }
        return new Members(content);
    }

    Members copy() {
        return new Members(new LinkedHashMap<>(content));
    }

    byte[] get(String name) {
        return content.get(name);
    }

    Members with(String name, byte[] bytes) {
        Members changed = copy();
        changed.content.put(name, bytes);
        return changed;
    }

    Members with(String name, String text) {
        return with(name, text.getBytes(StandardCharsets.UTF_8));
    }

    Members without(String name) {
        Members changed = copy();
        changed.content.remove(name);
        return changed;
    }

    /** Without all members that do not begin with that. */
    Members only(String prefix) {
        Members changed = copy();
        changed.content.keySet().removeIf(name -> !name.startsWith(prefix));
        return changed;
    }

    Iterable<String> names() {
        return content.keySet();
    }

    String text(String name) {
        return new String(content.get(name), StandardCharsets.UTF_8);
    }

    void write(Path path) throws NpzException {
        try (NpzWriter writer =
                NpzWriter.create(path, WriteOptions.defaults().withDurability(Durability.RENAME_ONLY))) {
            for (Map.Entry<String, byte[]> member : content.entrySet()) {
                writer.bytes(member.getKey(), member.getValue());
            }
            writer.finish();
        }
    }

    /** The element bytes of an NPY member. */
    static byte[] data(byte[] npy) {
        return Arrays.copyOfRange(npy, dataOffset(npy), npy.length);
    }

    static String header(byte[] npy) {
        return new String(npy, 10, dataOffset(npy) - 10, StandardCharsets.ISO_8859_1);
    }

    private static int dataOffset(byte[] npy) {
        return 10 + (ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN).getShort(8) & 0xFFFF);
    }

    /** The same header with other data of the same length. */
    static byte[] withData(byte[] npy, byte[] data) {
        byte[] changed = Arrays.copyOf(npy, dataOffset(npy) + data.length);
        System.arraycopy(data, 0, changed, dataOffset(npy), data.length);
        return changed;
    }

    /** A new array of one dimension. */
    static byte[] npy(String descr, String shape, byte[] data) {
        String header = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }";
        int padded = (10 + header.length() + 1 + 63) / 64 * 64 - 10;
        byte[] text = (header + " ".repeat(padded - header.length() - 1) + "\n").getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(10 + text.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
                .putShort((short) text.length)
                .put(text)
                .put(data)
                .array();
    }
}
