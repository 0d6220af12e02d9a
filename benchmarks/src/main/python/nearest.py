"""Makes a matrix of random float32 and a vector, and answers each line that comes in (dot, cosine or l2, and whether the
matrix is mapped or in memory) with the nanoseconds that NumPy takes, and the rows that it finds."""

import os
import sys
import time

directory, rows, columns, k = sys.argv[1], *map(int, sys.argv[2:5])
import numpy as np

matrix = np.lib.format.open_memmap(
    os.path.join(directory, "matrix.npy"), mode="w+", dtype="<f4", shape=(rows, columns))
random = np.random.default_rng(7)
for start in range(0, rows, 50_000):
    part = matrix[start:start + 50_000]
    part[:] = random.standard_normal(part.shape, dtype=np.float32)
matrix.flush()
query = random.standard_normal(columns, dtype=np.float32)
np.save(os.path.join(directory, "query.npy"), query)
del matrix
forms = {
    "mapped": np.load(os.path.join(directory, "matrix.npy"), mmap_mode="r"),
    "memory": np.load(os.path.join(directory, "matrix.npy")),
}


def keys(matrix, metric):
    if metric == "dot":
        return -(matrix @ query)
    if metric == "cosine":
        return -(matrix @ query) / (np.sqrt(np.einsum("ij,ij->i", matrix, matrix)) * np.linalg.norm(query))
    return np.linalg.norm(matrix - query, axis=1)


print("numpy", np.__version__, np.show_config(mode="dicts")["Build Dependencies"]["blas"]["name"], flush=True)
for line in sys.stdin:
    metric, form = line.split()
    start = time.perf_counter_ns()
    found = keys(forms[form], metric)
    best = np.argpartition(found, k)[:k]
    best = best[np.lexsort((best, found[best]))]
    print(time.perf_counter_ns() - start, *best, flush=True)
