package org.arrownpz.support.column;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.flatbuffers.FlatBufferBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.Type;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.testing.AllTypes;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class EncodeSchemaMemberTest {
    private static final Location HERE = new Location("test.npz", "__arrow_schema__.npy");
    private static final DictionaryProvider NONE = new DictionaryProvider.MapDictionaryProvider();

    private static Schema everyType() {
        return new Schema(AllTypes.all(), Map.of("k", "v"));
    }

    @Test
    void bringsBackEveryType() throws NpzException {
        assertThat(SchemaMember.read(SchemaMember.write(everyType(), NONE), HERE))
                .isEqualTo(everyType());
    }

    @Test
    void dictionaryFieldsHaveTheTypeOfTheirValuesInTheMessage(BufferAllocator allocator) throws NpzException {
        DictionaryEncoding encoding = new DictionaryEncoding(7, true, new ArrowType.Int(8, true));
        Field memory = new Field("d", new FieldType(true, new ArrowType.Int(8, true), encoding), List.of());
        Schema schema = new Schema(List.of(memory));
        try (VarCharVector values = new VarCharVector("any", allocator)) {
            byte[] bytes = SchemaMember.write(
                    schema, new DictionaryProvider.MapDictionaryProvider(new Dictionary(values, encoding)));
            Schema message = SchemaMember.read(bytes, HERE);
            assertThat(message.getFields().get(0).getType()).isEqualTo(new ArrowType.Utf8());
            assertThat(SchemaMember.memorySchema(message)).isEqualTo(schema);
            assertThat(SchemaMember.dictionaryField(message.getFields().get(0)).getName())
                    .isEqualTo("DICT7");
        }
    }

    @Test
    void refusesEveryTruncation() {
        byte[] bytes = SchemaMember.write(everyType(), NONE);
        for (int length = 0; length < bytes.length; length++) {
            assertRefused(Arrays.copyOf(bytes, length));
        }
        assertRefused(Arrays.copyOf(bytes, bytes.length + 1));
    }

    @Test
    void damagedMessagesAreReadOrRefusedButNeverBreakTheReader() {
        byte[] bytes = SchemaMember.write(everyType(), NONE);
        Random random = new Random(1);
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = bytes.clone();
            for (int i = 0; i <= random.nextInt(4); i++) {
                int at = 8 + random.nextInt(bytes.length - 8);
                damaged[at] = (byte) (random.nextBoolean() ? random.nextInt() : random.nextBoolean() ? 0x7f : 0xff);
            }
            try {
                SchemaMember.read(damaged, HERE);
            } catch (NpzException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.META_SCHEMA);
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1000);
    }

    @Test
    void refusesFieldsThatShareChildrenWithoutEnd() {
        FlatBufferBuilder builder = new FlatBufferBuilder();
        int name = builder.createString("f");
        int field = field(builder, name, Type.Null, new int[0]);
        for (int level = 0; level < 40; level++) {
            field = field(builder, name, Type.Struct_, new int[] {field, field, field, field});
        }
        assertRefused(message(builder, new int[] {field}));
    }

    @Test
    void refusesFieldsNestedTooDeep() {
        FlatBufferBuilder builder = new FlatBufferBuilder();
        int name = builder.createString("f");
        int field = field(builder, name, Type.Null, new int[0]);
        for (int level = 0; level < 100_000; level++) {
            field = field(builder, name, Type.Struct_, new int[] {field});
        }
        assertRefused(message(builder, new int[] {field}));
    }

    @Test
    void refusesOneLongNameSharedByManyFields() {
        FlatBufferBuilder builder = new FlatBufferBuilder();
        int name = builder.createString("x".repeat(100_000));
        int[] fields = new int[10_000];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = field(builder, name, Type.Null, new int[0]);
        }
        assertRefused(message(builder, fields));
    }

    private static int field(FlatBufferBuilder builder, int name, byte type, int[] children) {
        int childVector = org.apache.arrow.flatbuf.Field.createChildrenVector(builder, children);
        org.apache.arrow.flatbuf.Null.startNull(builder);
        int typeTable = org.apache.arrow.flatbuf.Null.endNull(builder);
        return org.apache.arrow.flatbuf.Field.createField(builder, name, true, type, typeTable, 0, childVector, 0);
    }

    private static byte[] message(FlatBufferBuilder builder, int[] fields) {
        int vector = org.apache.arrow.flatbuf.Schema.createFieldsVector(builder, fields);
        int schema = org.apache.arrow.flatbuf.Schema.createSchema(builder, (short) 0, vector, 0, 0);
        builder.finish(org.apache.arrow.flatbuf.Message.createMessage(
                builder, MetadataVersion.V5, MessageHeader.Schema, schema, 0, 0));
        byte[] body = builder.sizedByteArray();
        return ByteBuffer.allocate(8 + body.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(-1)
                .putInt(body.length)
                .put(body)
                .array();
    }

    private static void assertRefused(byte[] bytes) {
        assertThatThrownBy(() -> SchemaMember.read(bytes, HERE))
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.META_SCHEMA));
    }
}
