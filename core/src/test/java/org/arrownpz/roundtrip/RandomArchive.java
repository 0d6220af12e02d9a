package org.arrownpz.roundtrip;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.TimeUnit64;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.npz.NpzWriter;

/** A random archive in StaticFrame's layout, put together member by member. */
final class RandomArchive {
    private final Random random;
    private final RandomArrays arrays;
    private final Map<String, RandomArrays.Array> members = new LinkedHashMap<>();
    private final String metadata;

    RandomArchive(Random random) {
        this.random = random;
        this.arrays = new RandomArrays(random);
        int rows = random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(60);
        boolean deep = random.nextInt(4) == 0;
        boolean dates = !deep && random.nextInt(4) == 0;
        boolean index = deep || dates || random.nextBoolean();
        if (index) {
            ScalarDType first =
                    dates ? ScalarDType.datetime(TimeUnit64.of(TimeUnit64.Base.DAY)) : ScalarDType.of(DTypeKind.INT, 8);
            members.put("__values_index_0__.npy", counting(first, rows, 0));
            if (deep) {
                members.put("__values_index_1__.npy", arrays.array(label(), Shape.of(rows), StorageOrder.FORTRAN));
            }
        }
        List<RandomArrays.Array> blocks = new ArrayList<>();
        int columns = 0;
        for (int block = 0; block <= random.nextInt(5); block++) {
            boolean flat = random.nextBoolean();
            int width = flat ? 1 : 1 + random.nextInt(5);
            Shape shape = flat ? Shape.of(rows) : Shape.of(rows, width);
            StorageOrder order = random.nextBoolean() ? StorageOrder.C : StorageOrder.FORTRAN;
            blocks.add(arrays.array(value(), shape, flat ? StorageOrder.FORTRAN : order));
            columns += width;
        }
        boolean labels = random.nextInt(4) > 0;
        if (labels) {
            members.put("__values_columns_0__.npy", counting(label(), columns, 1));
        }
        for (int block = 0; block < blocks.size(); block++) {
            members.put("__blocks_" + block + "__.npy", blocks.get(block));
        }
        String indexClass = deep ? "IndexHierarchy" : dates ? "IndexDate" : "Index";
        metadata = "{\"__names__\": [" + name() + ", " + name() + ", " + name() + "], \"__types__\": [\"" + indexClass
                + "\", \"Index\"], "
                + (deep ? "\"__types_index__\": [\"Index\", \"Index\"], " : "")
                + "\"__depths__\": [" + blocks.size() + ", " + (deep ? 2 : 1) + ", 1]}";
    }

    private String name() {
        return switch (random.nextInt(5)) {
            case 0 -> "\"name\"";
            case 1 -> "17";
            case 2 -> "[\"a\", 1]";
            case 3 -> "2.5";
            default -> "null";
        };
    }

    // StaticFrame cannot read elements of no bytes, so that the writer widens them.
    private ScalarDType value() {
        ScalarDType dtype;
        do {
            dtype = arrays.scalar();
        } while (dtype.itemSize() == 0);
        return dtype;
    }

    private ScalarDType label() {
        return random.nextBoolean() ? ScalarDType.unicode(4) : ScalarDType.of(DTypeKind.INT, 8);
    }

    /** Labels that occur once each. */
    private static RandomArrays.Array counting(ScalarDType dtype, int length, int from) {
        byte[] bytes = new byte[(int) dtype.itemSize() * length];
        for (int i = 0; i < length; i++) {
            int at = (int) dtype.itemSize() * i;
            bytes[at] = (byte) (dtype.kind() == DTypeKind.UNICODE ? 'a' + i % 26 : from + i);
            if (dtype.kind() == DTypeKind.UNICODE) {
                bytes[at + 4] = (byte) ('a' + i / 26);
            }
        }
        return new RandomArrays.Array(dtype, Shape.of(length), StorageOrder.FORTRAN, bytes);
    }

    Map<String, RandomArrays.Array> members() {
        return members;
    }

    String metadata() {
        return metadata;
    }

    void write(Path target) throws NpzException {
        WriteOptions options = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);
        if (random.nextInt(4) == 0) {
            options = options.deflate(6);
        }
        try (NpzWriter writer = NpzWriter.create(target, options)) {
            for (Map.Entry<String, RandomArrays.Array> member : members.entrySet()) {
                writer.bytes(member.getKey(), member.getValue().npy(1));
            }
            writer.bytes("__meta__.json", metadata.getBytes(StandardCharsets.US_ASCII));
            writer.finish();
        }
    }

    @Override
    public String toString() {
        return metadata + " " + members;
    }
}
