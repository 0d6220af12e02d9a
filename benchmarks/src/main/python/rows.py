"""Rows of arrays larger than memory should be: head and tail of 20 GB beside those of 100 rows, and a row-major matrix
converted beside a pyarrow script, in turns.

usage: rows.py DIRECTORY TURNS GB COMMAND...    COMMAND runs arrow-npz; each turn is a process of its own
"""

import os
import resource
import statistics
import subprocess
import sys
import time

import numpy as np

WIDTH = 256
SHAPES = {"2-d": (WIDTH,), "4-d": (16, 16, 4)}
SCRIPT = """
import sys
import numpy as np, pyarrow as pa, pyarrow.parquet as pq
matrix = np.load(sys.argv[1], mmap_mode="r")
schema = pa.schema([(str(i), pa.float32()) for i in range(matrix.shape[1])])
feather = sys.argv[2].endswith("feather")
with pa.ipc.new_file(sys.argv[2], schema) if feather else pq.ParquetWriter(sys.argv[2], schema) as writer:
    for row in range(0, len(matrix), 1 << 17):
        rows = matrix[row : row + (1 << 17)]
        columns = [pa.array(np.ascontiguousarray(rows[:, i])) for i in range(rows.shape[1])]
        writer.write_table(pa.table(columns, schema=schema))
"""


def sparse(path, shape, fortran):
    """An array of zeros that takes no room."""
    with open(path, "wb") as file:
        header = {"descr": "<f4", "fortran_order": fortran, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        file.truncate(file.tell() + 4 * int(np.prod(shape, dtype=np.int64)))
    return path


def turn(command):
    """Seconds, CPU seconds and the largest resident memory, all of it and without mapped pages, in MiB."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    resident = anonymous = 0
    while process.poll() is None:
        try:
            with open(f"/proc/{process.pid}/status") as status:
                lines = dict(line.split(":", 1) for line in status)
            anonymous = max(anonymous, int(lines.get("RssAnon", "0 kB").split()[0]))
            resident = max(resident, int(lines.get("VmHWM", "0 kB").split()[0]))
        except OSError:
            pass
        time.sleep(0.002)
    seconds = time.perf_counter() - start
    if process.returncode:
        sys.exit(f"{command} failed")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, cpu, resident / 1024, anonymous / 1024


def report(figures):
    print("| program | median s | best s | CPU s | RSS MiB | without mapped pages |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, turns in figures.items():
        seconds, cpu, resident, anonymous = zip(*turns)
        print(f"| {name} | {statistics.median(seconds):.2f} | {min(seconds):.2f} | {statistics.median(cpu):.2f} "
              f"| {max(resident):.0f} | {max(anonymous):.0f} |", flush=True)


def main():
    os.makedirs(sys.argv[1], exist_ok=True)
    os.chdir(sys.argv[1])
    turns, gigabytes, command = int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
    figures = {}
    for _ in range(turns):
        for name, rest in SHAPES.items():
            for fortran in (False, True):
                for rows in (100, 20_000_000_000 // (4 * int(np.prod(rest)))):
                    path = sparse("sparse.npy", (rows, *rest), fortran)
                    for verb in ("head", "tail"):
                        key = f"{verb} {name} {'F' if fortran else 'C'} {'small' if rows == 100 else '20 GB'}"
                        figures.setdefault(key, []).append(turn(command + [verb, "-n", "1", path]))
                    os.remove(path)
    report(figures)
    rows = gigabytes * 1_000_000_000 // (4 * WIDTH)
    part = np.random.default_rng(1).standard_normal((100_000, WIDTH), dtype=np.float32)
    matrix = np.lib.format.open_memmap("matrix.npy", "w+", np.float32, (rows, WIDTH))
    for row in range(0, rows, len(part)):
        matrix[row : row + len(part)] = part[: rows - row]
    del matrix
    figures = {}
    for _ in range(turns):
        for kind in ("feather", "parquet"):
            target = "target." + kind
            for name, run in (("arrow-npz", command + ["convert"]), ("pyarrow", [sys.executable, "-c", SCRIPT])):
                figures.setdefault(f"{kind}, {name}", []).append(turn(run + ["matrix.npy", target]))
                os.remove(target)
    print(f"\n{rows:,} x {WIDTH} float32, row-major\n")
    report(figures)
    os.remove("matrix.npy")


main()
