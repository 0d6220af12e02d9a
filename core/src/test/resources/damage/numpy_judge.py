"""Says what NumPy makes of files, and where that differs from what somebody else claims to have read.

Writes the versions of NumPy and Python first. Reads batches from stdin: the number of files, and for each the file, a claim as JSON and the bytes of the arrays that
the claim speaks of, all with their lengths. Answers every batch with one JSON list.
"""
import ast
import io
import json
import os
import struct
import sys
import warnings

os.environ['OPENBLAS_NUM_THREADS'] = '1'

import numpy as np  # noqa: E402
from numpy.lib import format as npy  # noqa: E402

try:
    import resource

    # Headers may ask for any amount of memory, and NumPy asks before it looks.
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
except ImportError:
    pass

warnings.simplefilter('ignore')


def values(array):
    """The bytes of all values; what lies between fields is none."""
    if array.dtype.names is None:
        return array.tobytes()
    return b''.join(values(array[name]) for name in array.dtype.names)


def difference(array, claim, blobs):
    dtype = npy.descr_to_dtype(ast.literal_eval(claim['descr']))
    if list(array.shape) != claim['shape']:
        return 'shape %s, claimed %s' % (array.shape, claim['shape'])
    if dtype.itemsize == 0:
        # NumPy widens such elements when it makes an array of them; the file holds none of their bytes.
        return None if dtype.kind == array.dtype.kind else 'kind %s, claimed %s' % (array.dtype, dtype)
    if dtype != array.dtype or npy.dtype_to_descr(dtype) != npy.dtype_to_descr(array.dtype):
        return 'dtype %s, claimed %s' % (npy.dtype_to_descr(array.dtype), claim['descr'])
    base = array.T if claim['order'] == 'FORTRAN' and array.ndim > 1 else array
    if not base.flags.c_contiguous:
        return 'order, claimed %s' % claim['order']
    raw = np.frombuffer(blobs[claim['raw']], dtype).reshape(base.shape)
    if values(raw) != values(base):
        return 'values'
    return None


def read(load, claim, blobs):
    """What became of loading something (null, or the exception), and how it differs from a claim."""
    try:
        loaded = load()
    except Exception as error:
        return {'refused': '%s: %s' % (type(error).__name__, str(error)[:200])}
    if claim is None:
        return {}
    if isinstance(loaded, bytes):
        # Members that are no arrays.
        same = claim.get('bytes') is not None and blobs[claim['bytes']] == loaded
        return {} if same else {'difference': 'bytes, claimed %s' % claim}
    if 'bytes' in claim:
        return {'difference': 'an array, claimed to be none'}
    found = difference(loaded, claim, blobs)
    return {'difference': found} if found else {}


def judge(file, claim, blobs):
    try:
        loaded = np.load(io.BytesIO(file), allow_pickle=False)
    except Exception as error:
        return {'refused': '%s: %s' % (type(error).__name__, str(error)[:200])}
    if not isinstance(loaded, np.lib.npyio.NpzFile):
        return read(lambda: loaded, claim, blobs)
    with loaded:
        names = loaded.zip.namelist()
        claims = dict((member['name'], member.get('array')) for member in claim or [])
        answer = {'members': {}}
        if claim is not None and names != [member['name'] for member in claim]:
            answer['difference'] = 'members %s' % names
        for name in names:
            answer['members'][name] = read(lambda: loaded[name], claims.get(name), blobs)
        return answer


def take(stream):
    length, = struct.unpack('>i', stream.read(4))
    return stream.read(length)


def main():
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer

    def give(answer):
        text = json.dumps(answer).encode()
        stdout.write(struct.pack('>i', len(text)) + text)
        stdout.flush()

    give([int(part) for part in np.__version__.split('.')[:2]] + list(sys.version_info[:2]))
    while True:
        head = stdin.read(4)
        if not head:
            return
        work = []
        for _ in range(struct.unpack('>i', head)[0]):
            file, claim = take(stdin), json.loads(take(stdin))
            count, = struct.unpack('>i', stdin.read(4))
            work.append((file, claim, [take(stdin) for _ in range(count)]))
        give([judge(*one) for one in work])


if __name__ == '__main__':
    main()
