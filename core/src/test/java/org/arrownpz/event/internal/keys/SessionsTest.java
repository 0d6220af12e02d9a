package org.arrownpz.event.internal.keys;

import static org.arrownpz.event.Tables.column;
import static org.arrownpz.event.Tables.longs;
import static org.arrownpz.event.Tables.seconds;
import static org.arrownpz.event.Tables.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.event.Events;
import org.arrownpz.event.Packed;
import org.arrownpz.event.Tables;
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.event.spec.PackSpec.InputOrder;
import org.arrownpz.event.spec.PackSpec.NullKeys;
import org.arrownpz.frame.Frame;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sessions: gaps of any unit of time, times that go back, rows without a time. */
@ExtendWith(LeakCheck.class)
class SessionsTest {
    private static FieldVector fixed(String name, ArrowType type, BufferAllocator allocator, long... values) {
        BaseFixedWidthVector vector =
                (BaseFixedWidthVector) Field.nullable(name, type).createVector(allocator);
        vector.allocateNew(values.length);
        for (int i = 0; i < values.length; i++) {
            if (vector.getTypeWidth() == 4) {
                vector.getDataBuffer().setInt(4L * i, (int) values[i]);
            } else {
                vector.getDataBuffer().setLong(8L * i, values[i]);
            }
            BitVectorHelper.setBit(vector.getValidityBuffer(), i);
        }
        vector.setValueCount(values.length);
        return vector;
    }

