"""Random frames in StaticFrame's layout: index classes, hierarchies, names, blocks of every dtype.

By `static_frame` where it is installed, else as its documented layout says, with NumPy and zipfile.
"""

import contextlib
import io
import json
import pathlib
import random
import zipfile

import numpy as np
import pandas as pd

import tables_numpy
import yardstick

try:
    import static_frame
except ImportError:
    static_frame = None

NAME = "StaticFrame"
ERRORS: tuple = ()
CLASSES = {"IndexYear": "Y", "IndexYearMonth": "M", "IndexDate": "D", "IndexHour": "h", "IndexMinute": "m",
           "IndexSecond": "s", "IndexMillisecond": "ms", "IndexMicrosecond": "us", "IndexNanosecond": "ns"}
NAMES = [None, None, "n", "", "ö", 7, 1.5, True, ["a", 1], "a b"]


def labels(rng: random.Random, n: int) -> tuple[str, np.ndarray]:
    """An index class and as many labels, none twice."""
    if rng.random() < 0.35:
        name = rng.choice(list(CLASSES))
        start = rng.choice([0, 1, 40, -300])
        return name, np.arange(start, start + n).astype(f"M8[{CLASSES[name]}]")
    start = rng.randint(-3, 3)
    return "Index", rng.choice([
        np.arange(start, start + n), np.arange(n).astype("f8") / 2, np.array([f"l{i}" for i in range(n)], "U"),
        np.array([f"ö {i}" for i in range(n)], "U"), np.arange(n).astype("u1"), np.arange(n).astype("m8[s]"),
        np.array([b"b%d" % i for i in range(n)], "S"), np.arange(n).astype("f4"), np.arange(n) * 1j,
        np.arange(n).astype("f2"), np.arange(n).astype(">i4")])


def axis(rng: random.Random, n: int, kind: str) -> tuple[dict, dict[str, np.ndarray]]:
    """What the metadata say of the axis, and its arrays."""
    suffix = rng.choice(["", "GO"]) if kind == "columns" else ""
    if rng.random() < 0.3:
        return {"type": "Index" + suffix, "types": None, "depth": 1}, {}
    if rng.random() < 0.25 and n:
        levels = [labels(rng, n) for _ in range(rng.choice([2, 2, 3]))]
        arrays = {f"__values_{kind}_{i}__": level[1] for i, level in enumerate(levels)}
        types = [level[0] + suffix for level in levels]
        return {"type": "IndexHierarchy" + suffix, "types": types, "depth": len(levels)}, arrays
    name, array = labels(rng, n)
    return {"type": name + suffix, "types": None, "depth": 1}, {f"__values_{kind}_0__": array}


def make(rng: random.Random) -> dict[str, np.ndarray | dict]:
    rows = rng.choice([0, 1, 2, 3, 9, 30])
    blocks, columns = {}, 0
    for i in range(rng.randint(1, 4)):
        width = rng.choice([None, None, 1, 2, 5])
        dtype = tables_numpy.random_dtype(rng, False)
        array = tables_numpy.random_array(rng, dtype, (rows,) if width is None else (rows, width))
        blocks[f"__blocks_{i}__"] = array if array.flags.f_contiguous else np.ascontiguousarray(array)
        columns += width or 1
    index, members = axis(rng, rows, "index")
    header, more = axis(rng, columns, "columns")
    meta = {"__names__": [rng.choice(NAMES), rng.choice(NAMES) if members else None,
                          rng.choice(NAMES) if more else None],
            "__types__": [index["type"], header["type"]]}
    if index["types"]:
        meta["__types_index__"] = index["types"]
    if header["types"]:
        meta["__types_columns__"] = header["types"]
    meta["__depths__"] = [len(blocks), index["depth"], header["depth"]]
    return {**members, **more, **blocks, "__meta__": meta}


def forms(frame) -> list[str]:
    return ["npz"]


def ends(frame) -> list[str]:
    return ["npz"]


