package org.arrownpz.remote.internal;

import static org.arrownpz.remote.internal.ScriptedServer.FILE;
import static org.arrownpz.remote.internal.ScriptedServer.body;
import static org.arrownpz.remote.internal.ScriptedServer.head;
import static org.arrownpz.remote.internal.ScriptedServer.honest;
import static org.arrownpz.remote.internal.ScriptedServer.length;
import static org.arrownpz.remote.internal.ScriptedServer.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.io.ByteSources;
import org.arrownpz.remote.internal.Requests.Settings;
import org.arrownpz.remote.internal.ScriptedServer.Script;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that lie, stall, break off or change: each ends in a typed error, or is overcome by another try. */
class HostileServerTest {
    private static final Settings QUICK =
            new Settings(8, 1 << 20, 3, Duration.ofMillis(1), Duration.ofMillis(200), Duration.ofMillis(1_000), null);
    private static final int START = 1_000;
    private static final String TAG = "ETag: \"one\"";

    private static Arguments row(String name, Script script, ErrorCode code, String message) {
        return Arguments.of(Named.of(name, script), code, message);
    }

    /** An honest server but for its first answer. */
    private static Arguments first(String name, Script script, String message) {
        return row(
                name,
                (number, request, out) -> {
                    if (number == 1) {
                        script.answer(number, request, out);
                    } else {
                        honest(request, out);
                    }
                },
                ErrorCode.IO,
                message);
    }

    /** A server whose first answer is honest, and no other. */
    private static Arguments later(String name, Script script, ErrorCode code, String message) {
        return row(
                name,
                (number, request, out) -> {
                    if (number == 1) {
                        honest(request, out);
                    } else {
                        script.answer(number, request, out);
                    }
                },
                code,
                message);
    }