    @Test
    void sessionsBreakAtGapsAndAreNumberedByKey(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = Tables.of(
                        texts("k", allocator, "a", "a", "a", "b", "b"),
                        seconds("t", new long[] {0, 1800, 3601, 10, 20}, allocator),
                        longs("v", new long[] {0, 1, 2, 3, 4}, allocator));
                Packed packed = Events.pack(root, PackSpec.by("k").pack("v").session(Duration.ofMinutes(30), "t"))) {
            assertThat(column(packed.root(), "k").toString()).isEqualTo("[a, a, b]");
            assertThat(column(packed.root(), "session").toString()).isEqualTo("[0, 1, 0]");
            assertThat(column(packed.root(), "session_start").toString())
                    .isEqualTo("[1970-01-01T00:00, 1970-01-01T01:00:01, 1970-01-01T00:00:10]");
            assertThat(column(packed.root(), "session_end").toString())
                    .isEqualTo("[1970-01-01T00:30, 1970-01-01T01:00:01, 1970-01-01T00:00:20]");
            assertThat(column(packed.root(), "session_count").toString()).isEqualTo("[2, 1, 2]");
            assertThat(column(packed.root(), "v").toString()).isEqualTo("[[0, 1], [2], [3, 4]]");
            assertThat(packed.report().inPlace()).isTrue();
        }
    }

    @Test
    void sessionsSortByTimeWhereItGoesBack(BufferAllocator allocator) throws Exception {
        PackSpec spec = PackSpec.by("k").pack("v").session(Duration.ofSeconds(10), "t");
        try (VectorSchemaRoot root = Tables.of(
                        longs("k", new long[] {1, 1, 1}, allocator),
                        seconds("t", new long[] {50, 0, 5}, allocator),
                        longs("v", new long[] {0, 1, 2}, allocator));
                Packed packed = Events.pack(root, spec)) {
            assertThat(column(packed.root(), "v").toString()).isEqualTo("[[1, 2], [0]]");
            assertThat(packed.report().fallback()).isEqualTo("time goes back at row 1 within a key");
            assertThatThrownBy(() -> Events.pack(root, spec.order(InputOrder.RUNS)))
                    .isInstanceOf(NpzException.class)
                    .hasMessageContaining("row 1");
        }
    }

    @Test
    void sessionsTakeTimesOfAnyUnit(BufferAllocator allocator) throws Exception {
        record Case(ArrowType type, Duration gap, long far) {}
        List<Case> cases = List.of(
                new Case(new ArrowType.Timestamp(TimeUnit.MILLISECOND, null), Duration.ofSeconds(2), 2_001),
                new Case(new ArrowType.Timestamp(TimeUnit.MICROSECOND, null), Duration.ofMillis(2), 2_001),
                new Case(new ArrowType.Timestamp(TimeUnit.NANOSECOND, "UTC"), Duration.ofNanos(2_000), 2_001),
                new Case(new ArrowType.Duration(TimeUnit.MILLISECOND), Duration.ofSeconds(2), 2_001),
                new Case(new ArrowType.Time(TimeUnit.SECOND, 32), Duration.ofSeconds(2_000), 2_001),
                new Case(new ArrowType.Time(TimeUnit.NANOSECOND, 64), Duration.ofNanos(2_000), 2_001),
                new Case(new ArrowType.Date(DateUnit.DAY), Duration.ofDays(2_000), 2_001),
                new Case(new ArrowType.Date(DateUnit.MILLISECOND), Duration.ofMillis(2_000), 2_001));
        for (Case one : cases) {
            PackSpec spec = PackSpec.by("k").pack("v").session(one.gap(), "t");
            try (VectorSchemaRoot root = Tables.of(
                            longs("k", new long[] {1, 1, 1}, allocator),
                            fixed("t", one.type(), allocator, 0, 2_000, 2_000 + one.far()),
                            longs("v", new long[] {0, 1, 2}, allocator));
                    Packed packed = Events.pack(root, spec)) {
                assertThat(column(packed.root(), "v").toString())
                        .as(one.toString())
                        .isEqualTo("[[0, 1], [2]]");
                assertThat(packed.root().getVector("session_start").getField().getType())
                        .isEqualTo(one.type());
            }
        }
    }

    @Test
    void gapBeyondAllTimesIsOneSession(BufferAllocator allocator) throws Exception {
        PackSpec spec = PackSpec.by("k").pack("v").session(Duration.ofSeconds(Long.MAX_VALUE), "t");
        try (VectorSchemaRoot root = Tables.of(
                        longs("k", new long[] {1, 1}, allocator),
                        fixed("t", new ArrowType.Timestamp(TimeUnit.NANOSECOND, null), allocator, 0, Long.MAX_VALUE),
                        longs("v", new long[] {0, 1}, allocator));
                Packed packed = Events.pack(root, spec)) {
            assertThat(column(packed.root(), "v").toString()).isEqualTo("[[0, 1]]");
        }
    }

    @Test
    void sessionsWithoutATimeAreRefusedOrDropped(BufferAllocator allocator) throws Exception {
        PackSpec spec = PackSpec.by("k").pack("v").session(Duration.ofSeconds(10), "t");
        try (VectorSchemaRoot root = Tables.of(
                longs("k", new long[] {1, 1, 1}, allocator),
                Tables.seconds("t", new long[] {0, 5, Long.MIN_VALUE}, allocator),
                longs("v", new long[] {0, 1, 2}, allocator))) {
            assertThatThrownBy(() -> Events.pack(root, spec.nullKeys(NullKeys.KEEP)))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VALUE))
                    .hasMessageContaining("time is null");
            try (Packed packed = Events.pack(root, spec)) {
                assertThat(column(packed.root(), "v").toString()).isEqualTo("[[0, 1]]");
                assertThat(packed.report().toString())
                        .startsWith("3 rows packed into 1 group, 1 rows without key dropped");
            }
        }
    }

    @Test
    void rowsWithoutATimeBetweenOthersLeaveTheirSessionWhole(BufferAllocator allocator) throws Exception {
        PackSpec spec = PackSpec.by("k").pack("v").session(Duration.ofSeconds(10), "t");
        try (VectorSchemaRoot root = Tables.of(
                longs("k", new long[] {1, 1, 1, 2, 2, 0}, allocator),
                Tables.seconds("t", new long[] {0, Long.MIN_VALUE, 5, Long.MIN_VALUE, 1, Long.MIN_VALUE}, allocator),
                longs("v", new long[] {0, 1, 2, 3, 4, 5}, allocator))) {
            for (InputOrder order : List.of(InputOrder.SORTED, InputOrder.STABLE_SORT)) {
                try (Packed packed = Events.pack(root, spec.order(order))) {
                    assertThat(column(packed.root(), "v").toString()).isEqualTo("[[0, 2], [4]]");
                    assertThat(packed.report().droppedRows()).isEqualTo(3);
                }
            }
        }
    }

    @Test
    void timeThatGoesBackBetweenBatchesIsRefused(BufferAllocator allocator) throws Exception {
        PackSpec spec = PackSpec.by("k").pack("v").session(Duration.ofSeconds(10), "t");
        try (VectorSchemaRoot root = Tables.of(
                        longs("k", new long[] {1, 1, 1, 1}, allocator),
                        Tables.seconds("t", new long[] {50, 55, 40, 41}, allocator),
                        longs("v", new long[] {0, 1, 2, 3}, allocator));
                Frame frame = Frame.of(root);
                ArrowReader packing = Events.packing(frame.reader(2), spec)) {
            assertThatThrownBy(packing::loadNextBatch)
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VALUE))
                    .hasMessageContaining("time goes back at row 0 of a batch");
        }
    }
}
