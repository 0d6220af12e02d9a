package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.label.IndexClass;
import org.arrownpz.frame.label.IndexClass.IndexType;
import org.arrownpz.frame.label.Label;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A11: frames of pandas, as {@code arrow_npz.write} writes them. {@code make.py} beside the files makes them. */
@ExtendWith(LeakCheck.class)
class PandasFramesTest {
    private static final Path FILES = Path.of("src", "test", "resources", "golden", "pandas");

    @Test
    @DisplayName("A11: index levels, names and labels of two levels")
    void readsBothAxes(BufferAllocator allocator) throws Exception {
        try (Frame frame = Frames.open(allocator, FILES.resolve("hierarchies.npz"))) {
            assertThat(frame.indexLevels()).isEqualTo(2);
            assertThat(frame.index().name()).isEqualTo(new Label.Tuple(List.of(new Label.Text("p"), Label.NONE)));
            assertThat(frame.root().contentToTSVString())
                    .isEqualTo("p\t__index_level_1__\t('u', '1')\t('u', '2')\n"
                            + "a\t1\t1\ttrue\na\t2\tnull\tnull\nb\t1\t3\tfalse\n");
            assertThat(frame.columns().label(1)).isEqualTo(new Label.Tuple(List.of(new Label.Text("u"), Label.of(2))));
            assertThat(frame.columns().name())
                    .isEqualTo(new Label.Tuple(List.of(new Label.Text("x"), new Label.Text("y"))));
            assertThat(frame.interchangeSchema().getCustomMetadata().get("pandas"))
                    .contains("\"numpy_type\": \"Int32\"", "\"numpy_type\": \"boolean\"");
        }
    }

    @Test
    @DisplayName("A11: labels that repeat, which StaticFrame does not see")
    void keepsAnIndexThatRepeats(BufferAllocator allocator, @TempDir Path directory) throws Exception {
        Path again = directory.resolve("again.npz");
        try (Frame frame = Frames.open(allocator, FILES.resolve("repeated.npz"))) {
            assertDays(frame);
            Frames.write(frame, again, WriteOptions.defaults());
        }
        try (Frame frame = Frames.open(allocator, again)) {
            assertDays(frame);
        }
    }

    private static void assertDays(Frame frame) throws Exception {
        assertThat(frame.index().name()).isEqualTo(new Label.Text("day"));
        assertThat(frame.index().indexClass()).isEqualTo(IndexClass.of(IndexType.MICROSECOND));
        assertThat(frame.root().contentToTSVString())
                .isEqualTo("day\tprice\tcity\n2026-01-02T00:00\t12.5\tLyon\n2026-01-02T00:00\tnull\tnull\n"
                        + "2026-01-04T00:00\t31.25\tParis\n");
    }
}
