"""Saves an array of random float64 each time a line comes in, as np.savez does, and prints the nanoseconds."""

import sys
import time

import numpy as np

target, count = sys.argv[1], int(sys.argv[2])
array = np.random.default_rng(1).random(count)
print("numpy", np.__version__, flush=True)
for _ in sys.stdin:
    start = time.perf_counter_ns()
    np.savez(target, x=array)
    print(time.perf_counter_ns() - start, flush=True)
