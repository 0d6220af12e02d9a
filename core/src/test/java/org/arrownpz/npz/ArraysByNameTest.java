package org.arrownpz.npz;

import static org.arrownpz.npz.SampleArchive.ARRAYS;
import static org.arrownpz.npz.SampleArchive.array;
import static org.arrownpz.npz.SampleArchive.assertHolds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.testing.LeakCheck;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays that are looked up by name or key. */
@ExtendWith(LeakCheck.class)
class ArraysByNameTest {
    @TempDir
    private Path folder;

    private static void assertIs(int expected, NumpyArray array) throws NpzException {
        assertThat(array).isNotNull();
        try (ArrowBuf region = array.region(0, array.header().dataLength())) {
            assertHolds(region, array(expected));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 6})
    void findsEveryArrayInWhateverOrder(int level, BufferAllocator allocator) throws Exception {
        try (NpzFile file = NpzFile.open(allocator, SampleArchive.write(folder, level))) {
            for (int i = 0; i < ARRAYS; i++) {
                assertIs(i, file.arrayIfPresent("a" + i));
            }
            Random random = new Random(5);
            for (int i = 0; i < 100; i++) {
                int number = random.nextInt(ARRAYS);
                assertThat(file.contains("a" + number)).isTrue();
                assertIs(number, file.arrayIfPresent("a" + number + (random.nextBoolean() ? ".npy" : "")));
                int other = random.nextInt(ARRAYS);
                assertIs(other, file.arrayIfPresent("a" + other + (random.nextBoolean() ? ".npy" : "")));
            }
        }
    }

    @Test
    void hasNoArrayOfAnotherName(BufferAllocator allocator) throws Exception {
        try (NpzFile file = NpzFile.open(allocator, SampleArchive.write(folder, 0))) {
            for (String name : List.of(
                    "", "a", "a30", "a01", "A1", "a1 ", "a1.np", "a1.npy.npy", "a1.NPY", "b1", "a2147483647", "1")) {
                assertThat(file.arrayIfPresent(name)).as(name).isNull();
                assertThat(file.contains(name)).as(name).isFalse();
            }
            assertIs(1, file.arrayIfPresent("a1"));
        }
    }

    @Test
    void numbersMayBeMissingAndInNoOrder(BufferAllocator allocator) throws Exception {
        List<Integer> numbers = List.of(7, 3, 4, 5, 10, 0);
        Path path = folder.resolve("some.npz");
        try (NpzWriter writer = NpzWriter.create(path, WriteOptions.defaults())) {
            for (int number : numbers) {
                RawArray array = array(number);
                writer.array("x" + number + ".npy", array.header(), array);
            }
            writer.finish();
        }
        try (NpzFile file = NpzFile.open(allocator, path)) {
            for (int number = 0; number < 12; number++) {
                NumpyArray array = file.arrayIfPresent("x" + number);
                if (numbers.contains(number)) {
                    assertIs(number, array);
                } else {
                    assertThat(array).as("x" + number).isNull();
                }
            }
        }
    }

    @Test
    void noneIsFoundOnceTheArchiveIsClosed(BufferAllocator allocator) throws Exception {
        NpzFile file = NpzFile.open(allocator, SampleArchive.write(folder, 6));
        file.close();
        List<ThrowingCallable> calls = List.of(
                () -> file.arrayIfPresent("a1"),
                () -> file.array("a1"),
                file::hasDeflated,
                () -> file.inflateAll(List.of("a1")));
        for (ThrowingCallable call : calls) {
            assertThatIllegalStateException().isThrownBy(call).withMessage("The archive is closed");
        }
    }
}
