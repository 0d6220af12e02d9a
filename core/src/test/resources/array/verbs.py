"""The Python half of NumpyVerbsRoundTripTest.

`write DIR N` makes N folders with random arrays: a.npy and b.npy of one dtype and one shape of rows, c.npy of as many rows
as a.npy, and rows.npy, numbers of rows of a.npy. `check DIR N` compares what Java made of them with what NumPy makes.
"""

import os
import random
import sys

import numpy as np

SCALARS = (
    ["?", "i1", "u1", "S1", "S7", "V3"]
    + [order + code for order in "<>" for code in ["i2", "i4", "i8", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16"]]
    + [order + code for order in "<>" for code in ["U1", "U5", "M8[D]", "M8[ns]", "M8[15m]", "m8[s]", "M8[us]"]]
)


def dtype(rng):
    if rng.random() < 0.85:
        return np.dtype(rng.choice(SCALARS))
    return np.dtype([("f%d" % i, rng.choice(SCALARS)) for i in range(rng.randint(1, 3))], align=rng.random() < 0.3)


def fill(rng, kind, count):
    raw = np.random.Generator(np.random.PCG64(rng.getrandbits(63)))
    if kind.names:
        array = np.zeros(count, kind)
        for name in kind.names:
            array[name] = fill(rng, kind[name], count)
        return array
    if kind.kind == "U":
        return np.array(["".join(rng.choice("aü€\U0001F600") for _ in range(rng.randint(0, kind.itemsize // 4))) for _ in range(count)], kind)
    if kind.kind == "S":
        return np.array([raw.bytes(rng.randint(0, kind.itemsize)) for _ in range(count)], kind)
    if kind.kind == "b":
        return raw.integers(0, 2, count).astype(kind)
    if kind.kind in "Mm":
        steps = raw.integers(-(10**6), 10**6, count)
        steps[raw.random(count) < 0.1] = np.iinfo("i8").min
        return steps.astype(kind.str[0] + "i8").view(kind)
    return np.frombuffer(raw.bytes(count * kind.itemsize), kind, count)


def array(rng, kind, shape):
    values = fill(rng, kind, int(np.prod(shape, dtype=int))).reshape(shape)
    return np.asfortranarray(values) if len(shape) > 1 and rng.random() < 0.4 else values


def write(directory, count):
    for number in range(count):
        rng = random.Random(number)
        folder = os.path.join(directory, str(number))
        os.mkdir(folder)
        kind, rest = dtype(rng), tuple(rng.choice([1, 2, 3, 5]) for _ in range(rng.choice([0, 1, 1, 2, 3])))
        rows = rng.choice([0, 1, 2, 7, 70])
        np.save(folder + "/a.npy", array(rng, kind, (rows,) + rest))
        np.save(folder + "/b.npy", array(rng, kind, (rng.choice([0, 1, 3, 66]),) + rest))
        np.save(folder + "/c.npy", array(rng, dtype(rng), (rows,) + rest[:1]))
        picked = [rng.randrange(rows) for _ in range(rng.choice([0, 1, 5, 200]))] if rows else []
        np.save(folder + "/rows.npy", np.array(picked, "i8"))


def same(found, expected, what):
    assert found.dtype == expected.dtype, "%s: %s but expected %s" % (what, found.dtype, expected.dtype)
    assert found.shape == expected.shape, "%s: %s but expected %s" % (what, found.shape, expected.shape)
    if expected.dtype.names:
        for name in expected.dtype.names:
            same(found[name], expected[name], what + "." + name)
        return
    assert found.tobytes("C") == expected.tobytes("C"), "%s: %s but expected %s" % (what, found, expected)


def check(directory, count):
    for number in range(count):
        folder = os.path.join(directory, str(number))
        a, b, c, rows = (np.load("%s/%s.npy" % (folder, name)) for name in ["a", "b", "c", "rows"])
        vectors = np.load(folder + "/vectors.npy")
        assert vectors.flags.c_contiguous, folder
        same(vectors, a, folder + " vectors")
        same(np.load(folder + "/take.npy"), np.take(a, rows, axis=0), folder + " take")
        both = np.empty((len(a) + len(b),) + a.shape[1:], a.dtype)
        both[: len(a)], both[len(a) :] = a, b
        same(np.load(folder + "/concat.npy"), both, folder + " concat")
        with np.load(folder + "/paste.npz") as pasted:
            assert pasted.files == ["a", "c"], pasted.files
            same(pasted["a"], a, folder + " paste a")
            same(pasted["c"], c, folder + " paste c")
        with np.load(folder + "/add.npz") as added:
            assert added.files == ["a", "c", "b"], added.files
            for name, values in [("a", a), ("b", b), ("c", c)]:
                same(added[name], values, folder + " add " + name)
                assert added[name].flags.fnc == values.flags.fnc, folder
        with np.load(folder + "/columns.npz") as columns:
            same(columns["a"], a, folder + " columns a")
            same(columns["c"], c, folder + " columns c")
            assert columns["a"].flags.fnc == a.flags.fnc and columns["c"].flags.fnc == c.flags.fnc, folder


{"write": write, "check": check}[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
