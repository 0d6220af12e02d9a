package org.arrownpz.flight;

import com.google.protobuf.Message;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;

/** A client that is no more than HTTP/2 (RFC 9113) needs, and that can go without a word. */
final class BareClient implements AutoCloseable {
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int ACK = 1;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    /** Headers that are spelled out need no table: their names and values are shorter than this. */
    private static final int SHORT = 127;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final Semaphore answers = new Semaphore(0);
    private volatile boolean vanished;
    private int nextStream = 1;

    BareClient(int port) throws IOException {
        socket = new Socket("localhost", port);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
        out.write(PREFACE.getBytes(StandardCharsets.US_ASCII));
        frame(SETTINGS, 0, 0, new byte[0]);
        frame(SETTINGS, ACK, 0, new byte[0]);
        Thread reader = new Thread(this::read, "bare-client");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Calls a method of Flight.
     *
     * @param whole whether the message is all that the client sends
     */
    void call(String method, Message message, boolean whole) throws IOException {
        int stream = nextStream;
        nextStream += 2;
        ByteArrayOutputStream headers = new ByteArrayOutputStream();
        header(headers, ":method", "POST");
        header(headers, ":scheme", "http");
        header(headers, ":path", "/arrow.flight.protocol.FlightService/" + method);
        header(headers, ":authority", "localhost");
        header(headers, "content-type", "application/grpc");
        header(headers, "te", "trailers");
        frame(HEADERS, END_HEADERS, stream, headers.toByteArray());
        byte[] bytes = message.toByteArray();
        // Five bytes before each message of gRPC: not compressed, and its length.
        frame(
                DATA,
                whole ? END_STREAM : 0,
                stream,
                ByteBuffer.allocate(5 + bytes.length)
                        .put((byte) 0)
                        .putInt(bytes.length)
                        .put(bytes)
                        .array());
    }

    private static void header(ByteArrayOutputStream headers, String name, String value) {
        headers.write(0);
        for (String text : new String[] {name, value}) {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            if (bytes.length >= SHORT) {
                throw new IllegalArgumentException(text);
            }
            headers.write(bytes.length);
            headers.writeBytes(bytes);
        }
    }

    private synchronized void frame(int type, int flags, int stream, byte[] payload) throws IOException {
        out.writeByte(payload.length >> 16);
        out.writeShort(payload.length);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(payload);
        out.flush();
    }

    /** Reads what comes, on a thread of its own, and answers when the server tries the connection. */
    private void read() {
        try {
            while (!vanished) {
                int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                int type = in.readUnsignedByte();
                int flags = in.readUnsignedByte();
                in.readInt();
                byte[] payload = new byte[length];
                in.readFully(payload);
                if (type == PING && (flags & ACK) == 0 && !vanished) {
                    frame(PING, ACK, 0, payload);
                    answers.release();
                }
            }
        } catch (IOException e) {
            // The connection has ended.
            vanished = true;
        }
    }

    /** Waits until the server has tried the connection so often, and was answered. */
    void awaitAnswers(int count) throws InterruptedException {
        answers.acquire(count);
    }

    /** Reads and answers no more, as a client whose network has gone; nobody closes the connection. */
    void vanish() {
        vanished = true;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
