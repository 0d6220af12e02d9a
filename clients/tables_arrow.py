"""Random tables of pyarrow: every type and nesting, in batches, sliced, with what is behind nulls left as it comes."""

import decimal
import pathlib
import random

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import compare
import yardstick

NAME = "pyarrow"
ERRORS: tuple = ()
UNITS = ["s", "ms", "us", "ns"]
ZONES = [None, None, "UTC", "Europe/Berlin", "+02:00"]
TEXTS = ["", "a", "word", "ö", "日本", "x" * 40, " ", "\U0001f600", "a\nb", '"q"', "NaN", "null"]
NUMBERS = [pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64(),
           pa.float16(), pa.float32(), pa.float64()]
NAMES = ["a", "b", "c c", "ö", "", "x.y", "1", "index", "None", "('a', 1)", "__index_level_0__", "A"]


def random_type(rng: random.Random, depth: int) -> pa.DataType:
    if depth and rng.random() < 0.45:
        return random_nested(rng, depth - 1)
    unit, narrow, wide = rng.choice(UNITS), rng.choice(UNITS[:2]), rng.choice(UNITS[2:])
    digits = rng.randint(1, 38)
    return rng.choice([
        rng.choice(NUMBERS), rng.choice(NUMBERS), pa.null(), pa.bool_(), pa.string(), pa.large_string(), pa.binary(),
        pa.large_binary(), pa.string_view(), pa.binary_view(), pa.binary(rng.randint(1, 9)), pa.date32(), pa.date64(),
        pa.time32(narrow), pa.time64(wide), pa.timestamp(unit, rng.choice(ZONES)), pa.duration(unit),
        pa.month_day_nano_interval(), pa.decimal128(digits, rng.randint(-2, digits)),
        pa.decimal256(digits * 2, rng.randint(0, digits)), pa.dictionary(
            rng.choice([pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8()]),
            rng.choice([pa.string(), pa.int64(), pa.float64(), pa.binary(), pa.timestamp(unit)])
            if rng.random() < 0.5 else coded_type(rng, depth), rng.random() < 0.3),
        pa.uuid(), pa.bool8(), pa.json_()])


def coded_type(rng: random.Random, depth: int) -> pa.DataType:
    """What dictionaries and runs may hold: neither of these themselves, but these within other types."""
    while True:
        kind = random_type(rng, depth)
        coded = pa.types.is_dictionary(kind) or pa.types.is_run_end_encoded(kind)
        if not (coded or pa.types.is_union(kind) or isinstance(kind, pa.BaseExtensionType)):
            return kind


def random_nested(rng: random.Random, depth: int) -> pa.DataType:
    def field(name: str) -> pa.Field:
        kind = random_type(rng, depth)
        metadata = {"note": name} if rng.random() < 0.2 else None
        return pa.field(name, kind, rng.random() < 0.8 or pa.types.is_null(kind), metadata)

    def flat() -> pa.DataType:
        return rng.choice([pa.string(), pa.int32(), pa.float64(), pa.timestamp("us")])

    children = [field(name) for name in rng.sample(["x", "y", "zz", ""], rng.randint(0 if rng.random() < 0.1 else 1, 3))]
    item = field(rng.choice(["item", "item", "element", "l"]))
    codes = rng.sample(range(0, 100), 2)
    return rng.choice([
        lambda: pa.list_(item), lambda: pa.large_list(item), lambda: pa.list_(item, rng.choice([0, 1, 2, 3])),
        lambda: pa.struct(children), lambda: pa.map_(flat(), item.with_name("value"), rng.random() < 0.2),
        lambda: pa.list_view(item), lambda: pa.large_list_view(item),
        lambda: pa.sparse_union([pa.field("u", flat()), pa.field("v", flat())], codes),
        lambda: pa.dense_union([pa.field("u", flat()), pa.field("v", flat())], codes),
        lambda: pa.run_end_encoded(rng.choice([pa.int16(), pa.int32(), pa.int64()]),
                                   rng.choice([flat(), coded_type(rng, depth), pa.dictionary(pa.int8(), flat())]))])()


