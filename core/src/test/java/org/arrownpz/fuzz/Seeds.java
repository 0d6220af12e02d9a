package org.arrownpz.fuzz;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.ZipLayout;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ColumnLayout;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.npz.NpzFile.NpzEntry;
import org.arrownpz.testing.AllTypes;
import org.arrownpz.testing.RandomVectors;

/** Where fuzzing begins: the golden and the hostile files, each as the input of the targets that it is a case for. */
public final class Seeds {
    private static final int ROWS = 5;
    private static final int LARGEST_MEMBER = 16 << 10;
    private static final byte FILE = 0;
    private static final byte PARTS = 1;
    /** For NPY files as parts: data as long as the header asks for. */
    private static final byte FIT = 4;

    private final Map<String, byte[]> inputs = new LinkedHashMap<>();

    private Seeds() {}

    /** The inputs of a target's class. */
    public static Map<String, byte[]> of(Class<?> target) {
        Seeds seeds = new Seeds();
        if (target == NpyHeaderTarget.class) {
            seeds.headers();
        } else if (target == NpyFileTarget.class) {
            seeds.arrays();
        } else if (target == ZipDirectoryTarget.class) {
            seeds.archives();
        } else if (target == NpzFrameTarget.class) {
            seeds.frames();
        } else if (target == DirectoryFrameTarget.class) {
            seeds.directories();
        } else if (target == ArrowMetadataTarget.class) {
            seeds.arrowFrames();
        } else if (target == SafetensorsTarget.class) {
            seeds.tensors();
        }
        return seeds.inputs;
    }

    /** Writes the seeds and regressions of a target: its class, and the folder. */
    public static void main(String[] arguments) throws Exception {
        Class<?> target = Class.forName(arguments[0]);
        SeedFiles.write(Path.of(arguments[1]), of(target));
        SeedFiles.write(Path.of(arguments[1]), SeedFiles.regressions(target.getSimpleName()));
    }

    /** Settings that depend on the name only: all checks as a rule, everything used, and all others now and then. */
    private static Settings settings(String name) {
        int hash = name.hashCode() * 0x9E3779B9 >>> 8;
        int others = hash % 3 == 0 ? hash & 0xff : 2;
        // What costs time is for a quarter of them; mutations come to the rest.
        return new Settings(others, hash >> 8 & hash >> 16 & 0x7c | hash & 0x80);
    }

    private void put(String name, byte[] head, byte[] rest) {
        byte[] input = Arrays.copyOf(head, head.length + rest.length);
        System.arraycopy(rest, 0, input, head.length, rest.length);
        inputs.put(name, input);
    }

    private static byte[] head(String name, int kind) {
        Settings settings = settings(name);
        return new byte[] {(byte) settings.first(), (byte) settings.second(), (byte) kind};
    }

    private static Map<String, byte[]> npy() {
        Map<String, byte[]> files = new LinkedHashMap<>(SeedFiles.below("golden/numpy", ".npy"));
        files.putAll(SeedFiles.below("hostile/npy", ".npy"));
        return files;
    }

    private void headers() {
        npy().forEach((name, bytes) -> {
            byte[] parts = NpyParts.parts(bytes);
            put(name, new byte[] {FILE}, Arrays.copyOf(bytes, Math.min(bytes.length, 4096)));
            if (parts != null) {
                int end = 0;
                while (parts[end] != '\n') {
                    end++;
                }
                put(name + ".text", new byte[] {bytes[6]}, Arrays.copyOf(parts, end));
            }
        });
        SeedFiles.below("golden/npy-headers", ".tsv").forEach((name, bytes) -> {
            String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n");
            for (int i = 0; i < lines.length; i += 10) {
                int brace = lines[i].indexOf('{');
                if (brace >= 0) {
                    put(name + i, new byte[] {PARTS}, lines[i].substring(brace).getBytes(StandardCharsets.UTF_8));
                }
            }
        });
    }

    private void arrays() {
        npy().forEach((name, bytes) -> {
            put(name, head(name, FILE), bytes);
            byte[] parts = NpyParts.parts(bytes);
            if (parts != null) {
                put(name + ".parts", head(name + ".parts", bytes[6] | FIT), parts);
            }
        });
    }

