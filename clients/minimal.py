"""What real clients once met, one line each: what they must see stands beside it.

    clients/run --minimal
"""

import os
import pathlib
import re
import shutil
import sys
import tempfile
import warnings
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.flight as flight
import pyarrow.ipc as ipc
import pyarrow.parquet as pq

from driver import Driver

DATA = pathlib.Path(__file__).parent / "data"
DRIVER: Driver
failures = []


def check(key: str, seen: object, expected: str) -> None:
    """Prints what is seen; a pattern, since messages say more than the part that matters."""
    wrong = re.fullmatch(expected, str(seen), re.DOTALL) is None
    print(f"{key:4} {seen}" + (f"\n     EXPECTED {expected}" if wrong else ""))
    if wrong:
        failures.append(key)


def attempt(action) -> object:
    try:
        return action()
    except Exception as failure:  # whatever a client says is what its user sees
        return f"{type(failure).__name__}: {failure}"


def cli(*arguments: str) -> tuple[int, str, str]:
    code, out, err = DRIVER(*arguments)
    return code, out, err.strip()


def convert(source: str, target: str, *options: str) -> tuple[int, str]:
    code, _, err = cli("convert", source, target, "--force", *options)
    return code, err


def arrow(name: str, *batches: pa.RecordBatch) -> None:
    with (ipc.new_stream if name.endswith(".arrows") else ipc.new_file)(name, batches[0].schema) as writer:
        for batch in batches:
            writer.write_batch(batch)


def batch(array: pa.Array, name: str = "c") -> pa.RecordBatch:
    return pa.record_batch([array], [name])


def read(name: str) -> pa.Table:
    return ipc.open_file(pa.BufferReader(pathlib.Path(name).read_bytes())).read_all()


def null_column_in_a_compressed_file() -> None:
    arrow("r1.arrow", pa.record_batch([pa.array([1, 2]), pa.nulls(2)], ["a", "b"]))
    for codec in ("lz4", "zstd"):
        code = convert("r1.arrow", "r1.feather", "--compression", codec)
        seen = attempt(lambda: read("r1.feather").to_pylist())
        verified = cli("verify", "--level", "content", "r1.feather")[0]
        check("R1", f"{code} {seen} verify {verified}",
              r"\(0, ''\) \[\{'a': 1, 'b': None\}, \{'a': 2, 'b': None\}\] verify 0")


def flight_with_dictionaries() -> None:
    DRIVER.running()
    client = flight.connect(DRIVER.location)

    def put(name: str, table: pa.Table) -> object:
        writer, _ = client.do_put(flight.FlightDescriptor.for_path(name), table.schema)
        with writer:
            writer.write_table(table)
        return client.do_get(flight.Ticket(b'{"v":1,"name":"%s"}' % name.encode())).read_all()

    def nested(*values: str) -> pa.RecordBatch:
        return batch(pa.StructArray.from_arrays([pa.array(values).dictionary_encode()], ["d"]))

    table = pa.Table.from_batches([nested("a", "b"), nested("x", "y")])
    check("R2", attempt(lambda: [row["c"]["d"] for row in put("r2", table).to_pylist()]), r"\['a', 'b', 'x', 'y'\]")
    schema = pa.schema([pa.field("c", pa.dictionary(pa.int32(), pa.string()), nullable=False)])
    table = pa.Table.from_batches([
        pa.record_batch([pa.array([value]).dictionary_encode()], schema=schema) for value in "ax"])
    check("R2b", attempt(lambda: put("r2b", table)["c"].to_pylist()), r"\['a', 'x'\]")
    table = pa.table({"c": pa.array([], pa.string()).dictionary_encode()})
    check("R2c", attempt(lambda: put("r2c", table).schema.types), r"\[DictionaryType\(dictionary<values=string, "
          r"indices=int32, ordered=0>\)\]")
    client.close()


def parquet_with_dictionaries() -> None:
    pd.DataFrame({"c": pd.Categorical(["x", "y"])}).to_parquet("r3.parquet")
    convert("r3.parquet", "r3.feather")
    check("R3", attempt(lambda: pd.read_feather("r3.feather")["c"].tolist()), r"\['x', 'y'\]")
    check("R3", attempt(lambda: pd.read_feather("r3.feather")["c"].dtype.name), "category")
    pl.DataFrame({"c": pl.Series(["x"], dtype=pl.Categorical)}).write_parquet("r3p.parquet")
    check("R3", cli("head", "r3p.parquet"), r"\(0, '\{\"c\":\"x\"\}\\n', ''\)")
    check("R3", convert("r3.parquet", "r3.npz"), r"\(0, .*\)")