    static Stream<Arguments> servers() {
        String range = "another range than was asked for";
        String breaks = "breaks off or is none of HTTP";
        String lengths = "two lengths of one answer";
        return Stream.of(
                first("missing file", (n, request, out) -> head(out, 404), "no such file (status 404)"),
                first("gone file", (n, request, out) -> head(out, 410), "no such file (status 410)"),
                first("refused access", (n, request, out) -> head(out, 403), "refuses access (status 403)"),
                first("wanted password", (n, request, out) -> head(out, 401), "refuses access (status 401)"),
                first("fault of the server", (n, request, out) -> head(out, 500), "answers with status 500"),
                first("odd status", (n, request, out) -> head(out, 299), "answers with status 299"),
                first(
                        "whole file for a range",
                        (n, request, out) -> {
                            head(out, 200, "Content-Length: " + FILE.length);
                            out.write(FILE);
                        },
                        "sends whole files only"),
                first(
                        "no Content-Range",
                        (n, request, out) -> {
                            head(out, 206, length(request));
                            body(request, out);
                        },
                        "does not say which bytes"),
                first(
                        "several ranges",
                        (n, request, out) ->
                                head(out, 206, "Content-Type: multipart/byteranges; boundary=x", "Content-Length: 0"),
                        "does not say which bytes"),
                first(
                        "unknown length",
                        (n, request, out) -> head(out, 206, "Content-Range: bytes 0-9/*", "Content-Length: 10"),
                        "does not say which bytes"),
                first(
                        "length of more digits than a number has",
                        (n, request, out) ->
                                head(out, 206, "Content-Range: bytes 0-9/99999999999999999999", "Content-Length: 10"),
                        "does not say which bytes"),
                first(
                        "range before the end",
                        (n, request, out) ->
                                head(out, 206, "Content-Range: bytes 0-65535/300000", "Content-Length: 65536"),
                        range),
                first(
                        "range beyond the end",
                        (n, request, out) ->
                                head(out, 206, "Content-Range: bytes 234464-300000/300000", "Content-Length: 65537"),
                        range),
                first(
                        "range that ends before it begins",
                        (n, request, out) -> head(out, 206, "Content-Range: bytes 9-0/0", "Content-Length: 0"),
                        range),
                first(
                        "unsatisfiable range of a long file",
                        (n, request, out) -> head(out, 416, "Content-Range: bytes */300000", "Content-Length: 0"),
                        "status 416"),
                first(
                        "Content-Length of another range",
                        (n, request, out) -> head(out, 206, range(request), "Content-Length: 10"),
                        lengths),
                first(
                        "compressed answer",
                        (n, request, out) -> head(out, 206, range(request), length(request), "Content-Encoding: gzip"),
                        "compresses"),
                first(
                        "redirect to a file of the client",
                        (n, request, out) -> head(out, 302, "Location: file:///etc/passwd"),
                        "redirects to where no file"),
                first(
                        "bucket of another region",
                        (n, request, out) -> head(out, 301, "x-amz-bucket-region: eu-west-1"),
                        "the bucket is in another region"),
                first(
                        "redirect to no URI",
                        (n, request, out) -> head(out, 302, "Location: ::%%"),
                        "redirects to where no file"),
                first("redirect to nowhere", (n, request, out) -> head(out, 301), "redirects to where no file"),
                first(
                        "redirect with another's password",
                        (n, request, out) -> head(out, 307, "Location: http://user:secret@localhost/"),
                        "redirects to where no file"),
                row(
                        "redirects without end",
                        (n, request, out) -> head(out, 302, "Location: /again"),
                        ErrorCode.IO,
                        "redirects again and again"),
                row(
                        "never HTTP",
                        (n, request, out) -> out.write("SSH-2.0-OpenSSH\r\n\r\n".getBytes()),
                        ErrorCode.IO,
                        breaks),
                row("connection closed at once", (n, request, out) -> {}, ErrorCode.IO, breaks),
                row("busy for ever", (n, request, out) -> head(out, 503), ErrorCode.IO, "answers with status 503"),
                row(
                        "asked to come back next year",
                        (n, request, out) -> head(out, 429, "Retry-After: 31536000"),
                        ErrorCode.IO,
                        "answers with status 429"),
                later(
                        "truncated body",
                        (n, request, out) -> {
                            head(out, 206, range(request), length(request), TAG);
                            out.write(FILE, request.start(), 10);
                        },
                        ErrorCode.IO,
                        breaks),
                later(
                        "body without length that is too long",
                        (n, request, out) -> {
                            head(out, 206, range(request), TAG);
                            body(request, out);
                            out.write(1);
                        },
                        ErrorCode.IO,
                        breaks),
                later(
                        "body without end",
                        (n, request, out) -> {
                            head(out, 206, range(request), TAG);
                            while (true) {
                                out.write(FILE);
                            }
                        },
                        ErrorCode.IO,
                        breaks),
                later(
                        "another place than was asked for",
                        (n, request, out) -> {
                            head(out, 206, "Content-Range: bytes 0-65535/300000", "Content-Length: 65536", TAG);
                            out.write(FILE, 0, 65_536);
                        },
                        ErrorCode.IO,
                        range),
                later(
                        "whole file for a later range",
                        (n, request, out) -> {
                            head(out, 200, "Content-Length: " + FILE.length, TAG);
                            out.write(FILE);
                        },
                        ErrorCode.IO,
                        "sends whole files only"),
                later(
                        "compressed later",
                        (n, request, out) ->
                                head(out, 206, range(request), length(request), TAG, "Content-Encoding: br"),
                        ErrorCode.IO,
                        "compresses"),
                later(
                        "failed precondition",
                        (n, request, out) -> head(out, 412),
                        ErrorCode.FILE_CHANGED,
                        "the file changed"),
                later(
                        "shorter file",
                        (n, request, out) -> head(out, 416, "Content-Range: bytes */5"),
                        ErrorCode.FILE_CHANGED,
                        "the file changed"),
                later(
                        "another entity tag",
                        (n, request, out) -> {
                            head(out, 206, range(request), length(request), "ETag: \"two\"");
                            body(request, out);
                        },
                        ErrorCode.FILE_CHANGED,
                        "the file changed"),
                later(
                        "another length",
                        (n, request, out) -> {
                            head(out, 206, range(request).replace("/300000", "/300001"), length(request), TAG);
                            body(request, out);
                        },
                        ErrorCode.FILE_CHANGED,
                        "the file changed"),
                later("file gone meanwhile", (n, request, out) -> head(out, 404), ErrorCode.IO, "no such file"));
    }

