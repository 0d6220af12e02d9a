package org.arrownpz.damage;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ColumnLayout;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.event.Events;
import org.arrownpz.event.Packed;
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.npz.internal.zip.Archive;
import org.arrownpz.testing.RandomVectors;

/** Small sound files of NumPy, StaticFrame, other zip writers and this library. */
final class Seeds {
    private static final int LARGEST = 2000;
    private static final WriteOptions FAST = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);
    private static final ArrowType.Int INT = new ArrowType.Int(32, true);

    private Seeds() {}

    /** Archives, some of which are frames, some tables, some neither; not all of these can be read. */
    static List<Seed> archives(Path scratch) throws Exception {
        List<Seed> seeds = new ArrayList<>();
        for (String folder :
                List.of("golden/static-frame", "golden/zip", "golden/numpy/npz", "hostile/npz", "hostile/frame-npz")) {
            seeds.addAll(files(folder, ".npz", ".zip"));
        }
        seeds.addAll(ours(scratch));
        seeds.add(new Seed("zip64.npz", npyArchive().zip64().bytes()));
        seeds.add(new Seed(
                "comment.npz",
                npyArchive()
                        .comment("a comment".getBytes(StandardCharsets.US_ASCII))
                        .bytes()));
        return seeds;
    }

    /** Arrays in files of their own. */
    static List<Seed> arrays() throws Exception {
        List<Seed> seeds = new ArrayList<>();
        for (String folder : List.of(
                "golden/numpy/npy",
                "golden/numpy/structured",
                "golden/numpy/handmade",
                "golden/numpy/versions",
                "hostile/npy")) {
            seeds.addAll(files(folder, ".npy"));
        }
        return seeds;
    }

    private static List<Seed> files(String folder, String... suffixes) throws IOException, URISyntaxException {
        Path path = Path.of(Objects.requireNonNull(Seeds.class.getResource("/" + folder), folder)
                .toURI());
        List<Path> paths;
        try (Stream<Path> all = Files.list(path)) {
            paths = all.filter(file -> Stream.of(suffixes).anyMatch(file.toString()::endsWith))
                    .sorted()
                    .toList();
        }
        List<Seed> seeds = new ArrayList<>();
        for (Path file : paths) {
            if (Files.size(file) <= LARGEST) {
                seeds.add(new Seed(folder + "/" + file.getFileName(), Files.readAllBytes(file)));
            }
        }
        return seeds;
    }

    private static Archive npyArchive() {
        int[] npy = new int[64 + 5];
        byte[] start = "\u0093NUMPY\1\0".getBytes(StandardCharsets.ISO_8859_1);
        byte[] text = "{'descr': '|u1', 'fortran_order': False, 'shape': (5,)}".getBytes(StandardCharsets.US_ASCII);
        Arrays.fill(npy, ' ');
        for (int i = 0; i < start.length; i++) {
            npy[i] = start[i] & 0xff;
        }
        npy[8] = 54;
        npy[9] = 0;
        for (int i = 0; i < text.length && 10 + i < 63; i++) {
            npy[10 + i] = text[i];
        }
        npy[63] = '\n';
        return new Archive().member("a.npy", npy).member("b.npy", npy);
    }

    private static List<Seed> ours(Path scratch) throws Exception {
        List<Seed> seeds = new ArrayList<>();
        try (BufferAllocator allocator = new RootAllocator()) {
            RandomVectors vectors = new RandomVectors(allocator, 5, true);
            for (Field field : List.of(
                    field("ints", INT),
                    field("text", ArrowType.Utf8.INSTANCE),
                    field("bits", ArrowType.Bool.INSTANCE),
                    field("views", ArrowType.Utf8View.INSTANCE),
                    field("lists", ArrowType.List.INSTANCE, field("item", INT)),
                    field("structs", ArrowType.Struct.INSTANCE, field("a", INT), field("b", ArrowType.Utf8.INSTANCE)),
                    field("nulls", ArrowType.Null.INSTANCE))) {
                try (VectorSchemaRoot root = root(vectors.vector(field, 5))) {
                    for (ColumnLayout layout : List.of(ColumnLayout.NUMPY, ColumnLayout.ARROW)) {
                        Path path = scratch.resolve(field.getName() + " " + layout + ".npz");
                        try {
                            Frames.write(root, path, FAST.withLayout(layout));
                            seeds.add(seed(path));
                        } catch (IllegalArgumentException unsuited) {
                            // NumPy has no such type.
                            Files.deleteIfExists(path);
                        }
                    }
                    Path path = scratch.resolve(field.getName() + " deflated.npz");
                    Frames.write(root, path, FAST.deflate(6));
                    seeds.add(seed(path));
                }
            }
            seeds.add(dictionary(allocator, scratch.resolve("dictionary.npz")));
            seeds.add(packed(vectors, scratch.resolve("packed.npz")));
            for (Seed foreign : files("golden/static-frame", "block_c_order.npz", "index_IndexDate.npz")) {
                Path source = scratch.resolve("source.npz");
                Path target = scratch.resolve("aligned " + foreign.name().replace('/', ' '));
                Files.write(source, foreign.bytes());
                Frames.align(allocator, source, target, ReadOptions.defaults(), FAST);
                seeds.add(seed(target));
            }
        }
        return seeds;
    }

    private static Seed dictionary(BufferAllocator allocator, Path path) throws Exception {
        DictionaryEncoding encoding = new DictionaryEncoding(5, false, INT);
        FieldType type = new FieldType(true, INT, encoding);
        try (FieldVector words =
                        new RandomVectors(allocator, 3, false).vector(field("words", ArrowType.Utf8.INSTANCE), 3);
                IntVector indices = new IntVector("dictionary", type, allocator)) {
            indices.allocateNew(4);
            for (int i = 0; i < 3; i++) {
                indices.set(i, 2 - i);
            }
            indices.setNull(3);
            indices.setValueCount(4);
            MapDictionaryProvider dictionaries = new MapDictionaryProvider(new Dictionary(words, encoding));
            try (Frame frame = Frame.of(root(indices), dictionaries)) {
                Frames.write(frame, path, FAST);
            }
        }
        return seed(path);
    }

    private static Seed packed(RandomVectors vectors, Path path) throws Exception {
        try (VectorSchemaRoot root = root(
                        vectors.vector(field("k", ArrowType.Bool.INSTANCE), 6), vectors.vector(field("v", INT), 6));
                Packed packed = Events.pack(root, PackSpec.by("k").packRest())) {
            Events.write(packed, path, FAST);
        }
        return seed(path);
    }

    private static VectorSchemaRoot root(FieldVector... columns) {
        return new VectorSchemaRoot(List.of(columns));
    }

    private static Field field(String name, ArrowType type, Field... children) {
        return RandomVectors.field(name, type, children);
    }

    private static Seed seed(Path path) throws IOException {
        return new Seed("our " + path.getFileName(), Files.readAllBytes(path));
    }
}