def large_lists_in_batches() -> None:
    pl.DataFrame({"l": [[i] for i in range(300000)]}).write_ipc("r4.feather")
    code = convert("r4.feather", "r4.npz")
    convert("r4.npz", "r4b.feather")
    check("R4", (code[0], attempt(lambda: pl.read_ipc("r4b.feather").equals(pl.read_ipc("r4.feather")))), r"\(0, True\)")


def sparse_unions() -> None:
    union = pa.UnionArray.from_sparse(pa.array([0, 1], pa.int8()), [pa.array([1, 2]), pa.array(["x", "y"])])
    for key, array in (("R5", union), ("R5e", union.slice(0, 0))):
        arrow("r5.arrow", batch(array))
        convert("r5.arrow", "r5.npz")
        convert("r5.npz", "r5b.arrow")
        check(key, attempt(lambda: f"{read('r5b.arrow').schema.types[0]} {read('r5b.arrow')['c'].to_pylist()}"),
              re.escape(f"{union.type} {array.to_pylist()}"))
        os.remove("r5b.arrow") if os.path.exists("r5b.arrow") else None


def nul_in_a_label() -> None:
    """Either it comes back, or the way there is refused, with a sentence that names the label."""
    shutil.copy(DATA / "nul_label.npz", "r6.npz")
    code, err = convert("r6.npz", "r6.parquet")
    if code:
        check("R6", err, r".*(NUL|U\+0000|\\u0000|\\x00|\\0).*")
        return
    convert("r6.parquet", "r6b.npz")

    def held(name: str) -> tuple:
        with np.load(name) as archive:
            return archive["__values_columns_0__"].tolist(), bytes(archive["__meta__.json"])

    check("R6", attempt(lambda: held("r6b.npz") == held("r6.npz")), "True")


def frames_that_pandas_opens() -> None:
    def frame(name: str) -> pd.DataFrame:
        shutil.copy(DATA / f"{name}.npz", "r7.npz")
        convert("r7.npz", "r7.feather")
        return feather.read_table("r7.feather", memory_map=False).to_pandas()

    check("R7a", attempt(lambda: frame("hierarchical_date_labels").columns.tolist()[:1]),
          r"\[\(Timestamp\('2020-01-01 00:00:00'\), (np\.int64\()?1\)?\)\]")
    check("R7b", attempt(lambda: [str(label)[:10] for label in frame("date_labels_before_1677").columns]),
          r"\['2020-01-01', '1020-01-01'\]")
    check("R7c", attempt(lambda: frame("month_durations").shape), r"\([0-9]+, [0-9]+\)")
    check("R7d", attempt(lambda: frame("float16_index").shape), r"\([0-9]+, [0-9]+\)")


def decimals() -> None:
    arrow("r8.arrow", batch(pa.array([Decimal("12.34")], pa.decimal128(4, 2))))
    check("R8", cli("verify", "--level", "content", "r8.arrow")[0], "0")
    arrow("r9.arrow", batch(pa.array([Decimal("1.00")], pa.decimal32(5, 2))))
    code, err = convert("r9.arrow", "r9.npz")
    if code:
        check("R9", err, r"(?!.*damaged).*(unsupported|not supported|does not support|decimal32|32-bit|32 bits).*")
    else:
        convert("r9.npz", "r9b.arrow")
        check("R9", attempt(lambda: read("r9b.arrow").to_pylist()), r"\[\{'c': Decimal\('1.00'\)\}\]")


def joins() -> None:
    """Two batches of types that are seldom met; one frame of both comes back."""
    cases = {
        "R10": pa.array([[("a", None)]], pa.map_(pa.string(), pa.null())),
        "R10a": pa.array([[]], pa.list_(pa.int32(), 0)),
        "R10b": pa.array([{}], pa.struct([])),
        "R10c": pa.array([[None, None]], pa.list_(pa.null(), 2)),
        "R12": pa.array([[1]], pa.list_view(pa.int32())),
        "R12b": pa.RunEndEncodedArray.from_arrays(pa.array([1], pa.int32()), pa.array(["x"])),
    }
    for key, array in cases.items():
        arrow("r10.arrow", batch(array), batch(array))
        convert("r10.arrow", "r10.npz")
        convert("r10.npz", "r10b.arrow")
        check(key, attempt(lambda: read("r10b.arrow")["c"].to_pylist()), re.escape(str(array.to_pylist() * 2)))
        os.remove("r10b.arrow") if os.path.exists("r10b.arrow") else None
    arrow("r11.arrows", *(batch(pa.array([value]).dictionary_encode()) for value in "ax"))
    check("R11", cli("cat", "r11.arrows"), r"\(0, '\{\"c\":\"a\"\}\\n\{\"c\":\"x\"\}\\n', ''\)")


