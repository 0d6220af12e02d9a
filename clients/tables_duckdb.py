"""Random tables of DuckDB: every type of SQL, written by COPY as Parquet and by its Arrow export as streams."""

import functools
import pathlib
import random

import duckdb
import pyarrow as pa

import compare
import yardstick

NAME = "DuckDB"
ERRORS: tuple = (duckdb.Error,)
# A type, and an expression over the row number i that gives its values.
TYPES = {
    "BOOLEAN": "i % 2 = 0", "TINYINT": "i % 100", "SMALLINT": "i * 7", "INTEGER": "i * 70", "BIGINT": "i * 10000000000",
    "UTINYINT": "i % 200", "USMALLINT": "i", "UINTEGER": "4000000000 + i", "UBIGINT": "18000000000000000000 + i",
    "HUGEINT": "i::HUGEINT * 1000", "UHUGEINT": "i", "FLOAT": "i / 3", "DOUBLE": "CASE WHEN i % 4 = 0 THEN 'nan' "
    "WHEN i % 4 = 1 THEN -0.0 ELSE i / 7 END", "DECIMAL(4,1)": "(i % 900) / 2", "DECIMAL(9,2)": "i / 4",
    "DECIMAL(18,6)": "i / 8", "DECIMAL(38,10)": "i / 16", "VARCHAR": "'ö' || i", "BLOB": "('a' || i)::BLOB",
    "BIT": "'0101'::BIT", "UUID": "md5(i::VARCHAR)::UUID", "DATE": "DATE '1960-02-28' + i::INTEGER * 300",
    "TIME": "TIME '01:02:03.000004'", "TIMESTAMP": "TIMESTAMP '1950-01-01 01:02:03.000004' + INTERVAL (i) DAY",
    "TIMESTAMP_S": "TIMESTAMP '1950-01-01 01:02:03'", "TIMESTAMP_MS": "TIMESTAMP '1950-01-01 01:02:03.004'",
    "TIMESTAMP_NS": "TIMESTAMP_NS '1950-01-01 01:02:03.000000004'",
    "TIMESTAMPTZ": "TIMESTAMPTZ '1950-01-01 01:02:03+00'", "INTERVAL": "INTERVAL (i) DAY + INTERVAL 3 MONTH",
    "ENUM('a', 'b', 'ö')": "CASE i % 3 WHEN 0 THEN 'a' WHEN 1 THEN 'b' ELSE 'ö' END",
    "INTEGER[]": "range(i % 4)", "VARCHAR[]": "['a', NULL]", "INTEGER[3]": "[i, NULL, 3]",
    "STRUCT(x INTEGER, y VARCHAR)": "{'x': i, 'y': 'b'}", "MAP(VARCHAR, INTEGER)": "MAP {'k': i, 'l': NULL}",
    "STRUCT(x INTEGER[], y STRUCT(z DATE))[]": "[{'x': [i], 'y': {'z': DATE '2020-01-01'}}]",
    "MAP(INTEGER, VARCHAR[])": "MAP {i: ['v']}", "DATE[]": "[DATE '2020-01-01', NULL]",
    "ENUM('a', 'b')[]": "['a', 'b']", "STRUCT(e ENUM('p', 'q'))": "{'e': 'q'}",
    "TIMESTAMP[]": "[TIMESTAMP '2020-01-01']", "UUID[]": "[md5(i::VARCHAR)::UUID]", "DECIMAL(9,2)[]": "[i / 4]",
}


def make(rng: random.Random) -> str:
    """A query."""
    n, columns = rng.choice([0, 1, 2, 5, 30, 3000]), []
    for name in rng.sample(["a", "b", "c c", "ö", "1", "index"], rng.randint(1, 4)):
        kind = rng.choice(list(TYPES))
        value = f"CAST({TYPES[kind]} AS {kind})"
        if rng.random() < 0.4 and kind != "INTEGER[3]":
            value = f"CASE WHEN i % 3 = {rng.randint(0, 2)} THEN NULL ELSE {value} END"
        columns.append(f'{value} AS "{name}"')
    return f"SELECT\n{f',{chr(10)}'.join(columns)}\nFROM range({n}) t(i)"


def forms(query: str) -> list[str]:
    return ["parquet", "stream"]


def ends(query: object) -> list[str]:
    return ["feather", "lz4", "zstd", "stream", "parquet"]


def write(query: str, path: pathlib.Path, form: str) -> None:
    """Writes what the query gives."""
    db = connection()
    if form == "parquet":
        db.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    else:
        reader = db.sql(query).to_arrow_reader(1000)
        with pa.ipc.new_stream(str(path), reader.schema) as writer:
            for batch in reader:
                writer.write_batch(batch)


@functools.cache
def connection() -> duckdb.DuckDBPyConnection:
    db = duckdb.connect()
    db.execute("SET TimeZone = 'UTC'; SET threads = 1")
    return db


def read(path: pathlib.Path) -> tuple[list, pa.Table]:
    """The types of SQL, and the values as Arrow."""
    db = connection()
    if path.suffix == ".parquet":
        seen = db.sql(f"SELECT * FROM read_parquet('{path}')")
    else:
        seen = db.from_arrow(yardstick.read_arrow(path))
    types = [f"{name} {kind}" for name, kind in zip(seen.columns, seen.types)]
    try:
        return types, seen.to_arrow_table()
    except duckdb.InternalException:
        # After an error of its own it answers nothing more.
        connection.cache_clear()
        raise


def judge(before: tuple[list, pa.Table], path: pathlib.Path) -> str | None:
    types, table = read(path)
    if types != before[0]:
        return f"types {before[0]} are now {types}"
    return compare.tables(before[1], table, metadata=False)


def smaller(query: str):
    head, *columns, tail = query.split("\n")
    columns = [column.rstrip(",") for column in columns]
    if len(columns) > 1:
        yield from ("\n".join([head, column, tail]) for column in columns)
    rows = int(tail[tail.index("(") + 1:tail.index(")")])
    yield from (query.replace(tail, f"FROM range({less}) t(i)") for less in (0, 1, 2, 5) if less < rows)
