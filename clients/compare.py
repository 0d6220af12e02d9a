"""What tells two Arrow tables apart: types, names, nullability, metadata, and values bit for bit."""

import numpy as np
import pyarrow as pa

# Keys of ours, and what a client adds when it writes; neither is the user's data.
OWN_KEYS = {b"arrow_npz", b"arrow_npz_schema", b"pandas", b"ARROW:schema"}
OWN_FIELD_KEYS = {b"numpy.dtype", b"PARQUET:field_id"}


def tables(before: pa.Table, after: pa.Table, metadata: bool = True, parquet: bool = False) -> str | None:
    """The first difference in words, or nothing; in Parquet of ours, but for what docs/types.md says of all columns."""
    if before.schema.names != after.schema.names:
        return f"columns {before.schema.names} are now {after.schema.names}"
    if before.num_rows != after.num_rows:
        return f"{before.num_rows} rows are now {after.num_rows}"
    for one, other in zip(before.schema, after.schema):
        found = fields(one, other, one.name, metadata, parquet)
        if found:
            return found
    if metadata and pairs(before.schema.metadata, OWN_KEYS) != pairs(after.schema.metadata, OWN_KEYS):
        return f"metadata {before.schema.metadata} is now {after.schema.metadata}"
    if not before.num_rows:
        return None
    for name, one, other in zip(before.schema.names, before.columns, after.columns):
        found = next(filter(None, (values(*pair, name) for pair in parted(one, other))), None)
        if found:
            return found
    return None


def pairs(metadata: dict | None, own: set[bytes]) -> dict:
    return {key: value for key, value in (metadata or {}).items() if key not in own}


def fields(before: pa.Field, after: pa.Field, path: str, metadata: bool, parquet: bool) -> str | None:
    if before.nullable != after.nullable and not parquet:
        return f"{path}: nullable {before.nullable} is now {after.nullable}"
    if metadata and pairs(before.metadata, OWN_FIELD_KEYS) != pairs(after.metadata, OWN_FIELD_KEYS):
        return f"{path}: field metadata {before.metadata} is now {after.metadata}"
    return types(stored(before.type, after.type) if parquet else before.type, after.type, path, metadata, parquet)


def stored(before: pa.DataType, after: pa.DataType) -> pa.DataType:
    """What stands in Parquet instead of a type: views as plain, digits of wide decimals, lists where one is missing."""
    if pa.types.is_string_view(before):
        return pa.string()
    if pa.types.is_binary_view(before):
        return pa.binary()
    if pa.types.is_decimal(before) and (before.precision > 38 or before.scale < 0):
        return pa.string()
    if pa.types.is_fixed_size_list(before) and pa.types.is_large_list(after):
        return pa.large_list(before.value_field)
    missing = pa.types.is_fixed_size_list(before) and pa.types.is_list(after)
    if missing or pa.types.is_list_view(before) or pa.types.is_large_list_view(before):
        return pa.list_(before.value_field)
    return before


def types(before: pa.DataType, after: pa.DataType, path: str, metadata: bool, parquet: bool) -> str | None:
    children = (before.num_fields, after.num_fields)
    if before.id != after.id or children[0] != children[1]:
        return f"{path}: type {before} is now {after}"
    for i in range(before.num_fields):
        one, other = before.field(i), after.field(i)
        # The names within maps and run ends are fixed by the format, whatever a file says.
        fixed = pa.types.is_map(before) or pa.types.is_run_end_encoded(before)
        if not fixed and one.name != other.name:
            return f"{path}: child {one.name!r} is now {other.name!r}"
        found = fields(one, other, f"{path}.{one.name}", metadata, parquet)
        if found:
            return found
    return None if before == after or children[0] else f"{path}: type {before} is now {after}"


def parted(one: pa.ChunkedArray, other: pa.ChunkedArray):
    """The columns as a whole; by parts where pyarrow cannot put dictionaries of that type together, within structs."""
    try:
        return [(whole(one), whole(other))]
    except pa.ArrowNotImplementedError:
        if len(one) != len(other):
            return [(pa.nulls(len(one)), pa.nulls(len(other)))]
        ends = sorted({int(end) for column in (one, other) for end in np.cumsum([len(chunk) for chunk in column.chunks])})
        starts = [0, *ends[:-1]]
        slices = [(one.slice(a, b - a), other.slice(a, b - a)) for a, b in zip(starts, ends) if b > a]
        return [tuple(whole(nonempty(part)) for part in both) for both in slices]


