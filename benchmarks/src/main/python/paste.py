"""100,000 rows of ids and two matrices of 512 float16 to one Parquet file: arrow-npz paste and a pyarrow script in turns.

usage: paste.py DIRECTORY TURNS COMMAND...    COMMAND runs arrow-npz; each turn is a process of its own
"""

import os
import statistics
import subprocess
import sys
import time

import numpy as np

ROWS, WIDTH = 100_000, 512
SCRIPT = """
import sys
import numpy as np, pyarrow as pa, pyarrow.parquet as pq
table = {"id": pa.array(np.load("ids.npy"))}
for name in ("a", "b"):
    matrix = np.load(name + ".npy")
    table[name] = pa.FixedSizeListArray.from_arrays(pa.array(matrix.reshape(-1)), matrix.shape[1])
pq.write_table(pa.table(table), sys.argv[1])
"""


def turn(command):
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    message = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(message.decode())
    return time.perf_counter() - start, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime


def bits(column):
    """The bytes of a column's numbers, which are lists or tensors."""
    array = column.combine_chunks()
    array = getattr(array, "storage", array)
    array = array.flatten() if hasattr(array, "flatten") else array
    return array.to_numpy(zero_copy_only=False).tobytes()


def main():
    os.makedirs(sys.argv[1], exist_ok=True)
    os.chdir(sys.argv[1])
    rng = np.random.default_rng(1)
    np.save("ids.npy", np.arange(ROWS))
    for name in ("a", "b"):
        np.save(name + ".npy", rng.standard_normal((ROWS, WIDTH), dtype=np.float32).astype(np.float16))
    ours = sys.argv[3:] + ["paste", "id=ids.npy", "a=a.npy", "b=b.npy", "--force", "-o", "ours.parquet"]
    theirs = [sys.executable, "-c", SCRIPT, "theirs.parquet"]
    figures = {"arrow-npz paste": [], "pyarrow script": []}
    for _ in range(int(sys.argv[2])):
        figures["arrow-npz paste"].append(turn(ours))
        figures["pyarrow script"].append(turn(theirs))
    import pyarrow.parquet as pq

    one, other = pq.read_table("ours.parquet"), pq.read_table("theirs.parquet")
    same = one.num_rows == ROWS and all(bits(one[name]) == bits(other[name]) for name in one.column_names)
    print(f"{'program':<18}{'median s':>10}{'best s':>10}{'cpu s':>10}{'peak MiB':>10}{'MB':>10}")
    for (name, turns), path in zip(figures.items(), ("ours.parquet", "theirs.parquet")):
        seconds, peak, cpu = zip(*turns)
        print(f"{name:<18}{statistics.median(seconds):>10.2f}{min(seconds):>10.2f}{statistics.median(cpu):>10.2f}"
              f"{max(peak):>10.0f}{os.path.getsize(path) / 1e6:>10.1f}")
    print("same values" if same else "OTHER VALUES")


main()
