"""A11: what pandas and Polars write comes back equal."""

import datetime
import decimal
import os
import random
import tempfile
import unittest
import warnings
from typing import Any, Callable, Dict, List

import numpy as np

import arrow_npz

try:
    import pandas as pd
    import pyarrow as pa
except ImportError:
    pd = pa = None

try:
    import polars as pl
except ImportError:
    pl = None

FRAMES = 300


def values(r: random.Random) -> Dict[str, Callable[[int], Any]]:
    """What makes a column of so many rows, by kind; nulls where the kind has them."""

    def some(make: Callable[[], Any], none: Any = None) -> Callable[[int], List[Any]]:
        return lambda rows: [none if r.random() < 0.2 else make() for _ in range(rows)]

    def typed(dtype: Any, make: Callable[[], Any]) -> Callable[[int], Any]:
        return lambda rows: pd.array(some(make)(rows), dtype=dtype)

    def small() -> int:
        return r.randrange(100)

    def text() -> str:
        return "".join(r.choice("aß€😀 \n0'\"") for _ in range(r.randrange(6)))

    def moment() -> pd.Timestamp:
        return pd.Timestamp(r.randrange(-(10**9), 10**9), unit="s")

    def day() -> datetime.date:
        return moment().date()

    unit = r.choice(["s", "ms", "us", "ns"])
    kinds: Dict[str, Callable[[int], Any]] = {
        f"{letter}nt{bits}": typed(f"{letter}nt{bits}", small) for letter in ("I", "UI") for bits in (8, 16, 32, 64)
    }
    for name in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64", "bool"):
        kinds[name] = lambda rows, name=name: np.array([small() for _ in range(rows)], name)
    kinds.update({
        "float64 and nan": lambda rows: np.array(some(r.random, np.nan)(rows), float),
        "Float32": typed("Float32", lambda: r.randrange(9) / 4),
        "Float64": typed("Float64", r.random),
        "boolean": typed("boolean", lambda: r.random() < 0.5),
        "str": typed("str", text),
        "string": typed("string", text),
        "object texts": lambda rows: pd.Series(["x"] + some(text)(rows), dtype=object)[1:].array,
        "bytes": lambda rows: pd.Series([b""] + some(lambda: text().encode())(rows), dtype=object)[1:].array,
        "dates": lambda rows: pd.Series([day()] + some(day)(rows), dtype=object)[1:].array,
        "decimals": lambda rows: pd.Series([decimal.Decimal("1.5")] + some(lambda: decimal.Decimal(small()) / 4)(rows),
                                           dtype=object)[1:].array,
        "times": typed(f"datetime64[{unit}]", moment),
        "times in a zone": typed(f"datetime64[{unit}, {r.choice(['UTC', 'Europe/Berlin', '+03:00'])}]",
                                 lambda: moment().tz_localize("UTC")),
        "durations": typed(f"timedelta64[{unit}]", lambda: pd.Timedelta(small(), "s")),
        "periods": typed(f"period[{r.choice('YQMDh')}]", lambda: pd.Period(moment(), "M").to_timestamp()),
        "intervals": lambda rows: pd.arrays.IntervalArray.from_tuples(
            [(np.nan, np.nan) if r.random() < 0.2 else (i, i + 1.5) for i in range(rows)], r.choice(["left", "right", "both"])),
        "categories": lambda rows: pd.Categorical(some(lambda: r.choice("abc"))(rows), list("cbad"), r.random() < 0.5),
        "categories of ints": lambda rows: pd.Categorical(some(lambda: r.choice([5, 1]))(rows), [5, 1, 3]),
        "Arrow's ints": typed("int64[pyarrow]", small),
        "Arrow's times": typed("timestamp[us][pyarrow]", moment),
    })  # fmt: skip
    return kinds


INDICES = ["int64", "int32", "Int64", "float64", "str", "times", "times in a zone", "durations", "dates", "periods",
           "intervals", "categories", "boolean", "UInt8", "bool", "bytes"]  # fmt: skip


def name(r: random.Random) -> Any:
    return r.choice([None, "n", "n", "day", "__index_level_0__", "a", 77, ("t", 1)])


