package org.arrownpz.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.StructDType;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.Python;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * NumPy and this library read each other's arrays: random ones each way, every value, dtype, shape and order,
 * and what is written are the bytes of {@code np.savez}.
 */
@ExtendWith(LeakCheck.class)
class NumpyArraysRoundTripTest {
    private static final int PER_FILE = 20;
    private static final WriteOptions FAST = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);

    @Test
    void bothReadWhatTheOtherWrites(BufferAllocator allocator, @TempDir Path directory) throws Exception {
        run(allocator, directory, 200);
    }

    @Test
    @Tag("soak")
    void bothReadAThousandArraysOfTheOther(BufferAllocator allocator, @TempDir Path directory) throws Exception {
        run(allocator, directory, 1000);
    }

    private static void run(BufferAllocator allocator, Path directory, int arrays) throws Exception {
        String python = Python.withNumpy();
        assumeTrue(python != null, "skipped: python3 has no NumPy");
        for (String part : List.of("python", "said", "again", "java")) {
            Files.createDirectory(directory.resolve(part));
        }
        Path script = Python.script(directory, "/array/arrays.py");
        Python.check(directory, python, script, "write", directory, arrays);
        int read = 0;
        try (Stream<Path> files = Files.list(directory.resolve("python"))) {
            for (Path file : files.sorted().toList()) {
                read += take(allocator, file, directory);
            }
        }
        assertThat(read).isEqualTo(arrays);
        for (int number = 0; number < arrays / PER_FILE; number++) {
            give(directory.resolve("java").resolve(number + ".npz"), new Random(number));
        }
        Python.check(directory, python, script, "check", directory);
    }

    /** Says what is in NumPy's archive, and saves its arrays again. */
    private static int take(BufferAllocator allocator, Path file, Path directory) throws Exception {
        String name = String.valueOf(file.getFileName());
        StringBuilder said = new StringBuilder();
        try (NumpyArrays arrays = Npz.load(allocator, file)) {
            Map<String, ArrayContent> same = new LinkedHashMap<>();
            Random random = new Random(name.hashCode());
            for (String key : arrays.names()) {
                NumpyArray array = arrays.get(key);
                same.put(key, array);
                said.append(key).append(' ').append(array.shape()).append(' ').append(array.order());
                said.append(' ').append(elements(array)).append('\n');
                compareElements(array, random);
            }
            Npz.save(directory.resolve("again").resolve(name), same, FAST);
            Files.writeString(directory.resolve("said").resolve(name + ".txt"), said);
            return arrays.size();
        }
    }

    private static String elements(NumpyArray array) throws NpzException {
        if (array.dtype() instanceof StructDType records) {
            List<String> fields = new ArrayList<>();
            for (StructDType.Field field : records.fields()) {
                fields.add(field.name() + ":" + elements(array.field(field.name())));
            }
            return "{" + String.join(";", fields) + "}";
        }
        ScalarDType dtype = (ScalarDType) array.dtype();
        return switch (dtype.kind()) {
            case FLOAT ->
                DoubleStream.of(array.doubles())
                        .mapToObj(value -> Long.toHexString(Double.doubleToLongBits(value)))
                        .collect(Collectors.joining(","));
            case BOOL -> flat(nested(array, boolean.class)).map(String::valueOf).collect(Collectors.joining(","));
            case UNICODE ->
                Stream.of(array.strings())
                        .map(NumpyArraysRoundTripTest::codePoints)
                        .collect(Collectors.joining(","));
            case BYTES, VOID ->
                flat(nested(array, byte[].class))
                        .map(value -> HexFormat.of().formatHex((byte[]) value))
                        .collect(Collectors.joining(","));
            case COMPLEX -> "-";
            default ->
                dtype.kind() == DTypeKind.UINT && dtype.itemSize() == 8
                        ? "-"
                        : LongStream.of(array.longs()).mapToObj(Long::toString).collect(Collectors.joining(","));
        };
    }

    private static String codePoints(String text) {
        return text.codePoints().mapToObj(Integer::toString).collect(Collectors.joining("."));
    }

    private static Object nested(NumpyArray array, Class<?> element) throws NpzException {
        int dimensions = array.shape().dimensions();
        if (dimensions == 0) {
            return element == boolean.class ? array.getBoolean() : array.to(element);
        }
        return array.to(Array.newInstance(element, new int[dimensions]).getClass());
    }

    private static Stream<Object> flat(Object nested) {
        if (!nested.getClass().isArray() || nested instanceof byte[]) {
            return Stream.of(nested);
        }
        List<Object> parts = new ArrayList<>();
        for (int i = 0; i < Array.getLength(nested); i++) {
            parts.add(Array.get(nested, i));
        }
        return parts.stream().flatMap(NumpyArraysRoundTripTest::flat);
    }

    /** Elements one by one, and nested, are those of the flat array. */
    private static void compareElements(NumpyArray array, Random random) throws NpzException {
        int dimensions = array.shape().dimensions();
        if (!(array.dtype() instanceof ScalarDType dtype)
                || dtype.kind() != DTypeKind.FLOAT && dtype.kind() != DTypeKind.INT
                || dtype.itemSize() == 8 && dtype.kind() == DTypeKind.INT) {
            return;
        }
        double[] all = array.doubles();
        if (dimensions > 0) {
            Object nested = array.to(
                    Array.newInstance(double.class, new int[dimensions]).getClass());
            assertThat(flat(nested).mapToDouble(value -> (Double) value).toArray())
                    .isEqualTo(all);
        }
        for (int i = 0; i < 3 && all.length > 0; i++) {
            long[] index = new long[dimensions];
            long place = 0;
            for (int d = 0; d < dimensions; d++) {
                index[d] = random.nextInt((int) array.shape().length(d));
                place = place * array.shape().length(d) + index[d];
            }
            assertThat(array.getDouble(index)).isEqualTo(all[(int) place]);
        }
    }

    /** Java's own values, and what they are. */
    private static void give(Path file, Random random) throws Exception {
        Map<String, Object> values = new LinkedHashMap<>();
        StringBuilder said = new StringBuilder();
        for (int i = 0; i < PER_FILE; i++) {
            int dimensions = random.nextInt(4);
            int[] lengths = random.ints(dimensions, 0, 5).toArray();
            for (int d = 0; d < dimensions - 1; d++) {
                // What is behind an empty dimension Java arrays do not tell.
                lengths[d] = Math.max(1, lengths[d]);
            }
            Kind kind = new Kind(random, dimensions);
            List<String> texts = new ArrayList<>();
            Object value = value(lengths, 0, kind, texts);
            values.put("a" + i, value);
            String shape = Stream.of(lengths)
                    .flatMap(all -> Arrays.stream(all).mapToObj(Integer::toString))
                    .collect(Collectors.joining(", ", "(", dimensions == 1 ? ",)" : ")"));
            said.append("a" + i + " " + shape + " C " + String.join(",", texts) + "\n");
        }
        Npz.save(file, values, FAST);
        Files.writeString(Path.of(file + ".txt"), said);
    }

    private static Object value(int[] lengths, int dimension, Kind kind, List<String> texts) {
        if (dimension == lengths.length) {
            Object value = kind.next.get();
            texts.add(text(value));
            return value == null ? new Object() : value;
        }
        int[] rest = new int[lengths.length - dimension - 1];
        Class<?> component = rest.length == 0
                ? kind.element
                : Array.newInstance(kind.element, rest).getClass();
        Object array = Array.newInstance(component, lengths[dimension]);
        for (int i = 0; i < lengths[dimension]; i++) {
            Object part =
                    dimension + 1 == lengths.length ? kind.next.get() : value(lengths, dimension + 1, kind, texts);
            if (dimension + 1 == lengths.length) {
                texts.add(text(part));
            }
            Array.set(array, i, part);
        }
        return array;
    }

    private static String text(@Nullable Object value) {
        if (value instanceof Double || value instanceof Float) {
            return Long.toHexString(Double.doubleToLongBits(((Number) value).doubleValue()));
        }
        if (value instanceof Character letter) {
            return Integer.toString(letter);
        }
        if (value instanceof String text) {
            return codePoints(text);
        }
        if (value instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }
        if (value instanceof LocalDate date) {
            return Long.toString(date.toEpochDay());
        }
        if (value instanceof Instant instant) {
            return Long.toString(Math.addExact(
                    Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), (long) instant.getNano()));
        }
        return value == null ? Long.toString(Long.MIN_VALUE) : value.toString();
    }

    /** A kind of values. */
    private static final class Kind {
        private final Class<?> element;
        private final Supplier<@Nullable Object> next;

        Kind(Random random, int dimensions) {
            int choice = random.nextInt(12);
            // Nested bytes are values of the dtype S.
            switch (choice == 5 && dimensions > 1 ? 4 : choice) {
                case 0 -> {
                    element = double.class;
                    next = random::nextGaussian;
                }
                case 1 -> {
                    element = float.class;
                    next = () -> Float.intBitsToFloat(random.nextInt());
                }
                case 2 -> {
                    element = long.class;
                    next = random::nextLong;
                }
                case 3 -> {
                    element = int.class;
                    next = random::nextInt;
                }
                case 4 -> {
                    element = short.class;
                    next = () -> (short) random.nextInt();
                }
                case 5 -> {
                    element = byte.class;
                    next = () -> (byte) random.nextInt();
                }
                case 6 -> {
                    element = char.class;
                    next = () -> (char) random.nextInt();
                }
                case 7 -> {
                    element = boolean.class;
                    next = random::nextBoolean;
                }
                case 8, 9 -> {
                    element = String.class;
                    next = () -> random.ints(random.nextInt(5), 0, 4)
                            .mapToObj(
                                    i -> List.of("x", "ü", "€", "\uD83D\uDE00").get(i))
                            .collect(Collectors.joining());
                }
                case 10 -> {
                    element = LocalDate.class;
                    next = () -> LocalDate.ofEpochDay(random.nextInt(100_000) - 50_000L);
                }
                default -> {
                    element = Instant.class;
                    next = () -> Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
                }
            }
        }
    }
}
