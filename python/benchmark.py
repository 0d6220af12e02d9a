"""Opening one Fortran-order member of 125,000 x 100 float64 and adding values up, in one run on one file.

    python benchmark.py [rounds]

Beside arrow_npz: np.load of the same archive, and np.memmap of the same elements in a plain file.
"""

import os
import statistics
import sys
import tempfile
import time
from typing import Callable, Dict, List

import numpy as np

import arrow_npz

ROWS, COLUMNS = 125_000, 100


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as directory:
        values = np.asfortranarray(np.random.default_rng(0).normal(size=(ROWS, COLUMNS)))
        archive, plain = os.path.join(directory, "a.npz"), os.path.join(directory, "a.bin")
        arrow_npz.write({str(j): values[:, j] for j in range(COLUMNS)}, archive, durable=False)
        values.T.tofile(plain)
        expected_one, expected_all = float(values[:, 50].sum()), float(values.T.sum())

        def loaded() -> np.ndarray:
            with np.load(archive) as file:
                return np.asarray(file["__blocks_0__"])

        def mapped() -> np.ndarray:
            with arrow_npz.open(archive) as file:
                return file["__blocks_0__"]

        def memmap() -> np.ndarray:
            return np.memmap(plain, np.float64, "r", shape=(ROWS, COLUMNS), order="F")

        calls: Dict[str, Callable[[], float]] = {
            "open, one column: arrow_npz": lambda: float(mapped()[:, 50].sum()),
            "open, one column: np.load": lambda: float(loaded()[:, 50].sum()),
            "open, one column: np.memmap": lambda: float(memmap()[:, 50].sum()),
            "open, all: arrow_npz": lambda: float(mapped().T.sum()),
            "open, all: np.load": lambda: float(loaded().T.sum()),
            "open, all: np.memmap": lambda: float(memmap().T.sum()),
        }
        times: Dict[str, List[float]] = {name: [] for name in calls}
        for turn in range(rounds + 2):
            for name, call in calls.items():  # in turns, so that a busy machine is busy for all
                start = time.perf_counter()
                found = call()
                elapsed = time.perf_counter() - start
                expected = expected_one if "one" in name else expected_all
                if abs(found - expected) > 1e-6 * max(1.0, abs(expected)):
                    raise SystemExit(f"{name} gives {found}, not {expected}")
                if turn >= 2:
                    times[name].append(elapsed)
        print(f"NumPy {np.__version__}, Python {sys.version.split()[0]}, {rounds} rounds, medians (best) in ms")
        medians = {name: statistics.median(found) for name, found in times.items()}
        for name, taken in times.items():
            print(f"| {name} | {medians[name] * 1e3:.2f} | {min(taken) * 1e3:.2f} |")
        one = medians["open, one column: np.load"] / medians["open, one column: arrow_npz"]
        every = medians["open, all: arrow_npz"] / medians["open, all: np.memmap"]
        best = min(times["open, all: arrow_npz"]) / min(times["open, all: np.memmap"])
        print(f"one column: {one:.0f} x faster than np.load; all: {every:.2f} x np.memmap (best {best:.2f})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
