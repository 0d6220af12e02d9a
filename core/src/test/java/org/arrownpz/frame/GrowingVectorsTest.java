package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.util.VectorAppender;
import org.arrownpz.ReadOptions;
import org.arrownpz.array.Npz;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors in memory are Arrow's like any other: they can be set, and grow beyond the rows that the file had. */
@ExtendWith(LeakCheck.class)
class GrowingVectorsTest {
    @TempDir
    Path directory;

    /** A way to the vectors of a file that can be written to. */
    private interface Opening {
        Frame open(BufferAllocator allocator, Path path) throws Exception;
    }

    private static final Map<String, Opening> WAYS = Map.of(
            "inMemory", (allocator, path) -> Frames.open(allocator, path, ReadOptions.inMemory()),
            "copy", (allocator, path) -> {
                try (Frame mapped = Frames.open(allocator, path)) {
                    return mapped.copy();
                }
            });

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 7, 8, 63, 64, 65, 511, 512, 513, 5000})
    void growsBeyondTheRowsOfTheFile(int rows, BufferAllocator allocator) throws Exception {
        Path path = file(rows);
        for (Opening way : WAYS.values()) {
            try (Frame frame = way.open(allocator, path)) {
                for (FieldVector vector : frame.root().getFieldVectors()) {
                    Object[] before = objects(vector, rows);
                    vector.reAlloc();
                    vector.setValueCount(2 * rows + 100);
                    assertThat(objects(vector, rows)).as(vector.getName()).isEqualTo(before);
                    assertThat(vector.getNullCount()).as(vector.getName()).isEqualTo(rows + 100);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 64, 1000})
    void takesWhatIsAppended(int rows, BufferAllocator allocator) throws Exception {
        Path path = file(rows);
        for (Opening way : WAYS.values()) {
            try (Frame frame = way.open(allocator, path);
                    Frame more = Frames.open(allocator, path)) {
                for (int i = 0; i < frame.root().getFieldVectors().size(); i++) {
                    FieldVector vector = frame.root().getVector(i);
                    Object[] before = objects(vector, rows);
                    more.root().getVector(i).accept(new VectorAppender(vector), null);
                    assertThat(vector.getValueCount()).isEqualTo(2 * rows);
                    assertThat(objects(vector, rows)).as(vector.getName()).isEqualTo(before);
                    if (rows > 0) {
                        assertThat(vector.getObject(2 * rows - 1)).isEqualTo(before[rows - 1]);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 64, 513})
    void setsRowsThatTheFileDoesNotHave(int rows, BufferAllocator allocator) throws Exception {
        try (Frame frame = Frames.open(allocator, file(rows), ReadOptions.inMemory())) {
            BigIntVector vector = (BigIntVector) frame.root().getVector("longs");
            vector.setSafe(100_000, 7);
            vector.setValueCount(100_001);
            assertThat(vector.get(rows - 1)).isEqualTo(rows - 1);
            assertThat(vector.get(100_000)).isEqualTo(7);
            assertThat(vector.getNullCount()).isEqualTo(100_000 - rows);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void setsANullInOneColumnAlone(int rows, BufferAllocator allocator) throws Exception {
        Path path = file(rows);
        for (Opening way : WAYS.values()) {
            try (Frame frame = way.open(allocator, path)) {
                ((BigIntVector) frame.root().getVector("longs")).setNull(0);
                for (FieldVector vector : frame.root().getFieldVectors()) {
                    assertThat(vector.getNullCount())
                            .as(vector.getName())
                            .isEqualTo(vector.getName().equals("longs") ? 1 : 0);
                }
            }
        }
    }

    private Path file(int rows) throws Exception {
        Map<String, Object> arrays = new LinkedHashMap<>();
        arrays.put("longs", IntStream.range(0, rows).mapToLong(i -> i).toArray());
        arrays.put("doubles", new double[rows]);
        arrays.put("bytes", new byte[rows]);
        boolean[] flags = new boolean[rows];
        String[] texts = new String[rows];
        LocalDate[] dates = new LocalDate[rows];
        for (int i = 0; i < rows; i++) {
            flags[i] = i % 3 == 0;
            texts[i] = "text " + i;
            dates[i] = LocalDate.EPOCH.plusDays(i);
        }
        arrays.put("flags", flags);
        arrays.put("texts", texts);
        arrays.put("dates", dates);
        arrays.put("pairs", new float[rows][2]);
        Path path = directory.resolve(rows + ".npz");
        Npz.save(path, arrays);
        return path;
    }

    private static Object[] objects(FieldVector vector, int rows) {
        return IntStream.range(0, rows).mapToObj(vector::getObject).toArray();
    }
}
