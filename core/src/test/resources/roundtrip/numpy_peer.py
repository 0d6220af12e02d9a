"""Makes random NumPy files, and compares files by what NumPy reads from them. One JSON command per line."""
import json
import os
import sys
import warnings
import zipfile

import numpy as np

warnings.simplefilter('ignore')

UNITS = ['Y', 'M', 'W', 'D', 'h', 'm', 's', 'ms', 'us', 'ns', 'ps', 'fs', 'as', '7s', '10D', '25ns', '3M']
NUMBERS = ['i1', 'i2', 'i4', 'i8', 'u1', 'u2', 'u4', 'u8', 'f2', 'f4', 'f8', 'c8', 'c16', 'V3', 'V9']


def scalar(rng):
    order = rng.choice(['<', '>'])
    kind = rng.integers(5)
    if kind < 2:
        return np.dtype(order + rng.choice(NUMBERS))
    if kind == 2:
        return np.dtype(order + rng.choice(['M8', 'm8']) + '[' + rng.choice(UNITS) + ']')
    if kind == 3:
        return np.dtype(order + rng.choice(['U', 'S']) + str(1 + rng.integers(9)))
    return np.dtype('?')


def record(rng):
    fields = []
    for i in range(1 + rng.integers(4)):
        name = ['a', 'b c', 'é', '価', 'x"y'][i]
        if rng.integers(4) == 0:
            fields.append((name, scalar(rng), (2, 3)[: 1 + rng.integers(2)]))
        else:
            fields.append((name, scalar(rng)))
    return np.dtype(fields, align=bool(rng.integers(2)))


def fill(rng, dtype, shape):
    if dtype.subdtype is not None:
        base, inner = dtype.subdtype
        return fill(rng, base, shape + inner)
    if dtype.names is not None:
        array = np.zeros(shape, dtype)
        for name in dtype.names:
            array[name] = fill(rng, dtype.fields[name][0], shape)
        return array
    if dtype.kind == '?' or dtype.kind == 'b':
        return rng.integers(0, 2, shape).astype(bool)
    if dtype.kind in 'Mm':
        values = rng.integers(-9000, 9000, shape).astype(dtype.byteorder.replace('|', '<').replace('=', '<') + 'i8')
        return np.asarray(values).view(dtype.newbyteorder(values.dtype.byteorder)).astype(dtype)
    if dtype.kind == 'U':
        letters = np.array(list('abcdefgäöü価格😀'))
        words = np.zeros(shape, dtype)
        flat = words.reshape(-1)
        for i in range(flat.size):
            flat[i] = ''.join(rng.choice(letters, rng.integers(dtype.itemsize // 4 + 1)))
        return words
    size = int(np.prod(shape, dtype=int)) * dtype.itemsize
    return np.frombuffer(rng.bytes(size), dtype).reshape(shape).copy()


def shape(rng):
    dims = rng.integers(0, 9)
    return tuple(int(n) for n in rng.integers(0 if rng.integers(9) == 0 else 1, 6, dims)) if dims < 4 \
        else (int(rng.integers(0, 99)),)


def make(folder, seed, arrays, archives):
    names = []
    for i in range(arrays):
        rng = np.random.default_rng(seed + i)
        array = fill(rng, record(rng) if rng.integers(5) == 0 else scalar(rng), shape(rng))
        if rng.integers(2):
            array = np.asfortranarray(array) if array.ndim else array
        name = os.path.join(folder, 'array%d.npy' % i)
        np.save(name, array)
        names.append(name)
    for i in range(archives):
        rng = np.random.default_rng(seed + 1_000_000 + i)
        rows = int(rng.integers(0, 40))
        columns = {}
        for column in range(1 + rng.integers(5)):
            rest = tuple(int(n) for n in rng.integers(1, 4, rng.integers(3)))
            dtype = record(rng) if rng.integers(5) == 0 else scalar(rng)
            columns['column %d' % column] = fill(rng, dtype, (rows,) + rest)
        name = os.path.join(folder, 'archive%d.npz' % i)
        (np.savez_compressed if rng.integers(3) == 0 else np.savez)(name, **columns)
        names.append(name)
    return names


def values(array):
    """The bytes of all values; padding between fields holds none."""
    if array.dtype.names is None:
        return array.tobytes()
    return b''.join(values(array[name]) for name in array.dtype.names)


def spelling(dtype):
    return dtype.str if dtype.names is None else dtype.descr


def different(key, left, right):
    if left.dtype != right.dtype or spelling(left.dtype) != spelling(right.dtype):
        return '%s: dtype %s became %s' % (key, left.dtype, right.dtype)
    if left.shape != right.shape:
        return '%s: shape %s became %s' % (key, left.shape, right.shape)
    if values(left) != values(right):
        return '%s: values of %s %s' % (key, left.dtype, left.shape)
    return None


def compare(left, right):
    one, two = np.load(left), np.load(right)
    if left.endswith('.npy'):
        return different('array', one, two)
    with one, two:
        if sorted(one.files) != sorted(two.files):
            return 'members %s became %s' % (one.files, two.files)
        for key in one.files:
            if key.endswith('.json'):
                continue
            found = different(key, one[key], two[key])
            if found:
                return found
    with zipfile.ZipFile(left) as one, zipfile.ZipFile(right) as two:
        for name in one.namelist():
            if name.endswith('.json') and one.read(name) != two.read(name):
                return '%s differs' % name
    return None


for line in sys.stdin:
    command = json.loads(line)
    if 'make' in command:
        answer = make(command['make'], command['seed'], command['arrays'], command['archives'])
    else:
        answer = compare(command['left'], command['right'])
    print(json.dumps(answer), flush=True)