def what_parquet_keeps() -> None:
    schema = pa.schema([pa.field("c", pa.struct([
        ("x", pa.dictionary(pa.int8(), pa.string())), ("y", pa.large_string())]), metadata={"a": "b"})])
    words = pa.array(["p"]).dictionary_encode().cast(pa.dictionary(pa.int8(), pa.string()))
    column = pa.StructArray.from_arrays([words, pa.array(["q"], pa.large_string())], ["x", "y"])
    arrow("r13.arrow", pa.record_batch([column], schema=schema))
    convert("r13.arrow", "r13.parquet")
    convert("r13.parquet", "r13b.arrow")
    field = schema.field(0)
    check("R13", attempt(lambda: f"{read('r13b.arrow').schema.field(0).type} {read('r13b.arrow').to_pylist()} "
                         f"{read('r13b.arrow').schema.field(0).metadata[b'a']}"),
          re.escape(f"{field.type} {[{'c': {'x': 'p', 'y': 'q'}}]} b'b'"))
    zoned = pd.DatetimeIndex(["2020-01-01"]).tz_localize("Europe/Berlin")
    pd.DataFrame({"td": pd.to_timedelta([1], unit="s"), "c": pd.Categorical(["x"]), "tz": zoned,
                  "p": pd.period_range("2020-01", periods=1, freq="M")}).to_feather("r15.feather")
    convert("r15.feather", "r15.parquet")
    dtypes = {name: str(dtype) for name, dtype in pd.read_feather("r15.feather").dtypes.items()}
    check("R15", attempt(lambda: {name: str(dtype) for name, dtype in pd.read_parquet("r15.parquet").dtypes.items()}),
          re.escape(str(dtypes)))
    check("R15", sorted(pq.ParquetFile("r15.parquet").metadata.metadata), r".*b'ARROW:schema'.*")


def names_and_metadata() -> None:
    schema = pa.schema([pa.field("l", pa.list_(pa.field("item", pa.int32()))),
                        pa.field("n", pa.null(), metadata={"a": "b"})])
    arrow("r14.arrow", pa.record_batch([pa.array([[1]], schema.types[0]), pa.nulls(1)], schema=schema))
    convert("r14.arrow", "r14.npz")
    convert("r14.npz", "r14b.arrow")
    check("R14", attempt(lambda: f"{read('r14b.arrow').schema.types[0]} {read('r14b.arrow').schema.field('n').metadata}"),
          r"list<item: int32> \{b'a': b'b'\}")


def what_pandas_keeps() -> None:
    frame = pd.DataFrame([[1]], columns=pd.DatetimeIndex(["2020-01-01"]), index=pd.Index([5], name=0))
    frame.attrs = {"k": 1}
    with warnings.catch_warnings():
        # The name of the index becomes a text in pyarrow's hands.
        warnings.simplefilter("ignore")
        feather.write_feather(pa.Table.from_pandas(frame), "r16.feather")
    convert("r16.feather", "r16.npz")
    convert("r16.npz", "r16b.feather")

    def said(name: str) -> str:
        seen = pd.read_feather(name)
        return f"{type(seen.columns).__name__} {seen.columns[0]} {seen.index.name!r} {seen.attrs}"

    check("R16", attempt(lambda: said("r16b.feather")), re.escape(said("r16.feather")))


def shapes() -> None:
    np.save("r17.npy", np.float64(3))
    convert("r17.npy", "r17b.npy")
    check("R17", f"0-d -> {np.load('r17b.npy').shape}", r"0-d -> \(\)")
    np.save("r17c.npy", np.zeros((3, 0)))
    code = convert("r17c.npy", "r17d.npy")
    check("R17", attempt(lambda: f"{code} {np.load('r17d.npy').shape}"), r"\(0, ''\) \(3, 0\)")


def main() -> int:
    global DRIVER
    with tempfile.TemporaryDirectory() as work:
        DRIVER = Driver(pathlib.Path(work))
        os.chdir(work)
        for one in (null_column_in_a_compressed_file, flight_with_dictionaries, parquet_with_dictionaries,
                    large_lists_in_batches, sparse_unions, nul_in_a_label, frames_that_pandas_opens, decimals, joins,
                    what_parquet_keeps, names_and_metadata, what_pandas_keeps, shapes):
            one()
        DRIVER.close()
        os.chdir("/")
    print(f"{len(failures)} lines are not as expected: {', '.join(failures)}" if failures else "all lines as expected")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
