package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.cli.console.Console;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages speak of what the user typed, not of Java. */
class MessagesTest {
    @TempDir
    Path directory;

    static Stream<Arguments> misuses() {
        return Stream.of(
                Arguments.of("head -n -3 FILE", "--rows takes a number from 0, not -3"),
                Arguments.of("cat -n -3 FILE", "--rows takes a number from 0, not -3"),
                Arguments.of("diff --rows -3 FILE FILE", "--rows takes a number from 0, not -3"),
                Arguments.of("head -n x FILE", "'--rows': 'x' is no whole number"),
                Arguments.of("head -n 1.5 FILE", "'1.5' is no whole number"),
                Arguments.of("diff --rows 99999999999 FILE FILE", "'99999999999' is out of range"),
                Arguments.of("diff --tolerance x FILE FILE", "'x' is no number"),
                Arguments.of("convert --layout x FILE y.npz", "'x' is none of auto, numpy, arrow"),
                Arguments.of("verify --level x FILE", "'x' is none of structure, crc, content"),
                Arguments.of("head -c close,close FILE", "the column 'close' is named twice"),
                Arguments.of("head --vectors v FILE", "--vectors is for an .npy file"));
    }

    @ParameterizedTest
    @MethodSource("misuses")
    @DisplayName("C9: messages say what is wrong in the command's words")
    void saysWhatIsWrong(String command, String message) {
        String file = Cli.sample("prices.npz", directory).toString();
        Cli run = Cli.run((Object[]) command.replace("FILE", file).split(" "));
        assertThat(run.code()).isNotZero();
        assertThat(run.err()).contains(message).doesNotContain(" int", " long", "Exception");
    }

    @Test
    @DisplayName("C9: failures of Java in words")
    void namesNoExceptions() {
        assertThat(Console.text(new NoSuchFileException("x.npz"))).isEqualTo("no such file: x.npz");
        assertThat(Console.text(new AccessDeniedException("x.npz"))).isEqualTo("access denied: x.npz");
        assertThat(Console.text(Location.ofFile("x.npz")
                        .error(ErrorCode.LIMIT, "too many members")
                        .found(7)
                        .remedy("Raise ReadLimits.members")
                        .build()))
                .isEqualTo("x.npz: LIMIT: too many members: found 7");
        assertThat(Console.text(Location.ofFile("x.npz")
                        .error(ErrorCode.LIMIT, "no memory")
                        .remedy("Give the allocator a higher limit")
                        .build()))
                .isEqualTo("x.npz: LIMIT: no memory. Raise --memory-limit");
    }

    @Test
    @DisplayName("C9: no advice for programs")
    void namesNoJavaClasses() throws Exception {
        Path sparse = Cli.sample("uneven.npz", directory);
        Cli array = Cli.run("head", "--array", "q", sparse);
        assertThat(array.err()).contains("there is no array 'q'").doesNotContain("Npz");
        Path odd = Files.copy(sparse, directory.resolve("odd.feather"));
        for (Object[] call : new Object[][] {
            {"head", sparse}, {"head", odd}, {"verify", odd}, {"diff", odd, odd}, {"pack", odd, "--by", "x"}
        }) {
            assertThat(Cli.run(call).err())
                    .doesNotContainPattern("[a-z][A-Z][a-z]+\\.[a-z]|Npz|Frames|Tables|ReadLimits");
        }
    }
}
