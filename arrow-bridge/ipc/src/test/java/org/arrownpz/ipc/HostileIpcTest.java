package org.arrownpz.ipc;

import static org.arrownpz.ipc.IpcSample.little;
import static org.arrownpz.ipc.IpcSample.metadata;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files and streams in which one thing after the other is wrong: each is refused with a typed exception, or gives
 * vectors that can be read to the last value; nothing else happens, all in one process, and nothing is left behind.
 */
class HostileIpcTest extends HostileReads {
    @ParameterizedTest
    @CsvSource({"f.arrow, NONE", "f.arrow, ZSTD", "s.arrows, NONE"})
    void survivesEveryWordOfTheMetadataBeingAnother(String name, IpcOptions.Compression compression)
            throws IOException {
        byte[] whole = sample(name, compression);
        List<int[]> ranges =
                name.endsWith("s") ? List.of(new int[] {0, Math.min(whole.length, 2000)}) : metadata(whole);
        for (int[] range : ranges) {
            for (int at = range[0]; at + 4 <= range[1]; at += 4) {
                int word = little(whole).getInt(at);
                for (int value :
                        compression == IpcOptions.Compression.NONE ? new int[] {-1, word + 1} : new int[] {0}) {
                    byte[] changed = whole.clone();
                    little(changed).putInt(at, value);
                    read(changed, name);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"f.arrow, NONE", "s.arrows, LZ4"})
    void survivesFlippedBits(String name, IpcOptions.Compression compression) throws IOException {
        byte[] whole = sample(name, compression);
        for (int at = 0; at < whole.length; at += 11) {
            byte[] changed = whole.clone();
            changed[at] ^= (byte) (1 << at % 8);
            read(changed, name);
        }
    }

    /** Numbers are swapped in buffers that nothing but their length was checked of, bitmaps of unions skipped. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.0.0-bigendian/generated_nested_dictionary.stream",
                "1.0.0-bigendian/generated_nested_large_offsets.arrow_file",
                "1.0.0-bigendian/generated_recursive_nested.stream",
                "1.0.0-bigendian/generated_union.arrow_file",
                "0.17.1/generated_union.stream"
            })
    void survivesOtherByteOrdersAndVersionsWithBitsFlipped(String name) throws Exception {
        byte[] whole = Files.readAllBytes(GoldenFilesTest.golden().resolve(name));
        assertThat(read(whole, "golden")).isEqualTo(Outcome.READ);
        for (int at = 0; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= (byte) (1 << at % 8);
            read(changed, "golden");
        }
    }

    @Test
    void survivesSwappedColumnsOfEveryTypeWithBitsFlipped() throws Exception {
        try (BufferAllocator allocator = new RootAllocator()) {
            byte[] whole = IpcRewriter.otherOrder().rewrite(sample("s.arrows", IpcOptions.Compression.NONE), allocator);
            assertThat(read(whole, "s.arrows")).isEqualTo(Outcome.READ);
            for (int at = 0; at < whole.length; at += 5) {
                byte[] changed = whole.clone();
                changed[at] ^= (byte) (1 << at % 8);
                read(changed, "s.arrows");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"f.arrow", "s.arrows"})
    void refusesWhatIsCutShort(String name) throws IOException {
        byte[] whole = sample(name, IpcOptions.Compression.NONE);
        List<Integer> lengths = new ArrayList<>();
        for (int length = 0; length < whole.length; length += 13) {
            lengths.add(length);
        }
        for (int[] range : metadata(sample("borders.arrow", IpcOptions.Compression.NONE))) {
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
}
