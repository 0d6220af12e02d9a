package org.arrownpz.frame;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DescrParser;
import org.arrownpz.frame.internal.meta.FrameMetadata;
import org.arrownpz.internal.python.PyText;
import org.arrownpz.npy.NpyHeaderWriter;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.npz.NpzWriter;

/** The members of a frame, put together by hand; arrays hold zeros unless their bytes are given. */
public final class Parts {
    private final Map<String, byte[]> members = new LinkedHashMap<>();

    public static byte[] npy(String descr, byte[] data, long... shape) throws NpzException {
        return npy(descr, data, StorageOrder.C, shape);
    }

    static byte[] npy(String descr, byte[] data, StorageOrder order, long... shape) throws NpzException {
        String literal = descr.startsWith("[") ? descr : PyText.repr(descr);
        DType dtype = DescrParser.parse(literal, ReadLimits.defaults(), Location.ofFile(null));
        byte[] header = NpyHeaderWriter.numpy(dtype, Shape.of(shape), order);
        byte[] npy = Arrays.copyOf(header, header.length + data.length);
        System.arraycopy(data, 0, npy, header.length, data.length);
        return npy;
    }

    public Parts array(String member, String descr, long... shape) throws NpzException {
        String literal = descr.startsWith("[") ? descr : PyText.repr(descr);
        long size = DescrParser.parse(literal, ReadLimits.defaults(), Location.ofFile(null))
                .itemSize();
        return bytes(
                member,
                npy(descr, new byte[Math.toIntExact(size * Shape.of(shape).elements())], shape));
    }

    public Parts bytes(String member, byte[] content) {
        members.put(member, content);
        return this;
    }

    /** Metadata of a frame with an index and columns of the given classes and depths. */
    Parts meta(int blocks, String index, int indexDepth, String columns, int columnsDepth) {
        return text(
                FrameMetadata.MEMBER,
                "{\"__names__\": [null, null, null], \"__types__\": [\"" + index + "\", \"" + columns
                        + "\"], \"__depths__\": [" + blocks + ", " + indexDepth + ", " + columnsDepth + "]}");
    }

    public Parts meta(int blocks) {
        return meta(blocks, "Index", 1, "Index", 1);
    }

    public Parts text(String member, String content) {
        return bytes(member, content.getBytes(StandardCharsets.UTF_8));
    }

    public Path archive(Path file) throws NpzException {
        return archive(file, 0);
    }

    Path archive(Path file, int level) throws NpzException {
        WriteOptions options =
                WriteOptions.defaults().withDurability(Durability.RENAME_ONLY).deflate(level);
        try (NpzWriter writer = NpzWriter.create(file, options)) {
            for (Map.Entry<String, byte[]> member : members.entrySet()) {
                writer.bytes(member.getKey(), member.getValue());
            }
            writer.finish();
        }
        return file;
    }

    Path directory(Path folder) throws Exception {
        Files.createDirectories(folder);
        for (Map.Entry<String, byte[]> member : members.entrySet()) {
            Files.write(folder.resolve(member.getKey()), member.getValue());
        }
        return folder;
    }
}
