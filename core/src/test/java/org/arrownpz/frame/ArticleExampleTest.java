package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.WriteOptions;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.npz.NpzFile.NpzEntry;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.Python;
import org.arrownpz.vector.CopyReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The example frame of StaticFrame's article on serialization. */
@ExtendWith(LeakCheck.class)
class ArticleExampleTest {
    private static final Path EXAMPLE = Golden.folder("static-frame").resolve("article_example.npz");

    @Test
    void reportSaysOfEachColumnWhetherItWasViewedAndWhyNot(BufferAllocator allocator) throws Exception {
        try (Frame frame = Frames.open(allocator, EXAMPLE)) {
            frame.root();
            List<CopyReport.Column> columns = frame.copyReport().columns();
            assertThat(columns.stream().map(CopyReport.Column::name))
                    .containsExactly(
                            "__index_level_0__",
                            "__index_level_1__",
                            "('data', 'A')",
                            "('data', 'B')",
                            "('data', 'C')",
                            "('valid', '*')");
            assertThat(columns).noneMatch(CopyReport.Column::isViewed).allMatch(column -> column.reason() != null);
            assertThat(columns.get(2).reason()).contains("C-order").contains("transposed");
            assertThat(columns.get(5).reason()).contains("packed into bits");
        }
    }

    @Test
    void columnsOfItsRewrittenBlockAreViews(BufferAllocator allocator, @TempDir Path directory) throws Exception {
        Path target = directory.resolve("example.npz");
        try (Frame frame = Frames.open(allocator, EXAMPLE)) {
            Frames.write(frame, target, WriteOptions.defaults());
        }
        try (Frame frame = Frames.open(allocator, target)) {
            frame.root();
            assertThat(frame.copyReport().columns().subList(2, 5)).allMatch(CopyReport.Column::isViewed);
        }
        try (NpzFile file = NpzFile.open(allocator, target)) {
            for (NpzEntry entry : file.entries()) {
                if (entry.npy()) {
                    assertThat(file.payloadOffset(entry.name()) % 64)
                            .as(entry.name())
                            .isZero();
                }
            }
        }
    }

    @Test
    void numpyReadsOurArchiveAsItReadsStaticFrames(BufferAllocator allocator, @TempDir Path directory)
            throws Exception {
        Path target = directory.resolve("example.npz");
        try (Frame frame = Frames.open(allocator, EXAMPLE)) {
            Frames.write(frame, target, WriteOptions.defaults());
        }
        String script = """
                import sys
                import numpy
                one, two = (numpy.load(path) for path in sys.argv[1:])
                assert one.files == two.files, (one.files, two.files)
                for key in one.files:
                    if key != '__meta__.json':
                        assert one[key].dtype == two[key].dtype, key
                        assert (one[key] == two[key]).all(), key
                    else:
                        assert one[key] == two[key]
                print('equal')
                """;
        if (Python.hasNumpy()) {
            assertThat(Python.run("-c", script, EXAMPLE.toString(), target.toString()))
                    .isEqualToIgnoringNewLines("equal\n");
        }
    }
}
