package org.arrownpz.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.arrownpz.compare.report.Choice;
import org.arrownpz.compare.report.Comparison;
import org.arrownpz.compare.report.Environment;
import org.arrownpz.compare.report.Fidelity;
import org.arrownpz.compare.report.FileForm;
import org.arrownpz.compare.report.Measurement;
import org.arrownpz.compare.report.Operation;
import org.arrownpz.compare.report.Result;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is advised for one's own file. */
class ChoicesTest {
    private static final String OWN = "this file, Parquet ZSTD";

    private final Map<FileForm, Long> sizes = new TreeMap<>();
    private final List<Result> results = new ArrayList<>();
    private final List<Fidelity> fidelity = new ArrayList<>();

    private ChoicesTest form(FileForm form, double readMillis, double megabytes) {
        double median = readMillis * 1e6;
        Measurement time = new Measurement(median, median * 0.97, median * 0.98, median * 1.02, 15);
        sizes.put(form, Math.round(megabytes * 1e6));
        results.add(new Result(
                form, "reader", Result.Kind.OURS, Map.of(Operation.TOUCH, time), 0, "0000000000000001", List.of()));
        return this;
    }

    private ChoicesTest losing(FileForm form, List<String> lost, List<String> elsewhere) {
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
                List.of(),
                List.of(),
                new Environment("Linux", 2, "17", 0, 0));
    }

    private List<String> advice() {
        return Choices.advice(comparison(OWN));
    }

    private List<FileForm> choices(@Nullable String own) {
        return Choices.of(comparison(own)).stream().map(Choice::form).toList();
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
        assertThat(Choices.advice(comparison(null))).isEmpty();
    }
}
