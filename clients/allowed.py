"""What may differ: only what docs/types.md names. Each line says where, and what stands in the message."""

import re

FORMS = ["npz", "feather", "lz4", "zstd", "stream", "parquet", "flight"]

# A conversion that is refused, with a sentence that says why.
REFUSALS = [
    ("parquet", r"[Uu]nion"),
    ("parquet", r"a decimal of more digits than its type"),
    ("verify", r"The decimal at position [0-9]+ has more than [0-9]+ digits"),
]

# What a client sees in a file of that form otherwise than it was written.
DIFFERENCES: list[tuple[str, str, str]] = [
    # A frame in an NPZ holds the fields of a record as columns, not the bytes between them.
    ("NumPy", "npy", r"dtype .*\('', '\|V[0-9]+'\)"),
    ("NumPy", "npy", r"dtype \[\('[^']+', ('[^']+'|'[^']+', \([0-9, ]+\))\)\] is now \[\('', "),
    # The digits of wide decimals.
    ("pyarrow", "parquet", r"to_pandas\(\): dtype object is now str"),
    # DuckDB's Parquet has INTERVAL by a converted type that Arrow's reader gives as bytes.
    *(("DuckDB", form, r"types .*INTERVAL.* are now .*BLOB") for form in FORMS),
]


def refusal(form: str, message: str) -> bool:
    return any(form == where and re.search(what, message) for where, what in REFUSALS)


def difference(client: str, form: str, message: str) -> bool:
    return any((client, form) == (who, where) and re.search(what, message) for who, where, what in DIFFERENCES)
