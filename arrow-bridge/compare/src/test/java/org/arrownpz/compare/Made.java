package org.arrownpz.compare;

import java.util.List;
import java.util.Map;
import org.arrownpz.compare.Comparison.Environment;
import org.arrownpz.compare.Comparison.Fidelity;
import org.arrownpz.compare.Comparison.Kind;
import org.arrownpz.compare.Comparison.Operation;
import org.arrownpz.compare.Comparison.Result;
import org.arrownpz.compare.Rounds.Measurement;

/** Comparisons with made-up numbers. */
public final class Made {
    private Made() {}

    public static Comparison comparison(List<Result> results) {
        return new Comparison(
                "uniform tall",
                "s(10,2)",
                null,
                10,
                2,
                160,
                "0000000000000001",
                Map.of(FileForm.NPZ_ALIGNED, 1000L, FileForm.FEATHER, 1100L),
                results,
                List.of(new Fidelity(FileForm.FEATHER, List.of(), "Arrow and pandas", List.of("the frame's name"))),
                List.of("DuckDB read_parquet: not there"),
                new Environment("Linux", 2, "17", 0.5, 1.5));
    }

    /** One with a line of each kind. */
    public static Comparison comparison() {
        Measurement time = Measurement.of(2_000_000, 1_000_000, 3_000_000);
        Measurement floor = Measurement.of(1_000_000);
        return comparison(List.of(
                Result.of(null, Comparison.READ_FLOOR, Kind.FLOOR, Operation.TOUCH, floor),
                Result.of(null, Comparison.WRITE_FLOOR, Kind.FLOOR, Operation.WRITE, floor),
                new Result(
                        FileForm.NPZ_ALIGNED,
                        "Frames.write",
                        Kind.OURS,
                        Map.of(Operation.WRITE, time),
                        0,
                        null,
                        List.of()),
                new Result(
                        FileForm.NPZ_ALIGNED,
                        "Frames.open",
                        Kind.OURS,
                        Map.of(Operation.OPEN, floor, Operation.CELL, floor, Operation.TOUCH, time),
                        0.9,
                        "0000000000000001",
                        List.of()),
                new Result(
                        FileForm.FEATHER,
                        "ArrowFileReader",
                        Kind.PEER,
                        Map.of(Operation.OPEN, time, Operation.CELL, time, Operation.TOUCH, time),
                        0,
                        "0000000000000001",
                        List.of("not compared: 1 of int64 as float SINGLE"))));
    }
}
