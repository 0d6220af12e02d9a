package org.arrownpz.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.testing.AllTypes;
import org.arrownpz.testing.RandomVectors;

/** Where fuzzing of IPC begins: pyarrow's files, Arrow's big-endian and early ones, and one of ours for every type, form and compression. */
public final class IpcSeeds {
    private static final int ROWS = 5;

    private final Map<String, byte[]> inputs = new LinkedHashMap<>();

    private IpcSeeds() {}

    public static Map<String, byte[]> all() {
        IpcSeeds seeds = new IpcSeeds();
        SeedFiles.below("golden/pyarrow", ".feather", ".arrow", ".arrows").forEach(seeds::put);
        SeedFiles.below("golden/arrow-testing/1.0.0-bigendian", ".arrow_file", ".stream")
                .forEach(seeds::put);
        SeedFiles.below("golden/arrow-testing/0.17.1", ".arrow_file", ".stream").forEach(seeds::put);
        seeds.types();
        return seeds.inputs;
    }

    /** Writes seeds and regressions: the target's class (there is one), and the folder. */
    public static void main(String[] arguments) throws Exception {
        SeedFiles.write(Path.of(arguments[1]), all());
        SeedFiles.write(Path.of(arguments[1]), SeedFiles.regressions(MappedIpcTarget.class.getSimpleName()));
    }

    private void put(String name, byte[] bytes) {
        int hash = name.hashCode() * 0x9E3779B9 >>> 8;
        byte first = (byte) (hash % 3 == 0 ? hash : 2);
        byte second = (byte) (hash >> 8 & 0xc0);
        inputs.put(name, with(new byte[] {first, second, 0}, bytes));
        List<byte[]> sections = IpcParts.sections(bytes);
        if (sections != null) {
            int form = IpcParts.MENDED | (IpcParts.isFile(bytes) ? IpcParts.FILE : IpcParts.ENDED);
            inputs.put(name + ".parts", Sections.join(new byte[] {first, second, (byte) (form << 1 | 1)}, sections));
        }
    }

    private static byte[] with(byte[] head, byte[] rest) {
        byte[] whole = Arrays.copyOf(head, head.length + rest.length);
        System.arraycopy(rest, 0, whole, head.length, rest.length);
        return whole;
    }

    private void types() {
        try (BufferAllocator allocator = new RootAllocator()) {
            int number = 0;
            IpcOptions.Compression[] compressions = IpcOptions.Compression.values();
            for (Field field : AllTypes.all()) {
                RandomVectors random = new RandomVectors(allocator, number, true);
                try (VectorSchemaRoot root = new VectorSchemaRoot(List.of(random.vector(field, ROWS)))) {
                    MapDictionaryProvider none = new MapDictionaryProvider();
                    written(field.getName() + ".arrow", root, none, IpcOptions.Compression.NONE);
                    written(field.getName() + ".arrows", root, none, compressions[number % compressions.length]);
                }
                number++;
            }
            dictionary(allocator);
        }
    }

    private void dictionary(BufferAllocator allocator) {
        DictionaryEncoding encoding = new DictionaryEncoding(3, true, new ArrowType.Int(32, true));
        Field words = RandomVectors.field("words", ArrowType.Utf8.INSTANCE);
        try (VarCharVector dictionary = (VarCharVector) new RandomVectors(allocator, 1, true).vector(words, ROWS)) {
            IntVector indices =
                    new IntVector("word", new FieldType(true, new ArrowType.Int(32, true), encoding), allocator);
            for (int i = 0; i < ROWS; i++) {
                indices.setSafe(i, ROWS - 1 - i);
            }
            indices.setValueCount(ROWS);
            MapDictionaryProvider provider = new MapDictionaryProvider(new Dictionary(dictionary, encoding));
            try (VectorSchemaRoot root = new VectorSchemaRoot(List.of(indices))) {
                written("dictionary.arrow", root, provider, IpcOptions.Compression.NONE);
                written("dictionary.arrows", root, provider, IpcOptions.Compression.LZ4);
            }
        }
    }

    private void written(
            String name,
            VectorSchemaRoot root,
            MapDictionaryProvider dictionaries,
            IpcOptions.Compression compression) {
        Path path = Scratch.directory().resolve(name);
        try {
            Ipc.write(root, dictionaries, path, IpcOptions.defaults().withCompression(compression));
            put(name, Files.readAllBytes(path));
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
