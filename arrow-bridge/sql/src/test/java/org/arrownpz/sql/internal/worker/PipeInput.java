package org.arrownpz.sql.internal.worker;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.sql.internal.Runner.Refusal;
import org.arrownpz.sql.internal.Workspace;

/** Bytes as the other process may send them, given to all that reads messages. */
public final class PipeInput {
    private PipeInput() {}

    /** Reads messages until there are no more. */
    public static void read(byte[] bytes) throws NpzException {
        Pipe pipe = new Pipe(
                Channels.newChannel(new ByteArrayInputStream(bytes)),
                Channels.newChannel(new ByteArrayOutputStream()),
                null);
        try {
            while (true) {
                Pipe.Head head = pipe.next();
                byte[] body = pipe.body(head);
                if (body.length != head.length()) {
                    throw new AssertionError(body.length + " bytes of " + head.length());
                }
                body(head.kind(), body);
            }
        } catch (IOException e) {
            // The stream ends, or is none of messages.
            if (e instanceof NpzException fault) {
                throw fault;
            }
        }
    }

    private static void body(byte kind, byte[] body) {
        if (kind == Pipe.RUN) {
            request(body);
        } else if (kind == Pipe.FAILED) {
            Exception failure = Failure.of(body, "1");
            if (failure.getMessage() == null && !(failure instanceof IllegalArgumentException)) {
                throw new AssertionError("a failure without a message", failure);
            }
        }
    }

    /** What is accepted must be the same when it is sent on. */
    private static void request(byte[] body) {
        Request request;
        byte[] sent;
        try {
            request = Request.of(body);
            // Refuses statements that are too long, or have a NUL.
            sent = request.bytes();
        } catch (BufferUnderflowException | IllegalArgumentException | DateTimeException e) {
            return;
        }
        if (!Arrays.equals(sent, Request.of(sent).bytes())) {
            throw new AssertionError("a request changes on its way: " + request);
        }
    }

    /** Messages that processes do send. */
    public static Map<String, byte[]> seeds() throws IOException {
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        Workspace workspace = new Workspace();
        workspace.add("eu", "prices", Path.of("prices.npz"));
        workspace.allow(List.of(Path.of("data")));
        List<?> values = Arrays.asList(null, true, 1, 2L, 1.5, "text", LocalDate.EPOCH, new byte[] {1, 2});
        seeds.put("run", message(Pipe.RUN, new Request(7, false, "SELECT * FROM prices", values, workspace).bytes()));
        seeds.put("describe", message(Pipe.RUN, new Request(8, true, "SELECT 1", null, workspace).bytes()));
        List<Throwable> failures = List.of(
                NpzException.of(ErrorCode.LIMIT, "too much").file("a.npz").at(8).build(),
                new Refusal("no such table", "SELECT", null),
                new CancellationException(),
                new IllegalArgumentException("columns"),
                new IllegalStateException("bug"));
        for (Throwable failure : failures) {
            seeds.put(failure.getClass().getSimpleName(), message(Pipe.FAILED, Failure.bytes(failure)));
        }
        for (byte kind : new byte[] {Pipe.READY, Pipe.STARTED, Pipe.DATA, Pipe.END, Pipe.CANCEL, 'M', 'A'}) {
            seeds.put("kind" + kind, message(kind, new byte[1 + kind % 4]));
        }
        return seeds;
    }

    private static byte[] message(byte kind, byte[] body) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ReadableByteChannel nothing = Channels.newChannel(new ByteArrayInputStream(new byte[0]));
        try (Pipe pipe = new Pipe(nothing, Channels.newChannel(out), null)) {
            if (kind == Pipe.DATA) {
                pipe.data().write(ByteBuffer.wrap(body));
            } else {
                pipe.write(kind, body);
            }
        }
        return out.toByteArray();
    }
}
