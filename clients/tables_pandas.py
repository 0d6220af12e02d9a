"""Random frames of pandas: every dtype, kinds of indexes and labels, hierarchies, attrs."""

import decimal
import pathlib
import random
import warnings

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.feather as feather

import tables_arrow
import yardstick


NAME = "pandas"
ERRORS: tuple = (pd.errors.OutOfBoundsDatetime,)
UNITS = ["s", "ms", "us", "ns"]
WORDS = ["", "a", "b", "ö", "日本", "a b", "x" * 30, "NaN", "None"]
START = pd.Timestamp("2020-02-28 23:00")
ARROW = [pa.int8(), pa.uint64(), pa.float32(), pa.string(), pa.large_string(), pa.binary(), pa.date32(),
         pa.timestamp("ms"), pa.duration("s"), pa.time64("us"), pa.decimal128(10, 2), pa.bool_()]


def numbers(rng: random.Random, n: int, dtype: str) -> np.ndarray:
    noise = np.random.default_rng(rng.getrandbits(64))
    if dtype[0] == "f":
        return np.where(noise.random(n) < 0.3, [rng.choice([0.0, -0.0, np.nan, np.inf])], noise.normal(size=n)).astype(
            dtype)
    return noise.integers(0, 100, n).astype(dtype)


def column(rng: random.Random, n: int):
    """Values with some missing where the dtype has a way to say so."""
    def holes(values: list, share: float = 0.3) -> list:
        return [None if rng.random() < share else value for value in values]

    def words() -> list[str]:
        return [rng.choice(WORDS) for _ in range(n)]

    unit, zone = rng.choice(UNITS), rng.choice(["UTC", "Europe/Berlin", "Asia/Tokyo", "+03:00"])
    days = [START + pd.Timedelta(days=rng.randint(0, 400), seconds=rng.randint(0, 9)) for _ in range(n)]
    masked = rng.choice(["Int8", "Int32", "Int64", "UInt16", "Float32", "Float64"])
    plain = rng.choice(["i1", "i2", "i4", "i8", "u1", "u4", "u8", "f4", "f8", "f2"])
    whole = [rng.randint(0, 9) for _ in range(n)]
    return rng.choice([
        lambda: numbers(rng, n, plain), lambda: numbers(rng, n, plain),
        lambda: pd.array(holes(whole), dtype=masked),
        lambda: np.array(whole) % 2 == 0,
        lambda: pd.array(holes([value % 2 == 0 for value in whole]), dtype="boolean"),
        lambda: pd.Series(holes(words()), dtype="str"),
        lambda: pd.array(holes(words()), dtype=rng.choice(["string[pyarrow]", "string[python]"])),
        lambda: pd.Series(holes(words()), dtype=object),
        lambda: pd.Series(holes([word.encode() for word in words()]), dtype=object),
        lambda: pd.Series(holes([decimal.Decimal(value) / 4 for value in whole]), dtype=object),
        lambda: pd.Series(holes([day.date() for day in days]), dtype=object),
        lambda: pd.Series(holes([day.time() for day in days]), dtype=object),
        lambda: pd.Series(holes([[value, None] for value in whole]), dtype=object),
        lambda: pd.Series(holes([{"x": value} for value in whole]), dtype=object),
        lambda: pd.Series(pd.to_datetime(holes(days))).dt.as_unit(unit),
        lambda: pd.Series(pd.to_datetime(days)).dt.tz_localize("UTC").dt.tz_convert(zone).dt.as_unit(unit),
        lambda: pd.Series(pd.to_timedelta(holes(whole), unit="h")).dt.as_unit(unit),
        lambda: pd.Categorical(holes(words()), ordered=rng.random() < 0.5),
        lambda: pd.Categorical(holes(whole)),
        lambda: pd.period_range("2020-01", periods=n, freq=rng.choice(["M", "D", "Q"])),
        lambda: pd.interval_range(0, n, periods=n) if n else pd.interval_range(0, 1, periods=1)[:0],
        lambda: arrow_column(rng, n)])()


def arrow_column(rng: random.Random, n: int):
    """A column of ArrowDtype; of lists and structs pandas cannot read what it wrote itself."""
    kind = rng.choice(ARROW)
    return pd.arrays.ArrowExtensionArray(tables_arrow.make_array(rng, kind, n, 0.3))