def write(frame: dict, path: pathlib.Path, form: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in frame.items():
            if name != "__meta__":
                with archive.open(name + ".npy", "w", force_zip64=True) as member:
                    member.write(npy(array))
        archive.writestr("__meta__.json", json.dumps(frame["__meta__"]))
    if static_frame is not None:
        # What its reader refuses, such as big-endian long doubles, is in the layout all the same.
        with contextlib.suppress(ValueError, TypeError, RuntimeError):
            static_frame.Frame.from_npz(path).to_npz(path)


def read(path: pathlib.Path) -> dict:
    with np.load(path) as archive:
        arrays = {name: archive[name] for name in archive.files if name != "__meta__.json"}
        return {**arrays, "__meta__": json.loads(archive["__meta__.json"])}


def npy(array: np.ndarray) -> bytes:
    """One array as StaticFrame writes it."""
    fortran = array.flags.f_contiguous
    text = f'{{"descr":"{array.dtype.str}","fortran_order":{fortran},"shape":{array.shape}}}'
    text += " " * (64 - (11 + len(text)) % 64) + "\n"
    held = io.BytesIO()
    held.write(b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode("latin-1"))
    held.write(array.tobytes("F" if fortran else "C"))
    return held.getvalue()


def judge(before: dict, path: pathlib.Path) -> str | None:
    if path.suffix in (".feather", ".arrows", ".parquet"):
        return data_frame(before, path)
    after = read(path)
    meta = after.pop("__meta__")
    for key, value in before["__meta__"].items():
        # Whether columns grow (GO) is the reading class' choice in StaticFrame, not the file's.
        if json.dumps(meta.get(key)).replace('GO"', '"') != json.dumps(value).replace('GO"', '"'):
            return f"{key} {value} is now {meta.get(key)}"
    if list(after) != [name for name in before if name != "__meta__"]:
        return f"members {list(before)} are now {list(after)}"
    return next(filter(None, (tables_numpy.difference(before[name], after[name], name) for name in after)), None)


def data_frame(before: dict, path: pathlib.Path) -> str | None:
    """pandas opens it, with as many rows, levels and columns, and the numbers that it has a type for."""
    if path.suffix == ".parquet":
        after = pd.read_parquet(path)
    else:
        after = yardstick.read_arrow(path).to_pandas()
    blocks = [array if array.ndim == 2 else array[:, None] for name, array in before.items() if name.startswith("__blocks_")]
    # Levels that pandas has no index for are columns to it.
    columns = sum(name.startswith("__values_index_") and not is_level(array) for name, array in before.items())
    depths = list(before["__meta__"]["__depths__"])
    depths[1] = max(1, depths[1] - columns)
    shape = (len(blocks[0]), sum(block.shape[1] for block in blocks) + columns)
    if after.shape != shape:
        return f"shape {shape} is now {after.shape} in pandas"
    if depths[1:] != [after.index.nlevels, after.columns.nlevels]:
        return f"depths {depths[1:]} are now {[after.index.nlevels, after.columns.nlevels]} in pandas"
    at = columns
    for block in blocks:
        for column in block.T:
            if column.dtype.kind in "iuf" and 2 <= column.dtype.itemsize <= 8:
                seen = after.iloc[:, at].to_numpy()
                native = column.astype(column.dtype.newbyteorder("="))
                if seen.dtype != native.dtype or seen.tobytes() != native.tobytes():
                    return f"column {at} of {column.dtype}: {native[:3]} is now {seen[:3]} of {seen.dtype} in pandas"
            at += 1
    return None


def is_level(labels: np.ndarray) -> bool:
    return not (labels.dtype.kind == "c" or labels.dtype.kind == "f" and labels.dtype.itemsize == 2)


def smaller(frame: dict):
    """Fewer blocks with fewer columns, automatic labels, fewer rows."""
    meta = frame["__meta__"]
    rows = len(next(array for name, array in frame.items() if name.startswith("__blocks_")))
    blocks = [array for name, array in frame.items() if name.startswith("__blocks_")]
    if any(name.startswith("__values_columns") for name in frame):
        yield without(frame, "columns", 1)
    elif len(blocks) > 1:
        for block in blocks:
            yield {**{name: array for name, array in frame.items() if not name.startswith("__blocks_")
                      and name != "__meta__"}, "__blocks_0__": block,
                   "__meta__": {**meta, "__depths__": [1, *meta["__depths__"][1:]]}}
    if any(name.startswith("__values_index") for name in frame):
        yield without(frame, "index", 0)
    for less in (1, 2):
        if less < rows:
            yield {name: array[:less] if name.startswith(("__blocks_", "__values_index")) else array
                   for name, array in frame.items()}


def without(frame: dict, kind: str, place: int) -> dict:
    meta = {key: list(value) for key, value in frame["__meta__"].items() if key != f"__types_{kind}__"}
    meta["__types__"][place] = "Index"
    meta["__names__"][place + 1 if kind == "index" else 2] = None
    meta["__depths__"][place + 1] = 1
    held = {name: array for name, array in frame.items() if not name.startswith(f"__values_{kind}")}
    return {**held, "__meta__": meta}
