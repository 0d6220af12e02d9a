package org.arrownpz.ipc;

import static org.arrownpz.ipc.IpcSample.NULLS;
import static org.arrownpz.ipc.IpcSample.ROWS;
import static org.arrownpz.ipc.IpcSample.little;
import static org.arrownpz.ipc.IpcSample.metadata;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Places, lengths, counts, offsets and indices of a file, each one other than it can be: all are refused. */
class HostileNumbersTest extends HostileReads {
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

    @Test
    void refusesBlocksThatLeaveTheFile() throws IOException {
        byte[] whole = sample("f.arrow", IpcOptions.Compression.NONE);
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

    @ParameterizedTest
    @ValueSource(ints = {-128, 0, 1, 16, 48, 127, 129, 512, Integer.MAX_VALUE})
    void refusesDecimalsOfWidthsThatTheFormatHasNot(int bits) throws IOException {
        Field field = Field.nullable("d", new ArrowType.Decimal(5, 2, bits));
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        MessageSerializer.serialize(
                new WriteChannel(Channels.newChannel(stream)), new Schema(List.of(field)), IpcOption.DEFAULT);
        assertThat(read(stream.toByteArray(), "d.arrows")).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void refusesNodesAndCountsThatCannotBe() throws IOException {
        byte[] whole = sample("f.arrow", IpcOptions.Compression.NONE);
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
        byte[] whole = sample("f.arrow", IpcOptions.Compression.NONE);
        int[] message = metadata(whole).get(2);
        RecordBatch batch = batch(whole, message);
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
    void refusesLengthsOfCompressedBuffersThatCannotBe(IpcOptions.Compression compression) throws IOException {
        byte[] whole = sample("f.arrow", compression);
        int[] message = metadata(whole).get(2);
        RecordBatch batch = batch(whole, message);
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
        byte[] whole = sample("f.arrow", IpcOptions.Compression.NONE);
        int[] message = metadata(whole).get(2);
        RecordBatch batch = batch(whole, message);
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

    private void refuse(byte[] whole, int place, long value, String what) throws IOException {
        if (little(whole).getLong(place) == value) {
            return;
        }
        byte[] changed = whole.clone();
        little(changed).putLong(place, value);
        assertThat(read(changed, "f.arrow")).as("%s as %d", what, value).isEqualTo(Outcome.REFUSED);
    }

    /** The head of the batch whose message has its metadata at these places. */
    private static RecordBatch batch(byte[] whole, int[] message) {
        ByteBuffer metadata = little(whole).slice(message[0] + 8, message[1] - message[0] - 8);
        return (RecordBatch) Message.getRootAsMessage(metadata.order(ByteOrder.LITTLE_ENDIAN))
                .header(new RecordBatch());
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
