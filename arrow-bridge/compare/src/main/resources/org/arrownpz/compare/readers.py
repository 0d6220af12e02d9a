"""Reads files for a comparison: a request is a line of JSON on standard input, its answer one on standard output.

The first answer names the modules that are here. Values are summed as ColumnSum does it in Java, as far as NumPy's
dtypes say the same as Arrow's types; all others are read, and not compared.
"""
import importlib
import json
import os
import sys

answers = os.fdopen(os.dup(1), "w")
# What modules print must not come between the answers.
os.dup2(2, 1)

MASK = (1 << 64) - 1
TICKS = {"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}
modules = {}
for name in ("numpy", "pandas", "pyarrow", "static_frame"):
    try:
        modules[name] = importlib.import_module(name)
    except Exception:
        pass


def tell(answer):
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


def sum_of(array):
    """Kind and sum of an array, both None where they are not comparable. Every value is read."""
    np = modules["numpy"]
    dtype = array.dtype
    if dtype.kind == "O":
        for value in array.ravel():
            hash(value) if isinstance(value, (str, bytes)) else value
        return None, None
    if dtype.kind == "b":
        return "Bool", int(np.count_nonzero(array))
    if dtype.kind in "iu" and dtype.isnative:
        return f"int{dtype.itemsize * 8}", int(array.view(f"u{dtype.itemsize}").sum(dtype="u8")) & MASK
    if dtype.kind == "f" and dtype.itemsize in (2, 4, 8) and dtype.isnative:
        total = int(array.view(f"u{dtype.itemsize}").sum(dtype="u8")) & MASK
        kind = {2: "HALF", 4: "SINGLE", 8: "DOUBLE"}[dtype.itemsize]
        return (None, None) if np.isnan(array).any() else (f"float {kind}", total)
    if dtype.kind == "M" and np.datetime_data(dtype)[0] in TICKS and np.datetime_data(dtype)[1] == 1:
        total = int(array.view("u8").sum(dtype="u8")) * TICKS[np.datetime_data(dtype)[0]] & MASK
        return (None, None) if np.isnat(array).any() else ("time", total)
    # Texts and all others: their bytes, or their hashes.
    if array.size and dtype.itemsize:
        np.ascontiguousarray(array).view("u1").sum(dtype="u8")
    return None, None


class Pandas:
    def __init__(self, frame):
        self.frame = frame

    def rows(self):
        return len(self.frame)

    def columns(self):
        return [(str(name), self.frame.iloc[:, i].to_numpy()) for i, name in enumerate(self.frame.columns)]

    def others(self):
        return [self.frame.index.to_numpy()]

    def cell(self):
        return self.frame.iloc[0, 0]


class StaticFrame:
    def __init__(self, frame):
        self.frame = frame

    def rows(self):
        return self.frame.shape[0]

    def columns(self):
        return [(str(name), series.values) for name, series in self.frame.items()]

    def others(self):
        return [self.frame.index.values]

    def cell(self):
        return self.frame.iloc[0, 0]


class Arrays:
    def __init__(self, arrays):
        self.arrays = arrays

    def rows(self):
        return len(next(iter(self.arrays.values()))) if self.arrays else 0

    def columns(self):
        return list(self.arrays.items())

    def others(self):
        return []

    def cell(self):
        return next(iter(self.arrays.values())).flat[0]


def np_load(path):
    np = modules["numpy"]
    loaded = np.load(path, allow_pickle=False)
    if isinstance(loaded, np.ndarray):
        return Arrays({"": loaded})
    with loaded:
        return Arrays({name: loaded[name] for name in loaded.files})


class Mapped(StaticFrame):
    def __init__(self, frame, close):
        super().__init__(frame)
        self.close = close


def from_npy_mmap(path):
    return Mapped(*modules["static_frame"].Frame.from_npy_mmap(path))


READERS = {
    "pandas.read_feather": lambda path: Pandas(modules["pandas"].read_feather(path)),
    "pandas.read_parquet": lambda path: Pandas(modules["pandas"].read_parquet(path)),
    "pandas.read_csv": lambda path: Pandas(modules["pandas"].read_csv(path)),
    "StaticFrame from_npz": lambda path: StaticFrame(modules["static_frame"].Frame.from_npz(path)),
    "StaticFrame from_npy": lambda path: StaticFrame(modules["static_frame"].Frame.from_npy(path)),
    "StaticFrame from_npy_mmap": from_npy_mmap,
    "np.load": np_load,
}


held = None


def work(request):
    global held
    operation = request["operation"]
    if operation == "write":
        held.frame.to_npz(request["path"])
        return {}
    if operation == "write npy":
        held.frame.to_npy(request["path"])
        return {}
    table = READERS[request["reader"]](request["path"])
    if operation == "hold":
        held = table
        return {}
    try:
        return answer_of(table, operation)
    finally:
        if isinstance(table, Mapped):
            table.close()


def answer_of(table, operation):
    if operation == "open" or (operation == "cell" and not table.rows()):
        return {}
    if operation == "cell":
        table.cell()
        return {}
    sums = [(name, *sum_of(array)) for name, array in table.columns()]
    for array in table.others():
        sum_of(array)
    if operation == "touch":
        return {}
    return {
        "rows": table.rows(),
        "names": [name for name, _, _ in sums],
        "kinds": [kind for _, kind, _ in sums],
        "sums": [None if total is None else format(total, "x") for _, _, total in sums],
    }


tell({name: getattr(module, "__version__", "") for name, module in modules.items()})
for line in sys.stdin:
    try:
        tell(work(json.loads(line)))
    except Exception as e:
        tell({"error": f"{type(e).__name__}: {e}"})
