"""Makes samples/conformance: files, what they hold, and which rule of docs/format.md each shows or breaks.

    python tests/make_conformance.py ../samples/conformance

Needs pyarrow. What the valid files hold is written from the values they were made of, not from a reader.
"""

import datetime
import io
import json
import math
import os
import shutil
import struct
import sys
import zlib
from decimal import Decimal
from typing import Any, Callable, Dict, List, Optional, Tuple

import numpy as np
import pyarrow as pa

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import arrow_npz  # noqa: E402
import conformance  # noqa: E402

META = "__meta__.json"
SCHEMA = "__arrow_schema__.npy"
Members = Dict[str, Any]

LIST = pa.table({"a": pa.array([1, 2, 3], pa.int32()), "l": pa.array([[1, 2], [], [3]], pa.list_(pa.int64()))})


def read(path: str) -> Members:
    archive = arrow_npz.open(path, mmap=False)
    return {name: archive.array(name) if name.endswith(".npy") else archive.read(name) for name in archive.names()}


def save(path: str, members: Members, compress: bool = False) -> None:
    sink = arrow_npz._Sink(path, compress, False)
    for name, content in members.items():
        if isinstance(content, bytes):
            sink.member(name, b"", content, name.endswith(".npy"))
        elif isinstance(content, np.ndarray):
            sink.array(name, content, content.ndim < 2 or not content.flags.c_contiguous)
        else:
            sink.member(name, b"", json.dumps(content).encode(), False)
    sink.finish()


class Maker:
    def __init__(self, directory: str) -> None:
        self.directory = directory
        self.rows: List[Dict[str, Any]] = []

    def add(self, file: str, rule: str, says: str, code: Optional[str] = None, content: bool = False) -> str:
        row: Dict[str, Any] = {"file": file, "rule": rule, "says": says}
        if code is not None:
            row["code"] = code
            row["content"] = content
        self.rows.append(row)
        return os.path.join(self.directory, file)

    def good(self, file: str, rule: str, says: str, table: pa.Table, edit: Optional[Callable[[Members], Any]] = None,
             compress: bool = False, shown: Optional[pa.Table] = None) -> None:
        path = self.add(file, rule, says)
        arrow_npz.write(table, path, compress, False)
        if edit is not None:
            members = read(path.rstrip("/"))
            edit(members)
            save(path, members, compress)
        self.content(path.rstrip("/"), table if shown is None else shown)

    def content(self, path: str, table: pa.Table) -> None:
        with io.open(path + ".jsonl", "w", encoding="ascii") as file:
            file.write("\n".join(conformance.lines(table)) + "\n")

    def bad(self, file: str, rule: str, says: str, code: str, table: pa.Table, edit: Callable[[Members], Any],
            content: bool = False) -> None:
        path = self.add(file, rule, says, code, content)
        arrow_npz.write(table, path, False, False)
        members = read(path)
        changed = edit(members)
        save(path, members if changed is None else changed)

    def finish(self) -> None:
        with io.open(os.path.join(self.directory, "manifest.jsonl"), "w", encoding="ascii") as file:
            for row in self.rows:
                file.write(json.dumps(row) + "\n")


def arrow(change: Callable[[Dict[str, Any]], Any]) -> Callable[[Members], None]:
    """Changes the value of __arrow__."""
    return meta(lambda document: change(document["__arrow__"]))


def meta(change: Callable[[Dict[str, Any]], Any]) -> Callable[[Members], None]:
    def edit(members: Members) -> None:
        document = json.loads(members[META])
        change(document)
        members[META] = document

    return edit


def replace(name: str, content: Any) -> Callable[[Members], None]:
    def edit(members: Members) -> None:
        assert name in members, name
        members[name] = content(members[name]) if callable(content) else content

    return edit


def without(name: str) -> Callable[[Members], None]:
    def edit(members: Members) -> None:
        del members[name]

    return edit


def both(*edits: Callable[[Members], Any]) -> Callable[[Members], None]:
    def edit(members: Members) -> None:
        for one in edits:
            one(members)

    return edit


def column(change: Callable[[Dict[str, Any]], Any], position: int = 0) -> Callable[[Members], None]:
    return arrow(lambda root: change(root["columns"][position]))