def make_array(rng: random.Random, kind: pa.DataType, n: int, nulls: float) -> pa.Array:
    """Values of the type; a share of the rows is null."""
    noise = np.random.default_rng(rng.getrandbits(64))
    mask = noise.random(n) < nulls
    validity = pa.py_buffer(np.packbits(~mask, bitorder="little").tobytes()) if mask.any() else None
    if isinstance(kind, pa.Bool8Type):
        return kind.wrap_array(pa.array(noise.integers(0, 2, n), pa.int8(), mask=mask))
    if isinstance(kind, pa.BaseExtensionType):
        return kind.wrap_array(make_array(rng, kind.storage_type, n, nulls))
    if pa.types.is_null(kind):
        return pa.nulls(n)
    if pa.types.is_dictionary(kind):
        words = make_array(rng, kind.value_type, 4, 0.0)
        try:
            words = words.unique()
        except pa.ArrowException:
            # Of these pyarrow has no hash: some may be there twice.
            pass
        indices = pa.array(noise.integers(0, max(1, len(words)), n), kind.index_type, mask=mask)
        return pa.DictionaryArray.from_arrays(indices, words, ordered=kind.ordered)
    if pa.types.is_run_end_encoded(kind):
        ends = np.unique(np.append(noise.integers(1, n, n // 3), n)) if n > 1 else np.arange(1, n + 1)
        runs = make_array(rng, kind.value_type, len(ends), nulls)
        return pa.RunEndEncodedArray.from_arrays(pa.array(ends, kind.run_end_type), runs, kind)
    if pa.types.is_union(kind):
        return make_union(rng, kind, n, nulls, noise)
    if pa.types.is_nested(kind):
        return make_nested(rng, kind, n, validity, noise, nulls)
    if compare.is_text(kind):
        texts = [rng.choice(TEXTS) for _ in range(n)]
        if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)):
            texts = [text.encode() + rng.choice([b"", b"\0", b"\xff"]) for text in texts]
        return pa.array([None if gone else text for text, gone in zip(texts, mask)], kind)
    if pa.types.is_boolean(kind):
        return pa.array(noise.random(n) < 0.5, mask=mask)
    return pa.Array.from_buffers(kind, n, [validity, pa.py_buffer(fixed_bytes(rng, kind, n, noise))])


def fixed_bytes(rng: random.Random, kind: pa.DataType, n: int, noise: np.random.Generator) -> bytes:
    if pa.types.is_decimal(kind):
        width = kind.bit_width // 8
        # Some have more digits than their type: nothing in Arrow's format stops them.
        digits = kind.precision + (rng.random() < 0.02)
        largest = min(10 ** digits, 2 ** (kind.bit_width - 1)) - 1
        numbers = [rng.choice([0, 1, -1, largest, -largest, rng.randint(-largest, largest)]) for _ in range(n)]
        return b"".join(number.to_bytes(width, "little", signed=True) for number in numbers)
    if pa.types.is_date64(kind):
        return (noise.integers(-50_000, 50_000, n) * 86_400_000).tobytes()
    if pa.types.is_time(kind):
        size = np.int32 if kind.bit_width == 32 else np.int64
        return noise.integers(0, 86_400 * 1000 ** UNITS.index(kind.unit), n).astype(size).tobytes()
    if pa.types.is_timestamp(kind) or pa.types.is_date32(kind) or pa.types.is_duration(kind):
        size = np.int32 if kind.bit_width == 32 else np.int64
        most = 50_000 if kind.bit_width == 32 else 4_000_000_000 * 1000 ** UNITS.index(kind.unit)
        return noise.integers(-most, most, n).astype(size).tobytes()
    if pa.types.is_floating(kind) and rng.random() < 0.5:
        size = np.dtype(f"f{kind.bit_width // 8}")
        return np.resize(np.array([0.0, -0.0, np.nan, -np.nan, np.inf, 1.5, -1e-4], size), n).tobytes()
    return noise.bytes(n * kind.bit_width // 8)


def make_union(rng, kind: pa.DataType, n: int, nulls: float, noise: np.random.Generator) -> pa.Array:
    picks = noise.integers(0, kind.num_fields, n)
    codes = pa.array(np.array(list(kind.type_codes))[picks] if n else [], pa.int8())
    names = [kind.field(i).name for i in range(kind.num_fields)]
    sparse = kind.mode == "sparse"
    sizes = [n if sparse else int((picks == i).sum()) + 1 for i in range(kind.num_fields)]
    children = [make_array(rng, kind.field(i).type, size, nulls) for i, size in enumerate(sizes)]
    if sparse:
        return pa.UnionArray.from_sparse(codes, children, names, list(kind.type_codes))
    offsets = np.zeros(n, np.int32)
    for i in range(kind.num_fields):
        offsets[picks == i] = np.arange((picks == i).sum())
    return pa.UnionArray.from_dense(codes, pa.array(offsets), children, names, list(kind.type_codes))


def make_nested(rng, kind: pa.DataType, n: int, validity, noise: np.random.Generator, nulls: float) -> pa.Array:
    def child(i: int, size: int) -> pa.Array:
        field = kind.field(i)
        return make_array(rng, field.type, size, nulls if field.nullable else 0.0)

    if pa.types.is_struct(kind):
        return pa.Array.from_buffers(kind, n, [validity], children=[child(i, n) for i in range(kind.num_fields)])
    if pa.types.is_fixed_size_list(kind):
        return pa.Array.from_buffers(kind, n, [validity], children=[child(0, n * kind.list_size)])
    wide = pa.types.is_large_list(kind) or pa.types.is_large_list_view(kind)
    size = np.int64 if wide else np.int32
    lengths = noise.integers(0, 4, n)
    if pa.types.is_list_view(kind) or pa.types.is_large_list_view(kind):
        held = child(0, 9)
        offsets = noise.integers(0, 6, n).astype(size)
        buffers = [validity, pa.py_buffer(offsets.tobytes()), pa.py_buffer(lengths.astype(size).tobytes())]
        return pa.Array.from_buffers(kind, n, buffers, children=[held])
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(size)
    buffers = [validity, pa.py_buffer(offsets.tobytes())]
    if pa.types.is_map(kind):
        keys = make_array(rng, kind.key_type, int(offsets[-1]), 0.0)
        held = make_array(rng, kind.item_type, int(offsets[-1]), nulls if kind.item_field.nullable else 0.0)
        entries = pa.StructArray.from_arrays([keys, held], fields=[kind.key_field, kind.item_field])
        return pa.Array.from_buffers(kind, n, buffers, children=[entries])
    return pa.Array.from_buffers(kind, n, buffers, children=[child(0, int(offsets[-1]))])


def make(rng: random.Random) -> pa.Table:
    n = rng.choice([0, 1, 2, 3, 7, 8, 9, 20, 64, 65])
    fields = []
    for name in rng.sample(NAMES, rng.randint(1, 4)):
        kind = random_type(rng, 2)
        metadata = {"k": name, "Ö": "ü"} if rng.random() < 0.3 else None
        nullable = rng.random() < 0.8 or pa.types.is_null(kind) or pa.types.is_union(kind)
        fields.append(pa.field(name, kind, nullable, metadata))
    schema = pa.schema(fields, {"about": "random"} if rng.random() < 0.3 else None)
    batches = []
    pieces = rng.choice([1, 1, 2, 3])
    def batch_of(rows: int) -> pa.RecordBatch:
        nulls = rng.choice([0, 0.3, 1.0])
        return pa.record_batch([make_array(rng, field.type, rows, nulls if field.nullable else 0.0)
                                for field in fields], schema=schema)

    if rng.random() < 0.2:
        # Each with dictionaries of its own.
        return pa.Table.from_batches([batch_of(n) for _ in range(pieces)], schema)
    batch = batch_of(n)
    for piece in range(pieces):
        start, end = n * piece // pieces, n * (piece + 1) // pieces
        batches.append(batch.slice(start, end - start))
    return pa.Table.from_batches(batches, schema)


def forms(table: pa.Table) -> list[str]:
    """What the table can be written as; its own Parquet writer refuses some types, and dies of lists of size 0."""
    try:
        table.validate(full=True)
        if any("[0]" in str(kind) for kind in table.schema.types):
            raise ValueError("a list of size 0")
        held = pa.BufferOutputStream()
        pq.write_table(table, held)
        pq.read_table(pa.BufferReader(held.getvalue()))
        kinds = ["stream", "parquet"]
    except (pa.ArrowException, OSError, ValueError):
        kinds = ["stream"]
    try:
        # A file cannot replace the dictionaries that a stream replaces.
        with pa.ipc.new_file(pa.BufferOutputStream(), table.schema) as writer:
            writer.write_table(table)
    except pa.ArrowException:
        return kinds
    return ["feather", "lz4", "zstd", *kinds]


def ends(table) -> list[str]:
    return ["feather", "lz4", "zstd", "stream", "parquet"]


def write(table: pa.Table, path: pathlib.Path, form: str) -> None:
    if form == "parquet":
        pq.write_table(table, path)
    else:
        yardstick.write_arrow(table, path, form if form in ("lz4", "zstd") else None)


def read(path: pathlib.Path) -> pa.Table:
    if path.suffix == ".parquet":
        return pq.read_table(path)
    table = yardstick.read_arrow(path)
    try:
        table.validate(full=True)
    except pa.ArrowInvalid as fault:
        if "does not fit in precision" not in str(fault):
            raise
    return table


def judge(before: pa.Table, path: pathlib.Path) -> str | None:
    after = read(path)
    parquet = path.suffix == ".parquet"
    return compare.tables(before, after, parquet=parquet) or frames(before, after)


def frames(before: pa.Table, after: pa.Table) -> str | None:
    """What pandas makes of both, where it can make something of the first."""
    try:
        before = with_chunks(before)
        expected = before.to_pandas()
    except (pa.ArrowException, ValueError, TypeError, KeyError, OverflowError, NotImplementedError):
        return None
    seen = with_chunks(after).to_pandas()
    if expected.shape != seen.shape or list(expected.columns) != list(seen.columns):
        return f"to_pandas(): {expected.shape} {list(expected.columns)} is now {seen.shape} {list(seen.columns)}"
    dtypes = [(str(one), str(other)) for one, other in zip(expected.dtypes, seen.dtypes) if one != other]
    return f"to_pandas(): dtype {dtypes[0][0]} is now {dtypes[0][1]}" if dtypes else None


def with_chunks(table: pa.Table) -> pa.Table:
    """pyarrow's to_pandas() ends the process at list views of list views without any chunk."""
    columns = [column if column.num_chunks else pa.chunked_array([pa.nulls(0, column.type)]) for column in table.columns]
    return pa.table(columns, schema=table.schema)


def smaller(table: pa.Table):
    """Tables with less in them, the smallest first."""
    if table.num_columns > 1:
        yield from (table.select([name]) for name in table.schema.names)
    yield from (table.slice(0, rows) for rows in (0, 1, 2, table.num_rows // 2) if rows < table.num_rows)
    if table.schema.metadata:
        yield table.replace_schema_metadata(None)
    whole = table.combine_chunks()
    if table.num_rows and any(column.num_chunks > 1 for column in table.columns):
        yield whole
