"""The Python half of SafetensorsRoundTripTest.

`write DIR N` writes N random tensors to DIR/python/*.safetensors, their floats to DIR/floats/*.npz, and says
"absent" where safetensors or ml_dtypes is not there. `check DIR` compares DIR/java/*.safetensors, which Java made of
DIR/python, byte for byte, and reads DIR/turned/*.safetensors, which Java made of DIR/turned/*.npz.
"""

import glob
import os
import random
import sys

import numpy as np

try:
    import ml_dtypes
    from safetensors.numpy import load_file, save_file
except ImportError:
    print("absent")
    sys.exit(0)

PER_FILE = 20
DTYPES = [np.dtype(code) for code in ["?", "u1", "i1", "i2", "u2", "f2", "i4", "u4", "f4", "c8", "f8", "i8", "u8"]]
SMALL = [np.dtype(ml_dtypes.bfloat16)]
NAMES = ["plain", "model.layers.0.weight", 'quo"te', "ümlaut", "中", "a/b", "..", "", "back\\slash", "tab\t"]


def tensor(rng, dtype):
    shape = [rng.randint(0, 5) for _ in range(rng.randint(0, 4))]
    count = int(np.prod(shape))
    raw = np.random.Generator(np.random.PCG64(rng.getrandbits(63))).bytes(count * dtype.itemsize)
    if dtype == np.dtype("?"):
        return np.frombuffer(bytes(b & 1 for b in raw), dtype).reshape(shape)
    return np.frombuffer(raw, dtype).reshape(shape)


def write(directory, number):
    rng = random.Random(7)
    for file in range(number // PER_FILE):
        tensors = {}
        for i in range(PER_FILE):
            tensors["%s%d" % (rng.choice(NAMES), i)] = tensor(rng, rng.choice(DTYPES + SMALL))
        metadata = {"format": "np"} if file % 2 else None
        save_file(tensors, "%s/python/%d.safetensors" % (directory, file), metadata)
        floats = {k: v.astype("f4") for k, v in tensors.items() if v.dtype in SMALL}
        np.savez("%s/floats/%d.npz" % (directory, file), **{"_" + str(i): v for i, v in enumerate(floats.values())})
        with open("%s/floats/%d.txt" % (directory, file), "w", encoding="utf-8") as names:
            names.write("\0".join(floats))
        turned = {}
        for i in range(PER_FILE):
            array = tensor(rng, rng.choice([d for d in DTYPES if d.kind != "c"]))
            array = array.astype(array.dtype.newbyteorder(">")) if rng.random() < 0.5 else array
            turned["t%d" % i] = np.asfortranarray(array) if rng.random() < 0.7 else array
        np.savez("%s/turned/%d.npz" % (directory, file), **turned)
    for name in [n for n in dir(ml_dtypes) if n.startswith(("float4", "float6", "float8", "int", "uint")) and n[-1] != "o"]:
        count = 1 << int(name.lstrip("uintfloa")[0])
        values = np.arange(count, dtype="u1").view(getattr(ml_dtypes, name)).astype("f4")
        np.save("%s/floats/%s.npy" % (directory, name), values)


def check(directory):
    files = glob.glob(directory + "/python/*.safetensors")
    assert files
    for file in files:
        again = os.path.join(directory, "java", os.path.basename(file))
        with open(file, "rb") as a, open(again, "rb") as b:
            assert a.read() == b.read(), file
    for file in glob.glob(directory + "/turned/*.npz"):
        read = load_file(file.replace(".npz", ".safetensors"))
        with np.load(file) as arrays:
            assert set(read) == set(arrays)
            for name, array in arrays.items():
                other = read[name]
                assert other.shape == array.shape and other.dtype == array.dtype.newbyteorder("<"), (file, name)
                assert other.tobytes() == array.astype(other.dtype).tobytes("C"), (file, name)


if sys.argv[1] == "write":
    write(sys.argv[2], int(sys.argv[3]))
else:
    check(sys.argv[2])
print("done")
