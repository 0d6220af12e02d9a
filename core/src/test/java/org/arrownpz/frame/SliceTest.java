package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compare.Range;
import org.apache.arrow.vector.compare.RangeEqualsVisitor;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.vector.CopyReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Neighbouring rows of a frame as a frame of its own, of every file that StaticFrame has written for the tests. */
@ExtendWith(LeakCheck.class)
class SliceTest {
    @TempDir
    Path directory;

    static Stream<Path> files() {
        return Golden.sidecars("staticframe-npz", "staticframe-npy-directory").stream()
                .map(sidecar -> Golden.folder("static-frame")
                        .resolve(sidecar.get("file").asText()));
    }

    @ParameterizedTest
    @MethodSource("files")
    void holdsTheRowsOfTheWhole(Path file, BufferAllocator allocator) throws Exception {
        try (Frame whole = Frames.open(allocator, file)) {
            long rows = whole.rowCount();
            for (long from : new long[] {0, rows / 3, rows}) {
                for (long count : new long[] {0, 1, (rows - from) / 2, rows - from}) {
                    if (from + count > rows) {
                        continue;
                    }
                    try (Frame slice = whole.slice(from, count)) {
                        assertThat(slice.rowCount()).isEqualTo(count);
                        assertThat(slice.index().length()).isEqualTo(count);
                        assertThat(slice.columnNames()).isEqualTo(whole.columnNames());
                        try (ArrowReader reader = slice.reader(3)) {
                            long next = from;
                            while (reader.loadNextBatch()) {
                                VectorSchemaRoot batch = reader.getVectorSchemaRoot();
                                assertRows(batch.getFieldVectors(), whole, next, batch.getRowCount());
                                next += batch.getRowCount();
                            }
                            assertThat(next).isEqualTo(from + count);
                        }
                        assertRows(slice.root().getFieldVectors(), whole, from, (int) count);
                        assertThat(slice.root()).isSameAs(slice.root());
                    }
                }
            }
        }
    }

    private static void assertRows(List<FieldVector> part, Frame whole, long from, int count) throws Exception {
        List<FieldVector> all = whole.root().getFieldVectors();
        assertThat(part).hasSameSizeAs(all);
        for (int i = 0; i < part.size(); i++) {
            assertThat(part.get(i).getField()).isEqualTo(all.get(i).getField());
            assertThat(new RangeEqualsVisitor(part.get(i), all.get(i)).rangeEquals(new Range(0, (int) from, count)))
                    .as("%s from %s", all.get(i).getField(), from)
                    .isTrue();
        }
    }

    private Path block() throws Exception {
        Path file = directory.resolve("block.npy");
        return Files.write(file, Parts.npy("<f8", new byte[80], 5, 2));
    }

    @Test
    void makesNoColumnOfTheWhole(BufferAllocator allocator) throws Exception {
        Path file = block();
        try (Frame whole = Frames.open(allocator, file);
                Frame slice = whole.slice(0, 1);
                Frame part = slice.select(slice.columnNames().get(0));
                Frame taken = slice.take(0, 0)) {
            assertThat(part.root().getRowCount()).isOne();
            assertThat(taken.root().getRowCount()).isEqualTo(2);
            assertThat(whole.copyReport().columns()).noneMatch(CopyReport.Column::isRead);
        }
    }

    @Test
    void outlivesTheFrame(BufferAllocator allocator) throws Exception {
        Path file = block();
        Frame whole = Frames.open(allocator, file);
        try (Frame slice = whole.slice(0, 1)) {
            whole.close();
            assertThat(slice.root().getRowCount()).isOne();
            assertThatThrownBy(() -> whole.slice(0, 1)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void mustBeWithinTheFrame(BufferAllocator allocator) throws Exception {
        Path file = files().findFirst().orElseThrow();
        try (Frame whole = Frames.open(allocator, file)) {
            long rows = whole.rowCount();
            assertThatThrownBy(() -> whole.slice(rows, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> whole.slice(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> whole.slice(0, -1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> whole.slice(1, Long.MAX_VALUE)).isInstanceOf(IndexOutOfBoundsException.class);
            whole.slice(0, 0).close();
        }
    }

    @Test
    void hasTheColumnsOfAnotherIndexAndNoBlocks(BufferAllocator allocator) throws Exception {
        try (Frame whole = Frames.open(allocator, block());
                Frame indexed = whole.slice(0, 1).withIndex("1");
                Frame part = indexed.select("0")) {
            assertThat(indexed.columnNames()).containsExactly("0");
            assertThat(part.root().getSchema().getFields()).hasSize(2);
            assertThat(indexed.schema().getFields().get(0).getName()).isEqualTo("1");
            assertThat(indexed.batchRows()).isOne();
            assertThat(indexed.blockCount()).isZero();
            assertThatThrownBy(() -> indexed.block(0)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThat(whole.batchRows()).isEqualTo(5);
            indexed.checkUnchanged();
        }
        try (Frame whole = Frames.open(allocator, block());
                Frame slice = whole.slice(0, 2)) {
            assertThat(slice.blockCount()).isZero();
            assertThatThrownBy(() -> slice.block(0)).isInstanceOf(IndexOutOfBoundsException.class);
            slice.checkUnchanged();
            assertThat(slice.batchRows()).isEqualTo(2);
        }
    }
}
