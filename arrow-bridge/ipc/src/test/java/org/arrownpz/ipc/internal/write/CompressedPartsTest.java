package org.arrownpz.ipc.internal.write;

import static org.arrownpz.testing.RandomVectors.field;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.Location;
import org.arrownpz.io.ByteSink;
import org.arrownpz.support.Meter;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.RandomVectors;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Buffers that compression would make longer. */
@ExtendWith(LeakCheck.class)
class CompressedPartsTest {
    private static Field column(String type) {
        return switch (type) {
            case "LONG" -> field("v", new ArrowType.Int(64, true));
            case "DECIMAL" -> field("v", new ArrowType.Decimal(38, 0, 128));
            case "DECIMAL_256" -> field("v", new ArrowType.Decimal(76, 0, 256));
            case "INTERVAL" -> field("v", new ArrowType.Interval(IntervalUnit.MONTH_DAY_NANO));
            case "VIEW" -> field("v", new ArrowType.Utf8View());
            case "STRUCT" -> field("v", new ArrowType.Struct(), column("DECIMAL"));
            default -> throw new IllegalArgumentException(type);
        };
    }

    private static final class Bytes implements ByteSink {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void write(ArrowBuf source, long offset, long length) {
            byte[] copy = new byte[(int) length];
            source.getBytes(offset, copy);
            bytes.writeBytes(copy);
        }

        @Override
        public void write(ByteBuffer source) {
            byte[] copy = new byte[source.remaining()];
            source.get(copy);
            bytes.writeBytes(copy);
        }
    }

    // Polars reads what is stored as it is in its place, behind the eight bytes that say so, and panics there.
    @ParameterizedTest
    @CsvSource({"LONG, true", "DECIMAL, false", "DECIMAL_256, false", "INTERVAL, false", "VIEW, false", "STRUCT, false"
    })
    void areStoredAsTheyAreUnlessTheirValuesWouldBeMisaligned(String type, boolean raw, BufferAllocator allocator)
            throws Exception {
        for (CodecType codec : List.of(CodecType.LZ4_FRAME, CodecType.ZSTD)) {
            try (FieldVector vector = new RandomVectors(allocator, 3, false).vector(column(type), 1)) {
                BatchParts parts = new BatchParts();
                parts.add(vector);
                try (CompressedParts compressed =
                        CompressedParts.of(parts, codec, allocator, Meter.NONE, Location.ofFile(null))) {
                    boolean seen = false;
                    for (int i = 0; i < parts.bufferCount(); i++) {
                        if (parts.length(i) < Long.BYTES) {
                            continue;
                        }
                        Bytes sink = new Bytes();
                        compressed.write(i, sink);
                        assertThat(sink.bytes.size()).isEqualTo((int) compressed.length(i));
                        long prefix = ByteBuffer.wrap(sink.bytes.toByteArray())
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .getLong();
                        if (parts.isWide(i) || raw) {
                            assertThat(prefix).isEqualTo(raw ? -1 : parts.length(i));
                            seen = true;
                        }
                    }
                    assertThat(seen).isTrue();
                }
            }
        }
    }
}