    private static byte[] read(URI uri) throws NpzException {
        HttpFile file = new HttpFile(uri, Location.ofFile("http://localhost/x"), QUICK);
        ByteBuffer bytes = ByteBuffer.allocate(100);
        file.read(START, bytes);
        return bytes.array();
    }

    @ParameterizedTest
    @MethodSource("servers")
    void endsInATypedError(Script script, ErrorCode code, String message) throws Exception {
        try (ScriptedServer server = new ScriptedServer(script)) {
            NpzException fault = catchThrowableOfType(NpzException.class, () -> read(server.uri("/x")));
            assertThat(fault).isNotNull().hasMessageContaining(message).hasMessageContaining("http://localhost/x");
            assertThat(fault.code()).isEqualTo(code);
        }
    }

    static Stream<Arguments> stallers() {
        return Stream.of(
                Arguments.of(Named.<Script>of("no answer", (n, request, out) -> {})),
                Arguments.of(Named.<Script>of(
                        "no end of the head", (n, request, out) -> out.write("HTTP/1.1 206 x\r\n".getBytes()))),
                Arguments.of(Named.<Script>of("half a body", (n, request, out) -> {
                    head(out, 206, range(request), length(request), TAG);
                    out.write(FILE, request.start(), 10);
                })));
    }

    @ParameterizedTest
    @MethodSource("stallers")
    void givesUpWaiting(Script script) throws Exception {
        ScriptedServer[] self = new ScriptedServer[1];
        try (ScriptedServer server = new ScriptedServer((number, request, out) -> {
            script.answer(number, request, out);
            out.flush();
            self[0].closed.await();
        })) {
            self[0] = server;
            NpzException fault = catchThrowableOfType(NpzException.class, () -> read(server.uri("/x")));
            assertThat(fault).isNotNull().hasMessageContaining("stalls");
            assertThat(server.requests).hasSize(QUICK.tries());
        }
    }

    @Test
    void givesUpAServerThatDripsForever() throws Exception {
        Settings settings =
                new Settings(8, 1 << 20, 1, Duration.ofMillis(1), Duration.ofMillis(500), Duration.ofMillis(300), null);
        ScriptedServer[] self = new ScriptedServer[1];
        try (ScriptedServer server = new ScriptedServer((number, request, out) -> {
            head(out, 206, range(request), length(request), TAG);
            for (int i = 0; !self[0].closed.await(20, TimeUnit.MILLISECONDS); i++) {
                out.write(FILE, request.start() + i, 1);
                out.flush();
            }
        })) {
            self[0] = server;
            NpzException fault = catchThrowableOfType(
                    NpzException.class, () -> new HttpFile(server.uri("/x"), Location.ofFile("x"), settings));
            assertThat(fault).isNotNull().hasMessageContaining("stalls");
        }
    }

    @Test
    void overcomesWhatPasses() throws Exception {
        try (ScriptedServer server = new ScriptedServer((number, request, out) -> {
            switch (number) {
                case 1 -> head(out, 503, "Retry-After: 0");
                case 2, 5 -> {}
                case 4 -> {
                    head(out, 206, range(request), length(request), TAG);
                    out.write(FILE, request.start(), 10);
                }
                default -> honest(request, out);
            }
        })) {
            assertThat(read(server.uri("/x"))).isEqualTo(Arrays.copyOfRange(FILE, START, START + 100));
            assertThat(server.requests).hasSize(6);
        }
    }

    @Test
    void asksForTheSameFileAndNoCompression() throws Exception {
        try (ScriptedServer server = new ScriptedServer((number, request, out) -> honest(request, out))) {
            read(server.uri("/x"));
            assertThat(server.requests.get(0).headers())
                    .containsEntry("Range", "bytes=-65536")
                    .containsEntry("Accept-Encoding", "identity")
                    .doesNotContainKey("If-Match");
            assertThat(server.requests.get(1).headers()).containsEntry("If-Match", "\"one\"");
        }
    }

