package org.arrownpz.ipc.internal.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.flatbuffers.FlatBufferBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.message.ArrowFooter;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Schemas of sound and of damaged footers. */
class SchemaReaderTest {
    private static final int DAMAGED = 4000;

    private static final String[] NAMES = {"a", "column_17", "w\u00f6rt", "", "\u6570", "long name of a column"};

    private static final ArrowType[] TYPES = {
        new ArrowType.Int(64, true),
        new ArrowType.Int(8, false),
        new ArrowType.Utf8(),
        new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE),
        new ArrowType.Bool(),
        new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE),
        new ArrowType.Timestamp(TimeUnit.MILLISECOND, "UTC")
    };

    private static Schema schema() {
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < 42; i++) {
            Map<String, String> metadata = switch (i % 4) {
                case 0 -> Map.of();
                case 1 -> Map.of("numpy.dtype", "<f8");
                case 2 -> Map.of("numpy.dtype", "<i" + i / 16, "k", "v");
                default -> Map.of("numpy.dtype", "");
            };
            FieldType type = new FieldType(i % 5 != 0, TYPES[i / 2 % TYPES.length], null, metadata);
            fields.add(new Field(NAMES[i % NAMES.length] + i / NAMES.length, type, null));
        }
        return new Schema(fields, Map.of("of", "all"));
    }

    private static byte[] footer(Schema schema) {
        FlatBufferBuilder builder = new FlatBufferBuilder();
        builder.finish(new ArrowFooter(schema, List.of(), List.of()).writeTo(builder));
        return builder.sizedByteArray();
    }

    /** The schema of a footer; null where it is refused. */
    private static @Nullable Schema read(byte[] footer) throws IOException {
        try {
            Footer flat = Footer.getRootAsFooter(ByteBuffer.wrap(footer).order(ByteOrder.LITTLE_ENDIAN));
            org.apache.arrow.flatbuf.Schema schema = flat.schema();
            return schema == null
                    ? null
                    : FileSchema.of(schema, flat.version(), Location.ofFile("footer"))
                            .arrow();
        } catch (NpzException | IndexOutOfBoundsException e) {
            return null;
        }
    }

    @Test
    void readsFieldsAsTheyWereWritten() throws IOException {
        Schema schema = schema();
        Schema read = read(footer(schema));
        assertThat(read).isEqualTo(schema).hasSameHashCodeAs(schema);
        for (int i = 0; i < schema.getFields().size(); i++) {
            assertThat(read.getFields().get(i))
                    .hasSameHashCodeAs(schema.getFields().get(i));
        }
    }

    @Test
    void readsOrRefusesDamagedFooters() throws IOException {
        byte[] sound = footer(schema());
        Random random = new Random(42);
        int refused = 0;
        for (int i = 0; i < DAMAGED; i++) {
            byte[] damaged = sound.clone();
            int place = random.nextInt(damaged.length);
            if (i % 2 == 0) {
                damaged[place] ^= (byte) (1 << random.nextInt(8));
            } else {
                damaged[place] = (byte) random.nextInt();
            }
            refused += read(damaged) == null ? 1 : 0;
        }
        assertThat(refused).isBetween(1, DAMAGED - 1);
    }

    /** The array that holds a footer may have held a longer one before. */
    @Test
    void refusesNamesThatLeaveTheFooter(@TempDir Path directory) throws IOException {
        Path former = directory.resolve("former.arrow");
        Path damaged = directory.resolve("damaged.arrow");
        try (BufferAllocator allocator = new RootAllocator()) {
            write(10_000, former, allocator);
            write(5_000, damaged, allocator);
            byte[] bytes = Files.readAllBytes(damaged);
            int last = new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf("column_");
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(last - 4, 100_000);
            Files.write(damaged, bytes);
            Ipc.open(allocator, former).close();
            assertThatThrownBy(() -> Ipc.open(allocator, damaged))
                    .isInstanceOf(NpzException.class)
                    .hasMessageContaining("damaged");
        }
    }

    private static void write(int columns, Path file, BufferAllocator allocator) throws IOException {
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            fields.add(Field.nullable("column_" + i, TYPES[0]));
        }
        try (VectorSchemaRoot root = VectorSchemaRoot.create(new Schema(fields), allocator)) {
            Ipc.write(root, file, IpcOptions.defaults().withDurability(Durability.RENAME_ONLY));
        }
    }
}
