"""Writes what NumPy makes of basic indexing and of take, one case a line, into the file that is named:

order|shape|index|shape of the part|order that np.save states|elements|CRC-32 of what np.save writes of it
for each of DTYPES, one after the other

Elements of the whole are numbered in C order, modulo 100; complex ones have the number and its negative as parts.
"""
import io
import itertools
import sys
import zlib

import numpy as np

DTYPES = ["|i1", ">i2", "<f4", ">f8", "<U2", "|S3", "<c16", "<M8[s]"]
SHAPES = [(7,), (5, 4), (1, 6), (4, 1), (3, 4, 5), (2, 3, 4, 2), (0, 3), (3, 0, 2), ()]
FIRST = ["0", "-1", "::2", "::-1", "1:3", "5:1:-2", "3:1", "-3:", ":-1", ":", "2:100", "-100::3"]
SECOND = ["0", ":", "::-1", "1:"]


def array(order, shape, dtype):
    numbers = (np.arange(np.prod(shape, dtype=int)) % 100).reshape(shape)
    values = numbers - 1j * numbers if dtype == "<c16" else numbers.astype(dtype)
    return np.array(values, dtype=dtype, order=order)


def saved(parts):
    out = io.BytesIO()
    for part in parts:
        np.save(out, part)
    return format(zlib.crc32(out.getvalue()), "08x")


def indexes(dimensions):
    yield "..."
    for first in FIRST if dimensions else []:
        yield first
        if dimensions > 1:
            for second in SECOND:
                yield first + ", " + second
            yield "..., " + first
    if dimensions > 2:
        for parts in itertools.product(["-1", "::-1", ":2"], ["...", "::2", "0"], ["1", "::-2", ":"]):
            yield ", ".join(parts)


def line(order, shape, index, pick):
    try:
        part = pick(array(order, shape, "<i4"))
    except IndexError:
        return None
    stated = "F" if part.flags.f_contiguous and not part.flags.c_contiguous else "C"
    crc = saved(pick(array(order, shape, dtype)) for dtype in DTYPES)
    lengths = (",".join(map(str, lengths)) for lengths in (shape, part.shape))
    return "|".join([order, next(lengths), index, next(lengths), stated, " ".join(map(str, part.ravel())), crc])


with open(sys.argv[1], "w") as out:
    for order, shape in itertools.product("CF", SHAPES):
        for index in indexes(len(shape)):
            text = line(order, shape, index, lambda a: eval("a[" + index + ("]" if "..." in index else ", ...]")))
            if text:
                out.write(text + "\n")
        rows = [r for r in (1, -1, 0, 1) if shape and -shape[0] <= r < shape[0]]
        if shape:
            index = "take " + " ".join(map(str, rows))
            out.write(line(order, shape, index, lambda a: np.take(a, np.array(rows, dtype=np.int64), axis=0)) + "\n")
