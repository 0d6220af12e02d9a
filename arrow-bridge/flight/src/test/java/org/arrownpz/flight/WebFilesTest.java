package org.arrownpz.flight;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as they are, by HTTP. */
class WebFilesTest {
    @TempDir
    Path directory;

    private WebCalls calls;
    private byte[] file;

    @BeforeEach
    void serve() throws Exception {
        try (BufferAllocator allocator = new RootAllocator()) {
            FlightCalls.write(directory.resolve("prices.npz"), 1000, allocator);
        }
        Files.writeString(directory.resolve("notes.txt"), "not served");
        file = Files.readAllBytes(directory.resolve("prices.npz"));
        calls = new WebCalls(directory, ServerOptions.defaults());
    }

    @AfterEach
    void close() {
        calls.close();
    }

    @Test
    void sendsAFileWithItsTagAndTime() throws Exception {
        HttpResponse<byte[]> answer = calls.get("/files/prices.npz");
        assertThat(answer.body()).isEqualTo(file);
        assertThat(answer.headers().firstValue("ETag").orElseThrow()).matches("\"[0-9a-f.]+\"");
        assertThat(answer.headers().firstValue("Last-Modified")).isPresent();
        assertThat(answer.headers().firstValue("Accept-Ranges")).contains("bytes");
        HttpResponse<byte[]> head =
                calls.send(calls.request("/files/prices.npz").method("HEAD", BodyPublishers.noBody()));
        assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(file.length);
        assertThat(head.body()).isEmpty();
        assertThat(calls.get("/files/notes.txt").statusCode()).isEqualTo(404);
    }

    @Test
    void sendsRanges() throws Exception {
        HttpResponse<byte[]> part = calls.get("/files/prices.npz", "Range", "bytes=10-19");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.headers().firstValue("Content-Range")).contains("bytes 10-19/" + file.length);
        assertThat(part.body()).isEqualTo(java.util.Arrays.copyOfRange(file, 10, 20));
        HttpResponse<byte[]> end = calls.get("/files/prices.npz", "Range", "bytes=-22");
        assertThat(end.body()).isEqualTo(java.util.Arrays.copyOfRange(file, file.length - 22, file.length));
        HttpResponse<byte[]> several = calls.get("/files/prices.npz", "Range", "bytes=0-3,20-23");
        assertThat(several.statusCode()).isEqualTo(206);
        assertThat(several.headers().firstValue("Content-Type").orElseThrow()).startsWith("multipart/byteranges");
    }

    @Test
    void refusesRangesThatAreNotThere() throws Exception {
        for (String range : List.of("bytes=99999999-", "bytes=18446744073709551616-18446744073709551617")) {
            HttpResponse<byte[]> answer = calls.get("/files/prices.npz", "Range", range);
            assertThat(answer.statusCode()).as(range).isIn(200, 416);
            assertThat(answer.body().length).isLessThanOrEqualTo(file.length);
        }
    }

    @Test
    void sendsNothingOfAFileThatTheClientHas() throws Exception {
        String tag = calls.get("/files/prices.npz").headers().firstValue("ETag").orElseThrow();
        assertThat(calls.get("/files/prices.npz", "If-None-Match", tag).statusCode())
                .isEqualTo(304);
        assertThat(calls.get("/files/prices.npz", "If-Match", "\"else\"").statusCode())
                .isEqualTo(412);
    }

    @Test
    void sendsAllOfAFileThatHasChangedSinceItsFirstRange() throws Exception {
        String tag = calls.get("/files/prices.npz").headers().firstValue("ETag").orElseThrow();
        String[] same = {"Range", "bytes=0-9", "If-Range", tag};
        assertThat(calls.get("/files/prices.npz", same).statusCode()).isEqualTo(206);
        Files.write(directory.resolve("prices.npz"), "else".getBytes(StandardCharsets.UTF_8));
        HttpResponse<byte[]> whole = calls.get("/files/prices.npz", same);
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.body()).hasSize(4);
    }
}
