"""Objects of one bucket by pyarrow's S3FileSystem, bare and as a file system of fsspec: reads what arrow-npz wrote, and
writes what it then reads. Says so where there is no fsspec.

objects.py ENDPOINT BUCKET KEY SECRET: of a server for tests.
"""
import io
import sys

import numpy as np
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as parquet
from pyarrow.fs import S3FileSystem


def main(endpoint, bucket, key, secret):
    store = S3FileSystem(endpoint_override=endpoint, region="us-east-1", access_key=key, secret_key=secret)
    want = {"a": list(range(1000)), "b": [i / 2 for i in range(1000)]}
    read(store.open_input_file, bucket, want)
    table = pa.table(want)
    parquet.write_table(table, f"{bucket}/theirs.parquet", filesystem=store)
    write(store.open_output_stream, f"{bucket}/theirs", want)
    try:
        from fsspec.implementations.arrow import ArrowFSWrapper
    except ImportError:
        print("without fsspec: pip install fsspec")
        return
    wrapped = ArrowFSWrapper(store)
    read(wrapped.open, bucket, want)
    with wrapped.open(f"{bucket}/fsspec.parquet", "wb") as file:
        parquet.write_table(table, file)
    write(lambda name: wrapped.open(name, "wb"), f"{bucket}/fsspec", want)


def read(opened, bucket, want):
    with opened(f"{bucket}/ours.npz") as file, np.load(file) as archive:
        assert {name: archive[name].tolist() for name in archive.files} == want
    with opened(f"{bucket}/ours.feather") as file:
        assert feather.read_table(file).to_pydict() == want
    with opened(f"{bucket}/ours.parquet") as file:
        assert parquet.read_table(file).to_pydict() == want


def write(opened, stem, want):
    with opened(f"{stem}.feather") as file:
        feather.write_feather(pa.table(want), file)
    content = io.BytesIO()
    np.savez(content, **{name: np.array(values) for name, values in want.items()})
    with opened(f"{stem}.npz") as file:
        file.write(content.getvalue())


main(*sys.argv[1:])
