"""The Python half of NumpyArraysRoundTripTest.

`write DIR N` writes N random arrays to DIR/python/*.npz by np.savez. `check DIR` compares what Java wrote with what it
said of it: DIR/said/*.txt for the arrays of DIR/python, DIR/java/*.txt for its own, and byte for byte with np.savez the
members of DIR/again/*.npz (Python's arrays saved by Java) and of DIR/java/*.npz.
"""

import glob
import io
import os
import random
import sys
import zipfile

import numpy as np

PER_FILE = 20
SCALARS = (
    ["?", "i1", "u1", "S0", "S1", "S7", "V3"]
    + [order + code for order in "<>" for code in ["i2", "i4", "i8", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16"]]
    + [order + code for order in "<>" for code in ["U1", "U5", "M8[D]", "M8[ns]", "M8[15m]", "m8[s]", "M8[us]"]]
)


def dtype(rng):
    if rng.random() < 0.85:
        return np.dtype(rng.choice(SCALARS))
    fields = []
    for i in range(rng.randint(1, 4)):
        scalar = rng.choice(SCALARS)
        if scalar.endswith("0"):
            scalar = "S2"
        fields.append(("f%d" % i, scalar) if rng.random() < 0.7 else ("f%d" % i, scalar, (2, rng.randint(1, 3))))
    return np.dtype(fields, align=rng.random() < 0.3)


def fill(rng, kind, count):
    raw = np.random.Generator(np.random.PCG64(rng.getrandbits(63)))
    if kind.names:
        array = np.zeros(count, kind)
        for name in kind.names:
            part = kind[name]
            base, shape = part.subdtype if part.subdtype else (part, ())
            size = count * int(np.prod(shape, dtype=int))
            array[name] = fill(rng, base, size).reshape((count,) + shape)
        return array
    if kind.kind == "U":
        text = ["".join(chr(rng.choice([0, 65, 0xFC, 0x20AC, 0x1F600])) for _ in range(rng.randint(0, kind.itemsize // 4)))
                for _ in range(count)]
        return np.array(text, kind)
    if kind.kind == "b":
        return raw.integers(0, 2, count).astype(kind)
    if kind.kind == "M" and kind.str.endswith("[D]"):
        days = raw.integers(-(10**6), 10**6, count)
        days[raw.random(count) < 0.1] = np.iinfo("i8").min
        return days.astype(kind.str[0] + "i8").view(kind)
    return np.frombuffer(raw.bytes(count * kind.itemsize), kind, count) if kind.itemsize else np.zeros(count, kind)


def array(rng):
    kind = dtype(rng)
    dimensions = rng.choice([0, 1, 1, 2, 2, 3, 4])
    shape = tuple(rng.choice([0, 1, 2, 3, 5, 7]) if rng.random() < 0.95 else 40 for _ in range(dimensions))
    values = fill(rng, kind, int(np.prod(shape, dtype=int))).reshape(shape)
    subarrays = kind.names and any(kind[name].subdtype for name in kind.names)
    return np.asfortranarray(values) if dimensions > 1 and rng.random() < 0.4 and not subarrays else values


def said(values):
    """One line, as Java's Said makes it."""
    order = "FORTRAN" if values.flags.fnc else "C"
    return "%s %s %s" % (values.shape, order, elements(values))


def elements(values):
    kind = values.dtype
    if kind.names:
        return "{" + ";".join(name + ":" + elements(values[name]) for name in kind.names) + "}"
    flat = values.ravel("C")
    if kind.kind == "f":
        with np.errstate(invalid="ignore"):
            bits = flat.astype("<f8")
        bits = np.where(np.isnan(bits), np.frombuffer(np.uint64(0x7FF8000000000000).tobytes(), "<f8")[0], bits)
        return ",".join("%x" % bit for bit in np.ascontiguousarray(bits).view("<u8"))
    if kind.kind in "Mm":
        return ",".join(str(count) for count in flat.view(kind.str[0] + "i8").tolist())
    if kind.kind == "b":
        return ",".join("true" if bit else "false" for bit in flat.view("u1"))
    if kind.kind == "i" or kind.kind == "u" and kind.itemsize < 8:
        return ",".join(str(number) for number in flat.tolist())
    if kind.kind == "U":
        return ",".join(".".join(str(ord(letter)) for letter in text) for text in flat.tolist())
    if kind.kind == "S":
        return ",".join(value.hex() for value in flat.tolist())
    if kind.kind == "V":
        return ",".join(bytes(value).hex() for value in flat)
    return "-"


def lines(path):
    with np.load(path) as archive:
        return [name + " " + said(archive[name]) for name in archive.files]


def same(found, expected, what):
    if found != expected:
        for left, right in zip(found, expected):
            if left != right:
                raise SystemExit("%s:\n%s\nbut expected\n%s" % (what, left[:2000], right[:2000]))
        raise SystemExit("%s: %d of %d" % (what, len(found), len(expected)))


def members(source):
    with zipfile.ZipFile(source) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def check(directory):
    for path in sorted(glob.glob(os.path.join(directory, "python", "*.npz"))):
        name = os.path.basename(path)
        with open(os.path.join(directory, "said", name + ".txt"), encoding="utf-8") as file:
            same(file.read().split("\n")[:-1], lines(path), name)
        same(list(members(os.path.join(directory, "again", name)).items()), list(members(path).items()), "again " + name)
    for path in sorted(glob.glob(os.path.join(directory, "java", "*.npz"))):
        with open(path + ".txt", encoding="utf-8") as file:
            same(lines(path), file.read().split("\n")[:-1], path)
        with np.load(path) as archive:
            saved = io.BytesIO()
            np.savez(saved, **{name: archive[name] for name in archive.files})
        same(list(members(path).items()), list(members(saved).items()), "np.savez " + path)


def main():
    directory = sys.argv[2]
    if sys.argv[1] == "check":
        return check(directory)
    count = int(sys.argv[3])
    for number in range(count // PER_FILE):
        rng = random.Random(number)
        arrays = {"a%d" % i: array(rng) for i in range(PER_FILE)}
        np.savez(os.path.join(directory, "python", "%d.npz" % number), **arrays)


main()
