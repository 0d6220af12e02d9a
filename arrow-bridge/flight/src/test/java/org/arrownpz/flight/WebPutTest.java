package org.arrownpz.flight;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.testing.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Puts by HTTP. */
class WebPutTest {
    private static final int ROWS = 500;

    @TempDir
    Path directory;

    @TempDir
    Path other;

    private WebCalls calls;
    private byte[] stream;
    private byte[] file;

    @BeforeEach
    void serve() throws Exception {
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = FlightCalls.root(ROWS, allocator);
                Frame frame = Frame.of(root)) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            Ipc.writeStream(frame, bytes, IpcOptions.defaults());
            stream = bytes.toByteArray();
            Ipc.write(frame, other.resolve("put.arrow"), IpcOptions.defaults());
            file = Files.readAllBytes(other.resolve("put.arrow"));
        }
        calls = new WebCalls(directory, ServerOptions.defaults());
    }

    @AfterEach
    void close() throws Exception {
        calls.close();
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.map(path -> path.getFileName().toString())).noneMatch(name -> name.startsWith("."));
        }
    }

    private int put(String path, byte[] body) throws Exception {
        HttpResponse<byte[]> answer =
                calls.send(calls.request("/tables/" + path).PUT(BodyPublishers.ofByteArray(body)));
        return answer.statusCode();
    }

    private long rows(String name) throws Exception {
        try (Frame frame = Frames.open(calls.allocator, directory.resolve(name + ".npz"))) {
            return frame.rowCount();
        }
    }

    @Test
    void keepsAStreamAndAFile() throws Exception {
        assertThat(put("stream", stream)).isEqualTo(201);
        assertThat(put("file?rows=" + ROWS, file)).isEqualTo(201);
        assertThat(rows("stream")).isEqualTo(ROWS);
        assertThat(rows("file")).isEqualTo(ROWS);
    }

    @Test
    void replacesAFileOnlyWhereThatIsSaid() throws Exception {
        assertThat(put("twice", stream)).isEqualTo(201);
        assertThat(put("twice", stream)).isEqualTo(409);
        assertThat(put("twice?overwrite=true", stream)).isEqualTo(201);
    }

    @Test
    void keepsNothingWithoutTheEndMark() throws Exception {
        assertThat(put("cut", Arrays.copyOf(stream, stream.length - 8))).isEqualTo(400);
        assertThat(put("cut", Arrays.copyOf(file, file.length - 6))).isEqualTo(400);
        assertThat(put("more", Arrays.copyOf(stream, stream.length + 1))).isEqualTo(400);
        assertThat(put("rows?rows=3", stream)).isEqualTo(400);
        assertThat(put("none", new byte[0])).isEqualTo(400);
        assertThat(put("junk", new byte[5000])).isEqualTo(400);
        assertThat(directory.toFile().list()).noneMatch(name -> name.endsWith(".npz"));
    }

    @Test
    void keepsNothingOfAClientThatGoes() throws Exception {
        try (Socket socket = new Socket("localhost", calls.server.httpPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(("PUT /tables/gone HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + stream.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.write(stream, 0, stream.length - 100);
            out.flush();
            Await.until(() -> directory.toFile().list().length > 0, () -> "it is not so");
        }
        Await.until(
                () -> Stream.of(directory.toFile().list()).noneMatch(name -> name.endsWith(".npz")),
                () -> "it is not so");
    }

    @Test
    void refusesNamesThatAreNoneAndReadOnlyServers() throws Exception {
        for (String name : new String[] {"a/b", "..%2fup", ".hidden", "x.npz", "con"}) {
            assertThat(put(name, stream)).as(name).isIn(400, 404);
        }
        calls.close();
        calls = new WebCalls(directory, ServerOptions.defaults().readOnly());
        assertThat(put("refused", stream)).isEqualTo(403);
    }
}
