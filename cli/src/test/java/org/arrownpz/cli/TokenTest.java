package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.arrownpz.cli.console.ExitCodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens for {@code serve --tokens}. */
class TokenTest {
    @TempDir
    Path directory;

    @Test
    void printsTheTokenOnceAndKeepsItsDigestAlone() throws Exception {
        Path file = directory.resolve("tokens");
        String token = made("ann", "--rights", "read:eu/**", "--until", "2099-01-31", "--file", file);
        assertThat(token).matches("token [0-9a-f]{64}\n");
        assertThat(file).content().matches("ann read:eu/\\*\\* sha256:[0-9a-f]{64} until=2099-01-31\n");
        assertThat(file).content().doesNotContain(token.substring(6).strip());
        String other = made("bob", "--file", file);
        assertThat(other).isNotEqualTo(token);
        assertThat(Files.readString(file).lines()).hasSize(2).last().asString().startsWith("bob read sha256:");
        assertThat(Files.getPosixFilePermissions(file).toString()).doesNotContain("GROUP", "OTHERS");
        assertThat(directory.toFile().list()).containsExactly("tokens");
    }

    private static String made(Object... args) {
        Object[] all = new Object[args.length + 2];
        all[0] = "token";
        all[1] = "new";
        System.arraycopy(args, 0, all, 2, args.length);
        Cli run = Cli.run(all);
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isEqualTo(ExitCodes.OK);
        return new String(run.bytes(), java.nio.charset.StandardCharsets.UTF_8);
    }

    @Test
    void appendsToALineWithoutAnEndAndKeepsNamesApart() throws Exception {
        Path file = Files.writeString(directory.resolve("tokens"), "ann read aaaa");
        made("bob", "--rights", "write", "--file", file);
        assertThat(Files.readString(file)).startsWith("ann read aaaa\nbob write sha256:");
        Cli again = Cli.run("token", "new", "ann", "--file", file);
        assertThat(again.code()).isEqualTo(ExitCodes.USAGE);
        assertThat(again.err()).contains("has a token of 'ann'");
        assertThat(Files.readString(file).lines()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"new,a/b,read", "new,ann,reads", "new,ann,read:eu", "old,ann,read"})
    void refusesWhatTheServerWouldNotRead(String action, String name, String rights) {
        assertThat(Cli.run("token", action, name, "--rights", rights).code()).isEqualTo(ExitCodes.USAGE);
    }

    @Test
    void printsTheLineWhereThereIsNoFile() {
        assertThat(made("load", "--rights", "write"))
                .matches("token [0-9a-f]{64}\nline  load write sha256:[0-9a-f]{64}\n");
    }
}
