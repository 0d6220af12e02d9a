"""Makes allclose.npz: pairs of arrays of many dtypes, orders and shapes, with what np.isclose says of each of their
elements within atol 0.25 and rtol 0.01.

usage: allclose.py FILE
"""

import sys

import numpy as np

DTYPES = "|b1 |i1 |u1 <i2 >u2 <i4 >i4 <u4 <i8 <u8 <f2 <f4 >f4 <f8 >f8 <c8 >c16".split()
SHAPES = [(), (37,), (3, 4), (2, 3, 4), (5, 1), (0, 3)]
TOLERANCES = {"rtol": 0.01, "atol": 0.25}
SPECIAL = [np.nan, np.inf, -np.inf, 0.0, -0.0]

random = np.random.default_rng(38)


def values(dtype, shape):
    kind = np.dtype(dtype).kind
    if kind in "biu":
        return random.integers(*{"b": (0, 2), "i": (-50, 50), "u": (0, 100)}[kind], shape).astype(dtype)
    parts = [
        np.where(random.random(shape) < 0.2, random.choice(SPECIAL, shape), random.integers(-1000, 1000, shape) / 16)
        for _ in range(2)
    ]
    found = np.empty(shape, np.complex128)
    found.real, found.imag = parts
    return (found if kind == "c" else found.real).astype(dtype)


arrays = {}
for dtype in DTYPES:
    for shape in SHAPES:
        a = values(dtype, shape)
        near = np.abs(np.dtype(dtype).type(1)) if a.dtype.kind == "b" else random.choice([0, 0.25, 0.5, 4], shape)
        b = np.where(random.random(shape) < 0.7, (a + near).astype(dtype), values(dtype, shape)).astype(dtype)
        wide = [x.astype(np.clongdouble if x.dtype.kind == "c" else np.longdouble) for x in (a, b)]
        # Within half a unit of a dtype's last bit of the bound, NumPy's own rounding decides: no such pairs.
        b = np.where(np.isclose(a, b, **TOLERANCES) == np.isclose(*wide, **TOLERANCES), b, a).astype(dtype)
        key = f"{dtype[1:]}{'big' if dtype[0] == '>' else ''}.{'x'.join(map(str, shape)) or 'scalar'}"
        for name, array in (("a", a), ("b", b)):
            arrays[f"{key}.{name}.C"] = np.ascontiguousarray(array).reshape(shape)
            if len(shape) > 1:
                arrays[f"{key}.{name}.F"] = np.asfortranarray(array)
        arrays[f"{key}.close"] = np.asarray(np.isclose(a, b, **TOLERANCES))
        arrays[f"{key}.nan"] = np.asarray(np.isclose(a, b, equal_nan=True, **TOLERANCES))
np.savez_compressed(sys.argv[1], **arrays)
