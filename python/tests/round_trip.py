"""The Python half of PythonRoundTripTest.

`take DIR N` compares DIR/java/*.npz with the IPC files beside them, writes each again to DIR/back, and N tables of its
own to DIR/python; `compare DIR` holds what Java made of these, DIR/again/*.npz, against their IPC files. `pandas DIR` writes frames of pandas to DIR, and `pandas-again DIR` holds what
Java made of them against the frames; where there is no pandas both do nothing.
"""

import datetime
import decimal
import glob
import io
import os
import random
import sys
import tempfile
from typing import Any, Dict, List, Optional, Tuple

import numpy as np
import pyarrow as pa

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import arrow_npz  # noqa: E402

FRAMES = 100


def read_ipc(path: str) -> pa.Table:
    with pa.memory_map(path) as source:
        return pa.ipc.open_file(source).read_all()


def whole(column: pa.ChunkedArray) -> pa.Array:
    return arrow_npz._whole(pa, column)


def metadata(field: pa.Field) -> Dict[bytes, bytes]:
    return {key: value for key, value in (field.metadata or {}).items() if not key.startswith(b"numpy.")}


def normal(column: pa.Array) -> Any:
    """Values that are equal where the columns are, NaN included."""
    try:
        return repr(column.to_pylist())
    except (NotImplementedError, KeyError, ValueError, OverflowError, TypeError, pa.ArrowException):
        # Python has no such dates, or pyarrow no such values: the buffers, with zeros under nulls.
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "column.npz")
            table = pa.table({"": column}).replace_schema_metadata({"kept": "as buffers"})
            arrow_npz.write(table, path, durable=False)
            with io.open(path, "rb") as file:
                return file.read()


def difference(left: pa.Table, right: pa.Table) -> Optional[str]:
    if left.num_rows != right.num_rows or left.schema.names != right.schema.names:
        return f"{left.shape} {left.schema.names} and {right.shape} {right.schema.names}"
    for name in left.schema.names:
        one, other = left.schema.field(name), right.schema.field(name)
        if one.type != other.type or one.nullable != other.nullable or metadata(one) != metadata(other):
            return f"{name!r} is {one} {one.metadata}, not {other} {other.metadata}"
        a, b = whole(left.column(name)), whole(right.column(name))
        if a.null_count != b.null_count:
            return f"{name!r} ({one.type}) has {a.null_count} nulls, not {b.null_count}"
        if not a.equals(b) and normal(a) != normal(b):
            return f"{name!r} ({one.type}) has other values: {normal(a)} {normal(b)}"
    return None


def check(table: pa.Table, truth: str, path: str) -> None:
    table.validate()
    found = difference(table, read_ipc(truth))
    if found:
        raise SystemExit(f"{path}: {found}")


