"""Writes matrices of scipy.sparse, and compares what Java made of them.

sparse_files.py write DIRECTORY COUNT   python/N.npz
sparse_files.py check DIRECTORY COUNT   java/N.npz is the same matrix, and python/N.txt what Java read
"""
import sys

import numpy as np

try:
    import scipy.sparse as sp
except ImportError:
    sys.exit(0)

OTHERS = ("coo", "bsr", "dia")
what, directory, count = sys.argv[1], sys.argv[2], int(sys.argv[3])


def matrix(seed):
    r = np.random.default_rng(seed)
    shape = tuple(int(n) for n in r.integers(0, 12, 2))
    dtype = r.choice(["f8", "f4", "i8", "i4", "u1", "c16", "?"])
    dense = r.integers(0, 2, shape) * r.integers(-9, 9, shape)
    kind = ["csr_matrix", "csc_matrix", "csr_array", "csc_array", "coo_array", "bsr_matrix", "dia_array"][seed % 7]
    if kind[:3] in OTHERS:
        shape = tuple(max(1, n) for n in shape)
        dense = r.integers(0, 2, shape) * r.integers(-9, 9, shape)
    made = getattr(sp, kind)(np.abs(dense).astype(dtype) if dtype in ("u1", "?") else dense.astype(dtype))
    if kind[:3] in OTHERS:
        return made
    if seed % 3 == 0:
        made.indptr, made.indices = made.indptr.astype("i8"), made.indices.astype("i8")
    if seed % 5 == 0 and made.nnz > 1:
        made.data[0] = 0  # An explicit zero stays.
    return made


for seed in range(count):
    m = matrix(seed)
    if what == "write":
        sp.save_npz(f"{directory}/python/{seed}.npz", m, compressed=seed % 2 == 0)
        continue
    back = sp.load_npz(f"{directory}/java/{seed}.npz")
    assert type(back) is type(m), (seed, type(back))
    assert back.shape == m.shape and back.dtype == m.dtype, seed
    if m.format in OTHERS:
        assert back.nnz == m.nnz and (back.toarray() == m.toarray()).all(), seed
        continue
    assert back.indptr.dtype == m.indptr.dtype or m.indptr.dtype == np.int64, seed
    assert (back.indptr == m.indptr).all() and (back.indices == m.indices).all() and (back.data == m.data).all(), seed
    back.check_format()
