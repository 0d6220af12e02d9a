package org.arrownpz.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ArchiveForm;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.Python;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random arrays of NumPy as vectors, some of their rows, two one behind the other and side by side, in an archive and added
 * to one: NumPy reads what it would have made itself.
 */
@ExtendWith(LeakCheck.class)
class NumpyVerbsRoundTripTest {
    private static final WriteOptions FAST =
            WriteOptions.defaults().withOverwrite().withDurability(Durability.RENAME_ONLY);

    @Test
    void makesWhatNumpyMakes(BufferAllocator allocator, @TempDir Path directory) throws Exception {
        run(allocator, directory, 40);
    }

    @Test
    @Tag("soak")
    void makesWhatNumpyMakesOfAThousandArrays(BufferAllocator allocator, @TempDir Path directory) throws Exception {
        run(allocator, directory, 1000);
    }

    private static void run(BufferAllocator allocator, Path directory, int count) throws Exception {
        String python = Python.withNumpy();
        assumeTrue(python != null, "skipped: python3 has no NumPy");
        Path script = Python.script(directory, "/array/verbs.py");
        Python.check(directory, python, script, "write", directory, count);
        for (int i = 0; i < count; i++) {
            Path folder = directory.resolve(Integer.toString(i));
            try {
                make(allocator, folder);
            } catch (Exception | AssertionError e) {
                throw new AssertionError("folder " + i, e);
            }
            assertThat(allocator.getAllocatedMemory()).as("folder %d", i).isZero();
        }
        Python.check(directory, python, script, "check", directory, count);
    }

    private static ReadOptions vectors(String name) {
        return ReadOptions.defaults().withVectors(name);
    }

    private static void make(BufferAllocator allocator, Path folder) throws Exception {
        Path a = folder.resolve("a.npy");
        Path b = folder.resolve("b.npy");
        Path c = folder.resolve("c.npy");
        long[] rows;
        try (NumpyArray numbers = Npy.load(allocator, folder.resolve("rows.npy"))) {
            rows = numbers.longs();
        }
        try (Frame left = Frames.open(allocator, a, vectors("a"));
                Frame below = Frames.open(allocator, b, vectors("a"));
                Frame right = Frames.open(allocator, c, vectors("c"))) {
            left.root();
            Frames.write(left, folder.resolve("vectors.npy"), FAST);
            try (Frame taken = left.take(rows)) {
                Frames.write(taken, folder.resolve("take.npy"), FAST);
            }
            try (ArrowReader first = left.reader(20);
                    ArrowReader second = below.reader(30);
                    ArrowReader all = Frames.concat(allocator, sources("a", first, "b", second))) {
                Frames.write(all, folder.resolve("concat.npy"), FAST);
            }
            try (ArrowReader first = left.reader(20);
                    ArrowReader second = right.reader(30);
                    ArrowReader both = Frames.paste(allocator, sources("a", first, "c", second))) {
                Frames.write(both, folder.resolve("paste.npz"), FAST.withForm(ArchiveForm.ARRAYS));
            }
        }
        Path archive = folder.resolve("add.npz");
        try (NumpyArray first = Npy.load(allocator, a);
                NumpyArray third = Npy.load(allocator, c);
                NumpyArray second = Npy.load(allocator, b)) {
            Map<String, Object> arrays = new LinkedHashMap<>();
            arrays.put("a", first);
            arrays.put("c", third);
            Npz.save(archive, arrays, FAST);
            // Columns of a table whose vectors were made, and are written as the arrays that they were.
            try (Frame frame = Frames.open(allocator, archive, ReadOptions.inMemory())) {
                frame.root();
                Frames.write(frame, folder.resolve("columns.npz"), FAST);
            }
            Npz.add(allocator, archive, Map.of("b", second));
        }
    }

    private static Map<String, ArrowReader> sources(String one, ArrowReader left, String other, ArrowReader right) {
        Map<String, ArrowReader> sources = new LinkedHashMap<>();
        sources.put(one, left);
        sources.put(other, right);
        return sources;
    }
}
