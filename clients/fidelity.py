"""What clients see in files of ours, for docs/types.md: one JSON object on standard output.

    python fidelity.py DIRECTORY

The directory holds NAME.truth.arrow (by Arrow Java's own writer), NAME.feather and NAME.parquet for each column.
"""

import datetime
import decimal
import json
import math
import pathlib
import sys

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

import compare
import yardstick

CLIENTS = {"pyarrow": pa, "pandas": pd, "Polars": pl, "DuckDB": duckdb}


def pyarrow_sees(path: pathlib.Path) -> tuple[str, object]:
    table = pq.read_table(path) if path.suffix == ".parquet" else yardstick.read_arrow(path)
    table.validate(full=True)
    return str(table.schema.types[0]), table.column(0)


def pandas_sees(path: pathlib.Path) -> tuple[str, object]:
    frame = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_feather(path)
    return str(frame.dtypes.iloc[0]), frame.iloc[:, 0]


def polars_sees(path: pathlib.Path) -> tuple[str, object]:
    data = path.read_bytes()
    frame = pl.read_parquet(data) if path.suffix == ".parquet" else pl.read_ipc(data)
    return str(frame.dtypes[0]), frame.to_arrow().column(0)


def duckdb_sees(path: pathlib.Path) -> tuple[str, object]:
    db = duckdb.connect()
    db.execute("SET TimeZone = 'UTC'")
    seen = db.read_parquet(str(path)) if path.suffix == ".parquet" else db.from_arrow(yardstick.read_arrow(path))
    return str(seen.types[0]), seen.to_arrow_table().column(0)


def answer(truth: pa.ChunkedArray, path: pathlib.Path, sees) -> str:
    """What it sees the column as, and whether the values mean the same."""
    try:
        kind, seen = sees(path)
    except (pa.ArrowException, duckdb.Error, pl.exceptions.PolarsError, pl.exceptions.PanicException, ValueError,
            TypeError, KeyError, NotImplementedError, OverflowError, OSError) as failure:
        return f"*refused*: {' '.join(str(failure).split())[:60].rstrip()}"
    if isinstance(seen, pa.ChunkedArray) and sees is pyarrow_sees and seen.type == truth.type:
        kind = "equal"
    try:
        equal = same(truth, seen)
    except KeyError:
        # pyarrow knows the name of month_interval, and nothing else of it.
        return f"{said(kind)}, without its values"
    return said(kind) if equal else f"{said(kind)}, **other values**"


def said(kind: str) -> str:
    if kind == "equal":
        return kind
    kind = kind.replace("time_unit=", "").replace(", time_zone=None", "").replace("time_zone=", "")
    return f"as `{kind if len(kind) <= 60 else kind[:59] + '…'}`".replace("|", "\\|")


def same(truth: pa.ChunkedArray, seen) -> bool:
    if isinstance(seen, pa.ChunkedArray):
        try:
            if compare.values(compare.whole(truth), compare.whole(seen), "") is None:
                return True
        except (pa.ArrowException, ValueError, IndexError):
            pass
        return listed(truth) == listed(seen)
    return listed(truth) == listed(seen) or listed(truth.to_pandas()) == listed(seen)


def listed(values) -> list:
    try:
        return [meaning(value) for value in (values.to_pylist() if isinstance(values, pa.ChunkedArray) else values)]
    except (ValueError, OverflowError, pa.ArrowException):
        return [str(values)]


def meaning(value):
    """The same for values that mean the same, whatever class a client has for them."""
    if isinstance(value, np.generic) and not isinstance(value, (np.datetime64, np.timedelta64)):
        value = value.item()
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, dict):
        if list(value) == ["months", "days", "nanoseconds"]:
            return ("span", *value.values())
        return {key: meaning(held) for key, held in value.items()}
    if isinstance(value, pa.MonthDayNano):
        return ("span", value.months, value.days, value.nanoseconds)
    if isinstance(value, (list, tuple, np.ndarray)):
        return [meaning(held) for held in value]
    if isinstance(value, (pd.Timedelta, datetime.timedelta, np.timedelta64)):
        return ("span", 0, 0, pd.Timedelta(value).value if not isinstance(value, pd.Timedelta) else
                value.as_unit("ns").value)
    if isinstance(value, (pd.Timestamp, datetime.datetime, np.datetime64)):
        moment = pd.Timestamp(value)
        return (moment.tz_convert(None) if moment.tzinfo else moment).to_datetime64().astype("M8[us]").item()
    if isinstance(value, datetime.date):
        return datetime.datetime.combine(value, datetime.time())
    if isinstance(value, decimal.Decimal):
        return format(value, "f").encode()
    if isinstance(value, str):
        return value.encode()
    return value


def main() -> None:
    directory = pathlib.Path(sys.argv[1])
    clients = {"pyarrow": pyarrow_sees, "pandas": pandas_sees, "Polars": polars_sees, "DuckDB": duckdb_sees}
    rows = {}
    for path in sorted(directory.glob("*.truth.arrow")):
        truth = yardstick.read_arrow(path).column(0)
        name = path.name.removesuffix(".truth.arrow")
        rows[name] = {client: both(truth, directory / name, sees) for client, sees in clients.items()}
    versions = {name: module.__version__ for name, module in CLIENTS.items()}
    json.dump({"versions": versions, "rows": rows}, sys.stdout, ensure_ascii=True)


def both(truth: pa.ChunkedArray, path: pathlib.Path, sees) -> str:
    """The answer for Feather, and the one for Parquet where it is another."""
    answers = [answer(truth, path.with_name(path.name + suffix), sees) if path.with_name(path.name + suffix).exists()
               else "*none*" for suffix in (".feather", ".parquet")]
    return answers[0] if answers[0] == answers[1] else f"{answers[0]}; Parquet: {answers[1]}"


if __name__ == "__main__":
    main()
