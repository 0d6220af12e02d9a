"""A table as the JSON lines that samples/conformance/README.md describes."""

import json
import math
from typing import Any, Iterator, List

import pyarrow as pa


def type_text(kind: pa.DataType) -> str:
    types = pa.types
    if isinstance(kind, pa.BaseExtensionType):
        return type_text(kind.storage_type)
    names = {pa.string(): "utf8", pa.large_string(): "large_utf8", pa.string_view(): "utf8_view", pa.bool_(): "bool",
             pa.float16(): "float16", pa.float32(): "float32", pa.float64(): "float64", pa.date32(): "date32",
             pa.date64(): "date64", pa.month_day_nano_interval(): "interval[nanos]"}  # fmt: skip
    if kind in names:
        return names[kind]
    if types.is_timestamp(kind):
        return f"timestamp[{kind.unit}{', ' + kind.tz if kind.tz else ''}]"
    if types.is_decimal(kind) or types.is_time(kind) or types.is_duration(kind):
        return str(kind)
    if types.is_fixed_size_binary(kind):
        return f"fixed_size_binary[{kind.byte_width}]"
    if types.is_dictionary(kind):
        return f"dictionary<{type_text(kind.index_type)}, {type_text(kind.value_type)}>"
    if types.is_map(kind):
        return f"map<{type_text(kind.key_type)}, {type_text(kind.item_type)}>"
    if types.is_fixed_size_list(kind):
        return f"fixed_size_list<{type_text(kind.value_type)}>[{kind.list_size}]"
    if types.is_struct(kind):
        return "struct<" + ", ".join(f"{child.name}: {type_text(child.type)}" for child in kind) + ">"
    if types.is_union(kind):
        children = [kind.field(i) for i in range(kind.num_fields)]
        ids = ", ".join(f"{code}: {type_text(child.type)}" for code, child in zip(kind.type_codes, children))
        return f"{kind.mode}_union<{ids}>"
    if types.is_run_end_encoded(kind):
        return f"run_end_encoded<{type_text(kind.run_end_type)}, {type_text(kind.value_type)}>"
    for name, test in (("large_list_view", types.is_large_list_view), ("list_view", types.is_list_view),
                       ("large_list", types.is_large_list), ("list", types.is_list)):  # fmt: skip
        if test(kind):
            return f"{name}<{type_text(kind.value_type)}>"
    return str(kind)


def value(scalar: pa.Scalar) -> Any:
    kind, types = scalar.type, pa.types
    if isinstance(kind, pa.BaseExtensionType):
        return value(scalar.value)
    if not scalar.is_valid and not types.is_union(kind):
        return None
    if types.is_floating(kind):
        number = float(scalar.as_py())
        return number if math.isfinite(number) else "NaN" if number != number else "Infinity" if number > 0 else "-Infinity"
    if types.is_decimal(kind):
        return str(scalar.as_py())
    if types.is_temporal(kind) and not types.is_interval(kind):
        return scalar.cast(pa.int32() if kind.bit_width == 32 else pa.int64()).as_py()
    if types.is_interval(kind):
        return list(scalar.as_py())
    if types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind) or types.is_binary_view(kind):
        return scalar.as_py().hex()
    if types.is_dictionary(kind):
        return value(scalar.dictionary[scalar.index.as_py()])
    if types.is_struct(kind):
        return {child.name: value(scalar[i]) for i, child in enumerate(kind)}
    if types.is_map(kind):
        return [[value(entry[0]), value(entry[1])] for entry in scalar.values]
    if types.is_union(kind):
        return [scalar.type_code, None if scalar.value is None else value(scalar.value)]
    if types.is_run_end_encoded(kind):
        return value(scalar.value)
    if kind.num_fields:
        return [value(item) for item in scalar.values]
    return scalar.as_py()


def values(column: Any) -> List[Any]:
    kind = column.type
    if pa.types.is_run_end_encoded(kind):  # scalars of these do not exist in every pyarrow
        found: List[Any] = []
        plain = [value(item) for item in column.values]
        for end, item in zip(column.run_ends.to_pylist(), plain):
            found += [item] * (min(end, len(column)) - len(found))
        return found
    return [value(item) for item in column]


def lines(table: pa.Table) -> Iterator[str]:
    fields = []
    for f in table.schema:
        fields.append({"name": f.name, "type": type_text(f.type), "nullable": f.nullable})
        kept = {k.decode(): v.decode() for k, v in (f.metadata or {}).items() if not k.startswith((b"numpy.", b"ARROW:"))}
        if kept:
            fields[-1]["metadata"] = kept
    yield json.dumps({"rows": table.num_rows, "fields": fields})
    columns = [[item for chunk in column.chunks for item in values(chunk)] for column in table.columns]
    for row in zip(*columns):
        yield json.dumps(list(row))
