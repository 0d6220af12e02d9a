package org.arrownpz.event;

import static org.arrownpz.event.Tables.column;
import static org.arrownpz.event.Tables.longs;
import static org.arrownpz.event.Tables.sorted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.event.spec.UnpackSpec;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Columns that a request names or counts, and requests that make no sense. */
@ExtendWith(LeakCheck.class)
class EventRequestsTest {
    @Test
    void columnsAreNamedOrCountedFromEitherEnd(BufferAllocator allocator) throws Exception {
        assertThat(PackSpec.ColumnRef.of("a")).hasToString("a");
        assertThat(PackSpec.ColumnRef.of(-2)).hasToString("-2");
        try (VectorSchemaRoot root = Tables.of(
                        longs("k", new long[] {1, 1}, allocator),
                        longs("u", new long[] {7, 7}, allocator),
                        longs("v", new long[] {0, 1}, allocator));
                Packed packed = Events.pack(root, PackSpec.by(0).carry(1).pack(-1));
                Unpacked back = Events.unpack(packed.root(), UnpackSpec.explode(-1))) {
            assertThat(column(packed.root(), "u").toString()).isEqualTo("[7]");
            assertThat(column(back.root(), "v").toString()).isEqualTo("[0, 1]");
            assertThat(column(back.root(), "u").toString()).isEqualTo("[7, 7]");
        }
    }

    @Test
    void referencesThatFitNoColumnAreMisuse(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = sorted(allocator)) {
            List<PackSpec> wrong = List.of(
                    PackSpec.by("zz").pack("a"),
                    PackSpec.by("k").pack("zz"),
                    PackSpec.by(4).pack("a"),
                    PackSpec.by(-5).pack("a"),
                    PackSpec.by("k", "k").pack("a"),
                    PackSpec.by("k").pack("k"),
                    PackSpec.by("k").pack("a").carry("a"),
                    PackSpec.by("k"),
                    PackSpec.by("k", "a", "b", "c").packRest(),
                    PackSpec.by("k").pack("a").session(Duration.ZERO, "b"));
            for (PackSpec spec : wrong) {
                assertThatThrownBy(() -> Events.pack(root, spec)).isInstanceOf(IllegalArgumentException.class);
            }
            List<UnpackSpec> bad = List.of(
                    UnpackSpec.explode("zz"),
                    UnpackSpec.by("zz"),
                    UnpackSpec.by("k", "a", "b", "c"),
                    UnpackSpec.lists());
            for (UnpackSpec spec : bad) {
                assertThatThrownBy(() -> Events.unpack(root, spec)).isInstanceOf(IllegalArgumentException.class);
            }
            try (Packed packed = Events.pack(root, PackSpec.by(-4).pack(2, -1, 2))) {
                assertThat(packed.root().getSchema().getFields().toString()).contains("k:", "b:", "c:");
            }
        }
    }

    @Test
    void requestsWithoutSenseAreMisuse(BufferAllocator allocator) {
        assertThatThrownBy(() -> UnpackSpec.explode(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PackSpec.by(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PackSpec.by("k").session(Duration.ofSeconds(-1), "t"))
                .isInstanceOf(IllegalArgumentException.class);
        List<FieldVector> many = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            many.add(longs("c" + i, new long[] {1}, allocator));
        }
        try (VectorSchemaRoot root = Tables.of(many.toArray(FieldVector[]::new))) {
            assertThatThrownBy(() -> Events.pack(root, PackSpec.by("z").packRest()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'c19' and 5 more");
        }
        try (VectorSchemaRoot root = Tables.of(
                Tables.seconds("t", new long[] {1}, allocator),
                longs("session", new long[] {1}, allocator),
                longs("v", new long[] {1}, allocator))) {
            assertThatThrownBy(
                            () -> Events.pack(root, PackSpec.by("t").pack("v").session(Duration.ZERO, "t")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is a key as well");
            assertThatThrownBy(() ->
                            Events.pack(root, PackSpec.by("session").pack("v").session(Duration.ZERO, "t")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("two columns 'session'");
            assertThatThrownBy(() ->
                            Events.unpack(root, UnpackSpec.by("t", "session").ordinal("v")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("two columns 'v'");
        }
        try (VectorSchemaRoot root = new VectorSchemaRoot(
                new Schema(List.of(Field.nullable("n", new ArrowType.Null()))), List.of(new NullVector("n", 2)), 2)) {
            assertThatThrownBy(() -> Events.unpack(root, UnpackSpec.explode("n")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no column with values");
        }
    }
}