    @Test
    void heldByItsTimeOfChangeWhereItHasNoTag() throws Exception {
        try (ScriptedServer server = new ScriptedServer((number, request, out) -> {
            String time = "Last-Modified: Wed, 25 Nov 2026 09:00:0" + number / 3 + " GMT";
            head(out, 206, range(request), length(request), time);
            body(request, out);
        })) {
            HttpFile file = new HttpFile(server.uri("/x"), Location.ofFile("x"), QUICK);
            file.read(0, ByteBuffer.allocate(10));
            NpzException fault =
                    catchThrowableOfType(NpzException.class, () -> file.read(150_000, ByteBuffer.allocate(10)));
            assertThat(fault.code()).isEqualTo(ErrorCode.FILE_CHANGED);
        }
    }

    @Test
    void changedFileOpensAnewAtOnce() throws Exception {
        try (ScriptedServer server = new ScriptedServer((number, request, out) -> {
            head(out, 206, range(request), length(request), "ETag: \"" + (number < 2 ? 1 : 2) + "\"");
            body(request, out);
        })) {
            Path path = ByteSources.path(server.uri("/x"));
            assertThat(Files.size(path)).isEqualTo(FILE.length);
            byte[] bytes = new byte[100];
            try (InputStream in = Files.newInputStream(path)) {
                NpzException fault = catchThrowableOfType(NpzException.class, () -> in.read(bytes));
                assertThat(fault.code()).isEqualTo(ErrorCode.FILE_CHANGED);
            }
            try (InputStream in = Files.newInputStream(path)) {
                assertThat(in.read(bytes)).isEqualTo(100);
            }
            assertThat(bytes).isEqualTo(Arrays.copyOf(FILE, 100));
        }
    }

    @Test
    void redirectIsFollowedOnceAndForgottenWhereItEnds() throws Exception {
        try (ScriptedServer server = new ScriptedServer((number, request, out) -> {
            if (request.path().equals("/x")) {
                head(out, 302, "Location: /signed" + number);
            } else if (number == 3) {
                head(out, 403);
            } else {
                honest(request, out);
            }
        })) {
            assertThat(read(server.uri("/x"))).isEqualTo(Arrays.copyOfRange(FILE, START, START + 100));
            assertThat(server.requests.stream().map(ScriptedServer.Request::path))
                    .containsExactly("/x", "/signed1", "/signed1", "/x", "/signed4");
        }
    }

    @Test
    void passwordGoesToItsServerAloneAndIntoNoMessage() throws Exception {
        try (ScriptedServer other = new ScriptedServer((number, request, out) -> head(out, 404));
                ScriptedServer server = new ScriptedServer(
                        (number, request, out) -> head(out, 302, "Location: " + other.uri("/elsewhere")))) {
            URI uri = URI.create(server.uri("/x?signature=s3cret").toString().replace("//", "//anna:pass%20word@"));
            HttpPath path = (HttpPath) ByteSources.path(uri);
            NpzException fault = catchThrowableOfType(NpzException.class, () -> path.open(null));
            assertThat(server.requests.get(0).headers().get("Authorization")).isEqualTo("Basic YW5uYTpwYXNzIHdvcmQ=");
            assertThat(server.requests.get(0).path()).isEqualTo("/x?signature=s3cret");
            assertThat(other.requests.get(0).headers()).doesNotContainKey("Authorization");
            for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
                assertThat(cause.toString()).doesNotContain("anna", "pass", "secret", "s3cret", "YW5u");
            }
            assertThat(path.toString()).isEqualTo(server.uri("/x").toString());
        }
    }

    @Test
    void secureServerRedirectsToSecureOnesOnly() {
        for (String to : new String[] {"http://localhost/y", "https://localhost/y"}) {
            Validator.Head head = new Validator.Head(302, name -> name.equals("Location") ? to : null);
            IOException fault = catchThrowableOfType(
                    IOException.class,
                    () -> new Validator(Location.ofFile("x")).status(head, URI.create("https://localhost/x")));
            assertThat(fault).isInstanceOf(to.startsWith("https") ? Validator.Moved.class : NpzException.class);
        }
    }
}
