package org.arrownpz.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.arrownpz.compare.report.FileForm;
import org.arrownpz.compare.report.Made;
import org.arrownpz.compare.report.Measurement;
import org.arrownpz.compare.report.Operation;
import org.arrownpz.compare.report.Result;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is said of which numbers. */
class VerdictTest {
    private static final Measurement MS_1 = around(1_000_000);
    private static final Measurement MS_2 = around(2_000_000);
    private static final Measurement MS_4 = around(4_000_000);

    private static Measurement around(double median) {
        return new Measurement(median, median * 0.97, median * 0.98, median * 1.02, 15);
    }

    private static Verdict.Side npz(Measurement read, Measurement write) {
        return new Verdict.Side("NPZ aligned", "Frames.open", read, write, 1_000_000, List.of());
    }

    private static Verdict.Side parquet(Measurement read, Measurement write) {
        return new Verdict.Side("Parquet", "dataset", read, write, 1_000_000, List.of());
    }

    private static String verdict(Verdict.Side npz, Verdict.Side rival) {
        return Verdict.of(npz, rival);
    }

    @Test
    void quotesBothSidesFiguresWithTheirUnits() {
        assertThat(verdict(npz(MS_1, MS_2), parquet(MS_4, MS_4)))
                .startsWith("Parquet: read whole in 4.00 ms (dataset) against 1.00 ms for NPZ, 4.00 x;"
                        + " written in 4.00 ms against 2.00 ms, 2.00 x; 1.00 MB against 1.00 MB.");
    }

    @Test
    void advisesToMoveWhereNpzIsFasterAtBoth() {
        assertThat(verdict(npz(MS_1, MS_1), parquet(MS_2, MS_2))).endsWith("Move from Parquet to NPZ for speed.");
    }

    @Test
    void advisesToMoveWhereNpzIsFasterAtOneAndLevelAtTheOther() {
        assertThat(verdict(npz(MS_1, MS_1), parquet(MS_2, MS_1))).endsWith("Move from Parquet to NPZ to read faster.");
        assertThat(verdict(npz(MS_1, MS_1), parquet(MS_1, MS_2))).endsWith("Move from Parquet to NPZ to write faster.");
    }

    @Test
    void advisesToStayWhereTheRivalIsFaster() {
        assertThat(verdict(npz(MS_2, MS_2), parquet(MS_1, MS_1))).endsWith("Stay with Parquet: it is faster to read.");
        assertThat(verdict(npz(MS_1, MS_2), parquet(MS_1, MS_1))).endsWith("Stay with Parquet: it is faster to write.");
    }

    @Test
    void tellsHowManyReadingsPayForASlowerWriting() {
        // 3 ms more for each writing, 1 ms less for each reading.
        assertThat(verdict(npz(MS_1, MS_4), parquet(MS_2, MS_1)))
                .endsWith("Move from Parquet to NPZ for data that are read 3 times or more for each time they are"
                        + " written.");
    }

    @Test
    void tellsAfterHowManyReadingsAFasterWritingIsSpent() {
        assertThat(verdict(npz(MS_2, MS_1), parquet(MS_1, MS_4)))
                .endsWith("Move from Parquet to NPZ for data that are read less than 3 times for each time they are"
                        + " written.");
    }

    @Test
    void callsLevelWhatLiesWithinATenth() {
        assertThat(verdict(npz(around(1_050_000), MS_1), parquet(MS_1, MS_1)))
                .endsWith("Speed is no reason to move: both are level.");
    }

    @Test
    void saysSoWhereTimesScatterTooMuchToTell() {
        Measurement wide = new Measurement(2_000_000, 900_000, 950_000, 5_000_000, 15);
        for (Verdict.Side rival : List.of(parquet(wide, MS_1), parquet(MS_1, wide))) {
            assertThat(verdict(npz(MS_1, MS_1), rival))
                    .endsWith("Speed is no reason to move: the times scatter more than they differ.");
        }
    }

    @Test
    void addsTheSpaceWhereItDiffers() {
        Verdict.Side small = new Verdict.Side("Parquet", "dataset", MS_2, MS_2, 400_000, List.of());
        assertThat(verdict(npz(MS_1, MS_1), small))
                .endsWith("Move from Parquet to NPZ for speed; NPZ takes 2.50 times the space.");
    }

    @Test
    void saysWhatTheRivalLoses() {
        Verdict.Side lossy =
                new Verdict.Side("Parquet", "dataset", MS_2, MS_2, 1_000_000, List.of("a name", "a class"));
        assertThat(verdict(npz(MS_1, MS_1), lossy)).endsWith("Parquet loses: a name, a class.");
    }

    @Test
    void goesByTheFastestReaderOfAFormAndNeverByOpeningAlone() {
        Result lazy = new Result(
                FileForm.FEATHER,
                "lazy",
                Result.Kind.PEER,
                Map.of(Operation.OPEN, around(10), Operation.TOUCH, MS_4),
                1,
                "0",
                List.of());
        Result eager = new Result(
                FileForm.FEATHER,
                "eager",
                Result.Kind.PEER,
                Map.of(Operation.OPEN, MS_2, Operation.TOUCH, MS_2),
                0,
                "0",
                List.of());
        Result ours = new Result(
                FileForm.NPZ_ALIGNED,
                "Frames.open",
                Result.Kind.OURS,
                Map.of(Operation.OPEN, around(20), Operation.TOUCH, MS_1),
                1,
                "0",
                List.of());
        List<String> sentences = Verdict.of(Made.comparison(List.of(lazy, eager, ours)));
        assertThat(sentences).hasSize(2);
        assertThat(sentences.get(0)).contains("2.00 ms (eager)").contains("Move from Feather plain to NPZ");
        assertThat(sentences.get(1))
                .isEqualTo("Every value through Frames.open of aligned NPZ, ahead of eager of Feather plain 2.00 x,"
                        + " lazy of Feather plain 4.00 x.");
    }

    @Test
    @DisplayName("C10: a sentence names the fastest readers, and counts the others")
    void namesTheFastestOfManyReaders() {
        List<Result> results = new ArrayList<>();
        results.add(new Result(
                FileForm.NPZ_ALIGNED,
                "Frames.open",
                Result.Kind.OURS,
                Map.of(Operation.TOUCH, MS_1),
                1,
                "0",
                List.of()));
        for (int factor : new int[] {9, 3, 5, 7}) {
            results.add(new Result(
                    FileForm.FEATHER,
                    "reader " + factor,
                    Result.Kind.PEER,
                    Map.of(Operation.TOUCH, around(factor * 1_000_000)),
                    1,
                    "0",
                    List.of()));
        }
        List<String> sentences = Verdict.of(Made.comparison(results));
        assertThat(sentences.get(sentences.size() - 1))
                .contains("ahead of reader 3 of Feather plain 3.00 x, reader 5 of Feather plain 5.00 x and 2 more.");
    }

    @Test
    void saysNothingWithoutFigures() {
        assertThat(Verdict.of(Made.comparison(List.of()))).isEmpty();
    }
}
