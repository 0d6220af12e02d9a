package org.arrownpz.safety;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ColumnLayout;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.testing.Effort;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Columns of Arrow buffers whose buffers, counts and places do not fit their schema. */
@ExtendWith(LeakCheck.class)
class ArrowBuffersAttackTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String META = "__meta__.json";
    private static final Set<ErrorCode> STRUCTURAL =
            EnumSet.of(ErrorCode.META_SCHEMA, ErrorCode.META_MISSING, ErrorCode.FRAME_SHAPE, ErrorCode.LIMIT);

    @TempDir
    private static Path directory;

    private static Members good;

    @BeforeAll
    static void writesASoundArchive() throws Exception {
        Path path = directory.resolve("good.npz");
        try (BufferAllocator allocator = new RootAllocator();
                Zoo zoo = new Zoo(allocator)) {
            try (Frame frame = Frame.of(zoo.root(), zoo.dictionaries())) {
                Frames.write(frame, path, WriteOptions.defaults().withLayout(ColumnLayout.ARROW));
            }
            good = Members.read(allocator, path);
        }
    }

    static List<Integer> columns() {
        return Effort.some(
                9, IntStream.range(0, Zoo.fields().size() + 1).boxed().toList());
    }

    private static ErrorCode open(Members members, Verify level, String what) throws Exception {
        Path path = directory.resolve("attack.npz");
        members.write(path);
        return Attack.outcome(path, level, what);
    }

    private static void refused(Members members, String what, Set<ErrorCode> codes) throws Exception {
        for (Verify level : new Verify[] {Verify.STRUCTURE, Verify.CONTENT}) {
            assertThat(open(members, level, what)).as("%s at %s", what, level).isIn(codes);
        }
    }

    /** As {@link #refused}, by headers alone: before a column is made. */
    private static void refusedAtOnce(Members members, String what) throws Exception {
        Path path = directory.resolve("attack.npz");
        members.write(path);
        for (Verify level : new Verify[] {Verify.STRUCTURE, Verify.CONTENT}) {
            assertThat(Attack.opening(path, level)).as("%s at %s", what, level).isIn(STRUCTURAL);
        }
    }

    private static Members edited(Consumer<ObjectNode> edit) throws Exception {
        ObjectNode root = (ObjectNode) JSON.readTree(good.get(META));
        edit.accept((ObjectNode) root.get("__arrow__"));
        return good.with(META, JSON.writeValueAsString(root));
    }

    private static ObjectNode entry(ObjectNode arrow, int column) {
        return (ObjectNode) arrow.get("columns").get(column);
    }

    private static JsonNode entry(int column) throws Exception {
        return JSON.readTree(good.get(META)).get("__arrow__").get("columns").get(column);
    }

    private static List<String> buffers(int column) throws Exception {
        List<String> names = new ArrayList<>();
        for (JsonNode name : entry(column).get("buffers")) {
            if (!name.isNull()) {
                names.add(name.asText());
            }
        }
        return names;
    }

    @Test
    void theUnchangedArchiveIsSound() throws Exception {
        assertThat(open(good, Verify.STRUCTURE, "unchanged")).isNull();
        assertThat(open(good, Verify.CONTENT, "unchanged")).isNull();
        for (int column : columns()) {
            assertThat(entry(column).get("column").asInt()).isEqualTo(column);
        }
    }

    @ParameterizedTest
    @MethodSource("columns")
    void refusesBuffersOfAnotherLengthTypeOrShape(int column) throws Exception {
        for (String name : buffers(column)) {
            byte[] npy = good.get(name);
            byte[] data = Members.data(npy);
            String descr = Members.header(npy).replaceAll("(?s).*\"descr\": ?\"([^\"]*)\".*", "$1");
            int size = Integer.parseInt(descr.replaceAll("[^0-9]", ""));
            int count = data.length / size;
            String what = "column " + column + ", " + name;
            boolean fixedLength = !isValueBytes(column, name);
            if (fixedLength) {
                refusedAtOnce(
                        good.with(
                                name,
                                Members.npy(descr, "(" + (count + 1) + ",)", Arrays.copyOf(data, data.length + size))),
                        what + " lengthened");
            }
            if (count > 0) {
                Members shorter = good.with(
                        name, Members.npy(descr, "(" + (count - 1) + ",)", Arrays.copyOf(data, data.length - size)));
                if (isUnreached(column, name)) {
                    open(shorter, Verify.CONTENT, what + " shortened");
                } else {
                    refused(shorter, what + " shortened", STRUCTURAL);
                    refused(good.with(name, Members.npy(descr, "(0,)", new byte[0])), what + " emptied", STRUCTURAL);
                }
            }
            refusedAtOnce(good.with(name, Members.npy(descr, "(" + count + ", 1)", data)), what + " in 2-D");
            String other = descr.startsWith("|V") ? "|S" : "|V";
            refusedAtOnce(good.with(name, Members.npy(other + size, "(" + count + ",)", data)), what + " as " + other);
            refusedAtOnce(good.without(name), what + " missing");
        }
    }

    // Value bytes behind offsets or views may be longer than what is used of them.
    private static boolean isValueBytes(int column, String name) {
        String field = column < Zoo.fields().size() ? Zoo.fields().get(column).getName() : "";
        String header = Members.header(good.get(name));
        boolean bytes = header.contains("|u1");
        return switch (field) {
            case "text", "large_text", "binary", "views" -> bytes && !name.endsWith("_0__.npy");
            case "large_lists", "structs", "dense", "runs" -> bytes;
            default -> false;
        };
    }

    private static boolean isUnreached(int column, String name) {
        return column == 6 && isValueBytes(column, name);
    }

    @ParameterizedTest
    @MethodSource("columns")
    void givesNoVectorThatReadsOutsideItsBuffersWhateverTheyHold(int column) throws Exception {
        Random random = new Random(column);
        for (String name : buffers(column)) {
            byte[] npy = good.get(name);
            int length = Members.data(npy).length;
            List<byte[]> poisons = new ArrayList<>();
            for (int fill : new int[] {0xFF, 0x7F, 0x80, 0x01, 0x00}) {
                byte[] poison = new byte[length];
                Arrays.fill(poison, (byte) fill);
                poisons.add(poison);
            }
            for (int i = 0; i < Effort.of(3, 12); i++) {
                byte[] poison = Members.data(npy);
                if (length > 0) {
                    poison[random.nextInt(length)] = (byte) random.nextInt(256);
                    if (i % 2 == 0) {
                        poison[random.nextInt(length)] ^= (byte) (1 << random.nextInt(8));
                    }
                }
                poisons.add(poison);
            }
            for (byte[] poison : poisons) {
                Members changed = good.with(name, Members.withData(npy, poison));
                for (Verify level : new Verify[] {Verify.STRUCTURE, Verify.CONTENT}) {
                    ErrorCode code = open(changed, level, "column " + column + ", " + name);
                    assertThat(code == null || code == ErrorCode.META_SCHEMA || code == ErrorCode.VALUE)
                            .as("%s gives %s", name, code)
                            .isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("columns")
    void refusesCountsAndBufferListsThatDoNotFit(int column) throws Exception {
        JsonNode entry = entry(column);
        String what = "column " + column;
        for (int node = 0; node < entry.get("nodes").size(); node++) {
            for (int part = 0; part < 3; part++) {
                long value = entry.get("nodes").get(node).get(part).asLong();
                for (long other :
                        new long[] {value + 1, value - 1, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE}) {
                    int at = node;
                    int of = part;
                    Members changed = edited(arrow -> ((ArrayNode)
                                    entry(arrow, column).get("nodes").get(at))
                            .set(of, JSON.getNodeFactory().numberNode(other)));
                    String changes = what + ", node " + node + " part " + part + " = " + other;
                    // Bitmaps tell how many are null, and offsets how long a child is.
                    if (part == 2 || (part == 0 && node == 0)) {
                        refusedAtOnce(changed, changes);
                    } else {
                        refused(changed, changes, STRUCTURAL);
                    }
                }
            }
        }
        refusedAtOnce(edited(arrow -> ((ArrayNode) entry(arrow, column).get("nodes")).remove(0)), what);
        refusedAtOnce(edited(arrow -> ((ArrayNode) entry(arrow, column).get("nodes")).removeAll()), what);
        refusedAtOnce(
                edited(arrow -> ((ArrayNode) entry(arrow, column).get("nodes"))
                        .addArray()
                        .add(0)
                        .add(0)
                        .add(0)),
                what);
        refusedAtOnce(edited(arrow -> ((ArrayNode) entry(arrow, column).get("buffers")).addNull()), what);
        for (int buffer = 0; buffer < entry.get("buffers").size(); buffer++) {
            int at = buffer;
            refusedAtOnce(edited(arrow -> ((ArrayNode) entry(arrow, column).get("buffers")).remove(at)), what);
            for (String name : new String[] {"__blocks_0__.npy", "../evil.npy", "__arrow_99_0__.npy", META, ""}) {
                refusedAtOnce(
                        edited(arrow -> ((ArrayNode) entry(arrow, column).get("buffers")).set(at, name)),
                        what + ", buffer " + buffer + " = " + name);
            }
        }
    }

    @Test
    void refusesDictionariesThatAreMissingUnusedOrDoubled() throws Exception {
        refusedAtOnce(edited(arrow -> arrow.remove("dictionaries")), "no dictionaries");
        refusedAtOnce(edited(arrow -> ((ObjectNode) arrow.get("dictionaries").get(0)).put("id", 6)), "another id");
        refusedAtOnce(
                edited(arrow -> ((ArrayNode) arrow.get("dictionaries"))
                        .add(arrow.get("dictionaries").get(0).deepCopy())),
                "doubled");
        refusedAtOnce(
                edited(arrow -> {
                    ObjectNode other = arrow.get("dictionaries").get(0).deepCopy();
                    ((ArrayNode) arrow.get("dictionaries")).add(other.put("id", 77));
                }),
                "unused");
    }

    @Test
    void refusesDictionariesWhoseBuffersDoNotFitAtOnce() throws Exception {
        refusedAtOnce(
                edited(arrow -> ((ArrayNode) arrow.get("dictionaries").get(0).get("nodes")).removeAll()), "no nodes");
        refusedAtOnce(
                edited(arrow -> ((ArrayNode) arrow.get("dictionaries").get(0).get("buffers")).addNull()),
                "a buffer more");
    }

    @Test
    void refusesOffsetsWhereTheirColumnIsMadeAndLeavesTheOthers() throws Exception {
        int column = 3;
        String name = buffers(column).get(buffers(column).size() - 2);
        byte[] data = Members.data(good.get(name));
        Arrays.fill(data, (byte) 0x7F);
        Path path = directory.resolve("offsets.npz");
        good.with(name, Members.withData(good.get(name), data)).write(path);
        assertThat(Attack.opening(path, Verify.STRUCTURE)).isNull();
        assertThat(Attack.opening(path, Verify.CONTENT)).isEqualTo(ErrorCode.META_SCHEMA);
        try (BufferAllocator allocator = new RootAllocator();
                Frame frame = Frames.open(allocator, path)) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> frame.column(column))
                        .isInstanceOfSatisfying(
                                NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.META_SCHEMA));
                assertThat(frame.column(0).getValueCount()).isEqualTo((int) frame.rowCount());
            }
        }
    }

    @Test
    void refusesDictionaryIndicesOutsideTheDictionaryAtContentLevel() throws Exception {
        int column = Zoo.fields().size();
        String name = buffers(column).get(1);
        for (int index : new int[] {3, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            byte[] data = Members.data(good.get(name));
            data[0] = (byte) index;
            data[1] = (byte) (index >> 8);
            data[2] = (byte) (index >> 16);
            data[3] = (byte) (index >> 24);
            Members changed = good.with(name, Members.withData(good.get(name), data));
            assertThat(open(changed, Verify.STRUCTURE, "index " + index)).isNull();
            assertThat(open(changed, Verify.CONTENT, "index " + index)).isEqualTo(ErrorCode.VALUE);
        }
    }

    @Test
    void refusesTextThatIsNoUtf8AtContentLevel() throws Exception {
        for (int column : new int[] {3, 4, 6, 8, 11}) {
            for (String name : buffers(column)) {
                byte[] data = Members.data(good.get(name));
                if (!isValueBytes(column, name) || data.length == 0 || isBitmap(column, name)) {
                    continue;
                }
                Arrays.fill(data, (byte) 0xC0);
                Members changed = good.with(name, Members.withData(good.get(name), data));
                assertThat(open(changed, Verify.CONTENT, name)).as(name).isEqualTo(ErrorCode.VALUE);
            }
        }
    }

    private static boolean isBitmap(int column, String name) {
        return Members.data(good.get(name)).length <= 4 || name.endsWith("_0__.npy");
    }

    @Test
    void survivesEveryDamageToTheSchemaMember() throws Exception {
        String name = "__arrow_schema__.npy";
        byte[] npy = good.get(name);
        byte[] data = Members.data(npy);
        Random random = new Random(1);
        for (int i = 0; i < 600; i += Effort.of(5, 1)) {
            byte[] poison = data.clone();
            int at = i < data.length ? i : random.nextInt(data.length);
            poison[at] = (byte) (i % 3 == 0 ? 0xFF : poison[at] ^ (1 << random.nextInt(8)));
            Path path = directory.resolve("attack.npz");
            good.with(name, Members.withData(npy, poison)).write(path);
            Attack.outcome(path, Verify.CONTENT, "schema byte " + at);
        }
    }
}
