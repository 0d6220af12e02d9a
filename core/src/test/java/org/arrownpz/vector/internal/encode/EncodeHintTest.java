package org.arrownpz.vector.internal.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.TypeMapping;
import org.arrownpz.WriteOptions;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.DescrParser;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.StructDType;
import org.arrownpz.dtype.SubarrayDType;
import org.arrownpz.dtype.TimeUnit64;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.vector.read.VectorReader;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An array that is read and written again has the same dtype, shape and bytes. */
@ExtendWith(LeakCheck.class)
class EncodeHintTest {
    private static final int ROWS = 101;

    static Stream<Arguments> dtypes() {
        List<String> scalars = List.of(
                "|b1",
                "|i1",
                "<i2",
                ">i2",
                "<i4",
                ">i4",
                "<i8",
                ">i8",
                "|u1",
                "<u2",
                ">u2",
                "<u4",
                "<u8",
                ">u8",
                "<f2",
                ">f2",
                "<f4",
                ">f4",
                "<f8",
                ">f8",
                "<f16",
                ">f16",
                "<c8",
                ">c8",
                "<c16",
                ">c16",
                "<c32",
                "|S1",
                "|S7",
                "|V5",
                "<U1",
                "<U7",
                ">U7",
                "|S0",
                "<U0",
                "<M8[Y]",
                "<M8[10Y]",
                "<M8[M]",
                ">M8[M]",
                "<M8[3M]",
                "<M8[W]",
                "<M8[D]",
                ">M8[D]",
                "<M8[2D]",
                "<M8[h]",
                ">M8[h]",
                "<M8[m]",
                "<M8[10s]",
                "<M8[s]",
                "<M8[ms]",
                "<M8[us]",
                "<M8[25us]",
                "<M8[ns]",
                ">M8[ns]",
                "<M8[ps]",
                ">M8[fs]",
                "<M8[as]",
                "<M8",
                "<m8[Y]",
                "<m8[M]",
                "<m8[W]",
                "<m8[D]",
                "<m8[h]",
                "<m8[m]",
                "<m8[s]",
                "<m8[10ms]",
                "<m8[us]",
                "<m8[ns]",
                ">m8[ns]",
                "<m8[ps]",
                "<m8");
        List<String> others = List.of(
                "[('a', '<i4'), ('b', '<f8')]",
                "[('a', '|i1'), ('', '|V3'), ('b', '>i4'), ('', '|V8')]",
                "[('t', '<M8[D]'), ('u', '<U3'), ('f', '|b1'), ('c', '<c8')]",
                "[('in', [('x', '<f4'), ('y', '<f4')]), ('sub', '<i2', (2, 3)), ('s', '|S2', (2,))]",
                "[(('title', 'n'), '<i8')]");
        return Stream.of(TypeMapping.values())
                .flatMap(mapping -> Stream.concat(
                        scalars.stream().map(text -> Arguments.of("'" + text + "'", mapping)),
                        others.stream().map(text -> Arguments.of(text, mapping))));
    }

    @ParameterizedTest
    @MethodSource("dtypes")
    void keepsDtypeAndBytes(String descr, TypeMapping mapping, BufferAllocator allocator) throws NpzException {
        assertKept(descr, Shape.of(ROWS), mapping, allocator);
    }

    @ParameterizedTest
    @MethodSource("dtypes")
    void keepsTensors(String descr, TypeMapping mapping, BufferAllocator allocator) throws NpzException {
        assertKept(descr, Shape.of(7, 2, 3), mapping, allocator);
    }

    private static void assertKept(String descr, Shape shape, TypeMapping mapping, BufferAllocator allocator)
            throws NpzException {
        DType dtype = DescrParser.parse(descr, ReadLimits.defaults(), Location.ofFile(null));
        byte[] bytes = new byte[(int) (shape.elements() * dtype.itemSize())];
        ByteBuffer target = ByteBuffer.wrap(bytes);
        Random random = new Random(descr.hashCode());
        for (long i = 0; i < shape.elements(); i++) {
            fill(dtype, target, random);
        }
        NpyHeader header = new NpyHeader(1, dtype, shape, StorageOrder.C, 64, bytes.length);
        NumpyArray array =
                new NumpyArray(Location.ofFile("a.npy"), header, ByteSources.of(allocator, ByteBuffer.wrap(bytes)));
        ReadOptions options = ReadOptions.defaults().withTypeMapping(mapping);
        try (AllValidBitmaps ones = new AllValidBitmaps(allocator);
                FieldVector vector = new VectorReader(allocator, options, ones, null).read(array, "a")) {
            array.data().close();
            ColumnEncoding encoding = ColumnEncoder.plan(List.of(vector), WriteOptions.defaults(), false);
            assertThat(encoding).isInstanceOf(ColumnEncoding.Numpy.class);
            ColumnEncoding.Numpy numpy = (ColumnEncoding.Numpy) encoding;
            assertThat(numpy.dtype()).isEqualTo(dtype);
            assertThat(numpy.note()).isNull();
            assertThat(numpy.needsValidity()).isFalse();
            assertThat(numpy.exactType()).isTrue();
            BlockContent content = BlockContent.array(new BlockContent.Column(numpy, List.of(vector)), StorageOrder.C);
            assertThat(content.shape()).isEqualTo(shape);
            assertThat(EncodeSink.bytes(content)).isEqualTo(bytes);
        }
    }

    private static void fill(DType dtype, ByteBuffer target, Random random) {
        if (dtype instanceof StructDType struct) {
            int start = target.position();
            for (StructDType.Field field : struct.fields()) {
                target.position(start + (int) field.offset());
                fill(field.dtype(), target, random);
            }
            target.position(start + (int) struct.itemSize());
            return;
        }
        if (dtype instanceof SubarrayDType array) {
            for (long i = 0; i < array.elements(); i++) {
                fill(array.element(), target, random);
            }
            return;
        }
        ScalarDType scalar = (ScalarDType) dtype;
        target.order(scalar.isBigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        int size = (int) scalar.itemSize();
        switch (scalar.kind()) {
            case BOOL -> target.put((byte) random.nextInt(2));
            case UNICODE, BYTES -> text(scalar, target, random);
            case DATETIME, TIMEDELTA -> {
                boolean nat = random.nextInt(5) == 0;
                boolean date = scalar.unit().base().compareTo(TimeUnit64.Base.DAY) <= 0;
                long value = date ? random.nextInt(20_000) - 10_000 : random.nextInt() * 1000L;
                target.putLong(nat ? Long.MIN_VALUE : value);
            }
            default -> {
                byte[] value = new byte[size];
                random.nextBytes(value);
                target.put(value);
            }
        }
    }

    private static void text(ScalarDType dtype, ByteBuffer target, Random random) {
        boolean text = dtype.kind() == DTypeKind.UNICODE;
        int units = (int) dtype.itemSize() / (text ? 4 : 1);
        int length = random.nextInt(units + 1);
        int[] alphabet = {'a', 'z', 0xe9, 0x20ac, 0x1f600, 0x7f};
        for (int i = 0; i < units; i++) {
            if (text) {
                target.putInt(i < length ? alphabet[random.nextInt(alphabet.length)] : 0);
            } else {
                target.put((byte) (i < length ? 1 + random.nextInt(255) : 0));
            }
        }
    }
}
