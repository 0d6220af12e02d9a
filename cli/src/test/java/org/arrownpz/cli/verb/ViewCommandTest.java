package org.arrownpz.cli.verb;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.cli.Cli;
import org.arrownpz.cli.console.ExitCodes;
import org.arrownpz.testing.Await;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ViewCommandTest extends ServeProcess {
    private static String get(String address, String path, String token) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create(address.replaceFirst("#.*", "")).resolve(path));
        request.header("Authorization", "Bearer " + token);
        return HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** As the page does: the code of the address gets the token of a session, once. */
    private static String session(String address) throws Exception {
        String code = address.replaceFirst(".*#code=", "");
        String answer = get(address, "/session", code);
        assertThat(answer).matches("\\{\"token\":\"anpz_[A-Za-z0-9_-]+\"}");
        assertThat(get(address, "/session", code)).contains("UNAUTHENTICATED");
        return answer.replaceAll("\\{\"token\":\"|\"}", "");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void opensABrowserAtAnAddressWithAToken() throws Exception {
        Path asked = other.resolve("asked");
        Path browser = Files.writeString(
                Files.createDirectory(other.resolve("bin")).resolve("xdg-open"),
                "#!/bin/sh\necho \"$@\" > " + asked + ".part && mv " + asked + ".part " + asked + "\n");
        Files.setPosixFilePermissions(browser, PosixFilePermissions.fromString("rwx------"));
        String path = browser.getParent() + ":" + System.getenv("PATH");
        try (BufferAllocator allocator = new RootAllocator()) {
            file("a.npz", 3, allocator);
            file("b.npz", 3, allocator);
            try (Server server = run(Map.of("PATH", path), List.of("view", directory.toString()))) {
                String address = server.line();
                assertThat(address).matches("http://localhost:\\d+/#code=[A-Za-z0-9_-]{43}");
                Await.until(() -> Files.exists(asked), () -> "no browser");
                assertThat(asked).hasContent(address);
                String token = session(address);
                assertThat(get(address, "/", "")).contains("<title>arrow-npz</title>");
                assertThat(get(address, "/tables", token)).contains("\"a\"", "\"b\"", "\"total\":2");
                assertThat(get(address, "/tables", "x")).contains("UNAUTHENTICATED");
                server.terminate();
                assertThat(server.exitCode()).isZero();
            }
        }
    }

    @Test
    void servesOneFileAlone() throws Exception {
        try (BufferAllocator allocator = new RootAllocator()) {
            file("a.npz", 3, allocator);
            file("b.npz", 3, allocator);
            String file = directory.resolve("a.npz").toString();
            try (Server server = run(Map.of(), List.of("view", file, "--no-browser"))) {
                String address = server.line();
                String token = session(address);
                assertThat(get(address, "/tables", token))
                        .contains("\"a\"", "\"total\":1")
                        .doesNotContain("\"b\"");
                assertThat(get(address, "/tables/b", token)).contains("NOT_FOUND");
                assertThat(get(address, "/files/b.npz", token)).contains("NOT_FOUND");
                server.terminate();
                assertThat(server.exitCode()).isZero();
            }
        }
    }

    @Test
    void refusesWhatIsNotThereOrNotServed() throws Exception {
        Cli none = Cli.run("view", directory.resolve("none.npz"));
        assertThat(none.code()).isEqualTo(ExitCodes.USAGE);
        assertThat(none.err()).contains("there is no file");
        Cli other = Cli.run("view", Files.writeString(directory.resolve("a.txt"), "x"));
        assertThat(other.code()).isEqualTo(ExitCodes.USAGE);
        assertThat(other.err()).contains("'a.txt' is not served", ".npz");
    }
}
