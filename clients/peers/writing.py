"""Processor time, size and memory of Parquet writers, each in a process of its own on one core, from a mapped Arrow file.

    writing.py WORK JAVA CLASSPATH >../../benchmarks/results/parquet-writers-DATE-jdkNN.md

Takes ten minutes and 5 GB in WORK. The class path holds arrow-npz-parquet and that of peers/run. Memory is the most that a process had of its own, without the
mapped file; of the JVM's it includes what its heap was given.
"""
import datetime
import os
import re
import subprocess
import sys
import time

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.feather as feather

HERE = os.path.dirname(os.path.abspath(__file__))
PYARROW = """
import sys, time, pyarrow as pa, pyarrow.feather as feather, pyarrow.parquet as pq
pa.set_cpu_count(1)
table = feather.read_table(sys.argv[1], memory_map=True)
for turn in range(int(sys.argv[4])):
    start = time.process_time()
    pq.write_table(table, sys.argv[2], compression=sys.argv[3])
    print(int((time.process_time() - start) * 1000), flush=True)
"""
DUCKDB = """
import sys, time, duckdb, pyarrow.feather as feather
rows = feather.read_table(sys.argv[1], memory_map=True)
connection = duckdb.connect()
connection.execute("SET threads = 1; SET enable_progress_bar = false")
for turn in range(int(sys.argv[4])):
    start = time.process_time()
    connection.execute("COPY (FROM rows) TO '%s' (FORMAT parquet, COMPRESSION '%s')" % (sys.argv[2], sys.argv[3]))
    print(int((time.process_time() - start) * 1000), flush=True)
"""


def taxi(rng, rows=2_000_000):
    pickup = np.sort(rng.integers(1_704_067_200, 1_706_745_600, rows)) * 1_000_000
    distance = np.round(rng.gamma(1.5, 2, rows), 2)
    fare = np.round(3 + 2.5 * distance + rng.integers(0, 20, rows) / 2, 1)
    tip = np.round(fare * rng.choice([0, 0.15, 0.2, 0.25], rows), 2)
    tolls = rng.choice([0, 0, 0, 0, 6.94], rows)
    gone = rng.random(rows) < 0.05
    return pa.table({
        'VendorID': pa.array(rng.choice([1, 2], rows).astype('i4')),
        'pickup': pa.array(pickup).cast(pa.timestamp('us')),
        'dropoff': pa.array(pickup + rng.integers(60, 3600, rows) * 1_000_000).cast(pa.timestamp('us')),
        'passengers': pa.array(rng.choice([1, 1, 1, 2, 3, 4], rows).astype('i8'), mask=gone),
        'distance': distance,
        'flag': pa.array(np.array(['N', 'Y'], object)[(rng.random(rows) < 0.01).astype(int)]),
        'PU': pa.array(rng.integers(1, 266, rows).astype('i4')),
        'DO': pa.array(rng.integers(1, 266, rows).astype('i4')),
        'payment': pa.array(rng.integers(0, 5, rows)),
        'fare': fare, 'tip': tip, 'tolls': tolls, 'total': np.round(fare + tip + tolls + 3.5, 2),
    })


def events(rng, sessions=50_000):
    lengths = rng.integers(1, 40, sessions)
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths)]).astype('i4'))
    total = int(lengths.sum())
    words = np.array(['view', 'click', 'buy', 'leave', 'search'], object)
    lists = {
        'time': pa.array(1_704_067_200_000_000 + np.cumsum(rng.integers(0, 900_000, total))).cast(pa.timestamp('us')),
        'kind': pa.array(words[rng.integers(0, 5, total)]),
        'item': pa.array(rng.integers(0, 20_000, total).astype('i4')),
        'price': pa.array(np.round(rng.gamma(2, 30, total), 2)),
    }
    return pa.table({'session': pa.array(['s%016x' % n for n in rng.integers(0, 1 << 62, sessions)]),
                     **{name: pa.ListArray.from_arrays(offsets, values) for name, values in lists.items()}})


def embeddings(rng, rows=1_000_000, size=384):
    values = np.empty(rows * size, 'f4')
    for part in np.array_split(values, 16):
        part[:] = rng.standard_normal(len(part), 'f4') / np.sqrt(size, dtype='f4')
    return pa.table({'id': pa.array(np.arange(rows)),
                     'vector': pa.FixedSizeListArray.from_arrays(pa.array(values), size)})


