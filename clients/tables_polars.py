"""Random frames of Polars: every dtype and nesting, as IPC files, streams and Parquet."""

import datetime
import decimal
import pathlib
import random

import polars as pl

import compare

NAME = "Polars"
ERRORS: tuple = (pl.exceptions.PolarsError, pl.exceptions.PanicException)
TEXTS = ["", "a", "word", "ö", "日本", "x" * 40, " ", "\U0001f600"]
NUMBERS = [pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64, pl.Float32, pl.Float64]
UNITS = ["ms", "us", "ns"]


def random_dtype(rng: random.Random, depth: int = 2):
    if depth and rng.random() < 0.3:
        inner = random_dtype(rng, depth - 1)
        return rng.choice([
            lambda: pl.List(inner), lambda: pl.Array(inner, rng.choice([1, 2, 3])),
            lambda: pl.Struct({name: random_dtype(rng, depth - 1) for name in rng.sample("xyz", rng.randint(1, 3))})])()
    digits = rng.randint(1, 38)
    return rng.choice([
        rng.choice(NUMBERS), rng.choice(NUMBERS), pl.Boolean, pl.String, pl.String, pl.Binary, pl.Date, pl.Time,
        pl.Datetime(rng.choice(UNITS), rng.choice([None, None, "UTC", "Europe/Berlin"])),
        pl.Duration(rng.choice(UNITS)), pl.Categorical, pl.Enum(["a", "b", "word", "ö"]), pl.Null,
        pl.Decimal(digits, rng.randint(0, digits))])


def value(rng: random.Random, dtype, nulls: float):
    if rng.random() < nulls or dtype == pl.Null:
        return None
    if isinstance(dtype, pl.List):
        return [value(rng, dtype.inner, nulls) for _ in range(rng.randint(0, 3))]
    if isinstance(dtype, pl.Array):
        return [value(rng, dtype.inner, nulls) for _ in range(dtype.size)]
    if isinstance(dtype, pl.Struct):
        return {field.name: value(rng, field.dtype, nulls) for field in dtype.fields}
    if isinstance(dtype, pl.Decimal):
        digits = rng.randint(1, dtype.precision)
        number = rng.randint(-10 ** digits + 1, 10 ** digits - 1)
        return decimal.Decimal((number < 0, [int(digit) for digit in str(abs(number))], -dtype.scale))
    if dtype.is_float():
        return rng.choice([0.0, -0.0, float("nan"), float("inf"), 1.5, rng.gauss(0, 1)])
    if dtype.is_integer():
        return rng.choice([0, 1, 100, 127])
    if isinstance(dtype, pl.Enum):
        return rng.choice(dtype.categories.to_list())
    seconds = datetime.timedelta(seconds=rng.randint(-10 ** 9, 10 ** 9), microseconds=rng.choice([0, 1000]))
    moment = datetime.datetime(2000, 1, 1) + seconds
    if dtype == pl.Duration:
        return seconds
    if dtype == pl.Datetime:
        return moment if dtype.time_zone is None else moment.replace(tzinfo=datetime.timezone.utc)
    return {pl.Boolean: rng.random() < 0.5, pl.Binary: rng.choice(TEXTS).encode() + b"\0", pl.Date: moment.date(),
            pl.Time: moment.time()}.get(dtype, rng.choice(TEXTS))


def make(rng: random.Random) -> pl.DataFrame:
    n = rng.choice([0, 1, 2, 3, 9, 40])
    pieces = []
    names = rng.sample(["a", "b", "c c", "ö", "", "1", "index"], rng.randint(1, 4))
    dtypes = {name: random_dtype(rng) for name in names}
    for _ in range(rng.choice([1, 1, 2])):
        pieces.append(pl.DataFrame([
            pl.Series(name, [value(rng, dtype, rng.choice([0, 0.3])) for _ in range(n)], dtype=dtype, strict=False)
            for name, dtype in dtypes.items()]))
    frame = pl.concat(pieces, rechunk=rng.random() < 0.5)
    return frame.slice(1) if rng.random() < 0.2 else frame


def forms(frame: pl.DataFrame) -> list[str]:
    return ["feather", "lz4", "zstd", "stream", "parquet"]


def ends(frame: pl.DataFrame) -> list[str]:
    return ["feather", "lz4", "zstd", "stream", "parquet"]


def write(frame: pl.DataFrame, path: pathlib.Path, form: str) -> None:
    if form == "parquet":
        frame.write_parquet(path)
    elif form == "stream":
        frame.write_ipc_stream(path)
    else:
        frame.write_ipc(path, compression=form if form in ("lz4", "zstd") else "uncompressed",
                        record_batch_size=None if frame.height < 9 else 8)


def read(path: pathlib.Path) -> pl.DataFrame:
    data = path.read_bytes()
    if path.suffix == ".parquet":
        return pl.read_parquet(data)
    return pl.read_ipc_stream(data) if path.suffix == ".arrows" else pl.read_ipc(data)


def judge(before: pl.DataFrame, path: pathlib.Path) -> str | None:
    after, parquet = read(path), path.suffix == ".parquet"
    if before.schema != after.schema and not (parquet and with_lists(before) == with_lists(after)):
        return f"schema {dict(before.schema)} is now {dict(after.schema)}"
    if before.height != after.height:
        return f"{before.height} rows are now {after.height}"
    return compare.tables(before.to_arrow(), after.to_arrow(), metadata=False, parquet=parquet)


def with_lists(frame: pl.DataFrame) -> list[tuple[str, str]]:
    """The schema with lists for arrays: where an array is missing, it is a list in our Parquet."""
    return [(name, lists(kind)) for name, kind in frame.schema.items()]


def lists(kind: pl.DataType) -> str:
    if isinstance(kind, pl.Array | pl.List):
        return f"List({lists(kind.inner)})"
    if isinstance(kind, pl.Struct):
        return str([(field.name, lists(field.dtype)) for field in kind.fields])
    return str(kind)


def smaller(frame: pl.DataFrame):
    if frame.width > 1:
        yield from (frame.select(name) for name in frame.columns)
    yield from (frame.head(rows) for rows in (0, 1, 2, frame.height // 2) if rows < frame.height)
