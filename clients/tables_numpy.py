"""Random archives and single arrays of NumPy: every dtype, byte order, memory order and number of dimensions."""

import pathlib
import random

import numpy as np

NAME = "NumPy"
ERRORS: tuple = ()
UNITS = ["Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as", "10s", "25us"]
KEYS = ["a", "b", "arr_0", "c c", "ö", "x.y", "index", "1", "日本"]


def random_dtype(rng: random.Random, records: bool = True) -> np.dtype:
    order = rng.choice("<<>")
    pick = rng.random()
    if records and pick < 0.06:
        fields = [(name, random_dtype(rng, False)) for name in rng.sample(["x", "y", "z z"], rng.randint(1, 3))]
        return np.dtype(fields, align=rng.random() < 0.5)
    if pick < 0.25:
        return np.dtype(f"{order}{rng.choice('Mm')}8[{rng.choice(UNITS)}]")
    if pick < 0.45:
        return np.dtype(f"{order}{rng.choice(['U1', 'U5', 'U9', 'S1', 'S4', 'V3', 'V8'])}")
    return np.dtype(order + rng.choice(["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16",
                                        "b1", "f8", "i8", "f16", "M8", "m8"]))


def random_array(rng: random.Random, dtype: np.dtype, shape: tuple[int, ...]) -> np.ndarray:
    noise = np.random.default_rng(rng.getrandbits(64))
    size = int(np.prod(shape))
    if dtype.names:
        array = np.zeros(size, dtype)
        for name in dtype.names:
            array[name] = random_array(rng, dtype[name], (size,))
    elif dtype.kind == "U":
        texts = ["", "a", "ö", "日本", "\U0001f600x", "a\0b", " ", "word word word"]
        array = np.array([rng.choice(texts)[:dtype.itemsize // 4] for _ in range(size)], dtype)
    elif dtype.kind == "b":
        array = noise.random(size) < 0.5
    elif dtype.kind in "Mm":
        # What every conversion between units of Arrow can hold.
        most = {"Y": 200, "M": 2000, "W": 9000, "D": 60_000}.get(np.datetime_data(dtype)[0], 10 ** 6)
        numbers = noise.integers(-most, most, size)
        numbers[noise.random(size) < 0.15] = np.iinfo(np.int64).min
        array = numbers.view(dtype.newbyteorder("=")).astype(dtype)
    elif dtype.kind == "f" and rng.random() < 0.4:
        array = np.resize(np.array([0.0, -0.0, np.nan, -np.nan, np.inf, 1.5], dtype), size)
    elif dtype.itemsize >= 16 and dtype.kind == "f":
        array = noise.normal(size=size).astype(dtype)
    else:
        array = np.frombuffer(noise.bytes(size * dtype.itemsize), dtype).copy()
    array = array.reshape(shape)
    if rng.random() < 0.2:
        array = np.asfortranarray(array)
    elif rng.random() < 0.1 and array.ndim:
        array = np.repeat(array, 2, axis=0)[::2]
    return array


def make(rng: random.Random) -> dict[str, np.ndarray] | np.ndarray:
    """A table as an archive holds it, each array as long as the others, or one array."""
    n = rng.choice([0, 1, 2, 3, 8, 9, 40])
    if rng.random() < 0.25:
        shape = rng.choice([(n,), (n,), (n, 2), (n, 3), (n, 2, 2), (n, 1)])
        return random_array(rng, random_dtype(rng, len(shape) == 1), shape)
    return {key: random_array(rng, random_dtype(rng), rng.choice([(n,), (n,), (n,), (n, 2), (n, 2, 3)]))
            for key in rng.sample(KEYS, rng.randint(1, 4))}


def forms(value) -> list[str]:
    return ["npz"] if isinstance(value, dict) else ["npy"]


def ends(value) -> list[str]:
    return forms(value)


def write(value, path: pathlib.Path, form: str) -> None:
    if form == "npy":
        np.save(path, value)
    else:
        (np.savez_compressed if len(value) % 2 else np.savez)(path, **value)


def read(path: pathlib.Path):
    if path.suffix == ".npy":
        return np.load(path)
    with np.load(path) as archive:
        return {name: archive[name] for name in archive.files}


def judge(before, path: pathlib.Path) -> str | None:
    if path.suffix not in (".npy", ".npz"):
        return None
    after = read(path)
    if not isinstance(before, dict):
        return difference(before, after, "array") if path.suffix == ".npy" else None
    if list(before) != list(after):
        return f"arrays {list(before)} are now {list(after)}"
    return next(filter(None, (difference(before[name], after[name], name) for name in after)), None)


def difference(before: np.ndarray, after: np.ndarray, name: str) -> str | None:
    if before.dtype != after.dtype:
        return f"{name}: dtype {before.dtype.descr} is now {after.dtype.descr}"
    if before.shape != after.shape:
        return f"{name}: shape {before.shape} is now {after.shape}"
    if before.dtype.names:
        return next(filter(None, (difference(before[field], after[field], f"{name}.{field}")
                                  for field in before.dtype.names)), None)
    differ = bits(before) != bits(after)
    if not differ.any():
        return None
    at = int(np.flatnonzero(differ.any(axis=1))[0])
    return f"{name}[{at}] of {before.dtype}: {before.ravel()[at]!r} is now {after.ravel()[at]!r}"


def bits(array: np.ndarray) -> np.ndarray:
    """The bytes of each value, in C order."""
    return np.frombuffer(array.tobytes(), np.uint8).reshape(array.size, array.dtype.itemsize)


def smaller(value):
    if not isinstance(value, dict):
        yield from (value[:rows] for rows in (0, 1, 2, len(value) // 2) if rows < len(value))
        return
    if len(value) > 1:
        yield from ({name: array} for name, array in value.items())
    n = len(next(iter(value.values())))
    yield from ({name: array[:rows] for name, array in value.items()} for rows in (0, 1, 2, n // 2) if rows < n)
