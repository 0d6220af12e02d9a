"""Writes tables as Parquet, a line in and a line out: the path of a Feather file to hold from then on, or a codec and a target."""
import sys
import time

import pyarrow
import pyarrow.feather
import pyarrow.parquet

print(pyarrow.__version__, flush=True)
table = None
for line in sys.stdin:
    words = line.rstrip("\n").split("\t")
    if len(words) == 1:
        table = pyarrow.feather.read_table(words[0], memory_map=False)
        print(table.num_rows, flush=True)
        continue
    start = time.perf_counter_ns()
    pyarrow.parquet.write_table(table, words[1], compression=words[0], row_group_size=1 << 20)
    print(time.perf_counter_ns() - start, flush=True)
