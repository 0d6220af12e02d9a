"""Random tables for ParquetRandomTablesTest: made as Feather, and compared after they were written as Parquet."""
import decimal
import glob
import json
import sys

import duckdb
import numpy as np
import polars
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.feather as feather
import pyarrow.parquet as pq

INTS = [pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64()]
SCALARS = INTS + [
    pa.bool_(), pa.float16(), pa.float32(), pa.float64(), pa.string(), pa.large_string(), pa.binary(),
    pa.large_binary(), pa.binary(5), pa.date32(), pa.time32('ms'), pa.time64('us'), pa.timestamp('ms'),
    pa.timestamp('us', 'Asia/Tokyo'), pa.timestamp('ns'), pa.timestamp('s', 'UTC'), pa.duration('ms'),
    pa.decimal128(5, 2), pa.decimal128(18, 0), pa.decimal128(38, 10),
]
FLOATS = [0.0, -0.0, float('nan'), float('inf'), float('-inf'), 1.5, -2.25]


def value(rng, kind, few):
    """A value of a type that all clients can hold; one of few where a dictionary pays."""
    n = int(rng.integers(0, 5 if few else 1 << 30))
    if pa.types.is_integer(kind):
        low, high = np.iinfo(kind.to_pandas_dtype()).min, np.iinfo(kind.to_pandas_dtype()).max
        edges = [low, high, 0, 1]
        return int(rng.choice(4)) and max(low, min(high, n - 3)) or int(edges[n % 4])
    if pa.types.is_boolean(kind):
        return n % 2 == 1
    if pa.types.is_floating(kind):
        number = FLOATS[n % 7] if rng.integers(3) == 0 else (n % 4096) / 8
        return np.float16(number) if kind == pa.float16() else number
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return ['', 'a', 'é', 'z' * 70, '𝔸'][n % 5] + ('' if few else str(n))
    if kind == pa.binary(5):
        return n.to_bytes(5, 'little' if n % 2 else 'big')
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return n.to_bytes(4, 'little')[: n % 5]
    if pa.types.is_decimal(kind):
        digits = n % 10 ** min(kind.precision, 9) - (500 if n % 3 else 0)
        return decimal.Decimal(digits).scaleb(-kind.scale)
    if pa.types.is_date(kind):
        return n % 40000 - 10000
    if pa.types.is_time(kind):
        return n % 86_400_000
    return n - (1 << 28)