def take(directory: str, count: int) -> None:
    for path in sorted(glob.glob(os.path.join(directory, "java", "*.npz"))):
        table = arrow_npz.to_arrow(path)
        check(table, path[:-4] + ".arrow", path)
        back = os.path.join(directory, "back", os.path.basename(path))
        arrow_npz.write(table, back, durable=False)
        check(arrow_npz.to_arrow(back, verify=True), path[:-4] + ".arrow", back)
    for i in range(count):
        stem = os.path.join(directory, "python", f"random{i}")
        table = random_table(random.Random(i))
        with pa.OSFile(stem + ".arrow", "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
        arrow_npz.write(table, stem + ".npz", compress=i % 7 == 0, durable=False)
        check(arrow_npz.to_arrow(stem + ".npz"), stem + ".arrow", stem)


def compare(directory: str) -> None:
    for path in sorted(glob.glob(os.path.join(directory, "again", "*.npz"))):
        truth = os.path.join(directory, "python", os.path.basename(path)[:-4] + ".arrow")
        check(arrow_npz.to_arrow(path), truth, path)


def pandas_frames(directory: str, again: bool) -> None:
    import test_frames

    if test_frames.pd is None:
        return
    for seed in range(FRAMES):
        frame = test_frames.random_frame(random.Random(10_000 + seed))
        if again:
            found = arrow_npz.to_pandas(os.path.join(directory, "again", f"{seed}.npz"))
            test_frames.pd.testing.assert_frame_equal(frame, found, check_freq=False)
        else:
            arrow_npz.write(frame, os.path.join(directory, f"{seed}.npz"), durable=False)


# ------------------------------------------------------------------------------------------------------ random tables


def leaf(r: random.Random) -> Tuple[pa.DataType, Any]:
    """A type, and what makes its values."""
    integer = r.choice([pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64()])
    bits, signed = integer.bit_width, str(integer).startswith("i")
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
    unit = r.choice(["s", "ms", "us", "ns"])
    text = lambda: "".join(r.choice("aß€😀 \n0") for _ in range(r.randrange(20)))  # noqa: E731
    number = lambda: r.choice([0.0, -0.0, 1.5, float("inf"), float("nan"), r.gauss(0, 1e6)])  # noqa: E731
    small = lambda: r.randrange(-(10**9), 10**9)  # noqa: E731
    return r.choice(
        [
            (pa.null(), lambda: None),
            (pa.bool_(), lambda: r.random() < 0.5),
            (integer, lambda: r.choice([low, high, 0, r.randint(low, high)])),
            (pa.float16(), lambda: np.float16(r.choice([0.0, 1.5, -2.0]))),
            (pa.float32(), number),
            (pa.float64(), number),
            (r.choice([pa.string(), pa.large_string(), pa.string_view()]), text),
            (r.choice([pa.binary(), pa.large_binary(), pa.binary_view()]), lambda: bytes(r.choices(range(256), k=r.randrange(20)))),
            (pa.binary(3), lambda: bytes(r.choices(range(256), k=3))),
            (pa.decimal128(20, 3), lambda: decimal.Decimal(small()) / 1000),
            (pa.decimal256(50, 3), lambda: decimal.Decimal(small()) / 1000),
            (pa.date32(), lambda: datetime.date(1970, 1, 1) + datetime.timedelta(days=r.randrange(-9999, 9999))),
            (pa.date64(), lambda: datetime.date(1970, 1, 1) + datetime.timedelta(days=r.randrange(-9999, 9999))),
            (pa.time32("ms"), lambda: datetime.time(r.randrange(24), r.randrange(60))),
            (pa.time64("ns"), lambda: datetime.time(r.randrange(24), r.randrange(60), 1, r.randrange(10**6))),
            (pa.timestamp(unit, r.choice([None, "UTC", "Europe/Berlin"])), small),
            (pa.duration(unit), small),
            (pa.month_day_nano_interval(), lambda: pa.MonthDayNano([r.randrange(99), r.randrange(99), small()])),
        ]
    )


def column(r: random.Random, rows: int, depth: int, nulls: bool) -> pa.Array:
    kind = r.randrange(14 if depth < 3 else 4)
    mask = [nulls and r.random() < 0.3 for _ in range(rows)]
    if kind < 4 or (depth > 0 and kind in (11, 12)):  # Arrow Java cannot create these below others
        return from_values(r, *leaf(r), rows, mask)
    if kind == 4:
        size = r.randrange(4)
        child = column(r, rows * size, depth + 1, nulls)
        bits = bitmap(mask) if any(mask) else None
        return pa.Array.from_buffers(pa.list_(child.type, size), rows, [bits], children=[child])
    if kind in (5, 6, 7):
        lengths = [0 if hidden else r.randrange(4) for hidden in mask]
        offsets = np.concatenate(([0], np.cumsum(lengths, dtype=np.int64)))
        child = column(r, int(offsets[-1]), depth + 1, nulls)
        make = [pa.ListArray, pa.LargeListArray, pa.ListViewArray][kind - 5]
        width = "<i8" if kind == 6 else "<i4"
        bits = pa.array(mask, pa.bool_()) if any(mask) else None
        if kind == 7:
            return make.from_arrays(pa.array(offsets[:-1].astype(width)), pa.array(np.diff(offsets).astype(width)), child, mask=bits)
        return make.from_arrays(pa.array(offsets.astype(width)), child, mask=bits)
    if kind == 8:
        children = [column(r, rows, depth + 1, nulls) for _ in range(r.randrange(1, 4))]
        return pa.StructArray.from_arrays(children, [f"c{i}" for i in range(len(children))], mask=pa.array(mask, pa.bool_()))
    if kind == 9:
        lengths = [0 if hidden else r.randrange(3) for hidden in mask]
        offsets: List[Optional[int]] = [0]
        for length in lengths:
            offsets.append(int(offsets[-1] or 0) + length)
        keys = pa.array([f"k{i}" for i in range(int(offsets[-1] or 0))], pa.string())
        return pa.MapArray.from_arrays(pa.array(offsets, pa.int32()), keys, column(r, len(keys), depth + 1, nulls))
    if kind == 10:
        words = from_values(r, pa.string(), lambda: str(r.randrange(10**6)), r.randrange(1, 9), [False] * 9)
        indices = pa.array([None if hidden else r.randrange(len(words)) for hidden in mask], r.choice([pa.int8(), pa.int32()]))
        return pa.DictionaryArray.from_arrays(indices, words)
    if kind == 11:
        ends, last = [], 0
        while last < rows:
            last = min(rows, last + r.randrange(1, 9))
            ends.append(last)
        return pa.RunEndEncodedArray.from_arrays(pa.array(ends, r.choice([pa.int16(), pa.int32(), pa.int64()])),
                                                 column(r, len(ends), 3, nulls))
    if kind == 12:
        types = [r.randrange(2) for _ in range(rows)]
        seen = [0, 0]
        starts = []
        for which in types:
            starts.append(seen[which])
            seen[which] += 1
        children = [column(r, size, 3, nulls) for size in seen]
        return pa.UnionArray.from_dense(pa.array(types, pa.int8()), pa.array(starts, pa.int32()), children, ["a", "b"])
    return column(r, rows + 5, depth, nulls).slice(3, rows) if depth == 0 else column(r, rows, depth + 1, nulls)


def bitmap(mask: List[bool]) -> pa.Buffer:
    return pa.py_buffer(np.packbits(~np.array(mask, bool), bitorder="little"))


def from_values(r: random.Random, kind: pa.DataType, make: Any, rows: int, mask: List[bool]) -> pa.Array:
    return pa.array([None if hidden else make() for _, hidden in zip(range(rows), mask)], kind)


def random_table(r: random.Random) -> pa.Table:
    rows = 0 if r.random() < 0.1 else r.randrange(70)
    columns = [column(r, rows, 0, r.random() < 0.6) for _ in range(r.randrange(1, 7))]
    fields = []
    for i, one in enumerate(columns):
        nullable = bool(one.null_count) or r.random() < 0.8 or pa.types.is_null(one.type)
        extra = {"note": f"n{i}"} if r.random() < 0.2 else None
        fields.append(pa.field(f"{i}" + r.choice(["", ' ä"\n']), one.type, nullable, extra))
    return pa.Table.from_arrays(columns, schema=pa.schema(fields, {"source": "python"} if r.random() < 0.2 else None))


if __name__ == "__main__":
    if sys.argv[1] == "take":
        take(sys.argv[2], int(sys.argv[3]))
    elif sys.argv[1] == "compare":
        compare(sys.argv[2])
    else:
        pandas_frames(sys.argv[2], sys.argv[1] == "pandas-again")
