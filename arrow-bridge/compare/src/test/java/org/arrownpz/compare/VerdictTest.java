package org.arrownpz.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.arrownpz.compare.Comparison.Choice;
import org.arrownpz.compare.Comparison.Environment;
import org.arrownpz.compare.Comparison.Fidelity;
import org.arrownpz.compare.Comparison.Kind;
import org.arrownpz.compare.Comparison.Operation;
import org.arrownpz.compare.Comparison.Result;
import org.arrownpz.compare.Rounds.Measurement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is advised for one's own file. */
class VerdictTest {
    private static final String OWN = "this file, Parquet ZSTD";

    private final Map<FileForm, Long> sizes = new TreeMap<>();
    private final List<Result> results = new ArrayList<>();
    private final List<Fidelity> fidelity = new ArrayList<>();

    private VerdictTest form(FileForm form, double readMillis, double megabytes) {
        Measurement time = around(readMillis * 1e6);
        sizes.put(form, Math.round(megabytes * 1e6));
        results.add(
                new Result(form, "reader", Kind.OURS, Map.of(Operation.TOUCH, time), 0, "0000000000000001", List.of()));
        return this;
    }

    private VerdictTest losing(FileForm form, List<String> lost, List<String> elsewhere) {
        fidelity.add(new Fidelity(form, lost, "others", elsewhere));
        return this;
    }

    private Comparison comparison(@Nullable String own) {
        return new Comparison(
                "t",
                "t",
                own,
                10,
                2,
                160,
                "0000000000000001",
                sizes,
                results,
                fidelity,
                List.of(),
                new Environment("Linux", 2, "17", 0, 0));
    }

    private List<String> advice() {
        return advice(OWN);
    }

    // Without the sentence about other readers, which comes last.
    private List<String> advice(@Nullable String own) {
        Comparison comparison = comparison(own);
        List<String> sentences = Verdict.of(comparison, Verdict.choices(comparison));
        return sentences.subList(0, sentences.size() - 1);
    }

    private List<FileForm> choices(@Nullable String own) {
        return Verdict.choices(comparison(own)).stream().map(Choice::form).toList();
    }

    @Test
    void staysWithSmallFiles() {
        form(FileForm.OWN, 3, 0.9).form(FileForm.NPZ_ALIGNED, 0.1, 2).form(FileForm.PARQUET_ZSTD, 3, 0.1);
        assertThat(advice())
                .containsExactly("Stay with this file, Parquet ZSTD: at 900 kB, read whole in 3.00 ms, no other format"
                        + " is worth a change.");
    }

    @Test
    void staysWithFilesThatAreCompressedTenTimes() {
        form(FileForm.OWN, 40, 2).form(FileForm.NPZ_ALIGNED, 4, 20).form(FileForm.FEATHER, 5, 19);
        assertThat(advice())
                .containsExactly("Stay with this file, Parquet ZSTD: it is compressed 10.0 times against NPZ aligned,"
                        + " the fastest to read (4.00 ms against 40.0 ms).");
    }

    @Test
    void staysWhereNothingIsClearlyFaster() {
        form(FileForm.OWN, 4, 20).form(FileForm.NPZ_ALIGNED, 3.9, 20).form(FileForm.FEATHER, 5, 19.5);
        assertThat(advice()).containsExactly("Stay with this file, Parquet ZSTD: no other is clearly faster to read.");
        assertThat(choices(OWN)).containsOnly(FileForm.OWN);
    }

    @Test
    void movesToTheFastestAndNamesSpaceAndLosses() {
        form(FileForm.OWN, 40, 4).form(FileForm.NPZ_ALIGNED, 5, 20).form(FileForm.FEATHER, 4, 19);
        losing(FileForm.FEATHER, List.of("a name"), List.of("a class"));
        assertThat(advice())
                .containsExactly("Move from this file, Parquet ZSTD to Feather plain for data that are read often:"
                        + " every value in 4.00 ms (reader) against 40.0 ms (reader), 10.0 times as fast; it takes"
                        + " 4.75 times the space. Lost: a name; other readers do not see: a class.");
    }

