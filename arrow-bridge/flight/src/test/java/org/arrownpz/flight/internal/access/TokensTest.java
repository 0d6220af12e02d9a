package org.arrownpz.flight.internal.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.arrownpz.flight.ServerLogLines;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** B12: a file of tokens that is gone or broken is good for a while, which is said, and then for nobody. */
@DisplayName("B12: a lost file of tokens")
class TokensTest {
    @TempDir
    Path directory;

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private Path file = Path.of("");

    @BeforeEach
    void writesTokens() throws IOException {
        file = Files.writeString(directory.resolve("tokens"), "ann read aaaa\n");
    }

    private Tokens tokens() throws IOException {
        return new Tokens("single", file, now::get);
    }

    private void pass(long seconds) {
        now.addAndGet(seconds * 1_000_000_000L);
    }

    @Test
    void keepsItsTokensForTheGraceAndNoLonger() throws Exception {
        try (Tokens tokens = tokens();
                ServerLogLines log = new ServerLogLines()) {
            assertThat(tokens.isUsable()).isTrue();
            Files.delete(file);
            assertThat(tokens.byToken("aaaa")).isNotNull();
            assertThat(tokens.isUsable()).isFalse();
            pass(Tokens.GRACE.toSeconds() - 1);
            assertThat(tokens.byToken("aaaa")).isNotNull();
            pass(1);
            assertThat(tokens.byToken("aaaa")).isNull();
            assertThat(tokens.byName("ann", "aaaa")).isNull();
            assertThat(tokens.byToken("single")).isNotNull();
            assertThat(log.lines())
                    .containsExactly(
                            "the tokens cannot be read (there is none): those of before are good for 60 seconds more",
                            "the tokens cannot be read (there is none): those of before are good no more");
        }
    }

    @Test
    void shutsOutTheTokensOfABrokenFileAndSaysWhichLine() throws Exception {
        try (Tokens tokens = tokens();
                ServerLogLines log = new ServerLogLines()) {
            Files.writeString(file, "ann read aaaa\nbob reads s3cret\n");
            assertThat(tokens.byToken("aaaa")).isNotNull();
            assertThat(tokens.byToken("s3cret")).isNull();
            pass(Tokens.GRACE.toSeconds());
            assertThat(tokens.byToken("aaaa")).isNull();
            assertThat(log.lines())
                    .hasSize(2)
                    .allMatch(line -> line.contains("line 2"))
                    .noneMatch(line -> line.contains("s3cret"));
        }
    }

    @Test
    void letsInByTheFileThatComesBack() throws Exception {
        try (Tokens tokens = tokens();
                ServerLogLines log = new ServerLogLines()) {
            Files.write(file, new byte[] {(byte) 0xC3, 0x28});
            assertThat(tokens.byToken("aaaa")).isNotNull();
            pass(Tokens.GRACE.toSeconds());
            assertThat(tokens.byToken("aaaa")).isNull();
            Files.writeString(file, "bob read bbbb\n");
            assertThat(tokens.byToken("bbbb")).isNotNull();
            assertThat(tokens.byToken("aaaa")).isNull();
            assertThat(tokens.isUsable()).isTrue();
            assertThat(log.lines()).hasSize(3).last().isEqualTo("the tokens can be read again");
        }
    }
}
