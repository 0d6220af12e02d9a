"""Objects of one bucket by pyarrow's S3FileSystem: reads what arrow-npz wrote, and writes what it then reads.

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
    with store.open_input_file(f"{bucket}/ours.npz") as file, np.load(file) as archive:
        assert {name: archive[name].tolist() for name in archive.files} == want
    with store.open_input_file(f"{bucket}/ours.feather") as file:
        assert feather.read_table(file).to_pydict() == want
    with store.open_input_file(f"{bucket}/ours.parquet") as file:
        assert parquet.read_table(file).to_pydict() == want
    table = pa.table(want)
    parquet.write_table(table, f"{bucket}/theirs.parquet", filesystem=store)
    with store.open_output_stream(f"{bucket}/theirs.feather") as file:
        feather.write_feather(table, file)
    content = io.BytesIO()
    np.savez(content, **{name: np.array(values) for name, values in want.items()})
    with store.open_output_stream(f"{bucket}/theirs.npz") as file:
        file.write(content.getvalue())


main(*sys.argv[1:])
