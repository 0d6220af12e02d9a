package org.arrownpz.roundtrip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.ReadOptions.TypeMapping;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.testing.Effort;
import org.arrownpz.testing.Inspections;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.vector.internal.buffers.VectorValidation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Random archives in StaticFrame's layout come back with every member, label, name and bit, whatever the mapping. */
@ExtendWith(LeakCheck.class)
class NpzRoundTripTest {
    private static final int FRAMES = Effort.of(100, 1_200);
    private static final int COMPARED_BY_NUMPY = Effort.of(25, 600);
    private static final int SAVED_ARRAYS = Effort.of(50, 1_000);
    private static final int SAVED_ARCHIVES = Effort.of(20, 400);
    private static final long SEED = 99_000_000;
    private static final WriteOptions WRITE = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);

    @Test
    void membersComeBackBitForBit(BufferAllocator allocator, @TempDir Path directory) {
        Path source = directory.resolve("source.npz");
        Path target = directory.resolve("target.npz");
        for (int i = 0; i < FRAMES; i++) {
            Random random = new Random(SEED + i);
            RandomArchive archive = new RandomArchive(random);
            ReadOptions options = options(random);
            Trial.of(SEED + i, options.typeMapping() + " " + archive, () -> {
                archive.write(source);
                copy(allocator, source, target, options);
                assertHolds(allocator, target, archive);
            });
        }
    }

    private static ReadOptions options(Random random) {
        ReadOptions options =
                ReadOptions.defaults().withTypeMapping(random.nextBoolean() ? TypeMapping.ARROW : TypeMapping.STORAGE);
        return random.nextInt(4) == 0 ? options.withMapping(Mapping.COPY) : options;
    }

    private static void copy(BufferAllocator allocator, Path source, Path target, ReadOptions options)
            throws Exception {
        try (Frame frame = Frames.open(allocator, source, options)) {
            Inspections.assertTold(frame, allocator, source, options);
            for (FieldVector vector : frame.root().getFieldVectors()) {
                VectorValidation.validateFull(vector);
            }
            Frames.write(frame, target, WRITE);
        }
    }

    private static void assertHolds(BufferAllocator allocator, Path file, RandomArchive expected) throws Exception {
        try (NpzFile npz = NpzFile.open(allocator, file)) {
            assertThat(npz.names())
                    .hasSize(expected.members().size() + 1)
                    .containsAll(expected.members().keySet());
            assertThat(new String(npz.bytes("__meta__.json", 100_000), StandardCharsets.US_ASCII))
                    .isEqualTo(expected.metadata());
            for (Map.Entry<String, RandomArrays.Array> member :
                    expected.members().entrySet()) {
                RandomArrays.Array array = member.getValue();
                NumpyArray read = npz.array(member.getKey());
                assertThat(read.header().dtype()).isEqualTo(array.dtype());
                assertThat(read.header().shape()).isEqualTo(array.shape());
                byte[] bytes = new byte[(int) read.header().dataLength()];
                try (ArrowBuf region = read.region(0, bytes.length)) {
                    region.getBytes(0, bytes);
                }
                assertThat(bytes)
                        .as(member.getKey())
                        .isEqualTo(new RandomArrays.Array(
                                        array.dtype(),
                                        array.shape(),
                                        read.header().order(),
                                        array.elements())
                                .stored());
            }
        }
    }

    /** Runs where {@code python3} has NumPy; golden files take its place elsewhere. */
    @Test
    void numpyReadsTheSameFromTheOriginalAndTheCopy(BufferAllocator allocator, @TempDir Path directory)
            throws Exception {
        try (NumpyPeer numpy = NumpyPeer.start(directory)) {
            if (numpy == null) {
                return;
            }
            Path source = directory.resolve("frame.npz");
            Path target = directory.resolve("copy.npz");
            for (int i = 0; i < COMPARED_BY_NUMPY; i++) {
                Random random = new Random(SEED - 1 - i);
                RandomArchive archive = new RandomArchive(random);
                ReadOptions options = options(random);
                Trial.of(SEED - 1 - i, archive.toString(), () -> {
                    archive.write(source);
                    copy(allocator, source, target, options);
                    assertThat(numpy.difference(source, target)).isNull();
                });
            }
            for (Path saved : numpy.make(directory, SEED, SAVED_ARRAYS, SAVED_ARCHIVES)) {
                String name = saved.getFileName().toString();
                Path copy = directory.resolve("copy of " + name);
                TypeMapping mapping = name.hashCode() % 2 == 0 ? TypeMapping.ARROW : TypeMapping.STORAGE;
                Trial.of(SEED, mapping + " " + name, () -> {
                    copy(allocator, saved, copy, ReadOptions.defaults().withTypeMapping(mapping));
                    assertThat(numpy.difference(saved, copy)).isNull();
                });
            }
        }
    }
}
