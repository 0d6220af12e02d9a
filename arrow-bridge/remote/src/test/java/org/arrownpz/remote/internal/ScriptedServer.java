package org.arrownpz.remote.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server of raw sockets that answers each request, counted from 1, as its script says. */
final class ScriptedServer implements AutoCloseable {
    /** The file that honest answers are parts of. */
    static final byte[] FILE = new byte[300_000];

    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]*)-([0-9]*)");

    static {
        for (int i = 0; i < FILE.length; i++) {
            FILE[i] = (byte) (i * 31 + i / 256);
        }
    }

    final List<Request> requests = new CopyOnWriteArrayList<>();
    /** Held by scripts that never end. */
    final CountDownLatch closed = new CountDownLatch(1);

    private final ServerSocket socket;
    private final Script script;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger number = new AtomicInteger();

    /** Writes all bytes of an answer. */
    @FunctionalInterface
    interface Script {
        void answer(int number, Request request, OutputStream out) throws Exception;
    }

    record Request(String path, Map<String, String> headers) {
        int start() {
            Matcher range = range();
            return range.group(1).isEmpty()
                    ? FILE.length - Integer.parseInt(range.group(2))
                    : Integer.parseInt(range.group(1));
        }

        int end() {
            Matcher range = range();
            return range.group(1).isEmpty() ? FILE.length - 1 : Integer.parseInt(range.group(2));
        }

        private Matcher range() {
            Matcher range = RANGE.matcher(headers.get("range"));
            if (!range.matches()) {
                throw new IllegalStateException(headers.toString());
            }
            return range;
        }
    }

    ScriptedServer(Script script) throws IOException {
        this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.script = script;
        threads.execute(() -> {
            while (!socket.isClosed()) {
                try {
                    Socket client = socket.accept();
                    threads.execute(() -> serve(client));
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    URI uri(String path) {
        return URI.create("http://localhost:" + socket.getLocalPort() + path);
    }

    private void serve(Socket client) {
        try (client) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
            String path = in.readLine().split(" ")[1];
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
                headers.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 2));
            }
            Request request = new Request(path, headers);
            requests.add(request);
            script.answer(number.incrementAndGet(), request, client.getOutputStream());
            client.getOutputStream().flush();
        } catch (Exception e) {
            // The client went away, as it should from some answers.
        }
    }

    /** The answer of a server that means well. */
    static void honest(Request request, OutputStream out) throws IOException {
        head(out, 206, range(request), length(request), "ETag: \"one\"");
        body(request, out);
    }

    static String range(Request request) {
        return "Content-Range: bytes " + request.start() + "-" + request.end() + "/" + FILE.length;
    }

    static String length(Request request) {
        return "Content-Length: " + (request.end() - request.start() + 1);
    }

    static void body(Request request, OutputStream out) throws IOException {
        out.write(FILE, request.start(), request.end() - request.start() + 1);
    }

    static void head(OutputStream out, int status, String... headers) throws IOException {
        String text =
                "HTTP/1.1 " + status + " said\r\nConnection: close\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        socket.close();
        threads.shutdownNow();
    }
}