def relabel(table: pa.Table, names: List[Any], types: List[str], depths: List[int], levels: int,
            labels: List[np.ndarray], **more: Any) -> pa.Table:
    """The table with the key arrow_npz: an index, labels, names."""
    import base64

    document = {
        "version": 1, "kind": "FRAME", "index_levels": levels, "fields": table.schema.names,
        "meta": {"__names__": names, "__types__": types, **more, "__depths__": depths},
        "column_labels": [base64.b64encode(arrow_npz._npy(level)).decode() for level in labels],
    }  # fmt: skip
    return table.replace_schema_metadata({**(table.schema.metadata or {}), b"arrow_npz": json.dumps(document).encode()})


def bad_archive(maker: Maker, file: str, rule: str, says: str, code: str, change: Callable[[bytearray], Any]) -> None:
    path = maker.add(file, rule, says, code, False)
    arrow_npz.write(LIST, path, False, False)
    with io.open(path, "rb") as source:
        data = bytearray(source.read())
    changed = change(data)
    with io.open(path, "wb") as target:
        target.write(changed if changed is not None else data)


def valid(maker: Maker) -> None:
    ints = pa.array([1, None, 3, 4], pa.int64())
    texts = pa.array(["a", "b\u00e9", None, ""])
    maker.good("frame.npz", "layout", "numbers and texts in blocks, labels, no __arrow__", pa.table(
        {"i": pa.array([1, 2, 3]), "f": pa.array([0.5, math.nan, -0.0]), "s": ["a", "\u20ac\U0001f600", ""]}))
    maker.good("block-fortran.npz", "layout", "columns of one dtype in one Fortran-order block",
               pa.table({"a": [1.5, 2.5], "b": [3.0, 4.0], "c": [5.0, 6.0]}))

    def c_order(members: Members) -> None:
        members["__blocks_0__.npy"] = np.ascontiguousarray(members["__blocks_0__.npy"])

    maker.good("block-c.npz", "layout", "a block in C order", pa.table({"a": [1.5, 2.5], "b": [3.0, 4.0], "c": [5.0, 6.0]}), c_order)
    maker.good("deflated.npz", "container", "all members are deflated", pa.concat_tables([LIST] * 20), compress=True)
    indexed = pa.table({"day": pa.array([0, 1, 2], pa.date32()), "x": [1, 2, 3], "y": [4, 5, 6]})
    maker.good("index.npz", "layout", "an IndexDate with a name: index levels are the first columns",
               relabel(indexed, ["f", "day", None], ["IndexDate", "Index"], [0, 1, 1], 1, [np.array(["x", "y"])]))
    deep = pa.table({"p": ["a", "a", "b"], "q": [1, 2, 1], "('u', 1)": [1.0, 2.0, 3.0], "('u', 2)": [True, False, True]})
    maker.good("hierarchy.npz", "layout", "an index and columns of two levels, names of levels", relabel(
        deep, [None, ["p", "q"], None], ["IndexHierarchy", "IndexHierarchy"], [0, 2, 2], 2,
        [np.array(["u", "u"]), np.array([1, 2])], __types_index__=["Index", "Index"], __types_columns__=["Index", "Index"]))
    auto = pa.table({"0": [1, 2], "1": [3, 4]})
    maker.good("columns-automatic.npz", "layout", "columns without labels are 0, 1, ...",
               relabel(auto, [None, None, None], ["Index", "Index"], [0, 1, 1], 0, []))
    maker.good("bitmaps.npz", "validity", "nulls of numbers, bools, texts and bytes in bitmaps", pa.table(
        {"i": ints, "f": pa.array([None, 1.5, math.nan, 2.0]), "b": pa.array([True, None, False, True]), "s": texts,
         "y": pa.array([b"x", None, b"", b"z"]), "v": pa.array([b"ab", None, b"cd", b"ef"], pa.binary(2))}))
    maker.good("bitmap-nine-rows.npz", "validity", "a bitmap of two bytes, the rest of the second is ignored",
               pa.table({"i": pa.array([1, None, 3, 4, 5, 6, 7, 8, None], pa.int8())}),
               replace("__arrow_0_0__.npy", lambda bits: bits | np.array([0, 0xFE], np.uint8)))
    times = {"s": pa.timestamp("s"), "tz": pa.timestamp("us", "Europe/Berlin"), "d": pa.duration("ns"), "e": pa.date32()}
    maker.good("nat.npz", "validity", "null times are NaT and need no bitmap; time zones come from the schema", pa.table(
        {name: pa.array([1, None, -3], pa.int32() if name == "e" else pa.int64()).cast(kind) for name, kind in times.items()}))
    fields = [pa.field("a", pa.int32(), False), pa.field("b", pa.large_string(), True, {"unit": "km"}),
              pa.field("c", pa.date64()), pa.field("d", pa.large_binary())]
    restored = pa.table([pa.array([1, 2], pa.int32()), pa.array(["x", "yz"], pa.large_string()),
                         pa.array([0, 86400000], pa.int64()).cast(pa.timestamp("ms")).cast(pa.date64()),
                         pa.array([b"1", b""], pa.large_binary())], schema=pa.schema(fields, {"source": "test"}))
    maker.good("restored.npz", "restored", "nullability, metadata, large offsets and date64 of columns in blocks", restored)
    stored = pa.table([pa.array([1, 0, 1], pa.int8()), pa.array([5, -6, 7], pa.int64())],
                      schema=pa.schema([pa.field("b", pa.int8(), True, {"ARROW:extension:name": "arrow.bool8", "ARROW:extension:metadata": ""}),
                                        pa.field("t", pa.int64())]))

    def storage(members: Members) -> None:
        block = members["__blocks_0__.npy"], members["__blocks_1__.npy"]
        members["__blocks_0__.npy"] = block[0].view(bool)
        members["__blocks_1__.npy"] = block[1].view("<M8[D]")

    maker.good("storage-types.npz", "restored", "blocks of |b1 and <M8[D] whose fields are Int8 and Int64", stored, storage)

    def big(members: Members) -> None:
        members["__blocks_0__.npy"] = members["__blocks_0__.npy"].astype(">i4")

    maker.good("big-endian.npz", "layout", "a big-endian block", pa.table({"a": pa.array([1, -2], pa.int32())}), big)

    maker.good("list.npz", "buffers", "a list column: nodes and buffers depth first", pa.table(
        {"l": pa.array([[1, None], None, [], [3]], pa.list_(pa.int64()))}))
    packed = pa.table({"key": [1, 2], "trip": pa.array([[10, 11], [12]], pa.list_(pa.int32())),
                       "fare": pa.array([[1.5, 2.5], [3.5]], pa.list_(pa.float64()))})
    maker.good("packed.npz", "shared", "two lists over one offsets member", packed)
    maker.good("large-list.npz", "buffers", "64-bit offsets", pa.table(
        {"l": pa.array([[b"a"], None], pa.large_list(pa.large_binary())), "s": pa.array(["x\0", None], pa.large_string())}))
    maker.good("list-view.npz", "buffers", "list views: offsets and sizes, in any order", pa.table(
        {"l": pa.ListViewArray.from_arrays(pa.array([2, 0], pa.int32()), pa.array([1, 2], pa.int32()), pa.array([1, 2, 3], pa.int8())),
         "m": pa.array([[1], None], pa.large_list_view(pa.int16()))}))
    maker.good("fixed-list.npz", "buffers", "fixed-size lists have no offsets", pa.table(
        {"l": pa.array([[1, 2], None, [5, 6]], pa.list_(pa.float32(), 2))}))
    maker.good("struct.npz", "buffers", "structs: a bitmap, then the children", pa.table(
        {"s": pa.array([{"x": 1, "y": "a"}, None, {"x": None, "y": "c"}], pa.struct([("x", pa.int16()), ("y", pa.string())]))}))
    maker.good("map.npz", "buffers", "maps are lists of key and value", pa.table(
        {"m": pa.array([[("a", 1), ("b", None)], None, []], pa.map_(pa.string(), pa.int32()))}))
    maker.good("nested.npz", "buffers", "lists of structs of lists", pa.table(
        {"n": pa.array([[{"a": ["x", None]}], None, [None, {"a": []}]], pa.list_(pa.struct([("a", pa.list_(pa.string()))])))}))
    maker.good("dense-union.npz", "buffers", "type ids, offsets, children", pa.table({"u": pa.UnionArray.from_dense(
        pa.array([0, 1, 0], pa.int8()), pa.array([0, 0, 1], pa.int32()), [pa.array([1, None], pa.int64()), pa.array(["x"])], ["i", "s"])}))
    maker.good("sparse-union.npz", "buffers", "type ids and children of the union's length", pa.table({"u": pa.UnionArray.from_sparse(
        pa.array([4, 24, 4], pa.int8()), [pa.array([1, None, 3], pa.int32()), pa.array(["x", "y", "z"])], ["int", "varchar"], [4, 24])}))
    for width in (16, 32, 64):
        maker.good(f"run-ends-{width}.npz", "buffers", f"run ends of {width} bits, then the values", pa.table({"r": pa.RunEndEncodedArray.from_arrays(
            pa.array([2, 5], f"int{width}"), pa.array(["a", None]))}))
    words = pa.DictionaryArray.from_arrays(pa.array([1, None, 0, 1], pa.int8()), pa.array(["x", "yy"]))
    maker.good("dictionary.npz", "dictionaries", "indices in the column, words in a dictionary of its own", pa.table({"d": words}))
    maker.good("dictionary-in-list.npz", "dictionaries", "a dictionary below a list, and one of structs", pa.table(
        {"l": pa.ListArray.from_arrays(pa.array([0, 1, 4], pa.int32()), words),
         "s": pa.DictionaryArray.from_arrays(pa.array([0, 1], pa.int32()), pa.array([{"k": 1}, {"k": 2}]))}))
    maker.good("views.npz", "buffers", "views with and without data buffers", pa.table(
        {"t": pa.array(["short", "longer than twelve bytes", None], pa.string_view()), "b": pa.array([b"a", None, b""], pa.binary_view())}))
    maker.good("decimals.npz", "buffers", "decimals as |V16 and |V32", pa.table(
        {"d": pa.array([Decimal("1.50"), None], pa.decimal128(5, 2)), "e": pa.array([Decimal("-2.25"), Decimal("7")], pa.decimal256(40, 2))}))
    maker.good("times.npz", "buffers", "times of day as <i4 and <i8", pa.table(
        {"s": pa.array([1, None], pa.int32()).cast(pa.time32("s")), "n": pa.array([2, 3]).cast(pa.time64("ns"))}))
    maker.good("interval.npz", "buffers", "months, days and nanoseconds as |V16", pa.table(
        {"i": pa.array([pa.MonthDayNano([1, 2, 3]), None], pa.month_day_nano_interval())}))
    maker.good("null-type.npz", "buffers", "the Null type: a node, no buffer", pa.table(
        [pa.nulls(3)], schema=pa.schema([pa.field("n", pa.null(), True, {"note": "nothing"})])))
    maker.good("bits.npz", "buffers", "bools in a list are bits", pa.table({"b": pa.array([[True, None, False], []], pa.list_(pa.bool_()))}))
    maker.good("half-floats.npz", "buffers", "float16 in a list", pa.table({"h": pa.array([np.float16([1.5, -2])], pa.list_(pa.float16()))}))
    maker.good("texts-as-buffers.npz", "buffers", "texts that end in NUL cannot be padded with NULs", pa.table({"t": pa.array(["a\0", "b"])}))

    def loose(members: Members) -> None:
        members["__arrow_0_1__.npy"] = members["__arrow_0_1__.npy"] + np.int32(1)
        members["__arrow_0_3__.npy"] = np.concatenate(([9], members["__arrow_0_3__.npy"], [9, 9])).astype("<i8")
        document = json.loads(members[META])
        document["__arrow__"]["columns"][0]["nodes"][1][0] += 3
        members[META] = document

    maker.good("loose-offsets.npz", "offsets", "offsets begin above 0 and end before the child does",
               pa.table({"l": pa.array([[1, 2], [3]], pa.list_(pa.int64()))}), loose)
    maker.good("rows-zero.npz", "rows", "no rows: one offset, empty blocks", LIST.slice(0, 0))
    maker.good("columns-none.npz", "rows", "no columns: __arrow__ keeps the rows", pa.table({"x": [1, 2, 3]}).select([]),
               shown=pa.table({"x": [1, 2, 3]}).select([]))
    hidden = pa.table({"k": pa.array([[1], [2]], pa.list_(pa.int8())), "x": [1.5, 2.5]})
    maker.good("index-hidden.npz", "index", "an index that StaticFrame cannot hold is described in __arrow__",
               relabel(hidden, ["f", "k", None], ["Index", "Index"], [0, 1, 1], 1, [np.array(["x"])]))
    nulls = pa.table({"k": pa.array(["a", None]), "x": [1.5, 2.5]})
    maker.good("index-nulls.npz", "index", "an index with nulls likewise",
               relabel(nulls, [None, "k", None], ["Index", "Index"], [0, 1, 1], 1, [np.array(["x"])]))
    maker.good("labels-hidden.npz", "labels", "labels of all columns where some are hidden", LIST)
    lists = pa.table({"0": pa.array([[1]], pa.list_(pa.int8())), "1": [2]})
    maker.good("labels-automatic.npz", "labels", "no labels where the columns have none",
               relabel(lists, [None, None, None], ["Index", "Index"], [0, 1, 1], 0, []))
    maker.good("extension.npz", "metadata", "an extension type over its storage, named in the field's metadata", pa.table(
        [pa.array([[1, 2], [3, 4]], pa.list_(pa.int32(), 2))], schema=pa.schema([pa.field("t", pa.list_(pa.int32(), 2), True,
         {"ARROW:extension:name": "arrow.fixed_shape_tensor", "ARROW:extension:metadata": '{"shape":[2]}'})])))

    def more(members: Members) -> None:
        document = json.loads(members[META])
        document["__arrow__"]["writer"] = "somebody"
        document["__arrow__"]["columns"][0]["note"] = {"a": [1]}
        document["other"] = True
        members[META] = document
        members["notes.txt"] = b"for people"
        members["more.npy"] = np.arange(3)

    maker.good("unknown.npz", "unknown", "unknown keys and members are ignored", LIST, more)
    order = LIST.select(["l", "a"])

    def shuffled(members: Members) -> None:
        for name in sorted(members, reverse=True):
            members[name] = members.pop(name)

    maker.good("order.npz", "unknown", "members in another order; buffers wherever the key says", order, shuffled)
    path = maker.add("unaligned.npz", "alignment", "NumPy's own writer: no padding, elements at any address")
    arrow_npz.write(LIST, path, False, False)
    members = read(path)
    np.savez(path, **{name[:-4]: array for name, array in members.items() if name != META})
    append(path, META, members[META])
    maker.content(path, LIST)
    target = os.path.join(maker.directory, "directory")
    shutil.rmtree(target, ignore_errors=True)
    maker.good("directory/", "directory", "an NPY directory: the same members as files", LIST)


