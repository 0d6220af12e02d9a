package org.arrownpz.ipc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.NpzException;
import org.arrownpz.Verify;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files and streams in which one thing after the other is wrong: each is refused with a typed exception, or gives
 * vectors that can be read to the last value; nothing else happens, all in one process, and nothing is left behind.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileIpcTest {
    /** Not enough for what a damaged length may ask for. */
    private static final long LIMIT = 4 << 20;

    private static final int ROWS = 37;
    private static final int NULLS = 5;
    private static final long[] LONGS = {
        -1,
        0,
        1,
        7,
        ROWS - 1,
        ROWS + 1,
        1 << 20,
        Integer.MAX_VALUE,
        1L << 31,
        1L << 32,
        1L << 62,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    private int cases;
    private int refused;

    @TempDir
    Path directory;

    @AfterAll
    void countsEnoughCases() {
        assertThat(cases).isGreaterThan(300);
        assertThat(refused).isGreaterThan(300);
    }

    private byte[] sample(String name, IpcCompression compression) throws IOException {
        Path path = directory.resolve("sample-" + name);
        DictionaryEncoding encoding = new DictionaryEncoding(3, false, new ArrowType.Int(32, true));
        try (BufferAllocator allocator = new RootAllocator()) {
            Float8Vector number = new Float8Vector("number", allocator);
            VarCharVector text = new VarCharVector("text", allocator);
            BitVector flag = new BitVector("flag", allocator);
            ListVector list = ListVector.empty("list", allocator);
            IntVector item = (IntVector) list.<IntVector>addOrGetVector(FieldType.nullable(new ArrowType.Int(32, true)))
                    .getVector();
            StructVector struct = StructVector.empty("struct", allocator);
            IntVector member =
                    struct.addOrGet("member", FieldType.nullable(new ArrowType.Int(32, true)), IntVector.class);
            IntVector word =
                    new IntVector("word", new FieldType(true, new ArrowType.Int(32, true), encoding), allocator);
            VarCharVector words = new VarCharVector("words", allocator);
            int items = 0;
            for (int i = 0; i < ROWS; i++) {
                if (i % 8 == 3) {
                    number.setNull(i);
                } else {
                    number.setSafe(i, i / 4.0);
                }
                text.setSafe(i, ("text " + i % 3).getBytes(StandardCharsets.UTF_8));
                flag.setSafe(i, i % 2);
                list.startNewValue(i);
                for (int k = 0; k < i % 3; k++) {
                    item.setSafe(items++, i);
                }
                list.endValue(i, i % 3);
                struct.setIndexDefined(i);
                member.setSafe(i, i);
                word.setSafe(i, i % 4);
            }
            for (int i = 0; i < 4; i++) {
                words.setSafe(i, ("word" + i).getBytes(StandardCharsets.UTF_8));
            }
            words.setValueCount(4);
            List<FieldVector> vectors = List.of(number, text, flag, list, struct, word);
            vectors.forEach(vector -> vector.setValueCount(ROWS));
            try (words;
                    VectorSchemaRoot root = new VectorSchemaRoot(
                            vectors.stream().map(FieldVector::getField).toList(), vectors, ROWS)) {
                Ipc.write(
                        root,
                        new MapDictionaryProvider(new Dictionary(words, encoding)),
                        path,
                        IpcOptions.defaults().withCompression(compression).withMetadata(Map.of("a", "b")));
            }
        }
        return Files.readAllBytes(path);
    }

    private enum Outcome {
        REFUSED,
        READ
    }

    private Outcome read(byte[] bytes, String name) throws IOException {
        cases++;
        Path path = directory.resolve(name);
        Files.write(path, bytes);
        try (BufferAllocator allocator = new RootAllocator(LIMIT)) {
            Outcome outcome = Outcome.READ;
            try (MappedIpcReader reader =
                    Ipc.open(allocator, path, IpcReadOptions.defaults().withVerify(Verify.CONTENT))) {
                while (reader.loadNextBatch()) {
                    touch(reader);
                }
                for (int i = reader.batchCount() - 1; i >= 0 && i < 3; i--) {
                    reader.loadBatch(i);
                    touch(reader);
                }
                reader.fileMetadata();
            } catch (NpzException e) {
                assertThat(e).hasMessageContaining(name);
                outcome = Outcome.REFUSED;
                refused++;
            }
            assertThat(allocator.getAllocatedMemory()).isZero();
            return outcome;
        }
    }

    private static void touch(MappedIpcReader reader) throws IOException {
        for (FieldVector vector : reader.getVectorSchemaRoot().getFieldVectors()) {
            touch(vector);
        }
        for (Dictionary dictionary : reader.getDictionaryVectors().values()) {
            touch(dictionary.getVector());
        }
    }

    private static void touch(FieldVector vector) {
        for (int row = 0; row < vector.getValueCount(); row++) {
            vector.hashCode(row);
        }
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The places of all metadata of a file: footer with its length, and both messages with their prefixes. */
    private static List<int[]> metadata(byte[] file) {
        ByteBuffer buffer = little(file);
        int length = buffer.getInt(file.length - 10);
        int start = file.length - 10 - length;
        Footer footer = Footer.getRootAsFooter(buffer.slice(start, length).order(ByteOrder.LITTLE_ENDIAN));
        List<int[]> ranges = new ArrayList<>();
        ranges.add(new int[] {start, file.length});
        for (Block block : List.of(footer.dictionaries(0), footer.recordBatches(0))) {
            ranges.add(new int[] {(int) block.offset(), (int) block.offset() + block.metaDataLength()});
        }
        return ranges;
    }

    @ParameterizedTest
    @CsvSource({"f.arrow, NONE", "f.arrow, ZSTD", "s.arrows, NONE"})
    void survivesEveryWordOfTheMetadataBeingAnother(String name, IpcCompression compression) throws IOException {
        byte[] whole = sample(name, compression);
        List<int[]> ranges =
                name.endsWith("s") ? List.of(new int[] {0, Math.min(whole.length, 2000)}) : metadata(whole);
        for (int[] range : ranges) {
            for (int at = range[0]; at + 4 <= range[1]; at += 4) {
                int word = little(whole).getInt(at);
                for (int value : compression == IpcCompression.NONE ? new int[] {-1, word + 1} : new int[] {0}) {
                    byte[] changed = whole.clone();
                    little(changed).putInt(at, value);
                    read(changed, name);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"f.arrow, NONE", "s.arrows, LZ4"})
    void survivesFlippedBits(String name, IpcCompression compression) throws IOException {
        byte[] whole = sample(name, compression);
        for (int at = 0; at < whole.length; at += 11) {
            byte[] changed = whole.clone();
            changed[at] ^= (byte) (1 << at % 8);
            read(changed, name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"f.arrow", "s.arrows"})
    void refusesWhatIsCutShort(String name) throws IOException {
        byte[] whole = sample(name, IpcCompression.NONE);
        List<Integer> lengths = new ArrayList<>();
        for (int length = 0; length < whole.length; length += 13) {
            lengths.add(length);
        }
        for (int[] range : metadata(sample("borders.arrow", IpcCompression.NONE))) {
            for (int border : range) {
                lengths.addAll(List.of(border - 1, border, border + 1));
            }
        }
        for (int length = Math.max(0, whole.length - 12); length < whole.length; length++) {
            lengths.add(length);
        }
        for (int length : lengths) {
            if (length < whole.length) {
                Outcome outcome = read(Arrays.copyOf(whole, length), name);
                // A stream may end after any message; a file never does without its footer.
                assertThat(outcome == Outcome.REFUSED || name.endsWith("s"))
                        .as("cut to %d", length)
                        .isTrue();
            }
        }
    }

    @Test
    void refusesBlocksThatLeaveTheFile() throws IOException {
        byte[] whole = sample("f.arrow", IpcCompression.NONE);
        int start = metadata(whole).get(0)[0];
        for (int block = 1; block <= 2; block++) {
            int[] message = metadata(whole).get(block);
            int place = find(whole, start, message[0], whole.length);
            for (long value : LONGS) {
                refuse(whole, place, value, "offset of block " + block);
            }
            for (int value : new int[] {0, 4, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, whole.length}) {
                byte[] changed = whole.clone();
                little(changed).putInt(place + 8, value);
                assertThat(read(changed, "f.arrow")).as("metadata %d", value).isEqualTo(Outcome.REFUSED);
            }
            for (long value : LONGS) {
                refuse(whole, place + 16, value, "body of block " + block);
            }
        }
    }

    @Test
    void refusesNodesAndCountsThatCannotBe() throws IOException {
        byte[] whole = sample("f.arrow", IpcCompression.NONE);
        int[] message = metadata(whole).get(2);
        // The first column's node: rows and nulls.
        int node = findPair(whole, message[0], ROWS, NULLS);
        for (long value : LONGS) {
            refuse(whole, node, value, "length of a node");
        }
        for (long value : new long[] {-1, ROWS + 1, 1L << 40, Long.MIN_VALUE}) {
            refuse(whole, node + 8, value, "nulls of a node");
        }
        // The second column's, which has no bitmap.
        refuse(whole, node + 24, 1, "nulls without a bitmap");
        int rows = find(whole, message[0], ROWS, node);
        for (long value : LONGS) {
            refuse(whole, rows, value, "rows of a batch");
        }
    }

    @Test
    void refusesBuffersThatLeaveTheirBatchOrAreTooShort() throws IOException {
        byte[] whole = sample("f.arrow", IpcCompression.NONE);
        int[] message = metadata(whole).get(2);
        RecordBatch batch = (RecordBatch) Message.getRootAsMessage(little(whole)
                        .slice(message[0] + 8, message[1] - message[0] - 8)
                        .order(ByteOrder.LITTLE_ENDIAN))
                .header(new RecordBatch());
        int place = findPair(
                whole, message[0], batch.buffers(1).offset(), batch.buffers(1).length());
        int first = place - 16;
        for (int i = 0; i < batch.buffersLength(); i++) {
            long length = batch.buffers(i).length();
            for (long value : new long[] {-1, Long.MIN_VALUE, 1L << 40, Long.MAX_VALUE}) {
                refuse(whole, first + i * 16, value, "start of buffer " + i);
                refuse(whole, first + i * 16 + 8, value, "length of buffer " + i);
            }
            if (length > 1) {
                refuse(whole, first + i * 16 + 8, length / 2, "half of buffer " + i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ZSTD", "LZ4"})
    void refusesLengthsOfCompressedBuffersThatCannotBe(IpcCompression compression) throws IOException {
        byte[] whole = sample("f.arrow", compression);
        int[] message = metadata(whole).get(2);
        RecordBatch batch = (RecordBatch) Message.getRootAsMessage(little(whole)
                        .slice(message[0] + 8, message[1] - message[0] - 8)
                        .order(ByteOrder.LITTLE_ENDIAN))
                .header(new RecordBatch());
        int compressed = 0;
        for (int i = 0; i < batch.buffersLength(); i++) {
            if (batch.buffers(i).length() == 0) {
                continue;
            }
            int place = message[1] + (int) batch.buffers(i).offset();
            long stated = little(whole).getLong(place);
            for (long value : new long[] {-2, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 33, LIMIT + 1}) {
                refuse(whole, place, value, "uncompressed length of buffer " + i);
            }
            if (stated > 0) {
                compressed++;
                refuse(whole, place, stated + 1, "one byte more in buffer " + i);
                refuse(whole, place, stated - 1, "one byte less in buffer " + i);
            }
        }
        assertThat(compressed).isPositive();
    }

    @Test
    void refusesOffsetsAndIndicesThatPointOutside() throws IOException {
        byte[] whole = sample("f.arrow", IpcCompression.NONE);
        int[] message = metadata(whole).get(2);
        RecordBatch batch = (RecordBatch) Message.getRootAsMessage(little(whole)
                        .slice(message[0] + 8, message[1] - message[0] - 8)
                        .order(ByteOrder.LITTLE_ENDIAN))
                .header(new RecordBatch());
        Map<String, Integer> places = new TreeMap<>();
        // number: 0, 1; text: 2, 3, 4; flag: 5, 6; list: 7, 8; item: 9, 10; struct: 11; member: 12, 13; word: 14, 15
        places.put("text", message[1] + (int) batch.buffers(3).offset());
        places.put("list", message[1] + (int) batch.buffers(8).offset());
        places.put("word", message[1] + (int) batch.buffers(15).offset());
        for (Map.Entry<String, Integer> entry : places.entrySet()) {
            for (int row : new int[] {0, 1, ROWS / 2, ROWS - 1}) {
                for (int value : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 20}) {
                    byte[] changed = whole.clone();
                    little(changed).putInt(entry.getValue() + row * 4, value);
                    assertThat(read(changed, "f.arrow"))
                            .as("%s %d in row %d", entry.getKey(), value, row)
                            .isEqualTo(Outcome.REFUSED);
                }
            }
        }
    }

    @Test
    void boundsWhatFieldsThatShareTablesCanGrowTo() throws IOException {
        // Thirty levels of structs, each with the level below twice: a few hundred bytes, a billion fields.
        com.google.flatbuffers.FlatBufferBuilder builder = new com.google.flatbuffers.FlatBufferBuilder();
        int level = Field.nullable("leaf", new ArrowType.Int(32, true)).getField(builder);
        for (int i = 0; i < 30; i++) {
            int children = org.apache.arrow.flatbuf.Field.createChildrenVector(builder, new int[] {level, level});
            int type = new ArrowType.Struct().getType(builder);
            org.apache.arrow.flatbuf.Field.startField(builder);
            org.apache.arrow.flatbuf.Field.addTypeType(builder, org.apache.arrow.flatbuf.Type.Struct_);
            org.apache.arrow.flatbuf.Field.addType(builder, type);
            org.apache.arrow.flatbuf.Field.addChildren(builder, children);
            level = org.apache.arrow.flatbuf.Field.endField(builder);
        }
        int fields = org.apache.arrow.flatbuf.Schema.createFieldsVector(builder, new int[] {level});
        org.apache.arrow.flatbuf.Schema.startSchema(builder);
        org.apache.arrow.flatbuf.Schema.addFields(builder, fields);
        int schema = org.apache.arrow.flatbuf.Schema.endSchema(builder);
        Footer.startFooter(builder);
        Footer.addVersion(builder, org.apache.arrow.flatbuf.MetadataVersion.V5);
        Footer.addSchema(builder, schema);
        builder.finish(Footer.endFooter(builder));
        byte[] footer = builder.sizedByteArray();
        ByteBuffer file = ByteBuffer.allocate(8 + footer.length + 10).order(ByteOrder.LITTLE_ENDIAN);
        file.put("ARROW1\0\0".getBytes(StandardCharsets.US_ASCII)).put(footer).putInt(footer.length);
        file.put("ARROW1".getBytes(StandardCharsets.US_ASCII));
        assertThat(read(file.array(), "f.arrow")).isEqualTo(Outcome.REFUSED);
    }

    private void refuse(byte[] whole, int place, long value, String what) throws IOException {
        if (little(whole).getLong(place) == value) {
            return;
        }
        byte[] changed = whole.clone();
        little(changed).putLong(place, value);
        assertThat(read(changed, "f.arrow")).as("%s as %d", what, value).isEqualTo(Outcome.REFUSED);
    }

    private static int find(byte[] bytes, int from, long value, int to) {
        for (int at = from; at + 8 <= to; at += 4) {
            if (little(bytes).getLong(at) == value) {
                return at;
            }
        }
        throw new AssertionError("no " + value);
    }

    private static int findPair(byte[] bytes, int from, long first, long second) {
        for (int at = from; at + 16 <= bytes.length; at += 4) {
            if (little(bytes).getLong(at) == first && little(bytes).getLong(at + 8) == second) {
                return at;
            }
        }
        throw new AssertionError("no " + first + ", " + second);
    }
}
