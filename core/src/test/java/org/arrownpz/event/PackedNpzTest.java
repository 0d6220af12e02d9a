package org.arrownpz.event;

import static org.arrownpz.event.Tables.column;
import static org.arrownpz.event.Tables.doubles;
import static org.arrownpz.event.Tables.longs;
import static org.arrownpz.event.Tables.texts;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.arrownpz.WriteOptions;
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.event.spec.UnpackSpec;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.Python;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Packed events as a file: one offsets member for all lists, and values that NumPy splits by it. */
@ExtendWith(LeakCheck.class)
class PackedNpzTest {
    private static final String SPLIT = """
            import json, sys, zipfile, numpy as np
            meta = zipfile.ZipFile(sys.argv[1]).read('__meta__.json').decode()
            with np.load(sys.argv[1]) as z:
                m = lambda name: z[name if name in z.files else name[:-4]]
                columns = {c['column']: c['buffers'] for c in json.loads(meta)['__arrow__']['columns'] if 'buffers' in c}
                a, b = columns[1], columns[2]
                assert a[1] == b[1], 'one offsets member'
                offsets = m(a[1])
                print([x.tolist() for x in np.split(m(a[3]), offsets[1:-1])])
                print([x.tolist() for x in np.split(m(b[3]), offsets[1:-1])])
                print(m('__blocks_0__.npy').tolist())
            """;

    private static VectorSchemaRoot events(BufferAllocator allocator) {
        return Tables.of(
                longs("k", new long[] {7, 7, 8, 9, 9, 9}, allocator),
                longs("a", new long[] {10, 11, 12, 13, 14, 15}, allocator),
                doubles("b", new double[] {.5, 1, 1.5, 2, 2.5, 3}, allocator),
                texts("c", allocator, "u", null, "w", "x", "", "z"));
    }

    @Test
    void comesBackWithoutACopy(BufferAllocator allocator, @TempDir Path directory) throws Exception {
        Path file = directory.resolve("packed.npz");
        try (VectorSchemaRoot root = events(allocator);
                Packed packed = Events.pack(root, PackSpec.by("k").packRest())) {
            Events.write(packed, file, WriteOptions.defaults());
            try (Frame frame = Frames.open(allocator, file)) {
                for (String name : List.of("k", "a", "b", "c")) {
                    assertThat(column(frame.root(), name)).isEqualTo(column(packed.root(), name));
                }
                assertThat(frame.copyReport().copiedBytes()).isZero();
                long offsets = ((ListVector) frame.root().getVector("a"))
                        .getOffsetBuffer()
                        .memoryAddress();
                assertThat(((ListVector) frame.root().getVector("b"))
                                .getOffsetBuffer()
                                .memoryAddress())
                        .isEqualTo(offsets);
                assertThat(((ListVector) frame.root().getVector("c"))
                                .getOffsetBuffer()
                                .memoryAddress())
                        .isEqualTo(offsets);
                try (Unpacked back = Events.unpack(frame, UnpackSpec.by("k"))) {
                    for (String name : List.of("k", "a", "b", "c")) {
                        assertThat(column(back.root(), name)).isEqualTo(column(root, name));
                    }
                }
            }
        }
    }

    @Test
    void numpySplitsTheValuesByTheOffsets(BufferAllocator allocator, @TempDir Path directory) throws Exception {
        Path file = directory.resolve("packed.npz");
        try (VectorSchemaRoot root = events(allocator);
                Packed packed = Events.pack(root, PackSpec.by("k").pack("a", "b"))) {
            Events.write(packed, file, WriteOptions.defaults());
        }
        if (Python.hasNumpy()) {
            assertThat(Python.run("-c", SPLIT, file.toString())).isEqualTo("""
                    [[10, 11], [12], [13, 14, 15]]
                    [[0.5, 1.0], [1.5], [2.0, 2.5, 3.0]]
                    [7, 8, 9]
                    """);
        }
    }
}