    @Test
    void saysWhatSavesSpace() {
        form(FileForm.OWN, 4, 20).form(FileForm.NPZ_ALIGNED, 4, 20).form(FileForm.PARQUET_ZSTD, 40, 5);
        assertThat(advice().get(1))
                .isEqualTo("To save space: Parquet ZSTD takes 5.00 MB against 20.0 MB, 4.00 times smaller, and is read"
                        + " in 40.0 ms. Nothing is lost.");
        assertThat(choices(OWN)).containsExactly(FileForm.OWN, FileForm.OWN, FileForm.PARQUET_ZSTD);
    }

    @Test
    void startsFromNpzWhereThereIsNoFile() {
        form(FileForm.NPZ_ALIGNED, 5, 20).form(FileForm.FEATHER, 4, 19.5).form(FileForm.PARQUET, 30, 5);
        assertThat(choices(null)).containsExactly(FileForm.NPZ_ALIGNED, FileForm.FEATHER, FileForm.PARQUET);
        assertThat(advice(null))
                .containsExactly(
                        "Move from NPZ aligned to Feather plain for data that are read often: every value in 4.00 ms"
                                + " (reader) against 5.00 ms (reader), 1.3 times as fast; it takes 0.98 times the space."
                                + " Nothing is lost.",
                        "To save space: Parquet Snappy takes 5.00 MB against 20.0 MB, 4.00 times smaller, and is read"
                                + " in 30.0 ms. Nothing is lost.");
    }

    private static Measurement around(double median) {
        return new Measurement(median, median * 0.97, median * 0.98, median * 1.02, 15);
    }

    private static List<String> sentences(Comparison comparison) {
        return Verdict.of(comparison, Verdict.choices(comparison));
    }

    @Test
    void staysWhereTimesScatterTooMuchToTell() {
        form(FileForm.OWN, 4, 20).form(FileForm.FEATHER, 2, 20).form(FileForm.NPZ_ALIGNED, 9, 20);
        Measurement wide = new Measurement(2e6, 9e5, 9.5e5, 5e6, 15);
        results.set(
                1, new Result(FileForm.FEATHER, "reader", Kind.PEER, Map.of(Operation.TOUCH, wide), 0, "0", List.of()));
        assertThat(advice()).containsExactly("Stay with this file, Parquet ZSTD: no other is clearly faster to read.");
    }

    @Test
    void goesByTheFastestReaderOfAFormAndNeverByOpeningAlone() {
        Result lazy = new Result(
                FileForm.FEATHER,
                "lazy",
                Kind.PEER,
                Map.of(Operation.OPEN, around(10), Operation.TOUCH, around(4_000_000)),
                1,
                "0",
                List.of());
        Result eager = new Result(
                FileForm.FEATHER,
                "eager",
                Kind.PEER,
                Map.of(Operation.OPEN, around(2_000_000), Operation.TOUCH, around(2_000_000)),
                0,
                "0",
                List.of());
        Result ours = new Result(
                FileForm.NPZ_ALIGNED,
                "Frames.open",
                Kind.OURS,
                Map.of(Operation.OPEN, around(20), Operation.TOUCH, around(1_000_000)),
                1,
                "0",
                List.of());
        Comparison comparison = Made.comparison(List.of(lazy, eager, ours));
        assertThat(Verdict.choices(comparison)).extracting(Choice::form).containsOnly(FileForm.NPZ_ALIGNED);
        List<String> sentences = sentences(comparison);
        assertThat(sentences).hasSize(2);
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
                Kind.OURS,
                Map.of(Operation.TOUCH, around(1_000_000)),
                1,
                "0",
                List.of()));
        for (int factor : new int[] {9, 3, 5, 7}) {
            results.add(new Result(
                    FileForm.FEATHER,
                    "reader " + factor,
                    Kind.PEER,
                    Map.of(Operation.TOUCH, around(factor * 1_000_000)),
                    1,
                    "0",
                    List.of()));
        }
        List<String> sentences = sentences(Made.comparison(results));
        assertThat(sentences.get(sentences.size() - 1))
                .contains("ahead of reader 3 of Feather plain 3.00 x, reader 5 of Feather plain 5.00 x and 2 more.");
    }

    @Test
    void saysNothingWithoutFigures() {
        assertThat(sentences(Made.comparison(List.of()))).isEmpty();
    }
}