def mixed(rng, rows=100_000):
    columns = {}
    for i in range(10):
        gone = rng.random(rows) < 0.1
        columns |= {
            'bool%d' % i: pa.array(rng.random(rows) < 0.3, mask=gone),
            'small%d' % i: pa.array(rng.integers(-100, 100, rows).astype('i4')),
            'id%d' % i: pa.array(np.arange(rows) * 7 + rng.integers(0, 7, rows)),
            'wide%d' % i: pa.array(rng.integers(-1 << 62, 1 << 62, rows), mask=gone),
            'float%d' % i: pa.array(rng.standard_normal(rows).astype('f4')),
            'double%d' % i: pa.array(np.round(rng.gamma(2, 50, rows), 2), mask=gone),
            'word%d' % i: pa.array(np.array(['w%d' % n for n in range(200)], object)[rng.integers(0, 200, rows)], mask=gone),
            'text%d' % i: pa.array(['user-%08d@example.org' % n for n in rng.integers(0, 10 ** 8, rows)]),
            'day%d' % i: pa.array(rng.integers(18_000, 20_000, rows).astype('i4')).cast(pa.date32()),
            'at%d' % i: pa.array(1_700_000_000_000 + np.cumsum(rng.integers(0, 5_000, rows))).cast(pa.timestamp('ms')),
        }
    return pa.table(columns)


def run(command, out):
    """The least and the first of its milliseconds, and its most MB."""
    process = subprocess.Popen(['taskset', '-c', '1'] + command, stdout=subprocess.PIPE, text=True)
    most = 0
    while process.poll() is None:
        try:
            with open('/proc/%d/status' % process.pid) as status:
                most = max([most] + [int(line.split()[1]) for line in status if line.startswith('RssAnon')])
        except OSError:
            pass
        time.sleep(0.01)
    times = [int(line) for line in process.stdout.read().split()]
    if process.returncode or not times:
        raise SystemExit('%s ends with %d' % (command[:3], process.returncode))
    return min(times), times[0], most / 1000, os.path.getsize(out) / 1e6


HEAD = """\
Parquet written from a mapped Arrow file on one core, each writer in a process of its own (`clients/peers/writing.py`):
2,000,000 taxi trips; 50,000 packed sessions with 1,000,000 events; 1,000,000 embeddings of 384 float32; 100 mixed columns of
100,000 rows. Processor time of the best of 15 turns (embeddings: 3), that of the JVM's compiler and collector included;
memory of the process without the mapped file, heaps of at most 1 GiB. pyarrow %s, DuckDB %s, parquet-java %s with
values straight from the vectors, each with its own defaults; %s, JDK %s, %d processors.
"""


def main(work, java, classpath):
    version = subprocess.run([java, '-version'], capture_output=True, text=True, check=True).stderr
    print(HEAD % (pa.__version__, duckdb.__version__, re.search(r'parquet-hadoop-([\d.]+)\.jar', classpath)[1],
                  datetime.date.today(), re.search('"(.*?)"', version)[1], os.cpu_count()))
    print('| table | codec | writer | ms, least | ms, first | MB | memory, MB | time / pyarrow | size / pyarrow |')
    print('| --- | --- | --- | --- | --- | --- | --- | --- | --- |', flush=True)
    for make in (taxi, events, embeddings, mixed):
        source = os.path.join(work, make.__name__ + '.feather')
        table = make(np.random.default_rng(41))
        feather.write_feather(table, source, compression='uncompressed', chunksize=table.num_rows)
        del table
        turns = 3 if make is embeddings else 15
        for codec in ('snappy', 'zstd'):
            like = os.path.join(work, 'pyarrow.parquet')
            found = {}
            for writer in ('pyarrow', 'arrow-npz', 'duckdb', 'parquet-java'):
                out = os.path.join(work, writer + '.parquet')
                rest = [source, out, codec, str(turns)]
                if writer == 'pyarrow':
                    command = [sys.executable, '-c', PYARROW] + rest
                elif writer == 'duckdb':
                    command = [sys.executable, '-c', DUCKDB] + rest
                else:
                    command = [java, '-Xmx1g', '-XX:+UseSerialGC', '--add-opens=java.base/java.nio=ALL-UNNAMED', '-cp', classpath,
                               os.path.join(HERE, 'Writing.java'), writer] + rest + [like]
                found[writer] = run(command, out)
                least, first, memory, size = found[writer]
                if out != like:
                    os.remove(out)
                base = found['pyarrow']
                print('| %s | %s | %s | %d | %d | %.2f | %.0f | %.2f | %.3f |' % (
                    make.__name__, codec, writer, least, first, size, memory, least / base[0], size / base[3]), flush=True)
        os.remove(source)
        os.remove(like)


main(*sys.argv[1:])
