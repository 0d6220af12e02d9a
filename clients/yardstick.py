"""What a client should see: what it sees in the files that pyarrow writes of the same table.

A client reads Parquet by other rules than Arrow files (DuckDB knows milliseconds in the one only, pyarrow has no
unions in the other), so that each family of formats has its own expectation.
"""

import pathlib

import pyarrow as pa
import pyarrow.parquet as pq

FAMILIES = {".feather": "arrow", ".arrows": "arrow", ".parquet": "parquet", ".npz": "numpy", ".npy": "numpy"}


def expectations(client, path: pathlib.Path) -> dict[str, object]:
    """By family, what the client reads from this source or from what pyarrow makes of it; none where it cannot."""
    family = FAMILIES[path.suffix]
    try:
        expected = {family: client.read(path)}
    except client.ERRORS:
        # A client that cannot read its own file judges nothing.
        return {}
    if family == "numpy":
        return {**expected, "arrow": expected[family], "parquet": expected[family]}
    other = path.with_name("yardstick" + (".parquet" if family == "arrow" else ".feather"))
    try:
        rewrite(path, other)
        expected[FAMILIES[other.suffix]] = client.read(other)
    except (pa.ArrowException, OSError, ValueError, TypeError, KeyError, *client.ERRORS):
        pass
    return expected


def rewrite(source: pathlib.Path, target: pathlib.Path) -> None:
    if target.suffix == ".parquet":
        table = read_arrow(source)
        if any("[0]" in str(kind) for kind in table.schema.types):
            raise ValueError("pyarrow dies of lists of size 0 in Parquet")
        pq.write_table(unified(table), target)
    else:
        write_arrow(pq.read_table(source), target, None)


def unified(table: pa.Table) -> pa.Table:
    """With one dictionary a column: of a later batch's own one pyarrow's Parquet keeps only the entries that rows have."""
    try:
        return table.unify_dictionaries()
    except pa.ArrowNotImplementedError:
        return table


def read_arrow(path: pathlib.Path) -> pa.Table:
    """An IPC file or stream, from memory."""
    opener = pa.ipc.open_stream if path.suffix == ".arrows" else pa.ipc.open_file
    return opener(pa.BufferReader(path.read_bytes())).read_all()


def write_arrow(table: pa.Table, path: pathlib.Path, compression: str | None) -> None:
    options = pa.ipc.IpcWriteOptions(compression=compression)
    maker = pa.ipc.new_stream if path.suffix == ".arrows" else pa.ipc.new_file
    with maker(str(path), table.schema, options=options) as writer:
        writer.write_table(table)
