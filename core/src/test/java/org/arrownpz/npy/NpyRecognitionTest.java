package org.arrownpz.npy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers that are known by their bytes: what is recognised is what reading would give, and nothing else. */
class NpyRecognitionTest {
    private static final Location PLACE = new Location("a.npz", "b.npy");
    private static final ScalarDType F8 = ScalarDType.of(DTypeKind.FLOAT, 8);

    private final NpyHeaderReader reader = new NpyHeaderReader(ReadLimits.defaults());

    private static byte[] header(long length) {
        return NpyHeaderWriter.numpy(F8, Shape.of(length), StorageOrder.C);
    }

    private static byte[] file(long length) {
        byte[] header = header(length);
        return Arrays.copyOf(header, header.length + (int) (8 * length));
    }

    private NpyHeader read(byte[] file) throws NpzException {
        return reader.read(new HeapSource(file), PLACE, true);
    }

    private @Nullable NpyHeader cached(byte[] file) {
        return reader.cached(file, 0, file.length, file.length);
    }

    private @Nullable NpyHeader parseAndCache(byte[] file) {
        return reader.parseAndCache(file, 0, file.length, file.length);
    }

    @Test
    void nothingIsRecognisedBeforeItWasRead() throws NpzException {
        assertThat(cached(file(3))).isNull();
        NpyHeader first = read(file(3));
        assertThat(cached(file(4))).isNull();
        assertThat(cached(file(3))).isSameAs(first);
    }

    @Test
    void neighboursAreRecognisedInAnyOrder() throws NpzException {
        NpyHeader three = read(file(3));
        NpyHeader four = read(file(4));
        for (int i = 0; i < 3; i++) {
            assertThat(cached(file(3))).isSameAs(three);
            assertThat(cached(file(3))).isSameAs(three);
            assertThat(cached(file(4))).isSameAs(four);
        }
    }

    @Test
    void headersAreRecognisedAmongOtherBytes() throws NpzException {
        byte[] file = file(3);
        NpyHeader header = read(file);
        for (int at : new int[] {1, 8, 300}) {
            byte[] bytes = new byte[at + file.length + 5];
            System.arraycopy(file, 0, bytes, at, file.length);

            assertThat(reader.cached(bytes, at, header.dataOffset(), file.length))
                    .isSameAs(header);
            NpyHeaderReader other = new NpyHeaderReader(ReadLimits.defaults());
            assertThat(other.cached(bytes, at, file.length, file.length)).isNull();
            assertThat(other.parseAndCache(bytes, at, header.dataOffset(), file.length))
                    .isEqualTo(header);
            assertThat(other.cached(bytes, at, header.dataOffset(), file.length))
                    .isEqualTo(header);
        }
    }

    @Test
    void everyByteOfTheHeaderCounts() throws NpzException {
        byte[] file = file(3);
        NpyHeader header = read(file);
        for (int i = 0; i < header.dataOffset(); i++) {
            byte[] other = file.clone();
            other[i]++;
            assertThat(cached(other)).as("byte %s", i).isNull();
            assertThat(cached(file)).isSameAs(header);
        }
        assertThat(reader.cached(file, 0, header.dataOffset(), file.length)).isSameAs(header);
        assertThat(reader.cached(file, 0, header.dataOffset() - 1, file.length)).isNull();
        for (int available : new int[] {0, 9, 10, 11}) {
            assertThat(reader.cached(file, 0, available, file.length)).isNull();
            assertThat(reader.parseAndCache(file, 0, available, file.length)).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-24, -1, 1, 8})
    void dataOfAnotherLengthAreForTheReaderToRefuse(int more) throws NpzException {
        byte[] file = file(3);
        read(file);
        assertThat(reader.cached(file, 0, file.length, file.length + more)).isNull();
        assertThat(reader.parseAndCache(file, 0, file.length, file.length + more))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 100, 1_000_000})
    void whatIsLearntIsWhatIsRead(int length) throws NpzException {
        byte[] file = file(length);
        NpyHeader learnt = parseAndCache(file);

        assertThat(learnt).isNotNull();
        assertThat(read(file)).isSameAs(learnt);
        assertThat(cached(file)).isSameAs(learnt);
        assertThat(new NpyHeaderReader(ReadLimits.defaults()).read(new HeapSource(file), PLACE, true))
                .isEqualTo(learnt);
    }

    @Test
    void badHeadersAreForTheReaderToRefuse() {
        byte[] file = file(3);
        byte[] syntax = file.clone();
        syntax[10] = '[';
        byte[] empty = file.clone();
        empty[8] = 0;
        byte[] version = file.clone();
        version[6] = 2;
        byte[] magic = file.clone();
        magic[5] = 'X';
        for (byte[] bad : new byte[][] {syntax, empty, version, magic}) {
            assertThat(parseAndCache(bad)).isNull();
            assertThat(cached(bad)).isNull();
        }
        // 128 bytes of header state 118; one more reaches into the data.
        byte[] longer = file.clone();
        longer[8]++;
        assertThat(reader.parseAndCache(longer, 0, 128, longer.length)).isNull();
        byte[] high = file.clone();
        high[9] = 1;
        assertThat(parseAndCache(high)).isNull();
    }

    @Test
    void theLimitOfCharactersHoldsHereToo() {
        byte[] file = file(3);
        ReadLimits limits = ReadLimits.defaults();
        assertThat(new NpyHeaderReader(limits.withHeaderCharacters(118))
                        .parseAndCache(file, 0, file.length, file.length))
                .isNotNull();
        assertThat(new NpyHeaderReader(limits.withHeaderCharacters(117))
                        .parseAndCache(file, 0, file.length, file.length))
                .isNull();
    }

    @Test
    void longHeadersAreLearntByTheirWholeLength() {
        // More than 255 bytes of text, so that both bytes of the length count.
        byte[] text = ("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }" + " ".repeat(440) + "\n")
                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        byte[] file = Arrays.copyOf(header(2), 10 + text.length + 16);
        System.arraycopy(text, 0, file, 10, text.length);
        file[8] = (byte) text.length;
        file[9] = (byte) (text.length >> 8);
        NpyHeader header = parseAndCache(file);

        assertThat(header).isNotNull();
        assertThat(header.dataOffset()).isEqualTo(10 + text.length);
        assertThat(cached(file)).isSameAs(header);
    }
}
