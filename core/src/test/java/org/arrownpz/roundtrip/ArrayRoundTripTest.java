package org.arrownpz.roundtrip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.TypeMapping;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.io.ByteSink;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NpyHeaderReader;
import org.arrownpz.npy.NpyHeaderWriter;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.Effort;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.vector.internal.buffers.VectorValidation;
import org.arrownpz.vector.internal.encode.BlockContent;
import org.arrownpz.vector.internal.encode.ColumnEncoder;
import org.arrownpz.vector.internal.encode.ColumnEncoding;
import org.arrownpz.vector.read.VectorReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random arrays become vectors and arrays again without the loss of a bit, whatever dtype, shape, order, version. */
@ExtendWith(LeakCheck.class)
class ArrayRoundTripTest {
    private static final int ARRAYS = Effort.of(1_500, 20_000);
    private static final int FILES = Effort.of(100, 2_000);
    private static final long SEED = 20_240_601;
    private static final Location LOCATION = Location.ofFile("random.npy");

    @ParameterizedTest
    @EnumSource(TypeMapping.class)
    void comesBackBitForBit(TypeMapping mapping, BufferAllocator allocator) {
        for (int i = 0; i < ARRAYS; i++) {
            Random random = new Random(SEED + i);
            RandomArrays.Array array = new RandomArrays(random).array();
            int major = array.isLatin1() ? 1 + random.nextInt(3) : 3;
            Trial.of(SEED + i, mapping + " v" + major + " " + array, () -> check(array, major, mapping, allocator));
        }
    }

    private static void check(RandomArrays.Array array, int major, TypeMapping mapping, BufferAllocator allocator)
            throws NpzException {
        byte[] file = array.npy(major);
        ReadOptions options = ReadOptions.defaults().withTypeMapping(mapping);
        try (ArrowBuf memory = allocator.buffer(Math.max(1, file.length))) {
            memory.setBytes(0, file);
            ByteSource source = ByteSources.of(memory, 0, file.length);
            try (AllValidBitmaps ones = new AllValidBitmaps(allocator)) {
                NumpyArray npy = new NpyHeaderReader(ReadLimits.defaults()).open(source, LOCATION, true);
                try (FieldVector vector = new VectorReader(allocator, options, ones, null).read(npy, "values")) {
                    VectorValidation.validateFull(vector);
                    assertThat(vector.getField().getMetadata().get("numpy.dtype"))
                            .isEqualTo(array.dtype().toString());
                    ColumnEncoding encoding = ColumnEncoder.plan(List.of(vector), WriteOptions.defaults(), false);
                    assertThat(encoding).isInstanceOf(ColumnEncoding.Numpy.class);
                    ArrayContent content = BlockContent.array(
                            new BlockContent.Column((ColumnEncoding.Numpy) encoding, List.of(vector)), StorageOrder.C);
                    assertThat(content.dtype().descr()).isEqualTo(array.dtype().descr());
                    assertThat(content.shape()).isEqualTo(written(array.shape()));
                    assertThat(HeapSink.bytes(content)).isEqualTo(array.elements());
                }
            } finally {
                source.close();
            }
        }
    }

    /** A scalar array becomes one row. */
    private static Shape written(Shape shape) {
        return shape.dimensions() == 0 ? Shape.of(1) : shape;
    }

    @Test
    void filesComeBackAsNumpyWritesThem(BufferAllocator allocator, @TempDir Path directory) {
        Path target = directory.resolve("copy.npy");
        for (int i = 0; i < FILES; i++) {
            Random random = new Random(SEED - 1 - i);
            RandomArrays.Array array = new RandomArrays(random).array();
            TypeMapping mapping = random.nextBoolean() ? TypeMapping.ARROW : TypeMapping.STORAGE;
            Trial.of(SEED - 1 - i, mapping + " " + array, () -> {
                ReadOptions options = ReadOptions.defaults().withTypeMapping(mapping);
                byte[] file = array.npy(array.isLatin1() ? 1 : 3);
                try (Frame frame = Frames.open(allocator, ByteBuffer.wrap(file), options)) {
                    Frames.write(frame, target, WriteOptions.defaults().withDurability(Durability.RENAME_ONLY));
                }
                StorageOrder order = NpyHeaderWriter.numpyOrder(array.shape(), array.order());
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                bytes.writeBytes(NpyHeaderWriter.numpy(array.dtype(), array.shape(), order));
                bytes.writeBytes(array.stored());
                assertThat(Files.readAllBytes(target)).isEqualTo(bytes.toByteArray());
            });
        }
    }

    /** Collects what content writes. */
    private static final class HeapSink implements ByteSink {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        static byte[] bytes(ArrayContent content) throws NpzException {
            HeapSink sink = new HeapSink();
            content.writeTo(sink);
            return sink.bytes.toByteArray();
        }

        @Override
        public void write(ArrowBuf source, long offset, long length) {
            byte[] part = new byte[(int) length];
            source.getBytes(offset, part);
            bytes.writeBytes(part);
        }

        @Override
        public void write(ByteBuffer source) {
            byte[] part = new byte[source.remaining()];
            source.get(part);
            bytes.writeBytes(part);
        }
    }
}