def values(rng, kind, rows, nulls, few):
    """An array, with values under its nulls where pyarrow makes them."""
    gone = rng.random(rows) < nulls
    if pa.types.is_struct(kind):
        parts = [values(rng, field.type, rows, nulls, few) for field in kind]
        return pa.StructArray.from_arrays(parts, fields=list(kind), mask=pa.array(gone))
    if pa.types.is_fixed_size_list(kind):
        child = values(rng, kind.value_type, rows * kind.list_size, nulls, few)
        return pa.FixedSizeListArray.from_arrays(child, kind.list_size, mask=pa.array(gone))
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_map(kind):
        lengths = rng.integers(0, 4, rows) * (rng.random(rows) < 0.9)
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype('i4')
        total = int(offsets[-1])
        if pa.types.is_map(kind):
            keys = values(rng, kind.key_type, total, 0, few)
            return pa.MapArray.from_arrays(offsets, keys, values(rng, kind.item_type, total, nulls, few))
        child = values(rng, kind.value_type, total, nulls, few)
        form = pa.LargeListArray if pa.types.is_large_list(kind) else pa.ListArray
        return form.from_arrays(pa.array(offsets, form is pa.ListArray and pa.int32() or pa.int64()), child,
                                mask=pa.array(gone))
    if pa.types.is_dictionary(kind):
        # Nulls among the values and among the indices, and entries that nothing refers to.
        entries = ['b', 'a', None, 'unused', 'é'] if pa.types.is_string(kind.value_type) else [7, -1, None, 12345, 0]
        indices = pa.array([None if g else int(i) for g, i in zip(gone, rng.integers(0, 3, rows))], kind.index_type)
        return pa.DictionaryArray.from_arrays(indices, pa.array(entries, kind.value_type))
    if pa.types.is_run_end_encoded(kind):
        runs = max(1, rows // 3)
        ends = np.sort(rng.choice(np.arange(1, rows), min(runs, rows) - 1, replace=False)) if rows else []
        own = values(rng, kind.value_type, len(ends) + 1 if rows else 0, nulls, few)
        return pa.RunEndEncodedArray.from_arrays(pa.array(list(ends) + [rows] if rows else [], pa.int32()), own)
    return pa.array([None if g else value(rng, kind, few) for g in gone], kind)


def type_of(rng, depth):
    turn = rng.integers(10) if depth else 0
    if turn < 5:
        return SCALARS[rng.integers(len(SCALARS))]
    if turn == 5:
        return pa.struct([pa.field('x', type_of(rng, depth - 1)), pa.field('y', type_of(rng, depth - 1))])
    if turn == 6:
        return pa.list_(type_of(rng, depth - 1), int(rng.integers(1, 4)))
    if turn == 7:
        return pa.map_(pa.string(), type_of(rng, depth - 1))
    return (pa.list_ if turn == 8 else pa.large_list)(type_of(rng, depth - 1))


def make(count, seed):
    for number in range(count):
        rng = np.random.default_rng([seed, number])
        rows = int(rng.choice([0, 1, 7, 40, 300])) if number % 20 else 40_000
        arrays, names = [], []
        for column in range(int(rng.integers(1, 6)) if number % 20 else 1):
            if rng.integers(8) == 0:
                entry = [pa.string(), pa.int64(), pa.int16(), pa.date32()][rng.integers(4)]
                kind = pa.dictionary([pa.int8(), pa.uint16(), pa.int32()][rng.integers(3)], entry)
            elif rng.integers(8) == 0:
                kind = pa.run_end_encoded(pa.int32(), SCALARS[rng.integers(len(SCALARS))])
            else:
                kind = type_of(rng, 3)
            nulls = [0, 0.2, 1][rng.choice(3, p=[0.4, 0.5, 0.1])]
            before = int(rng.integers(0, 20))
            # Runs have no slices in other languages.
            before = 0 if pa.types.is_run_end_encoded(kind) else before
            arrays.append(values(rng, kind, before + rows, nulls, bool(rng.integers(2))).slice(before))
            names.append('c%d' % column)
        feather.write_feather(pa.table(arrays, names), '%03d.feather' % number, compression='uncompressed',
                              chunksize=int(rng.choice([3, 100, 1 << 16])) if rows < 1000 else 1 << 14)


def statistics(name):
    """By row group and leaf: the least and greatest value as text, or None where there are none, and the nulls."""
    metadata = pq.ParquetFile(name).metadata
    for group in range(metadata.num_row_groups):
        for column in range(metadata.num_columns):
            leaf = metadata.row_group(group).column(column)
            found = leaf.statistics
            limits = (repr(found.min), repr(found.max)) if found and found.has_min_max else None
            # pyarrow leaves out some nulls above a leaf.
            nulls = found.null_count if found and '.' not in leaf.path_in_schema else None
            yield (group, column, nulls), limits


def check():
    connection = duckdb.connect()
    # One name takes one table after the other.
    connection.execute("SET threads = 1; SET TimeZone = 'UTC'; SET enable_external_file_cache = false")
    compared = 0
    for written in sorted(glob.glob('*.parquet')):
        options = json.load(open(written + '.json'))
        truth = feather.read_table(written[:3] + '.feather', memory_map=False)
        truth = pa.table([pa.chunked_array([pc.run_end_decode(chunk) for chunk in column.chunks], column.type.value_type)
                          if pa.types.is_run_end_encoded(column.type) else column for column in truth.columns],
                         truth.schema.names)
        assert repr(pq.read_table(written).to_pylist()) == repr(truth.to_pylist()), (written, 'pyarrow')
        # Other clients see what they see in pyarrow's file of the same table, which has no dictionaries with null.
        plain = [f.with_type(f.type.value_type) if pa.types.is_dictionary(f.type) else f for f in truth.schema]
        truth = truth.cast(pa.schema(plain))
        reference = written[:3] + '.ref'
        pq.write_table(truth, reference, row_group_size=options['rows'])
        ours, theirs = (polars.read_parquet(open(name, 'rb')) for name in (written, reference))
        assert repr(ours.to_dicts()) == repr(theirs.to_dicts()), (written, 'Polars')
        ours, theirs = (connection.execute("FROM read_parquet('%s')" % name).to_arrow_table().to_pylist()
                        for name in (written, reference))
        assert repr(ours) == repr(theirs), (written, 'DuckDB')
        # Without rows, ours has no row group, and pyarrow's an empty one.
        if options['statistics'] and truth.num_rows:
            for mine, other in zip(statistics(written), statistics(reference), strict=True):
                assert mine[0] == other[0], (written, mine, other)
                if mine[1] and other[1]:
                    assert mine[1] == other[1], (written, mine, other)
                    compared += 1
    assert compared > 20, compared


if sys.argv[1] == 'make':
    make(int(sys.argv[2]), int(sys.argv[3]))
else:
    check()
