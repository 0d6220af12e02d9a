package org.arrownpz.array;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.Shape;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sparse matrices of all five formats with random damage, to their bytes or to what their arrays say: each is refused by a
 * typed error or is the matrix that its arrays describe, and nothing stays allocated.
 */
@ExtendWith(LeakCheck.class)
class SparseDamageTest {
    private static final WriteOptions FAST =
            WriteOptions.defaults().withOverwrite().withDurability(Durability.RENAME_ONLY);

    @TempDir
    Path directory;

    private int refused;
    private int read;
    private int arraysAlone;

    @Test
    void refusesDamageOrReadsWhatIsThere(BufferAllocator allocator) throws Exception {
        run(allocator, 0, 250);
    }

    @Test
    @Tag("soak")
    void refusesDamageOrReadsWhatIsThereOftenEnough(BufferAllocator allocator) throws Exception {
        run(allocator, 1_000_000, 20_000);
    }

    private void run(BufferAllocator allocator, long seed, int trials) throws Exception {
        for (int i = 0; i < trials; i++) {
            Random random = new Random(seed + i);
            SparseMatrix.Format format = SparseMatrix.Format.values()[i % SparseMatrix.Format.values().length];
            Path file = directory.resolve("m.npz");
            Map<String, Object> arrays = arrays(format, random);
            boolean bytes = random.nextInt(3) == 0;
            if (!bytes) {
                damage(arrays, random);
            }
            try {
                Npz.save(file, arrays, random.nextInt(4) == 0 ? FAST.deflate(1) : FAST);
                if (bytes) {
                    Files.write(file, damaged(Files.readAllBytes(file), random));
                }
                check(allocator, file);
            } catch (Exception | AssertionError e) {
                throw new AssertionError("seed " + (seed + i) + ": " + format + ", " + arrays.keySet(), e);
            }
            assertThat(allocator.getAllocatedMemory()).as("seed %d", seed + i).isZero();
        }
        // Damage that is always found, or never, would test one half.
        assertThat(refused).isGreaterThan(trials / 10);
        assertThat(read).isGreaterThan(trials / 20);
        assertThat(arraysAlone).isGreaterThan(trials / 20);
    }

    private void check(BufferAllocator allocator, Path file) throws Exception {
        try (SparseMatrix matrix = SparseMatrix.load(allocator, file)) {
            boolean lists = matrix.shape().length == 2
                    && (matrix.format() == SparseMatrix.Format.CSR || matrix.format() == SparseMatrix.Format.CSC);
            if (!lists) {
                for (String name : matrix.arrays().names()) {
                    matrix.arrays().get(name).buffer();
                }
                arraysAlone++;
                return;
            }
            try (VectorSchemaRoot root = matrix.lists()) {
                List<List<?>> expected = described(matrix);
                assertThat(values(root)).isEqualTo(expected);
                Path again = directory.resolve("again.npz");
                SparseMatrix.save(again, root, FAST);
                try (SparseMatrix same = SparseMatrix.load(allocator, again);
                        VectorSchemaRoot back = same.lists()) {
                    assertThat(same.shape()).isEqualTo(matrix.shape());
                    assertThat(same.format()).isEqualTo(matrix.format());
                    assertThat(values(back)).isEqualTo(expected);
                }
                read++;
            }
        } catch (NpzException e) {
            assertThat(e.code()).isNotNull();
            assertThat(e).hasMessageContaining("m.npz");
            refused++;
        }
    }

    /** Places and values of each row or column, from the arrays one by one. */
    private static List<List<?>> described(SparseMatrix matrix) throws NpzException {
        long[] offsets = matrix.arrays().get("indptr").longs();
        long[] places = matrix.arrays().get("indices").longs();
        double[] values = matrix.arrays().get("data").doubles();
        int across = matrix.format() == SparseMatrix.Format.CSR ? 1 : 0;
        assertThat(offsets).hasSize(Math.toIntExact(matrix.shape()[1 - across]) + 1);
        List<List<?>> lists = new ArrayList<>();
        for (int i = 0; i + 1 < offsets.length; i++) {
            List<Long> where = new ArrayList<>();
            List<Double> what = new ArrayList<>();
            for (int k = Math.toIntExact(offsets[i]); k < offsets[i + 1]; k++) {
                assertThat(places[k]).isBetween(0L, matrix.shape()[across] - 1);
                where.add(places[k]);
                what.add(values[k]);
            }
            lists.add(List.of(where, what));
        }
        return lists;
    }

    private static List<List<?>> values(VectorSchemaRoot root) {
        List<List<?>> lists = new ArrayList<>();
        for (int row = 0; row < root.getRowCount(); row++) {
            List<Long> where = new ArrayList<>();
            ((List<?>) root.getVector("indices").getObject(row))
                    .forEach(place -> where.add(((Number) place).longValue()));
            List<Double> what = new ArrayList<>();
            ((List<?>) root.getVector("data").getObject(row))
                    .forEach(value -> what.add(((Number) value).doubleValue()));
            lists.add(List.of(where, what));
        }
        return lists;
    }