def index(r: random.Random, kinds: Dict[str, Callable[[int], Any]], rows: int) -> Any:
    kind = r.randrange(6)
    if kind == 0:
        return pd.RangeIndex(rows, name=name(r))
    if kind == 1:
        start, step = r.randrange(-9, 9), r.choice([-2, 1, 3])
        return pd.RangeIndex(start, start + step * rows, step, name=name(r))
    if kind == 2:
        return pd.MultiIndex.from_arrays([kinds[r.choice(INDICES)](rows) for _ in range(r.randrange(2, 4))],
                                         sortorder=None)  # fmt: skip
    if kind == 3:
        levels = r.randrange(2, 4)
        arrays = [kinds[r.choice(INDICES)](rows) for _ in range(levels)]
        return pd.MultiIndex.from_arrays(arrays, names=r.sample(["p", "q", None, "r"], levels))
    return pd.Index(kinds[r.choice(INDICES)](rows), name=name(r))


def labels(r: random.Random, width: int) -> Any:
    flat = [
        lambda: pd.RangeIndex(width),
        lambda: pd.Index(r.sample(range(-50, 50), width)),
        lambda: pd.Index([f"c{i}" for i in range(width)], name=r.choice([None, "name", 7])),
        lambda: pd.Index(["ä", "it's", "(1, 2)", "1", "", "a#2", "a"][:width]),
        lambda: pd.date_range("2026-01-01", periods=width, freq="D"),
        lambda: pd.date_range("2026-01-01", periods=width, tz="Europe/Berlin"),
        lambda: pd.Index([i / 4 for i in range(width)]),
        lambda: pd.Index([True, False][:width]) if width < 3 else pd.RangeIndex(width),
        lambda: pd.Index(range(width), dtype="uint8"),
        lambda: pd.Index(range(width), dtype="Int64"),
    ]
    two = [
        lambda: pd.MultiIndex.from_tuples([("a", i) for i in range(width)], names=r.choice([None, ["x", None]])),
        lambda: pd.MultiIndex.from_tuples([("it's", str(i), i % 2) for i in range(width)], names=["x", "y", "z"]),
        lambda: pd.MultiIndex.from_tuples([(1, pd.Timestamp(i, unit="D")) for i in range(width)]),
    ]
    return r.choice(flat)() if not width or r.random() < 0.7 else r.choice(two)()


def random_frame(r: random.Random) -> Any:
    kinds = values(r)
    rows = r.choice([0, 1, r.randrange(20)])
    width = r.randrange(7)
    chosen = [kinds[r.choice(list(kinds))](rows) for _ in range(width)]
    rows_index = index(r, kinds, rows)
    frame = pd.DataFrame({i: pd.Series(column, index=rows_index) for i, column in enumerate(chosen)}, index=rows_index)
    frame.columns = labels(r, width)
    if r.random() < 0.2:
        frame.attrs = {"source": "a test"}
    return frame


