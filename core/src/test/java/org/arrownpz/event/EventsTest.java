package org.arrownpz.event;

import static org.arrownpz.event.Tables.column;
import static org.arrownpz.event.Tables.doubles;
import static org.arrownpz.event.Tables.longs;
import static org.arrownpz.event.Tables.sorted;
import static org.arrownpz.event.Tables.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.event.spec.PackSpec.InputOrder;
import org.arrownpz.event.spec.UnpackSpec;
import org.arrownpz.event.spec.UnpackSpec.KeyEncoding;
import org.arrownpz.testing.AllocationFaults;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.vector.internal.gather.Gather;
import org.arrownpz.vector.internal.gather.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Lists over the values they pack, the way back, and what packing says and takes. */
@ExtendWith(LeakCheck.class)
class EventsTest {
    private static final PackSpec SPEC = PackSpec.by("k").packRest();

    @Test
    void listsShareOneOffsetsBufferOverTheValuesOfTheInput(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = sorted(allocator)) {
            List<Integer> before = new ArrayList<>();
            root.getFieldVectors()
                    .forEach(vector -> before.add(vector.getDataBuffer().refCnt()));
            assertOneOffsetsBuffer(root, before);
        }
    }

    private static void assertOneOffsetsBuffer(VectorSchemaRoot root, List<Integer> before) throws NpzException {
        try (Packed packed = Events.pack(root, SPEC)) {
            ListVector a = (ListVector) packed.root().getVector("a");
            ListVector b = (ListVector) packed.root().getVector("b");
            ListVector c = (ListVector) packed.root().getVector("c");
            long offsets = a.getOffsetBuffer().memoryAddress();
            assertThat(b.getOffsetBuffer().memoryAddress()).isEqualTo(offsets);
            assertThat(c.getOffsetBuffer().memoryAddress()).isEqualTo(offsets);
            assertThat(a.getOffsetBuffer()).isNotSameAs(b.getOffsetBuffer());
            assertThat(a.getOffsetBuffer().refCnt()).isEqualTo(3);
            for (String name : List.of("a", "b", "c")) {
                FieldVector values = root.getVector(name);
                FieldVector child = ((ListVector) packed.root().getVector(name)).getDataVector();
                assertThat(child.getDataBuffer().memoryAddress())
                        .isEqualTo(values.getDataBuffer().memoryAddress());
                int references = before.get(root.getFieldVectors().indexOf(values));
                assertThat(values.getDataBuffer().refCnt()).isEqualTo(2 * references);
            }
            assertThat(packed.report().inPlace()).isTrue();
            assertThat(packed.report().copies().toString()).contains("VIEWED");
            assertThat(column(packed.root(), "c").toString()).isEqualTo("[[u, null], [w], [x, , z]]");
        }
    }

    @Test
    void thePackedRowsOutliveTheInput(BufferAllocator allocator) throws Exception {
        Packed packed;
        try (VectorSchemaRoot root = sorted(allocator)) {
            packed = Events.pack(root, SPEC);
        }
        assertThat(column(packed.root(), "a").toString()).isEqualTo("[[10, 11], [12], [13, 14, 15]]");
        packed.close();
        packed.close();
    }

    @Test
    void ipcOfListsOverOneOffsetsBufferIsRight(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = sorted(allocator);
                Packed packed = Events.pack(root, SPEC)) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ArrowStreamWriter writer = new ArrowStreamWriter(packed.root(), null, bytes)) {
                writer.writeBatch();
            }
            try (ArrowStreamReader reader =
                    new ArrowStreamReader(new ByteArrayInputStream(bytes.toByteArray()), allocator)) {
                assertThat(reader.loadNextBatch()).isTrue();
                for (String name : List.of("k", "a", "b", "c")) {
                    assertThat(column(reader.getVectorSchemaRoot(), name)).isEqualTo(column(packed.root(), name));
                }
            }
        }
    }

    @Test
    void unsortedRowsAreSortedAndTheReportSaysWhy(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = Tables.of(
                        longs("k", new long[] {3, 1, 3, 2}, allocator),
                        longs("v", new long[] {0, 1, 2, 3}, allocator));
                Packed packed = Events.pack(root, SPEC)) {
            assertThat(column(packed.root(), "k").toString()).isEqualTo("[1, 2, 3]");
            assertThat(column(packed.root(), "v").toString()).isEqualTo("[[1], [3], [0, 2]]");
            assertThat(packed.report().used()).isEqualTo(InputOrder.STABLE_SORT);
            assertThat(packed.report().fallback()).isEqualTo("the key of row 1 is less than the one before it");
            assertThat(packed.report().inPlace()).isFalse();
        }
    }

    @Test
    void runsStayApart(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = Tables.of(
                        longs("k", new long[] {3, 1, 1, 3}, allocator),
                        longs("v", new long[] {0, 1, 2, 3}, allocator));
                Packed packed = Events.pack(root, SPEC.order(InputOrder.RUNS))) {
            assertThat(column(packed.root(), "k").toString()).isEqualTo("[3, 1, 3]");
            assertThat(column(packed.root(), "v").toString()).isEqualTo("[[0], [1, 2], [3]]");
        }
    }

    @Test
    void reportsSayWhatHappened(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root =
                        Tables.of(longs("k", new long[] {2, 1}, allocator), longs("v", new long[] {0, 1}, allocator));
                Packed sorted = Events.pack(root, PackSpec.by("k").packRest());
                Packed runs = Events.pack(root, PackSpec.by("k").packRest().order(InputOrder.RUNS))) {
            assertThat(sorted.report().toString())
                    .startsWith("2 rows packed into 2 groups, sorted because the key of row 1 is less than");
            assertThat(runs.report().toString()).startsWith("2 rows packed into 2 groups\n");
            assertThat(runs.frame()).isSameAs(runs.frame());
        }
    }

    @Test
    void listOfStructKeepsValuesInPlaceAndComesApartAgain(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = sorted(allocator);
                Packed packed = Events.pack(root, SPEC.listOfStruct("rows").largeLists());
                Unpacked back = Events.unpack(packed.root(), UnpackSpec.by("k").ordinal("place"))) {
            LargeListVector list = (LargeListVector) packed.root().getVector("rows");
            assertThat(list.getDataVector()
                            .getChildrenFromFields()
                            .get(0)
                            .getDataBuffer()
                            .memoryAddress())
                    .isEqualTo(root.getVector("a").getDataBuffer().memoryAddress());
            for (String name : List.of("k", "a", "b", "c")) {
                assertThat(column(back.root(), name)).isEqualTo(column(root, name));
            }
            assertThat(column(back.root(), "place").toString()).isEqualTo("[0, 1, 0, 0, 1, 2]");
        }
    }

    @Test
    void runEndEncodedKeysLieOverTheOffsets(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = sorted(allocator);
                Packed packed = Events.pack(root, SPEC);
                Unpacked back = Events.unpack(packed.root(), UnpackSpec.lists().keys(KeyEncoding.RUN_END))) {
            RunEndEncodedVector keys = (RunEndEncodedVector) back.root().getVector("k");
            ListVector lists = (ListVector) packed.root().getVector("a");
            assertThat(keys.getRunEndsVector().getDataBuffer().memoryAddress())
                    .isEqualTo(lists.getOffsetBuffer().memoryAddress() + 4);
            assertThat(column(back.root(), "k")).isEqualTo(column(root, "k"));
        }
    }

    @Test
    void noRowsGiveListsOfTheSameTypes(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot full = sorted(allocator);
                VectorSchemaRoot root = Tables.of(
                        longs("k", new long[0], allocator),
                        longs("a", new long[0], allocator),
                        doubles("b", new double[0], allocator),
                        texts("c", allocator));
                Packed some = Events.pack(full, SPEC);
                Packed none = Events.pack(root, SPEC);
                Unpacked back = Events.unpack(none.root(), UnpackSpec.lists())) {
            assertThat(none.root().getSchema()).isEqualTo(some.root().getSchema());
            assertThat(none.root().getRowCount()).isZero();
            assertThat(back.root().getRowCount()).isZero();
        }
    }

    @Test
    void groupsBeyondOneStepOfTheScanAreFound(BufferAllocator allocator) throws Exception {
        int rows = 400_000;
        long[] keys = new long[rows];
        for (int i = 0; i < rows; i++) {
            keys[i] = i / 3;
        }
        try (VectorSchemaRoot root = Tables.of(longs("k", keys, allocator), longs("v", keys, allocator));
                Packed packed = Events.pack(root, SPEC)) {
            assertThat(packed.report().groups()).isEqualTo(133_334);
            ListVector lists = (ListVector) packed.root().getVector("v");
            for (int group = 0; group < 133_334; group++) {
                if (lists.getElementStartIndex(group) != 3 * group) {
                    assertThat(lists.getElementStartIndex(group)).isEqualTo(3 * group);
                }
            }
        }
    }

    @Test
    void refusedMemoryIsATypedErrorAndNothingStaysAllocated() throws Exception {
        long[] keys = {3, 1, 2, 1};
        PackSpec spec = SPEC.order(InputOrder.STABLE_SORT);
        long requests = AllocationFaults.refuseEach(allocator -> {
            List<FieldVector> vectors = new ArrayList<>();
            try {
                try {
                    vectors.add(longs("k", keys, allocator));
                    vectors.add(texts("v", allocator, "a", "b", "c", null));
                } catch (OutOfMemoryException e) {
                    throw NpzException.of(ErrorCode.LIMIT, "input").cause(e).build();
                }
                try (Packed packed = Events.pack(Tables.of(vectors.toArray(FieldVector[]::new)), spec);
                        Unpacked back =
                                Events.unpack(packed.root(), UnpackSpec.lists().ordinal("o"))) {
                    assertThat(back.root().getRowCount()).isEqualTo(4);
                }
            } finally {
                vectors.forEach(FieldVector::close);
            }
        });
        assertThat(requests).isGreaterThan(10);
    }

    @Test
    void numbersAndMemoryThatRunOutAreLimits() {
        assertThatThrownBy(() -> Scope.run(() -> Math.toIntExact(1L << 40)))
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT))
                .hasMessageContaining("more values than its type can count");
        assertThatThrownBy(() -> Scope.run(() -> {
                    throw new OutOfMemoryException("full");
                }))
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT))
                .hasMessageContaining("Give the allocator a higher limit");
        assertThatThrownBy(() -> Gather.width(new ArrowType.Utf8()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be put in order");
    }
}
