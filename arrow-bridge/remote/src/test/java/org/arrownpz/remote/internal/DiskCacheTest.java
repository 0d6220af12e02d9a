package org.arrownpz.remote.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.stream.Stream;
import org.arrownpz.Location;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ranges kept on disk: fetched once for all processes, bounded, and never those of another file. */
class DiskCacheTest {
    @TempDir
    Path directory;

    private ByteBuffer read(ScriptedServer server, DiskCache cache) throws Exception {
        Requests.Settings settings = new Requests.Settings(
                8, 1 << 20, 1, Duration.ofMillis(1), Duration.ofSeconds(5), Duration.ofSeconds(5), cache);
        ByteBuffer bytes = ByteBuffer.allocate(100);
        new HttpFile(server.uri("/x"), Location.ofFile("x"), settings).read(1_000, bytes);
        return bytes.flip();
    }

    @Test
    void rangeIsFetchedOnceWhileTheFileIsTheSame() throws Exception {
        DiskCache cache = new DiskCache(directory.resolve("new"), 1 << 20);
        String[] tag = {"ETag: \"one\""};
        try (ScriptedServer server = new ScriptedServer((number, request, out) -> {
            ScriptedServer.head(out, 206, ScriptedServer.range(request), ScriptedServer.length(request), tag[0]);
            ScriptedServer.body(request, out);
        })) {
            ByteBuffer first = read(server, cache);
            assertThat(server.requests).hasSize(2);
            assertThat(read(server, cache)).isEqualTo(first);
            assertThat(server.requests).hasSize(3);
            tag[0] = "ETag: \"two\"";
            assertThat(read(server, cache)).isEqualTo(first);
            assertThat(server.requests).hasSize(5);
            tag[0] = "Last-Modified: Wed, 25 Nov 2026 09:00:00 GMT";
            read(server, cache);
            read(server, cache);
            assertThat(server.requests).hasSize(9);
        }
    }

    @Test
    void longestUnusedRangesGoFirst() throws Exception {
        DiskCache cache = new DiskCache(directory, 250);
        for (String key : new String[] {"a", "b"}) {
            cache.write(key, ByteBuffer.allocate(100));
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.fromMillis(0));
            }
        }
        assertThat(cache.read("a", ByteBuffer.allocate(100))).isTrue();
        cache.write("c", ByteBuffer.allocate(100));
        assertThat(cache.read("a", ByteBuffer.allocate(100))).isTrue();
        assertThat(cache.read("b", ByteBuffer.allocate(100))).isFalse();
        assertThat(cache.read("c", ByteBuffer.allocate(100))).isTrue();
        assertThat(cache.read("c", ByteBuffer.allocate(99))).isFalse();
    }

    @Test
    void directoryThatCannotBeMadeCachesNothing() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        DiskCache cache = new DiskCache(file, 250);
        cache.write("a", ByteBuffer.allocate(100));
        assertThat(cache.read("a", ByteBuffer.allocate(100))).isFalse();
    }
}
