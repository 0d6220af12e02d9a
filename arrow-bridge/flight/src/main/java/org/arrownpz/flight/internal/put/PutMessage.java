package org.arrownpz.flight.internal.put;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.apache.arrow.flight.FlightDescriptor;
import org.jspecify.annotations.Nullable;

/** One {@code FlightData} message (Flight.proto) as a part of an Arrow IPC stream. */
final class PutMessage implements AutoCloseable {
    /** Stands behind the last message. */
    static final PutMessage END =
            new PutMessage(() -> {}, InputStream.nullInputStream(), ByteBuffer.allocate(0), null, false, 0);

    private static final int DESCRIPTOR_FIELD = 1;
    private static final int HEADER_FIELD = 2;
    private static final int METADATA_FIELD = 3;
    private static final int BODY_FIELD = 1000;
    private static final int CONTINUATION = -1;
    private static final int PREFIX = 8;

    private final AutoCloseable owner;
    private final InputStream body;
    private final ByteBuffer start;
    private final @Nullable FlightDescriptor descriptor;
    private final boolean closing;
    private long bodyLeft;

    private PutMessage(
            AutoCloseable owner,
            InputStream body,
            ByteBuffer start,
            @Nullable FlightDescriptor descriptor,
            boolean closing,
            long bodyLength) {
        this.owner = owner;
        this.body = body;
        this.start = start;
        this.descriptor = descriptor;
        this.closing = closing;
        this.bodyLeft = bodyLength;
    }

    /**
     * Reads up to the body, which comes last.
     *
     * @param owner of the bytes, closed with the result
     */
    static PutMessage of(AutoCloseable owner, InputStream bytes) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(0);
        FlightDescriptor descriptor = null;
        boolean closing = false;
        while (true) {
            int first = bytes.read();
            if (first < 0) {
                return new PutMessage(owner, bytes, start, descriptor, closing && !start.hasRemaining(), 0);
            }
            int tag = CodedInputStream.readRawVarint32(first, bytes);
            if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                throw new IOException("an unknown field");
            }
            int length = CodedInputStream.readRawVarint32(bytes.read(), bytes);
            if (length < 0 || length > bytes.available()) {
                throw new EOFException();
            }
            switch (WireFormat.getTagFieldNumber(tag)) {
                case DESCRIPTOR_FIELD ->
                    descriptor = FlightDescriptor.deserialize(ByteBuffer.wrap(bytes.readNBytes(length)));
                case HEADER_FIELD -> {
                    byte[] header = bytes.readNBytes(length);
                    // A length of 0 would end the stream.
                    start = ByteBuffer.allocate(length == 0 ? 0 : PREFIX + length)
                            .order(ByteOrder.LITTLE_ENDIAN);
                    if (length > 0) {
                        start.putInt(CONTINUATION).putInt(length).put(header).flip();
                    }
                }
                case METADATA_FIELD ->
                    closing = PutMessages.CLOSING_MARK.equals(
                            new String(bytes.readNBytes(length), StandardCharsets.ISO_8859_1));
                case BODY_FIELD -> {
                    return new PutMessage(
                            owner, bytes, start, descriptor, closing && length == 0 && !start.hasRemaining(), length);
                }
                default -> bytes.skipNBytes(length);
            }
        }
    }

    @Nullable
    FlightDescriptor descriptor() {
        return descriptor;
    }

    /** Whether it is nothing but the mark that closes a put. */
    boolean isClosing() {
        return closing;
    }

    /** Copies what comes next; 0 at the end. */
    int read(ByteBuffer target, byte[] chunk) throws IOException {
        int room = target.remaining();
        if (start.hasRemaining()) {
            int count = Math.min(start.remaining(), room);
            target.put(start.slice(start.position(), count));
            start.position(start.position() + count);
        }
        int wanted = (int) Math.min(Math.min(bodyLeft, target.remaining()), chunk.length);
        if (wanted > 0) {
            int count = body.read(chunk, 0, wanted);
            if (count < 0) {
                throw new EOFException();
            }
            target.put(chunk, 0, count);
            bodyLeft -= count;
        }
        return room - target.remaining();
    }

    /** Gives back the bytes. */
    @Override
    public void close() {
        discard(owner);
    }

    static void discard(AutoCloseable owner) {
        try {
            owner.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