def labels(rng: random.Random, n: int, named: bool = True) -> pd.Index:
    name = rng.choice([None, None, "n", "ö", "index"]) if named else None
    dates = pd.date_range(START, periods=n, freq=rng.choice(["D", "h", "MS"]), unit=rng.choice(UNITS))
    return rng.choice([
        lambda: pd.RangeIndex(n, name=name), lambda: pd.RangeIndex(2, 2 + 3 * n, 3, name=name),
        lambda: pd.Index(range(5, 5 + n), dtype="int16", name=name),
        lambda: pd.Index([f"l{i}" for i in range(n)], dtype="str", name=name),
        lambda: pd.Index([f"l{i}" for i in range(n)], dtype=object, name=name),
        lambda: pd.Index(np.arange(n) / 2, name=name), lambda: pd.DatetimeIndex(dates, name=name),
        lambda: pd.DatetimeIndex(dates, name=name).tz_localize("UTC").tz_convert("Europe/Berlin"),
        lambda: pd.timedelta_range("1h", periods=n, freq="h", name=name),
        lambda: pd.CategoricalIndex([f"c{i}" for i in range(n)], name=name)])()


def make(rng: random.Random) -> pd.DataFrame:
    n, width = rng.choice([0, 1, 2, 3, 9, 30]), rng.randint(1, 4)
    frame = pd.DataFrame({i: column(rng, n) for i in range(width)})
    if rng.random() < 0.2:
        frame.index = pd.MultiIndex.from_arrays([labels(rng, n, False), labels(rng, n, False)],
                                                names=rng.choice([[None, None], ["p", "q"], ["p", None]]))
    else:
        frame.index = labels(rng, n)
    pick = rng.random()
    if pick < 0.6:
        names = rng.sample(["a", "b", "c d", "ö", "", "1", "index", "n"], width)
        frame.columns = pd.Index(names, dtype=rng.choice(["str", object]), name=rng.choice([None, None, "cols"]))
    elif pick < 0.75:
        frame.columns = pd.MultiIndex.from_arrays(
            [[rng.choice("ab") for _ in range(width)], range(width)], names=rng.choice([[None, None], ["u", "v"]]))
    elif pick < 0.85:
        frame.columns = pd.date_range("2020-01-01", periods=width)
    else:
        frame.columns = pd.Index(range(3, 3 + width), name=rng.choice([None, "cols"]))
    if rng.random() < 0.3:
        frame.attrs = {"k": [1, "x"], "ö": {"deep": None}}
    return frame


def forms(frame: pd.DataFrame) -> list[str]:
    return ["feather", "parquet", "stream"]


def ends(frame: pd.DataFrame) -> list[str]:
    return ["feather", "lz4", "zstd", "stream", "parquet"]


def write(frame: pd.DataFrame, path: pathlib.Path, form: str) -> None:
    with warnings.catch_warnings():
        # Names of levels that are no texts, and the like: pandas says what it loses.
        warnings.simplefilter("ignore")
        if form == "parquet":
            frame.to_parquet(path)
        else:
            table = pa.Table.from_pandas(frame)
            if form == "feather":
                feather.write_feather(table, str(path), compression="uncompressed")
            else:
                yardstick.write_arrow(table, path, None)


def read(path: pathlib.Path) -> pd.DataFrame:
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    if path.suffix == ".feather":
        return pd.read_feather(path)
    return yardstick.read_arrow(path).to_pandas()


def judge(before: pd.DataFrame, path: pathlib.Path) -> str | None:
    return difference(before, read(path))


def difference(before: pd.DataFrame, after: pd.DataFrame) -> str | None:
    if before.attrs != after.attrs:
        return f"attrs {before.attrs} are now {after.attrs}"
    try:
        # A range other than 0, 1, 2 ... comes back as the index of its numbers, which pandas takes for equivalent.
        pd.testing.assert_frame_equal(before, after, check_exact=True, check_freq=False, check_column_type=True)
    except AssertionError as failure:
        return " ".join(str(failure).split())
    for i in range(before.shape[1]):
        one, other = before.iloc[:, i], after.iloc[:, i]
        if isinstance(one.dtype, np.dtype) and one.dtype.kind == "f" and one.to_numpy().tobytes() != (
                other.to_numpy().tobytes()):
            return f"column {i} of {one.dtype}: other bits of NaN or -0.0"
    return None


def smaller(frame: pd.DataFrame):
    if frame.shape[1] > 1:
        yield from (frame.iloc[:, [i]] for i in range(frame.shape[1]))
    if not isinstance(frame.index, pd.RangeIndex):
        yield frame.reset_index(drop=True)
    yield from (frame.iloc[:rows] for rows in (0, 1, 2, len(frame) // 2) if rows < len(frame))
    if frame.attrs:
        less = frame.copy()
        less.attrs = {}
        yield less
