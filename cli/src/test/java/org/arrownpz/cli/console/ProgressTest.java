package org.arrownpz.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.arrownpz.cli.console.Progress.Task;
import org.arrownpz.cli.console.Progress.Unit;
import org.arrownpz.support.Meter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressTest {
    private static final long SECOND = 1_000_000_000L;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Console console = new Console(
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            true,
            true,
            80,
            false);

    private static String text(long total, long done, Unit unit, long seconds) {
        return new Task("converting x", () -> total == 0 ? -1 : (double) done / total, () -> done, unit, 0)
                .text(seconds * SECOND);
    }

    @Test
    void tellsTheShareTheSpeedAndTheTimeLeft() {
        assertThat(text(400_000_000, 100_000_000, Unit.BYTES, 10))
                .isEqualTo("arrow-npz: converting x, 25 %, 10 MB/s, 30 s left");
        assertThat(text(1000, 999, Unit.ROWS, 2)).isEqualTo("arrow-npz: converting x, 99 %, 500 rows/s, 0 s left");
    }

    @Test
    void tellsTheAmountAndTheSpeedWhereNobodyKnowsHowMuchThereIs() {
        assertThat(text(0, 3_000_000, Unit.ROWS, 2))
                .isEqualTo("arrow-npz: converting x, 3.0 million rows, 1.5 million rows/s, 2 s");
        assertThat(text(100, 200, Unit.BYTES, 2)).isEqualTo("arrow-npz: converting x, 200 B, 100 B/s, 2 s");
    }

    @Test
    void tellsTheTimeThatPassedWhereNothingIsLeft() {
        assertThat(text(100, 100, Unit.ROWS, 2)).isEqualTo("arrow-npz: converting x, 100 %, 50 rows/s, 2 s");
    }

    @Test
    void tellsTheShareAloneWhereNothingIsCounted() {
        assertThat(new Task("writing -", () -> 0.5, () -> 0, Unit.BYTES, 0).text(4 * SECOND))
                .isEqualTo("arrow-npz: writing -, 50 %, 4 s left");
    }

    @Test
    void followsTheFilesThatAreReadFromNowOn() {
        try (Progress progress = Progress.start(console)) {
            Meter.begin(10, 1000).add(10);
            progress.follow("reading x", 0);
            Meter.begin(4, 1000).add(1);
            while (!err.toString(StandardCharsets.UTF_8).contains(" left")) {
                Thread.onSpinWait();
            }
        }
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("arrow-npz: reading x, 25 %, ");
    }

    @Test
    void tellsTheTimeAloneBeforeAnythingIsDone() {
        assertThat(text(100, 0, Unit.BYTES, 7)).isEqualTo("arrow-npz: converting x, 7 s");
    }

    @ParameterizedTest
    @CsvSource({"0.4, 0 s", "59.4, 59 s", "60, 1 min 0 s", "3599, 59 min 59 s", "7261, 2 h 1 min"})
    void writesSpansOfTime(double seconds, String text) {
        assertThat(Progress.span(seconds)).isEqualTo(text);
    }

    @Test
    void isErasedBeforeAnythingElseIsSaid() {
        StatusStream stream = (StatusStream) console.err();
        stream.show("one");
        stream.show("two");
        console.say("failed");
        console.say("again");
        stream.show("three");
        stream.eraseLine();
        String erase = "\r\u001b[K";
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo(erase + "one" + erase + "two" + erase + "arrow-npz: failed\narrow-npz: again\n" + erase
                        + "three" + erase);
    }

    @Test
    void leavesNothingBehind() {
        Progress progress = Progress.start(console);
        progress.show("working");
        while (err.size() == 0) {
            Thread.onSpinWait();
        }
        progress.close();
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("arrow-npz: working")
                .endsWith("\r\u001b[K");
    }
}
