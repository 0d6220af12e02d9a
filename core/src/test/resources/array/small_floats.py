"""The Python half of MlDtypesRoundTripTest.

`write DIR N` saves N random arrays of ml_dtypes as np.savez does, ten in a file DIR/python/*.npz with their float32 in
DIR/floats, and their types and order in *.txt. `check DIR N` compares DIR/arrays and DIR/vectors, which Java made of them.
"""

import os
import random
import sys

import numpy as np

try:
    import ml_dtypes
except ImportError:
    print("absent")
    sys.exit(0)

PER_FILE = 10
PREFIXES = ("bfloat16", "float4_", "float6_", "float8_", "int2", "int4", "uint2", "uint4")
TYPES = [name for name in dir(ml_dtypes) if name.startswith(PREFIXES)]
# Of a byte with bits that its type has not, ml_dtypes makes a value by chance.
BITS = {name: (1 << int(name.lstrip("uintfloa")[0])) - 1 for name in TYPES if name != "bfloat16"}


def arrays(number):
    rng = random.Random(number)
    made = {}
    for i in range(PER_FILE):
        kind = np.dtype(getattr(ml_dtypes, TYPES[(number + i) % len(TYPES)]))
        shape = tuple(rng.choice([0, 1, 2, 3, 5, 7, 40]) for _ in range(rng.choice([0, 1, 2, 2, 3, 4])))
        raw = np.random.Generator(np.random.PCG64(rng.getrandbits(63))).bytes(int(np.prod(shape, dtype=int)) * kind.itemsize)
        if kind.name in BITS:
            raw = bytes(byte & BITS[kind.name] for byte in raw)
        array = np.frombuffer(raw, "V%d" % kind.itemsize).reshape(shape)
        made["a%d" % i] = (np.asfortranarray(array) if len(shape) > 1 and rng.random() < 0.4 else array, kind)
    return made


def write(directory, count):
    for number in range(count // PER_FILE):
        made = arrays(number)
        np.savez("%s/python/%d.npz" % (directory, number), **{k: a.view(t) if a.size else a for k, (a, t) in made.items()})
        np.savez("%s/floats/%d.npz" % (directory, number), **{k: a.view(t).astype("f4") for k, (a, t) in made.items()})
        with open("%s/python/%d.txt" % (directory, number), "w") as types:
            types.write("\n".join(t.name for a, t in made.values()))


def check(directory, count):
    for number in range(count // PER_FILE):
        for part in ["arrays", "vectors"]:
            with np.load("%s/%s/%d.npz" % (directory, part, number)) as archive:
                for name, (array, kind) in arrays(number).items():
                    found = archive[name]
                    what = (part, number, name, found.dtype, found.shape, array.shape)
                    scalar = part == "vectors" and array.shape == () and found.shape == (1,)
                    assert found.dtype.itemsize == kind.itemsize and (found.shape == array.shape or scalar), what
                    assert found.view(kind).tobytes("C") == array.tobytes("C"), what
                    assert found.flags.fnc == array.flags.fnc, what


{"write": write, "check": check}[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
