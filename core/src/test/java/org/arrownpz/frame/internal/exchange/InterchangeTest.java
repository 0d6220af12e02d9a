package org.arrownpz.frame.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.regex.Matcher;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Roots;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.frame.label.Label;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The schema key that carries a frame's labels through Arrow files: read back, and refused when it does not fit. */
@ExtendWith(LeakCheck.class)
class InterchangeTest {
    private static String json(BufferAllocator allocator) throws NpzException {
        try (VectorSchemaRoot root = Roots.root(
                        Roots.longs(allocator, "k", 1, 2),
                        Roots.longs(allocator, "a", 3, 4),
                        Roots.longs(allocator, "b", 5, 6));
                Frame frame = Frame.of(root).withIndex("k").withName("n")) {
            return frame.interchangeSchema().getCustomMetadata().get(Interchange.KEY);
        }
    }

    private static Schema schema(BufferAllocator allocator) {
        try (VectorSchemaRoot root = Roots.root(
                Roots.longs(allocator, "k", 1, 2),
                Roots.longs(allocator, "a", 3, 4),
                Roots.longs(allocator, "b", 5, 6))) {
            return root.getSchema();
        }
    }

    @Test
    void readsWhatItWrites(BufferAllocator allocator) throws NpzException {
        Interchange.Document document = Interchange.parse(json(allocator), schema(allocator), 2);

        assertThat(document.form().kind()).isEqualTo(FrameSummary.Kind.FRAME);
        assertThat(document.name()).isEqualTo(Label.of("n"));
        assertThat(document.index().storedLevels()).isEqualTo(1);
        assertThat(document.columns().text(1)).isEqualTo("b");
        assertThat(document.form().layout()).isNull();
        assertThat(document.form().record()).isNull();
    }

    @ParameterizedTest(name = "{0} becomes {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"version\": 1 | \"version\": 2",
                "\"version\": 1, | ",
                "\"fields\": \\[[^]]*\\] | \"fields\": 3",
                "\"fields\": \\[[^]]*\\] | \"fields\": [\"k\", \"a\"]",
                "\"fields\": \\[[^]]*\\] | \"fields\": [\"k\", \"a\", \"c\"]",
                "\"index_levels\": 1 | \"index_levels\": -1",
                "\"index_levels\": 1 | \"index_levels\": 4",
                "\"index_levels\": 1 | \"index_levels\": 2",
                "\"index_levels\": 1 | \"levels\": 1",
                "\"meta\": | \"mete\":",
                "\"meta\": | \"meta\": 3, \"x\":",
                "\"meta\": | \"meta\": {}, \"x\":",
                "\"FRAME\" | \"FRAMES\"",
                "\"column_labels\": \\[ | \"column_labels\": 3, \"x\": [",
                "\"column_labels\": \\[ | \"column_labels\": [\"\", ",
                "\"column_labels\": \\[\"[^\"]*\" | \"column_labels\": [\"*\"",
                "\"column_labels\": \\[\"[^\"]*\" | \"column_labels\": [\"AAAA\"",
                "\"column_labels\": \\[\"[^\"]*\" | \"column_labels\": [7",
            })
    void refusesWhatDoesNotFit(String pattern, String replacement, BufferAllocator allocator) throws NpzException {
        String sound = json(allocator);
        String changed = sound.replaceFirst(pattern, Matcher.quoteReplacement(replacement == null ? "" : replacement));
        assertThat(changed).isNotEqualTo(sound);
        Schema schema = schema(allocator);
        assertThatThrownBy(() -> Interchange.parse(changed, schema, 2))
                .isInstanceOf(NpzException.class)
                .hasMessageContaining("schema metadata key arrow_npz");
    }

    @Test
    void refusesLabelsOfFewerColumns(BufferAllocator allocator) throws NpzException {
        String sound = json(allocator);
        String more = sound.replace("\"index_levels\": 1", "\"index_levels\": 0");
        Schema schema = schema(allocator);
        assertThatThrownBy(() -> Interchange.parse(more, schema, 2))
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.META_SCHEMA))
                .hasMessageContaining("number of column labels");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"[0, 0] | 2", "[2] | 1", "[0, 1] | 2", "[3] | -1", "[-1] | -1", "[1.5] | -1", "[1] | -1", "3 | -1"
            })
    void dropsBlocksThatAreNotTheColumns(String blocks, int count, BufferAllocator allocator) throws NpzException {
        String json = json(allocator).replaceFirst("\\}$", ", \"blocks\": " + blocks + "}");
        Interchange.Document document = Interchange.parse(json, schema(allocator), 2);
        assertThat(
                        document.form().layout() == null
                                ? -1
                                : document.form().layout().size())
                .isEqualTo(count);
    }

    @Test
    void takesARecordOnlyWhereItIsOne(BufferAllocator allocator) throws NpzException {
        String json = json(allocator);
        Schema schema = schema(allocator);
        String record = json.replaceFirst("\\}$", ", \"record\": \"[('a', '<i8')]\"}");
        assertThat(Interchange.parse(record, schema, 2).form().record()).isNotNull();
        String scalar = json.replaceFirst("\\}$", ", \"record\": \"'<i8'\"}");
        assertThat(Interchange.parse(scalar, schema, 2).form().record()).isNull();
        String broken = json.replaceFirst("\\}$", ", \"record\": \"<\"}");
        assertThatThrownBy(() -> Interchange.parse(broken, schema, 2)).isInstanceOf(NpzException.class);
    }
}
