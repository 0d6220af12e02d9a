package org.arrownpz.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.support.column.SchemaMember;

/** Compares what headers tell of a file with what opening it gives. */
public final class Inspections {
    private Inspections() {}

    /** Asserts that inspecting a file tells the frame that was opened from it with the same options. */
    public static void assertTold(Frame frame, BufferAllocator allocator, Path file, ReadOptions options)
            throws NpzException {
        assertTold(frame, Frames.inspect(allocator, file, options));
    }

    /** Asserts that the summary is the frame's, but for types that depend on values. */
    public static void assertTold(Frame frame, FrameSummary summary) throws NpzException {
        assertThat(summary.kind().name()).isEqualTo(frame.kind().name());
        assertThat(summary.rows()).isEqualTo(frame.rowCount());
        assertThat(summary.name()).isEqualTo(frame.name());
        assertThat(summary.indexLevels()).isEqualTo(frame.indexLevels());
        assertAxis(summary.index(), frame.index());
        assertAxis(summary.columnIndex(), frame.columns());
        Schema schema = frame.schema();
        assertThat(summary.metadata()).isEqualTo(schema.getCustomMetadata());
        List<Field> fields = schema.getFields();
        assertThat(summary.columns()).hasSameSizeAs(fields);
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            FrameSummary.Column column = summary.columns().get(i);
            assertThat(column.name()).isEqualTo(field.getName());
            if (!column.dependsOnValues()) {
                assertThat(column.field()).isEqualTo(field);
                assertThat(column.messageField()).isEqualTo(SchemaMember.messageField(field, frame.dictionaries()));
            }
        }
    }

    private static void assertAxis(FrameAxis told, FrameAxis opened) {
        assertThat(told.indexClass()).isEqualTo(opened.indexClass());
        assertThat(told.depth()).isEqualTo(opened.depth());
        assertThat(told.levelClasses()).isEqualTo(opened.levelClasses());
        assertThat(told.name()).isEqualTo(opened.name());
        assertThat(told.length()).isEqualTo(opened.length());
        assertThat(told.isAuto()).isEqualTo(opened.isAuto());
        assertThat(told.storedLevels()).isEqualTo(opened.storedLevels());
        assertThat(told.labels()).hasSameSizeAs(opened.labels());
        for (int level = 0; level < told.labels().size(); level++) {
            assertThat(told.labels().get(level).dtype())
                    .isEqualTo(opened.labels().get(level).dtype());
            for (int i = 0; i < told.length(); i++) {
                assertThat(told.labels().get(level).value(i))
                        .isEqualTo(opened.labels().get(level).value(i));
            }
        }
    }
}