class Frames(unittest.TestCase):
    def setUp(self) -> None:
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.path = os.path.join(self.directory.name, "a.npz")

    def back(self, frame: Any) -> Any:
        arrow_npz.write(frame, self.path, durable=False)
        return arrow_npz.to_pandas(self.path)

    @unittest.skipIf(pd is None, "python3 has no pandas or no pyarrow")
    def test_random_pandas_frames_come_back_equal(self) -> None:
        for seed in range(FRAMES):
            with self.subTest(seed=seed), warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # pyarrow's, of names that it takes for texts
                frame = random_frame(random.Random(seed))
                found = self.back(frame)
                pd.testing.assert_frame_equal(frame, found, check_freq=False)
                self.assertTrue(frame.equals(found))
                self.assertEqual(frame.attrs, found.attrs)

    @unittest.skipIf(pd is None, "python3 has no pandas or no pyarrow")
    def test_tables_of_pandas_bring_index_and_dtypes_along(self) -> None:
        index = pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["k", None])
        for rows in (index, pd.RangeIndex(3, 7, 2, name="r"), pd.Index([1, 1]), pd.Index(["x", None])):
            frame = pd.DataFrame({1: pd.array([1, None], "Int32"), 2: [True, None]}, index=rows)
            found = self.back(pa.Table.from_pandas(frame))
            pd.testing.assert_frame_equal(frame, found)
            arrow_npz.write(arrow_npz.to_arrow(self.path), self.path, durable=False)
            pd.testing.assert_frame_equal(frame, arrow_npz.to_pandas(self.path))
            pd.testing.assert_frame_equal(frame, arrow_npz.to_arrow(self.path).to_pandas())

    @unittest.skipIf(pd is None, "python3 has no pandas or no pyarrow")
    def test_labels_lie_where_staticframe_has_them_unless_they_repeat(self) -> None:
        frame = pd.DataFrame([[1.5], [2.5]], index=pd.DatetimeIndex(["2026-01-01", "2026-01-02"], name="day"), columns=[7])
        self.back(frame)
        with np.load(self.path) as members:
            self.assertEqual("M8", members["__values_index_0__"].dtype.str[1:3])
            self.assertEqual([7], list(members["__values_columns_0__"]))
        repeated = pd.concat([frame, frame])
        pd.testing.assert_frame_equal(repeated, self.back(repeated))
        with np.load(self.path) as members:
            self.assertNotIn("__values_index_0__", members.files)

    @unittest.skipIf(pd is None, "python3 has no pandas or no pyarrow")
    def test_zeros_of_both_signs_are_one_label(self) -> None:
        frame = pd.DataFrame({"x": [1, 2]}, index=pd.Index([0.0, -0.0], name="k"))
        pd.testing.assert_frame_equal(frame, self.back(frame))
        with np.load(self.path) as members:
            self.assertNotIn("__values_index_0__", members.files)

    @unittest.skipIf(pd is None, "python3 has no pandas or no pyarrow")
    def test_labels_that_arrow_cannot_hold_become_texts_with_a_warning(self) -> None:
        for columns in (pd.period_range("2026", periods=2, freq="M"), pd.Index(["a", 1], dtype=object)):
            with self.subTest(columns), warnings.catch_warnings(record=True) as said:
                warnings.simplefilter("always")
                found = self.back(pd.DataFrame([[1, 2]], columns=columns))
                self.assertEqual([str(label) for label in columns], list(found.columns))
                self.assertIn("come back as texts", str(said[-1].message))

    @unittest.skipIf(pd is None, "python3 has no pandas or no pyarrow")
    def test_a_key_of_another_frame_changes_no_value(self) -> None:
        other = pa.Table.from_pandas(pd.DataFrame({"a": pd.array([1], "Int8"), "b": ["x"]}, index=pd.Index([5], name="i")))
        key = other.schema.metadata[b"pandas"]
        hostile = [key.replace(b"index_columns", b"columns"), b"{", b"[]", key.replace(b'"i"', b'"nowhere"'),
                   key.replace(b"Int8", b"period[Q]"), key.replace(b"Int8", b"no such type"),
                   key.replace(b'"column_indexes": [', b'"column_indexes": [7, '),
                   key.replace(b'["i"]', b'[{"kind": "range", "start": 0, "stop": 4611686018427387904, "step": 1}]')]  # fmt: skip
        for each in [key, *hostile]:
            with self.subTest(each):
                table = pa.table({"a": [1000, 2000], "b": ["x", "y"], "i": [1, 2]}).replace_schema_metadata({"pandas": each})
                found = self.back(table).reset_index()
                self.assertEqual(["x", "y"], list(found["b"]))
                self.assertEqual(["1000", "2000"], [str(getattr(value, "ordinal", value)) for value in found["a"]])

    @unittest.skipIf(pl is None or pa is None, "python3 has no Polars or no pyarrow")
    def test_polars_frames_come_back_equal(self) -> None:
        frame = pl.DataFrame({
            "i": [1, None, 3], "u": pl.Series([1, 2, None], dtype=pl.UInt8), "f": [1.5, float("nan"), None],
            "s": ["a", None, "a text of more than twelve bytes"], "b": [b"x", None, b""], "t": [True, None, False],
            "c": pl.Series(["x", "y", "x"], dtype=pl.Categorical), "e": pl.Series(["q", None, "p"], dtype=pl.Enum(["p", "q"])),
            "d": [datetime.date(2026, 1, 1), None, datetime.date(1, 1, 1)], "h": [datetime.time(1), None, datetime.time(2)],
            "z": pl.Series([0, 1, None]).cast(pl.Datetime("us", "Europe/Berlin")), "m": pl.Series([1, 2, 3]).cast(pl.Duration("ms")),
            "n": pl.Series([decimal.Decimal("1.50"), None, decimal.Decimal(2)]), "l": [[1], None, []],
            "a": pl.Series([[1, 2], [3, 4], [5, 6]], dtype=pl.Array(pl.Int8, 2)), "r": [{"x": 1, "y": "z"}] * 3, "0": [None] * 3,
        })  # fmt: skip
        for part in (frame, frame.head(0), frame.slice(1, 1), frame.select("i")):
            arrow_npz.write(part, self.path, durable=False)
            found = pl.from_arrow(arrow_npz.to_arrow(self.path))
            self.assertEqual(part.schema, found.schema)
            self.assertTrue(part.equals(found))


if __name__ == "__main__":
    unittest.main()