def nonempty(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pa.chunked_array([chunk for chunk in column.chunks if len(chunk)], type=column.type)


def whole(column: pa.ChunkedArray) -> pa.Array:
    if column.num_chunks == 1:
        return column.chunk(0)
    try:
        return pa.concat_arrays(column.unify_dictionaries().chunks)
    except pa.ArrowNotImplementedError:
        return pa.concat_arrays([plain(chunk) for chunk in column.chunks])


def values(before: pa.Array, after: pa.Array, path: str) -> str | None:
    """The first difference in values; types may differ where one holds the other's values in another layout."""
    before, after = plain(before), plain(after)
    if len(before) != len(after):
        return f"{path}: {len(before)} values are now {len(after)}"
    if pa.types.is_union(before.type):
        return union_values(before, after, path)
    there, now = before.is_valid().to_numpy(False), after.is_valid().to_numpy(False)
    if (there != now).any():
        return first(path, before, after, there != now)
    if pa.types.is_struct(before.type):
        rows = np.flatnonzero(there)
        names = [field.name for field in before.type]
        held = [[pick(array.field(i), rows) for i in range(len(names))] for array in (before, after)]
        return any_of(*held, path, names)
    if before.type.num_fields:
        return list_values(before, after, path, there)
    return leaves(before, after, path, there)


def plain(array: pa.Array) -> pa.Array:
    """Without extension, dictionary, run ends."""
    while True:
        if isinstance(array, pa.ExtensionArray):
            array = array.storage
        elif pa.types.is_dictionary(array.type):
            array = taken(array.dictionary, array.indices)
        elif pa.types.is_run_end_encoded(array.type):
            rows = np.arange(array.offset, array.offset + len(array))
            array = taken(array.values, pa.array(np.searchsorted(array.run_ends.to_numpy(), rows, side="right")))
        else:
            return array


def taken(values: pa.Array, places: pa.Array) -> pa.Array:
    try:
        return values.take(places)
    except pa.ArrowException:
        # Of views and others there is none.
        rows = [pa.nulls(1, values.type) if place is None else values.slice(place, 1) for place in places.to_pylist()]
        return pa.concat_arrays(rows) if rows else values.slice(0, 0)


def any_of(before: list[pa.Array], after: list[pa.Array], path: str, names: list[str]) -> str | None:
    for name, one, other in zip(names, before, after):
        found = values(one, other, f"{path}.{name}")
        if found:
            return found
    return None


def union_values(before: pa.UnionArray, after: pa.UnionArray, path: str) -> str | None:
    codes, others = numbers(before, 1, np.int8), numbers(after, 1, np.int8)
    if (codes != others).any():
        return f"{path}: type codes {codes.tolist()} are now {others.tolist()}"
    if list(before.type.type_codes) != list(after.type.type_codes):
        return f"{path}: type {before.type} is now {after.type}"
    chosen = [[child(array, i, codes == code) for i, code in enumerate(before.type.type_codes)]
              for array in (before, after)]
    return any_of(*chosen, path, [before.type.field(i).name for i in range(before.type.num_fields)])


def numbers(union: pa.UnionArray, buffer: int, kind: type) -> np.ndarray:
    """Type codes or offsets of the rows; pyarrow gives them from the first row on, also of a slice."""
    held = union.buffers()[buffer]
    return np.frombuffer(held or b"", kind)[union.offset:union.offset + len(union)]


def child(union: pa.UnionArray, i: int, rows: np.ndarray) -> pa.Array:
    places = np.flatnonzero(rows)
    return pick(union.field(i), places if union.type.mode == "sparse" else numbers(union, 2, np.int32)[places])


def pick(array: pa.Array, places: np.ndarray) -> pa.Array:
    """The values at these places; by slices, since `take` lacks views and others."""
    if not len(places):
        return array.slice(0, 0)
    cuts = np.flatnonzero(np.diff(places) != 1) + 1
    runs = [array.slice(int(run[0]), len(run)) for run in np.split(places, cuts)]
    return runs[0] if len(runs) == 1 else pa.concat_arrays(runs)


def list_values(before: pa.Array, after: pa.Array, path: str, there: np.ndarray) -> str | None:
    (one, lengths), (other, counts) = items(before, there), items(after, there)
    if (lengths != counts).any():
        return f"{path}: lengths {lengths.tolist()} are now {counts.tolist()}"
    if holds_union(before.type):
        # pyarrow's joined slices of sparse unions end the process: row by row, without any joining.
        return rows_values(before, after, path)
    found = values(one, other, f"{path}[]")
    return f"{found} (lengths {lengths.tolist()})" if found else None


def holds_union(kind: pa.DataType) -> bool:
    return pa.types.is_union(kind) or any(holds_union(kind.field(i).type) for i in range(kind.num_fields))


def rows_values(before: pa.Array, after: pa.Array, path: str) -> str | None:
    for row in range(len(before)):
        one, other = before[row].values if before[row].is_valid else None, after[row].values if after[row].is_valid else None
        found = None if one is None or other is None else values(one, other, f"{path}[{row}]")
        if found:
            return found
    return None


def items(array: pa.Array, there: np.ndarray) -> tuple[pa.Array, np.ndarray]:
    """The items of rows that are not null, and how many each has."""
    kind, rows = array.type, np.flatnonzero(there)
    if pa.types.is_fixed_size_list(kind):
        starts = (array.offset + rows) * kind.list_size
        lengths = np.full(len(rows), kind.list_size)
        held = array.values
    else:
        wide = pa.types.is_large_list(kind) or pa.types.is_large_list_view(kind)
        whole_numbers = np.int64 if wide else np.int32
        buffers = array.buffers()
        offsets = np.frombuffer(buffers[1] or b"\0" * 8, whole_numbers)[array.offset:]
        starts = offsets[rows].astype(np.int64)
        if pa.types.is_list_view(kind) or pa.types.is_large_list_view(kind):
            lengths = np.frombuffer(buffers[2] or b"", whole_numbers)[array.offset:][rows]
        else:
            lengths = offsets[rows + 1] - offsets[rows]
        held = array.values if not pa.types.is_map(kind) else pa.StructArray.from_arrays(
            [array.keys, array.items], ["key", "value"])
        if pa.types.is_map(kind):
            # Keys and items begin at the first row's offset, whatever it is.
            starts = starts - (offsets[0] if len(array) and len(array.keys) < offsets[len(array)] else 0)
    places = [np.arange(start, start + length) for start, length in zip(starts, lengths)]
    at = np.concatenate(places) if places else np.empty(0, np.int64)
    return pick(held, at), lengths.astype(np.int64)


def leaves(before: pa.Array, after: pa.Array, path: str, there: np.ndarray) -> str | None:
    if pa.types.is_null(before.type):
        return None if pa.types.is_null(after.type) else f"{path}: type null is now {after.type}"
    if pa.types.is_decimal(before.type) and is_text(after.type):
        digits = [None if value is None else format(value, "f") for value in before.to_pylist()]
        before = pa.array(digits, after.type)
    if is_text(before.type) or is_text(after.type):
        one, other = texts(before), texts(after)
        if one.equals(other):
            return None
        return first(path, before, after, np.array([a != b for a, b in zip(one.to_pylist(), other.to_pylist())]))
    if pa.types.is_boolean(before.type):
        before, after = (array.cast(pa.uint8()) for array in (before, after))
    if before.type.bit_width != after.type.bit_width:
        return f"{path}: type {before.type} is now {after.type}"
    differ = (bits(before) != bits(after)).any(axis=1) & there
    return first(path, before, after, differ) if differ.any() else None


def is_text(kind: pa.DataType) -> bool:
    return (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
            or pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_binary_view(kind))


def texts(array: pa.Array) -> pa.Array:
    if pa.types.is_string_view(array.type):
        array = array.cast(pa.large_string())
    return array.cast(pa.large_binary())


def bits(array: pa.Array) -> np.ndarray:
    """The bytes of each value; what stands behind nulls counts for nothing."""
    width = array.type.bit_width // 8
    held = array.buffers()[1]
    if width == 0 or held is None:
        return np.zeros((len(array), 0), np.uint8)
    return np.frombuffer(held, np.uint8)[array.offset * width:(array.offset + len(array)) * width].reshape(-1, width)


def first(path: str, before: pa.Array, after: pa.Array, differ: np.ndarray) -> str:
    row = int(np.flatnonzero(differ)[0])
    return f"{path}[{row}]: {show(before, row)} is now {show(after, row)}"


def show(array: pa.Array, row: int) -> str:
    try:
        return repr(array[row].as_py())[:60]
    except (ValueError, OverflowError, pa.ArrowException):
        return str(array.slice(row, 1))[:60]
