package org.arrownpz.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.event.spec.UnpackSpec;
import org.arrownpz.frame.Frame;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What framezip gave on the newest pandas, value for value. */
@ExtendWith(LeakCheck.class)
class GoldenFramezipTest {
    /** One column cannot hold lists beside text: see the Javadoc of Events. */
    private static final Set<String> UNTYPED = Set.of("unpack_tuple_set_array_str");
    /** Refused here, for the reasons in the Javadoc of Events. */
    private static final Set<String> REFUSED = Set.of("duplicate_column_names");
    /** A boolean cannot be a position in Java: see the Javadoc of Events. */
    private static final Set<String> INEXPRESSIBLE = Set.of("bool_as_position");

    static Stream<String> cases() throws IOException {
        return StreamSupport.stream(document().path("cases").spliterator(), false)
                .map(node -> node.path("name").asText())
                .filter(name -> !INEXPRESSIBLE.contains(name));
    }

    /** No case is left out without a word about it where users look. */
    @Test
    void listsTheCasesThatDeviateInTheJavadoc() throws IOException {
        Set<String> deviating = new TreeSet<>(UNTYPED);
        deviating.addAll(REFUSED);
        deviating.addAll(INEXPRESSIBLE);
        List<String> listed = Files.readString(Path.of("src/main/java/org/arrownpz/event/Events.java"))
                .lines()
                .map(Pattern.compile("<li>\\{@code (\\w+)}:")::matcher)
                .filter(Matcher::find)
                .map(matcher -> matcher.group(1))
                .toList();
        assertThat(listed).containsExactlyInAnyOrderElementsOf(deviating);
        List<String> names = StreamSupport.stream(document().path("cases").spliterator(), false)
                .map(node -> node.path("name").asText())
                .toList();
        assertThat(names).hasSizeGreaterThan(50).containsAll(deviating);
    }

    private static JsonNode document() throws IOException {
        try (InputStream json = Objects.requireNonNull(
                GoldenFramezipTest.class.getResourceAsStream("/golden/framezip/framezip_values.json"))) {
            return new ObjectMapper().readTree(json);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithFramezip(String name, BufferAllocator allocator) throws Exception {
        JsonNode wanted = StreamSupport.stream(document().path("cases").spliterator(), false)
                .filter(node -> node.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
        JsonNode expected = wanted.path("expected");
        DictionaryProvider.MapDictionaryProvider dictionaries = new DictionaryProvider.MapDictionaryProvider();
        List<FieldVector> vectors = new ArrayList<>();
        try {
            if (UNTYPED.contains(name)) {
                assertThatThrownBy(() -> GoldenColumns.vectors(wanted, vectors, dictionaries, allocator))
                        .isInstanceOf(IllegalArgumentException.class);
                return;
            }
            GoldenColumns.vectors(wanted, vectors, dictionaries, allocator);
            List<Field> fields = vectors.stream().map(FieldVector::getField).toList();
            int rows = wanted.path("input").path("rows").size();
            VectorSchemaRoot root = new VectorSchemaRoot(fields, vectors, rows);
            if (expected.has("error") || REFUSED.contains(name)) {
                assertThatThrownBy(() -> run(wanted, root, dictionaries).close())
                        .isInstanceOfAny(IllegalArgumentException.class, org.arrownpz.NpzException.class);
                return;
            }
            try (Result result = run(wanted, root, dictionaries)) {
                List<String> columns = new ArrayList<>();
                result.root().getSchema().getFields().forEach(field -> columns.add(field.getName()));
                List<String> labels = new ArrayList<>();
                expected.path("columns").forEach(label -> labels.add(GoldenColumns.label(label)));
                assertThat(columns).isEqualTo(labels);
                assertThat(GoldenColumns.rows(result.root(), dictionaries))
                        .isEqualTo(GoldenColumns.rows(expected.path("rows")));
            }
        } finally {
            vectors.forEach(FieldVector::close);
            for (Long id : dictionaries.getDictionaryIds()) {
                Dictionary dictionary = dictionaries.lookup(id);
                dictionary.getVector().close();
            }
        }
    }

    private interface Result extends AutoCloseable {
        VectorSchemaRoot root();

        @Override
        void close();
    }

    private record Root(VectorSchemaRoot root, List<AutoCloseable> owned) implements Result {
        @Override
        public void close() {
            org.apache.arrow.util.AutoCloseables.closeNoChecked(
                    () -> org.apache.arrow.util.AutoCloseables.close(owned));
        }
    }

    private static Result run(JsonNode wanted, VectorSchemaRoot root, DictionaryProvider dictionaries)
            throws Exception {
        List<PackSpec.ColumnRef> keys =
                GoldenColumns.references(wanted.path("args").path(0));
        if (wanted.path("name").asText().equals("numpy_int_position")) {
            // np.int64(0) is a label to framezip.
            keys = List.of(PackSpec.ColumnRef.of("0"));
        }
        String function = wanted.path("fn").asText();
        if (function.equals("unpack")) {
            Unpacked unpacked = Events.unpack(root, UnpackSpec.by(keys));
            return new Root(unpacked.root(), List.of(unpacked));
        }
        if (function.equals("pack")) {
            List<PackSpec.ColumnRef> columns =
                    GoldenColumns.references(wanted.path("args").path(1));
            if (wanted.path("name").asText().equals("index_level_as_key")) {
                // As pandas has it, whose labels need not be unique.
                String index = "{\"index_columns\": [\"g\"], \"columns\": [{\"name\": \"g\", \"field_name\": \"g\"}]}";
                Schema indexed = new Schema(root.getSchema().getFields(), Map.of("pandas", index));
                Frame frame = Frame.of(new VectorSchemaRoot(indexed, root.getFieldVectors(), root.getRowCount()));
                assertThat(frame.indexLevels()).isOne();
                Packed packed = Events.pack(frame, PackSpec.by(keys).pack(columns));
                return new Root(packed.root(), List.of(packed, frame));
            }
            Packed packed = Events.pack(root, dictionaries, PackSpec.by(keys).pack(columns));
            return new Root(packed.root(), List.of(packed));
        }
        Packed packed = Events.pack(root, PackSpec.by(keys).packRest());
        Unpacked unpacked = Events.unpack(packed.root(), UnpackSpec.by("k"));
        return new Root(unpacked.root(), List.of(unpacked, packed));
    }
}