def append(path: str, name: str, content: bytes) -> None:
    import zipfile

    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)


def invalid(maker: Maker) -> None:
    bad, first, array = maker.bad, "__arrow_1_1__.npy", np.array
    bad("bad-version.npz", "key", "version 2", "META_SCHEMA", LIST, arrow(lambda a: a.update(version=2)))
    bad("bad-version-missing.npz", "key", "no version", "META_SCHEMA", LIST, arrow(lambda a: a.pop("version")))
    bad("bad-version-true.npz", "key", "version true", "META_SCHEMA", LIST, arrow(lambda a: a.update(version=True)))
    bad("bad-key-null.npz", "key", "__arrow__ is null", "META_SCHEMA", LIST, meta(lambda m: m.update(__arrow__=None)))
    bad("bad-schema-name.npz", "key", "another schema member", "META_SCHEMA", LIST, arrow(lambda a: a.update(schema="x.npy")))
    bad("bad-columns.npz", "key", "columns is no list", "META_SCHEMA", LIST, arrow(lambda a: a.update(columns={})))
    bad("bad-dictionaries.npz", "key", "dictionaries is no list", "META_SCHEMA", LIST, arrow(lambda a: a.update(dictionaries={})))
    bad("bad-duplicate-key.npz", "key", "a JSON key occurs twice", "META_JSON", LIST, lambda m: {
        **m, META: m[META].replace(b'"version": 1', b'"version": 1, "version": 1')})
    bad("bad-rows.npz", "rows", "rows is not the row count of the blocks", "FRAME_SHAPE", LIST, arrow(lambda a: a.update(rows=4)))
    bad("bad-rows-column.npz", "rows", "an Arrow column of other rows", "META_SCHEMA", LIST,
        both(column(lambda c: c["nodes"][0].__setitem__(0, 2)), replace(first, lambda b: b[:3])))
    bad("bad-schema-missing.npz", "schema", "the schema member is missing", "META_MISSING", LIST, without(SCHEMA))
    bad("bad-schema-short.npz", "schema", "the message is cut", "META_SCHEMA", LIST, replace(SCHEMA, lambda b: b[:-8]))
    bad("bad-schema-long.npz", "schema", "bytes follow the message", "META_SCHEMA", LIST,
        replace(SCHEMA, lambda b: np.concatenate((b, np.zeros(8, np.uint8)))))
    bad("bad-schema-marker.npz", "schema", "no continuation marker", "META_SCHEMA", LIST, replace(SCHEMA, lambda b: b ^ (np.arange(len(b)) == 0).astype(np.uint8)))
    bad("bad-schema-dtype.npz", "schema", "the schema is no |u1 array", "META_SCHEMA", LIST, replace(SCHEMA, lambda b: b.view(np.int8)))
    bad("bad-schema-noise.npz", "schema", "no flatbuffer", "META_SCHEMA", LIST,
        replace(SCHEMA, lambda b: np.concatenate((b[:8], np.full(len(b) - 8, 0xFF, np.uint8)))))
    bad("bad-column-range.npz", "columns", "a position beyond the schema", "META_SCHEMA", LIST, column(lambda c: c.update(column=2)))
    bad("bad-column-twice.npz", "columns", "a column is stated twice", "META_SCHEMA", LIST, arrow(lambda a: a["columns"].append(a["columns"][0])))
    bad("bad-column-count.npz", "columns", "the schema has another number of columns", "META_SCHEMA", LIST, arrow(lambda a: a["columns"].clear()))
    bad("bad-member-name.npz", "names", "a name that is not __arrow_...__.npy", "META_SCHEMA", LIST,
        column(lambda c: c["buffers"].__setitem__(1, "../secret.npy")))
    bad("bad-member-missing.npz", "names", "a buffer that is not there", "META_MISSING", LIST, without(first))
    bitmap = pa.table({"i": pa.array([1, None, 3])})
    bad("bad-bitmap-length.npz", "validity", "a bitmap of two bytes for three rows", "META_SCHEMA", bitmap, replace("__arrow_0_0__.npy", array([5, 0], np.uint8)))
    bad("bad-bitmap-dtype.npz", "validity", "a bitmap of |i1", "META_SCHEMA", bitmap, replace("__arrow_0_0__.npy", array([5], np.int8)))
    bad("bad-nullability.npz", "restored", "a null where the field says that there is none", "META_SCHEMA", pa.table(
        [pa.array([1, 2], pa.int64())], schema=pa.schema([pa.field("t", pa.int64(), False)])),
        lambda m: m.update({"__blocks_0__.npy": array([1, "NaT"], "<m8[s]")}))
    bad("bad-block-type.npz", "restored", "schema and block disagree", "META_SCHEMA", pa.table(
        [pa.array([1, 2], pa.int64())], schema=pa.schema([pa.field("t", pa.int64(), False)])),
        replace("__blocks_0__.npy", array([1.0, 2.0])))
    bad("bad-nodes-few.npz", "buffers", "fewer nodes than the type has", "META_SCHEMA", LIST, column(lambda c: c["nodes"].pop()))
    bad("bad-nodes-many.npz", "buffers", "more nodes than the type has", "META_SCHEMA", LIST, column(lambda c: c["nodes"].append([0, 0, 0])))
    bad("bad-node-shape.npz", "buffers", "a node of two numbers", "META_SCHEMA", LIST, column(lambda c: c["nodes"][0].pop()))
    bad("bad-node-nulls.npz", "buffers", "more nulls than rows", "META_SCHEMA", LIST, column(lambda c: c["nodes"][0].__setitem__(1, 4)))
    bad("bad-node-data.npz", "buffers", "data buffers of a list", "META_SCHEMA", LIST, column(lambda c: c["nodes"][0].__setitem__(2, 1)))
    bad("bad-buffers-few.npz", "buffers", "fewer buffers than the type has", "META_SCHEMA", LIST, column(lambda c: c["buffers"].pop()))
    bad("bad-buffers-many.npz", "buffers", "more buffers than the type has", "META_SCHEMA", LIST, column(lambda c: c["buffers"].append(None)))
    bad("bad-buffer-null.npz", "buffers", "null in place of offsets", "META_SCHEMA", LIST, column(lambda c: c["buffers"].__setitem__(1, None)))
    bad("bad-buffer-dtype.npz", "buffers", "offsets of <i8 in a list of 32 bits", "META_SCHEMA", LIST, replace(first, lambda b: b.astype("<i8")))
    bad("bad-buffer-2d.npz", "buffers", "a buffer of two dimensions", "META_SCHEMA", LIST, replace(first, lambda b: b.reshape(1, -1)))
    bad("bad-buffer-length.npz", "buffers", "an offset too many", "META_SCHEMA", LIST, replace(first, lambda b: np.append(b, b[-1:])))
    nulls = pa.table({"l": pa.array([[1], None], pa.list_(pa.int8()))})
    bad("bad-null-count.npz", "nulls", "a null count that is not the bitmap's", "META_SCHEMA", nulls, column(lambda c: c["nodes"][0].__setitem__(1, 2)))
    bad("bad-bitmap-without-nulls.npz", "nulls", "a bitmap where the count is 0", "META_SCHEMA", nulls, column(lambda c: c["nodes"][0].__setitem__(1, 0)))
    bad("bad-bitmap-missing.npz", "nulls", "no bitmap where the count is 1", "META_SCHEMA", nulls, column(lambda c: c["buffers"].__setitem__(0, None)))
    bad("bad-offsets-fall.npz", "offsets", "offsets fall", "META_SCHEMA", LIST, replace(first, array([0, 2, 1, 3], "<i4")))
    bad("bad-offsets-negative.npz", "offsets", "an offset below 0", "META_SCHEMA", LIST, replace(first, array([-1, 2, 2, 3], "<i4")))
    bad("bad-offsets-beyond.npz", "offsets", "an offset beyond the child", "META_SCHEMA", LIST, replace(first, array([0, 2, 2, 4], "<i4")))
    text = pa.table({"t": pa.array(["a\0", "b"])})
    bad("bad-text-offsets.npz", "offsets", "an offset beyond the bytes", "META_SCHEMA", text, replace("__arrow_0_1__.npy", array([0, 2, 9], "<i4")))
    bad("bad-utf8.npz", "values", "a text that is no UTF-8", "VALUE", text, replace("__arrow_0_2__.npy", array([0xFF, 0, 98], np.uint8)), True)
    view = pa.table({"t": pa.array(["longer than twelve bytes"], pa.string_view())})
    bad("bad-view.npz", "views", "a view outside its data buffer", "META_SCHEMA", view, replace("__arrow_0_2__.npy", lambda b: b[:-1]))
    bad("bad-view-count.npz", "views", "fewer data buffers than the node states", "META_SCHEMA", view, column(lambda c: c["nodes"][0].__setitem__(2, 2)))
    lists = pa.table({"l": pa.array([[1], [2]], pa.list_view(pa.int8()))})
    bad("bad-list-view.npz", "views", "a list view outside its child", "META_SCHEMA", lists, replace("__arrow_0_2__.npy", array([1, 2], "<i4")))
    union = pa.table({"u": pa.UnionArray.from_dense(pa.array([0, 1], pa.int8()), pa.array([0, 0], pa.int32()), [pa.array([1]), pa.array(["x"])])})
    bad("bad-type-id.npz", "unions", "a type id that the union does not have", "META_SCHEMA", union, replace("__arrow_0_0__.npy", array([0, 2], np.int8)))
    bad("bad-union-offset.npz", "unions", "an offset beyond the child", "META_SCHEMA", union, replace("__arrow_0_1__.npy", array([0, 1], "<i4")))
    runs = pa.table({"r": pa.RunEndEncodedArray.from_arrays(pa.array([1, 3], pa.int32()), pa.array([7, 8]))})
    bad("bad-run-ends-fall.npz", "run ends", "run ends do not rise", "META_SCHEMA", runs, replace("__arrow_0_1__.npy", array([3, 3], "<i4")))
    bad("bad-run-ends-short.npz", "run ends", "run ends do not reach the rows", "META_SCHEMA", runs, replace("__arrow_0_1__.npy", array([1, 2], "<i4")))
    fixed = pa.table({"l": pa.array([[1, 2], [3, 4]], pa.list_(pa.int8(), 2))})
    bad("bad-fixed-list.npz", "children", "a child of another length than rows times size", "META_SCHEMA", fixed,
        both(column(lambda c: c["nodes"][1].__setitem__(0, 3)), replace("__arrow_0_2__.npy", lambda b: b[:3])))
    structs = pa.table({"s": pa.array([{"x": 1}, {"x": 2}])})
    bad("bad-struct.npz", "children", "a child of other rows than the struct", "META_SCHEMA", structs,
        both(column(lambda c: c["nodes"][1].__setitem__(0, 1)), replace("__arrow_0_2__.npy", lambda b: b[:1])))
    words = pa.table({"d": pa.array(["x", "y", "x"]).dictionary_encode()})
    bad("bad-dictionary-missing.npz", "dictionaries", "a dictionary that a field names is missing", "META_SCHEMA", words, arrow(lambda a: a.pop("dictionaries")))
    bad("bad-dictionary-unused.npz", "dictionaries", "a dictionary that no field names", "META_SCHEMA", words,
        arrow(lambda a: a["dictionaries"].append({**a["dictionaries"][0], "id": 9})))
    bad("bad-dictionary-twice.npz", "dictionaries", "two dictionaries of one id", "META_SCHEMA", words, arrow(lambda a: a["dictionaries"].append(a["dictionaries"][0])))
    bad("bad-dictionary-index.npz", "values", "an index without a word", "VALUE|META_SCHEMA", words, replace("__arrow_0_1__.npy", array([0, 2, 0], "<i4")), True)
    bad("bad-labels-missing.npz", "labels", "no labels of all columns", "META_SCHEMA", LIST, arrow(lambda a: a.pop("labels")))
    bad("bad-labels-short.npz", "labels", "one label for two columns", "FRAME_SHAPE", LIST, replace("__arrow_columns_0__.npy", array(["a"])))
    bad("bad-labels-twice.npz", "labels", "a label occurs twice", "FRAME_LABELS", LIST, replace("__arrow_columns_0__.npy", array(["l", "l"])))
    index = relabel(pa.table({"k": [1, 2], "x": pa.array([[1], [2]], pa.list_(pa.int8()))}), [None, None, None], ["Index", "Index"], [0, 1, 1], 1, [np.array(["x"])])
    bad("bad-index-twice.npz", "index", "an index in blocks and in __arrow__", "META_SCHEMA", index,
        arrow(lambda a: a.update(index={"class": "Index", "depth": 1, "name": None})))
    bad("bad-index-depth.npz", "index", "more levels than fields", "META_SCHEMA", LIST, arrow(lambda a: a.update(
        index={"class": "IndexHierarchy", "depth": 3, "name": None, "levels": ["Index"] * 3})))
    bad("bad-blocks.npz", "layout", "a block that the metadata do not count", "META_EXTRA", LIST, lambda m: m.update({"__blocks_1__.npy": array([1])}))
    bad("bad-object.npz", "layout", "an array of Python objects", "OBJECT_DTYPE", LIST, replace(
        "__blocks_0__.npy", lambda b: b"\x93NUMPY\1\0\x76\0" + b"{'descr': '|O', 'fortran_order': False, 'shape': (3,), }".ljust(117) + b"\n" + bytes(24)))
    bad("bad-trailing.npz", "layout", "bytes behind the elements of a member", "DATA_TRAILING", LIST,
        replace("__blocks_0__.npy", lambda b: arrow_npz._npy(b) + bytes(8)))
    bad("bad-truncated.npz", "layout", "fewer elements than the header states", "DATA_TRUNCATED", LIST,
        replace("__blocks_0__.npy", lambda b: arrow_npz._npy(b)[:-4]))
    bad_archive(maker, "bad-gap.npz", "container", "a prefix before the first member", "ZIP_STRUCTURE", lambda d: b"#!/bin/sh\n" + bytes(d))
    bad_archive(maker, "bad-tail.npz", "container", "a byte behind the archive", "ZIP_STRUCTURE", lambda d: d + b"\0")
    bad_archive(maker, "bad-cut.npz", "container", "the archive is cut", "ZIP_STRUCTURE", lambda d: d[:-30])
    bad_archive(maker, "bad-local-name.npz", "container", "the local header has another name", "ZIP_LOCAL_CENTRAL",
                lambda d: d.replace(b"__values_columns_0__", b"__values_columns_1__", 1))
    bad_archive(maker, "bad-crc.npz", "checksum", "an element was changed: found where checksums are compared", "ZIP_CRC",
                lambda d: d.replace(struct.pack("<iii", 1, 2, 3), struct.pack("<iii", 1, 2, 4), 1))
    maker.rows[-1]["content"] = True


if __name__ == "__main__":
    folder = os.path.abspath(sys.argv[1])
    os.makedirs(folder, exist_ok=True)
    for old in os.listdir(folder):
        if old.endswith((".npz", ".jsonl")):
            os.unlink(os.path.join(folder, old))
    made = Maker(folder)
    valid(made)
    invalid(made)
    made.finish()