    /** The arrays of a random matrix. */
    private static Map<String, Object> arrays(SparseMatrix.Format format, Random random) {
        int rows = random.nextInt(6);
        int columns = 1 + random.nextInt(6);
        Map<String, Object> arrays = new LinkedHashMap<>();
        boolean wide = random.nextBoolean();
        switch (format) {
            case CSR, CSC, BSR -> {
                long[] offsets = new long[(format == SparseMatrix.Format.CSC ? columns : rows) + 1];
                for (int i = 1; i < offsets.length; i++) {
                    offsets[i] = offsets[i - 1] + random.nextInt(4);
                }
                int count = (int) offsets[offsets.length - 1];
                int bound = format == SparseMatrix.Format.CSC ? rows : columns;
                long[] places = random.longs(bound == 0 ? 0 : count, 0, Math.max(1, bound))
                        .toArray();
                if (bound == 0) {
                    Arrays.fill(offsets, 0);
                }
                arrays.put("indices", integers(places, wide));
                arrays.put("indptr", integers(offsets, wide));
                arrays.put(
                        "data",
                        format == SparseMatrix.Format.BSR
                                ? new double[places.length][1][1]
                                : random.doubles(places.length).toArray());
            }
            case COO -> {
                int count = rows == 0 ? 0 : random.nextInt(8);
                arrays.put(
                        "row",
                        integers(random.longs(count, 0, Math.max(1, rows)).toArray(), wide));
                arrays.put("col", integers(random.longs(count, 0, columns).toArray(), wide));
                arrays.put("data", random.doubles(count).toArray());
            }
            default -> {
                arrays.put("offsets", integers(new long[] {0, 1}, wide));
                arrays.put("data", new double[2][columns]);
            }
        }
        arrays.put("format", bytes(format.scipyName()));
        arrays.put("shape", new long[] {rows, columns});
        if (random.nextBoolean()) {
            arrays.put("_is_array", random.nextBoolean());
        }
        return arrays;
    }

    private static Object integers(long[] values, boolean wide) {
        return wide
                ? values
                : Arrays.stream(values).mapToInt(value -> (int) value).toArray();
    }

    private static ArrayContent bytes(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return ArrayContent.of(ByteBuffer.wrap(bytes), ScalarDType.of(DTypeKind.BYTES, bytes.length), Shape.of());
    }

    /** Makes one array say something else, up to three times. */
    private static void damage(Map<String, Object> arrays, Random random) {
        for (int times = random.nextInt(4); times > 0; times--) {
            List<String> names = List.copyOf(arrays.keySet());
            String name = names.get(random.nextInt(names.size()));
            Object value = arrays.get(name);
            switch (random.nextInt(8)) {
                case 0 -> arrays.remove(name);
                case 1 -> arrays.put(name, odd(random));
                case 2 ->
                    arrays.put(
                            "format",
                            bytes(List.of("csr", "csc", "coo", "lil", "", "CSR").get(random.nextInt(6))));
                case 3 ->
                    arrays.put("shape", random.longs(random.nextInt(4), -1, 9).toArray());
                case 4 -> arrays.put("shape", new long[] {far(random), far(random)});
                default -> {
                    if (value instanceof int[] numbers && numbers.length > 0) {
                        numbers[random.nextInt(numbers.length)] = (int) far(random);
                    } else if (value instanceof long[] numbers && numbers.length > 0) {
                        numbers[random.nextInt(numbers.length)] = far(random);
                    } else if (value instanceof long[] numbers) {
                        arrays.put(name, Arrays.copyOf(numbers, 1 + random.nextInt(3)));
                    } else if (value instanceof double[] numbers) {
                        arrays.put(name, Arrays.copyOf(numbers, Math.max(0, numbers.length + random.nextInt(5) - 2)));
                    }
                }
            }
        }
    }

    /** Numbers about which arithmetic goes wrong. */
    private static long far(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> -1 - random.nextInt(3);
            case 1 -> Integer.MAX_VALUE - random.nextInt(2);
            case 2 -> Integer.MIN_VALUE;
            case 3 -> Long.MAX_VALUE - random.nextInt(2);
            case 4 -> 1L << 32 + random.nextInt(31);
            default -> random.nextInt(12);
        };
    }

    private static Object odd(Random random) {
        return switch (random.nextInt(7)) {
            case 0 -> 3.5;
            case 1 -> new String[] {"csr", "x"};
            case 2 -> new int[2][3];
            case 3 -> new float[0];
            case 4 -> new byte[] {0, 1, 2};
            case 5 -> new boolean[] {true};
            default -> ArrayContent.of(ByteBuffer.allocate(16), ScalarDType.of(DTypeKind.UINT, 8), Shape.of(2));
        };
    }

    private static byte[] damaged(byte[] bytes, Random random) {
        byte[] other = bytes.clone();
        for (int times = 1 + random.nextInt(3); times > 0; times--) {
            int at = random.nextInt(other.length);
            other[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) (other[at] ^ 1 << random.nextInt(8));
        }
        return random.nextInt(10) == 0 ? Arrays.copyOf(other, random.nextInt(other.length + 30)) : other;
    }
}
