package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ArchiveForm;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Frames with columns hidden from NumPy, plain archives and single arrays, and what is written as which. */
@ExtendWith(LeakCheck.class)
class FrameFormsTest {
    @TempDir
    Path directory;

    @Test
    void automaticColumnsStayAutomaticBesideHiddenOnes(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("hidden.npz");
        try (FrameBuilder builder = new FrameBuilder(allocator, 2, 3, ReadOptions.defaults())) {
            builder.vector(Roots.longs(allocator, builder.nextName(), 1, 2));
            builder.vector(Roots.lists(allocator, builder.nextName(), 2));
            builder.vector(Roots.longs(allocator, builder.nextName(), 3, 4));
            try (Frame frame = builder.build()) {
                Frames.write(frame, file, WriteOptions.defaults());
            }
        }
        try (Frame frame = Frames.open(allocator, file)) {
            assertThat(frame.columns().isAuto()).isTrue();
            assertThat(frame.columnNames()).containsExactly("0", "1", "2");
            assertThat(Roots.values(frame.root().getVector("2"))).containsExactly(3L, 4L);
            assertThat(frame.root().getVector("1")).isInstanceOf(ListVector.class);
        }
        try (Frame frame = Frames.open(allocator, file, ReadOptions.defaults().withPositions(List.of(2, 1)))) {
            assertThat(frame.columnNames()).containsExactly("2", "1");
            assertThat(Roots.values(frame.root().getVector("2"))).containsExactly(3L, 4L);
        }
    }

    @Test
    void plainArchivesWithNullsAreWrittenAsFramesUnlessArraysAreAskedFor(BufferAllocator allocator) throws Exception {
        Path plain = new Parts().array("t.npy", "<U3", 2).archive(directory.resolve("plain.npz"));
        Path target = directory.resolve("target.npz");
        Schema schema;
        try (Frame frame = Frames.open(allocator, plain)) {
            schema = frame.interchangeSchema();
        }
        try (FieldVector nulls = Roots.texts(allocator, "t", "x", null)) {
            VectorSchemaRoot root = new VectorSchemaRoot(schema, List.of(nulls), 2);
            try (Frame frame = Frame.of(root)) {
                assertThat(frame.kind()).isEqualTo(FrameSummary.Kind.ARRAYS);
                assertThatThrownBy(() -> Frames.write(
                                frame, target, WriteOptions.defaults().withForm(ArchiveForm.ARRAYS)))
                        .isInstanceOf(IllegalArgumentException.class);
                Frames.write(frame, target, WriteOptions.defaults());
            }
        }
        try (Frame frame = Frames.open(allocator, target)) {
            assertThat(frame.kind()).isEqualTo(FrameSummary.Kind.FRAME);
            assertThat(Roots.values(frame.root().getVector("t"))).containsExactly("x", null);
        }
    }

    @Test
    void singleArraysAreOfColumnsThatNumpyHoldsAndRecordsOfNamedOnes(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("array.npy");
        try (VectorSchemaRoot none = new VectorSchemaRoot(new Schema(List.of()), List.of(), 0)) {
            assertThatThrownBy(() -> Frames.write(none, file, WriteOptions.defaults()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("without columns");
        }
        try (VectorSchemaRoot root = Roots.root(Roots.lists(allocator, "l", 2))) {
            assertThatThrownBy(() -> Frames.write(root, file, WriteOptions.defaults()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'l' (")
                    .hasMessageContaining(".npz");
        }
        try (VectorSchemaRoot root =
                Roots.root(Roots.longs(allocator, "", 1, 2), Roots.doubles(allocator, "d", 1, 2))) {
            assertThatThrownBy(() -> Frames.write(root, file, WriteOptions.defaults()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("has a name");
        }
        assertThat(file).doesNotExist();
    }
}
