package org.arrownpz.flight.internal.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.arrownpz.flight.ServerLogLines;
import org.arrownpz.flight.ServerOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of a file of tokens. */
class TokenFileTest {
    private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);

    @TempDir
    Path directory;

    private Tokens tokens(String... lines) throws IOException {
        return new Tokens(null, Files.writeString(directory.resolve("tokens"), String.join("\n", lines)));
    }

    @Test
    void letsInByADigestOfTheToken() throws Exception {
        String line = ServerOptions.Access.tokenLine("ann", "read:eu/**", "s3cret", null);
        // printf s3cret | sha256sum
        assertThat(line)
                .isEqualTo("ann read:eu/** sha256:1ec1c26b50d5d3c58d9583181af8076655fe00756bf7285940ba3670f99fcba0");
        try (ServerLogLines log = new ServerLogLines();
                Tokens tokens = tokens(line)) {
            assertThat(tokens.byToken("s3cret")).extracting(Caller::name).isEqualTo("ann");
            assertThat(tokens.byToken("1ec1c26b50d5d3c58d9583181af8076655fe00756bf7285940ba3670f99fcba0"))
                    .isNull();
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void saysOnceThatTokensStandInPlainText() throws Exception {
        try (ServerLogLines log = new ServerLogLines();
                Tokens tokens = tokens("ann read aaaa", "bob write bbbb")) {
            tokens("ann read aaaa", "bob write cccc", "").close();
            assertThat(tokens.byToken("cccc")).isNotNull();
            assertThat(log.lines().stream()
                            .filter(line -> line.startsWith("tokens in plain text: 2 of 2 in their file")))
                    .hasSize(2);
            assertThat(log.lines()).noneMatch(line -> line.contains("bbbb"));
        }
    }

    @Test
    void endsATokenAfterItsLastDay() throws Exception {
        try (Tokens tokens = tokens(
                ServerOptions.Access.tokenLine("late", "read", "one", TODAY.minusDays(1)),
                ServerOptions.Access.tokenLine("good", "read", "two", TODAY))) {
            assertThat(tokens.byToken("one")).isNull();
            assertThat(tokens.byName("late", "one")).isNull();
            assertThat(tokens.byToken("two")).isNotNull();
            assertThat(tokens.nextEnd())
                    .isEqualTo(TODAY.plusDays(1).atStartOfDay(ZoneOffset.UTC).toEpochSecond());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ann read",
                "ann reads s3cret",
                "ann read s3cret until=2027-02-30",
                "ann read s3cret 2027-01-01",
                "ann read s3cret until=2027-01-01 more",
                "ann read sha256:1234",
                "a/b read s3cret",
                "first read s3cret",
            })
    void namesTheLineThatIsNoneAndNotItsToken(String line) {
        assertThatThrownBy(() -> tokens("first read aaaa", line).close())
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("line 2 of the file of tokens: ")
                .hasMessageNotContaining("s3cret");
    }
}