    private void tensors() {
        SeedFiles.below("golden/safetensors", ".safetensors").forEach((name, bytes) -> {
            put(name, head(name, FILE), bytes);
            int length =
                    (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
            byte[] parts = Arrays.copyOfRange(bytes, Long.BYTES - 1, bytes.length);
            System.arraycopy(bytes, Long.BYTES, parts, 0, length);
            parts[length] = 0;
            put(name + ".parts", head(name + ".parts", PARTS), parts);
        });
        SeedFiles.below("hostile/safetensors", ".tsv").forEach((name, bytes) -> {
            String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n");
            for (int i = 0; i < lines.length; i++) {
                String[] parts = lines[i].split("\t");
                byte[] header = parts[0].replace('\'', '"').getBytes(StandardCharsets.UTF_8);
                put(
                        name + i,
                        head(name + i, PARTS),
                        Arrays.copyOf(header, header.length + 1 + Integer.parseInt(parts[1])));
            }
        });
    }

    private static Map<String, byte[]> npz() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String folder : new String[] {"golden/numpy/npz", "golden/zip", "golden/static-frame", "hostile/npz"}) {
            files.putAll(SeedFiles.below(folder, ".npz", ".zip"));
        }
        return files;
    }

    private void archives() {
        npz().forEach((name, bytes) -> {
            put(name, head(name, FILE), bytes);
            Map<String, byte[]> members = members(bytes);
            if (members != null) {
                List<byte[]> sections = new ArrayList<>();
                int flags = 0;
                for (Map.Entry<String, byte[]> member : members.entrySet()) {
                    sections.add(ArchiveParts.section(flags, ArchiveParts.name(member.getKey()), member.getValue()));
                    flags = (flags * 5 + name.length()) & 0x1f;
                }
                sections.add(new byte[] {(byte) (name.length() & 1), 0});
                put(name + ".parts", Sections.join(head(name + ".parts", PARTS), sections), new byte[0]);
            }
        });
    }

    private void frames() {
        Map<String, byte[]> files = npz();
        files.putAll(SeedFiles.below("hostile/frame-npz", ".npz"));
        files.forEach((name, bytes) -> {
            put(name, head(name, FILE), bytes);
            Map<String, byte[]> members = members(bytes);
            if (members != null) {
                byte[] parts = FileParts.input(settings(name), members);
                put(name + ".parts", head(name, PARTS), Arrays.copyOfRange(parts, Settings.LENGTH, parts.length));
            }
        });
    }

    private void directories() {
        SeedFiles.directories("golden/static-frame")
                .forEach((name, files) -> inputs.put(name, FileParts.input(settings(name), files)));
        SeedFiles.directories("hostile/frame-dir")
                .forEach((name, files) -> inputs.put(name, FileParts.input(settings(name), files)));
        Map<String, byte[]> archives = SeedFiles.below("golden/static-frame", ".npz");
        archives.putAll(SeedFiles.below("hostile/frame-npz", ".npz"));
        archives.forEach((name, bytes) -> {
            Map<String, byte[]> members = members(bytes);
            if (members != null) {
                inputs.put(name, FileParts.input(settings(name), members));
            }
        });
    }

    /** The members of an archive, or null where it is none that can be read. */
    private static Map<String, byte[]> members(byte[] bytes) {
        Path path = Scratch.directory().resolve("seed.npz");
        try (BufferAllocator allocator = new RootAllocator()) {
            Files.write(path, bytes);
            Map<String, byte[]> members = new LinkedHashMap<>();
            try (NpzFile file =
                    NpzFile.openLazily(allocator, path, ReadOptions.defaults().withZipLayout(ZipLayout.TOLERANT))) {
                for (NpzEntry entry : file.entries()) {
                    members.put(entry.name(), file.bytes(entry.name(), LARGEST_MEMBER));
                }
            }
            Files.delete(path);
            return members;
        } catch (NpzException e) {
            return null;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void arrowFrames() {
        try (BufferAllocator allocator = new RootAllocator()) {
            int number = 0;
            for (Field field : AllTypes.all()) {
                RandomVectors random = new RandomVectors(allocator, number++, true);
                for (ColumnLayout layout : ColumnLayout.values()) {
                    try (VectorSchemaRoot root = new VectorSchemaRoot(List.of(random.vector(field, ROWS)))) {
                        arrowFrame(field.getName() + layout, root, new MapDictionaryProvider(), layout);
                    }
                }
            }
            dictionary(allocator);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void dictionary(BufferAllocator allocator) throws IOException {
        DictionaryEncoding encoding = new DictionaryEncoding(3, true, new ArrowType.Int(32, true));
        Field words = RandomVectors.field("words", ArrowType.Utf8.INSTANCE);
        Field number = RandomVectors.field("number", new ArrowType.Int(64, true));
        RandomVectors random = new RandomVectors(allocator, 1, true);
        try (VarCharVector dictionary = (VarCharVector) random.vector(words, ROWS)) {
            IntVector indices =
                    new IntVector("word", new FieldType(true, new ArrowType.Int(32, true), encoding), allocator);
            for (int i = 0; i < ROWS; i++) {
                indices.setSafe(i, ROWS - 1 - i);
            }
            indices.setValueCount(ROWS);
            List<FieldVector> columns = List.of(indices, random.vector(number, ROWS));
            try (VectorSchemaRoot root = new VectorSchemaRoot(columns)) {
                arrowFrame(
                        "dictionary",
                        root,
                        new MapDictionaryProvider(new Dictionary(dictionary, encoding)),
                        ColumnLayout.AUTO);
            }
        }
    }

    private void arrowFrame(String name, VectorSchemaRoot root, MapDictionaryProvider dictionaries, ColumnLayout layout)
            throws IOException {
        Path path = Scratch.directory().resolve("written.npz");
        try (Frame frame = Frame.of(root, dictionaries)) {
            Frames.write(
                    frame, path, WriteOptions.defaults().withLayout(layout).withDurability(Durability.RENAME_ONLY));
        } catch (IllegalArgumentException e) {
            // A type that the layout cannot hold.
            return;
        }
        Map<String, byte[]> members = members(Files.readAllBytes(path));
        Files.delete(path);
        if (members != null) {
            inputs.put(name, FileParts.input(settings(name), members));
            inputs.put(name + ".checked", FileParts.input(Settings.CONTENT, members));
        }
    }
}
