# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in
# compliance with the License. You may obtain a copy of the License at
#
#     http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software distributed under the License is
# distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and limitations under the License.
"""Arrow tables in NumPy's NPZ files, as docs/format.md of arrow-npz specifies them.

    with arrow_npz.open("events.npz") as file:     # maps the file once
        file["price"]                              # a NumPy view of it, nothing copied
        file["trip.offsets"], file["trip.values"]  # the parts of a list column
    table = arrow_npz.to_arrow("events.npz")       # a pyarrow.Table, views where the layout allows
    arrow_npz.write(table, "copy.npz")

NumPy is all that `open` needs; `to_arrow`, `to_pandas`, `unpack` and `write` of tables need pyarrow. Files are held to
be hostile until they are checked: whatever is wrong with one is an `NpzError` with a stable code. A mapped file must
not be truncated or rewritten in place while it is in use; `mmap=False` reads it into memory instead.
"""

from __future__ import annotations

import ast
import base64
import binascii
import collections
import datetime
import functools
import hashlib
import io
import json
import mmap as _mmap
import os
import re
import struct
import sys
import tempfile
import warnings
import zlib
from typing import TYPE_CHECKING, Any, Callable, Deque, Dict, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Set, Tuple, Union

import numpy as np

if TYPE_CHECKING:
    import pandas
    import pyarrow

__all__ = ["Archive", "NpzError", "load_npy", "open", "to_arrow", "to_pandas", "unpack", "write"]
__version__ = "0.9.0.dev0"

PathLike = Union[str, "os.PathLike[str]"]

MAX_HEADER = 10_000
MAX_NESTING = 32
MAX_FIELDS = 1000
MAX_META = 16 << 20
MAX_JSON_DEPTH = 100
MAX_MEMBERS = 1_000_000
MAX_DIRECTORY = 256 << 20
MAX_LABELS = 64 << 20
MAX_ROWS = (1 << 31) - 9
MAX_DEPTH = 64
MAX_NAME = 16 << 10
MAX_INFLATED = 8 << 30

_META = "__meta__.json"
_SCHEMA = "__arrow_schema__.npy"
_ARROW = "__arrow__"
_KEY = "arrow_npz"
_NAT = -(1 << 63)
_INPUT = 1 << 16  # bytes of a deflate stream that zlib is given at once


class NpzError(Exception):
    """Something is wrong with a file; `code` is one of the stable codes of docs/format.md."""

    def __init__(self, code: str, problem: str, member: Optional[str] = None, file: Optional[str] = None) -> None:
        self.code = code
        self.problem = problem
        self.member = member
        self.file = file
        place = ": ".join(_escape(part) for part in (file, member) if part)
        super().__init__(f"{place + ': ' if place else ''}{problem} [{code}]")


def _escape(text: Any) -> str:
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in str(text)[:80])


# ---------------------------------------------------------------------------------------------------------------- NPY

_TOKEN = re.compile(
    r"[ \t\n\r\f]*(?:(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<comma>,)|(?P<colon>:)|(?P<int>-?[0-9]+L?)"
    r"|(?P<text>[uUbB]?(?:'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"))|(?P<name>True|False|None))"
)
_ORDER = re.compile(r"[<>=|]?")
_SIZE = re.compile(r"0|[1-9][0-9]{0,9}")
_UNIT = re.compile(r"\[([1-9][0-9]{0,9})?(Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as|generic)\]")
_SIZES = {"b": (1,), "i": (1, 2, 4, 8), "u": (1, 2, 4, 8), "f": (2, 4, 8, 16), "c": (8, 16, 32)}


class _Literal:
    """Reads the subset of Python literals that headers consist of. Nothing is evaluated but single strings."""

    def __init__(self, text: str, longs: bool) -> None:
        self.text = text
        self.longs = longs
        self.at = 0
        self.depth = 0

    def fault(self, problem: str, code: str = "HEADER_SYNTAX") -> NpzError:
        return NpzError(code, f"the header is no Python literal: {problem}")

    def token(self) -> Tuple[str, str]:
        match = _TOKEN.match(self.text, self.at)
        if match is None:
            raise self.fault(f"unexpected text at character {self.at}")
        self.at = match.end()
        kind = match.lastgroup or ""
        return kind, match.group(kind)

    def document(self) -> Any:
        value = self.value(*self.token())
        if self.text[self.at :].strip(" \t\n\r\f"):
            raise self.fault("text follows the literal")
        return value

    def value(self, kind: str, text: str) -> Any:
        if kind == "name":
            return {"True": True, "False": False, "None": None}[text]
        if kind == "int":
            digits = text.rstrip("L").lstrip("-")
            following = self.text[self.at : self.at + 1]
            if (digits[0] == "0" and text.rstrip("L") != "0") or (text.endswith("L") and not self.longs):
                raise self.fault("an integer that is spelled otherwise")
            if following.isalnum() or following in ("_", "."):
                raise self.fault("a number that is no integer")
            return (-1 if text[0] == "-" else 1) * (int(digits) if len(digits) < 20 else 1 << 64)
        if kind == "text":
            try:
                return ast.literal_eval(text.lstrip("uU"))
            except (ValueError, SyntaxError, MemoryError) as e:
                raise self.fault("a malformed string") from e
        if kind != "open":
            raise self.fault(f"unexpected {text!r}")
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise self.fault("brackets are nested too deeply")
        result = self.dictionary() if text == "{" else self.items(")" if text == "(" else "]")
        self.depth -= 1
        return result

    def items(self, close: str) -> Any:
        items: List[Any] = []
        comma = True
        while True:
            kind, text = self.token()
            if kind == "close":
                if text != close:
                    raise self.fault("brackets do not match")
                if close == ")" and len(items) == 1 and not comma:
                    return items[0]
                return tuple(items) if close == ")" else items
            if not comma or kind == "comma":
                raise self.fault("a comma is missing, or one too many")
            items.append(self.value(kind, text))
            mark = self.at
            comma = self.token()[0] == "comma"
            if not comma:
                self.at = mark

    def set(self) -> Any:
        """What follows the first item of a set, which no header needs."""
        if self.token()[0] != "comma":
            self.at -= 1
        self.items("}")
        return frozenset()

    def dictionary(self) -> Any:
        found: Dict[Any, Any] = {}
        kind, text = self.token()
        while kind != "close":
            key = self.value(kind, text)
            mark = self.at
            if self.token()[0] != "colon":
                if found:
                    raise self.fault("a colon is missing")
                self.at = mark
                return self.set()
            if not isinstance(key, str):
                raise NpzError("HEADER_KEYS", "a key of the header is no text")
            if key in found:
                raise NpzError("HEADER_KEYS", f"the header key {_escape(key)} occurs twice")
            found[key] = self.value(*self.token())
            kind, text = self.token()
            if kind == "comma":
                kind, text = self.token()
            elif kind != "close":
                raise self.fault("a comma is missing")
        if text != "}":
            raise self.fault("brackets do not match")
        return found


def _scalar(text: str) -> np.dtype:
    start = _ORDER.match(text).end()  # type: ignore[union-attr]
    order, kind, rest = text[:start], text[start : start + 1], text[start + 1 :]
    if kind in ("O", "T") and (not rest or rest.isdigit()):
        raise NpzError("OBJECT_DTYPE", "the array holds Python objects, which are never unpickled")
    fault = NpzError("DTYPE", f"unknown dtype {_escape(text)!r}")
    if kind == "?" and not rest:
        return np.dtype(bool)
    if kind in ("S", "U") and not rest:
        rest = "0"
    size = _SIZE.match(rest)
    tail = rest[size.end() :] if size else rest
    if kind in ("M", "m"):
        unit = _UNIT.fullmatch(tail)
        if (size is not None and size.group() != "8") or (tail and unit is None) or (size is None and tail):
            raise fault
        if unit is not None and unit.group(1) and (int(unit.group(1)) >= 1 << 31 or unit.group(2) == "generic"):
            raise fault
        if unit is not None and unit.group(2) == "generic":
            tail = ""
        return np.dtype(f"{order if order in '<>' else '='}{kind}8{tail}")
    if size is None or tail:
        raise fault
    width = int(size.group())
    known = width in _SIZES[kind] if kind in _SIZES else kind in ("S", "U") or (kind == "V" and width > 0)
    if not known or width * (4 if kind == "U" else 1) >= 1 << 31:
        raise fault
    try:
        return np.dtype(f"{order if order in '<>' else '='}{kind}{width}")
    except TypeError as e:  # long double on machines that have another
        raise fault from e


class _Descr:
    """Makes a dtype of a checked descr."""

    def __init__(self) -> None:
        self.fields = 0

    def dtype(self, descr: Any, nested: bool = False) -> np.dtype:
        if isinstance(descr, str):
            return _scalar(descr)
        if isinstance(descr, list):
            return self.record(descr)
        if nested and isinstance(descr, tuple) and len(descr) == 2:
            return self.array(self.dtype(descr[0], True), descr[1])
        raise NpzError("DTYPE", "the dtype is neither text nor a list of fields")

    def array(self, base: np.dtype, shape: Any) -> np.dtype:
        if not isinstance(shape, tuple) or len(shape) > 64:
            raise NpzError("DTYPE", "the shape of a sub-array is no tuple")
        total = max(1, base.itemsize)
        for length in shape:
            if not isinstance(length, int) or isinstance(length, bool) or length < 0:
                raise NpzError("DTYPE", "a length of a sub-array is no count")
            total *= max(1, length)
            if total >= 1 << 31:
                raise NpzError("DTYPE", "an item of the dtype is too large")
        return np.dtype((base, shape)) if shape else base

    def record(self, items: List[Any]) -> np.dtype:
        names: List[Any] = []
        formats: List[np.dtype] = []
        offsets: List[int] = []
        taken: Set[str] = set()
        at = 0
        for item in items:
            if not isinstance(item, tuple) or not 2 <= len(item) <= 3:
                raise NpzError("DTYPE", "a record field is no tuple of name, type and shape")
            name, title = item[0], None
            if isinstance(name, tuple) and len(name) == 2:
                title, name = name
            if not isinstance(name, str) or not (title is None or isinstance(title, str)):
                raise NpzError("DTYPE", "a name of a record field is no text")
            kind = self.dtype(item[1], True)
            if len(item) == 3:
                kind = self.array(kind, item[2])
            start, at = at, at + kind.itemsize
            if at >= 1 << 31:
                raise NpzError("DTYPE", "an item of the dtype is too large")
            if not name and title is None and kind.names is None and (kind.kind == "V" or kind.subdtype):
                continue
            self.fields += 1
            if self.fields > MAX_FIELDS:
                raise NpzError("LIMIT", "a record dtype has too many fields")
            if not name or name in taken or (title is not None and (title in taken or title == name)):
                raise NpzError("DTYPE", "a record field has no name of its own")
            taken.update(part for part in (name, title) if part is not None)
            names.append((name, title))
            formats.append(kind)
            offsets.append(start)
        if not names:
            raise NpzError("DTYPE", "a record dtype has no fields")
        spec: Any = {
            "names": [name for name, _ in names],
            "formats": formats,
            "offsets": offsets,
            "itemsize": at,
        }
        if any(title is not None for _, title in names):
            spec["titles"] = [title for _, title in names]
        record: np.dtype = np.dtype(spec)
        return record


def _header(data: memoryview) -> Tuple[np.dtype, Tuple[int, ...], bool, int]:
    """dtype, shape, Fortran order, and where the elements begin."""
    if len(data) < 8 or bytes(data[:6]) != b"\x93NUMPY":
        raise NpzError("MAGIC", "this is no NPY file")
    major, minor = data[6], data[7]
    if major not in (1, 2, 3) or minor:
        raise NpzError("VERSION", f"unknown NPY version {major}.{minor}")
    start = 10 if major == 1 else 12
    if len(data) < start:
        raise NpzError("HEADER_LENGTH", "the file ends within the header length")
    (length,) = struct.unpack_from("<H" if major == 1 else "<I", data, 8)
    if not 0 < length <= len(data) - start:
        raise NpzError("HEADER_LENGTH", f"a header of {length} bytes does not fit the file")
    if length > MAX_HEADER * (4 if major == 3 else 1):
        raise NpzError("LIMIT", "the header is too long")
    try:
        text = bytes(data[start : start + length]).decode("utf-8" if major == 3 else "latin-1")
    except UnicodeDecodeError as e:
        raise NpzError("HEADER_ENCODING", "the header is not UTF-8") from e
    if len(text) > MAX_HEADER:
        raise NpzError("LIMIT", "the header is too long")
    found = _Literal(text, major < 3).document()
    if not isinstance(found, dict):
        raise NpzError("HEADER_SYNTAX", "the header is no dictionary")
    if set(found) != {"descr", "fortran_order", "shape"}:
        raise NpzError("HEADER_KEYS", "the header's keys are not descr, fortran_order and shape")
    if not isinstance(found["fortran_order"], bool):
        raise NpzError("HEADER_KEYS", "fortran_order is not a truth value")
    try:
        dtype = _Descr().dtype(found["descr"])
    except (ValueError, TypeError, OverflowError) as e:
        raise NpzError("DTYPE", f"NumPy refuses the dtype: {_escape(e)}") from e
    shape = found["shape"]
    if not isinstance(shape, tuple) or len(shape) > 64:
        raise NpzError("SHAPE", "the shape is no tuple of lengths")
    total = max(1, dtype.itemsize)
    for part in shape:
        if not isinstance(part, int) or isinstance(part, bool) or part < 0:
            raise NpzError("SHAPE", "a length in the shape is no count")
        total *= max(1, part)
        if total >= 1 << 63:
            raise NpzError("SIZE_OVERFLOW", "shape times item size does not fit 63 bits")
    return dtype, shape, found["fortran_order"], start + length


def _array(data: memoryview, exact: bool) -> np.ndarray:
    """A view of the elements behind the header."""
    dtype, shape, fortran, start = _header(data)
    count = 1
    for length in shape:
        count *= length
    size = count * dtype.itemsize
    if len(data) - start < size:
        raise NpzError("DATA_TRUNCATED", f"{size} bytes of elements are stated, {len(data) - start} are there")
    if exact and len(data) - start > size:
        raise NpzError("DATA_TRAILING", "bytes follow the elements")
    if size == 0:
        try:
            empty = np.zeros(shape, dtype, "F" if fortran else "C")
        except (ValueError, MemoryError) as e:
            raise NpzError("LIMIT", "NumPy cannot hold an array of this shape") from e
        empty.flags.writeable = False
        return empty
    try:
        flat = np.frombuffer(data, np.dtype((np.void, dtype.itemsize)), count, start)
        return flat.view(dtype).reshape(shape, order="F" if fortran else "C")
    except (ValueError, TypeError) as e:
        raise NpzError("LIMIT", f"NumPy cannot hold this array: {_escape(e)}") from e


# ---------------------------------------------------------------------------------------------------------------- ZIP


class _Member(NamedTuple):
    name: str
    raw: bytes
    flags: int
    method: int
    version: int
    crc: int
    compressed: int
    size: int
    offset: int


def _extra_fields(data: bytes) -> List[Tuple[int, bytes]]:
    fields = []
    at = 0
    while len(data) - at >= 4:
        key, size = struct.unpack_from("<HH", data, at)
        if size > len(data) - at - 4:
            raise NpzError("ZIP_STRUCTURE", "the extra fields are malformed")
        fields.append((key, data[at + 4 : at + 4 + size]))
        at += 4 + size
    if any(data[at:]):
        raise NpzError("ZIP_STRUCTURE", "the extra fields are malformed")
    return fields


def _wide(fields: List[Tuple[int, bytes]], values: List[Tuple[int, int]], code: str) -> List[int]:
    """Values of 32 bits, or where these are saturated from the zip64 field, in order."""
    wide = [data for key, data in fields if key == 1]
    saturated = [limit in (0xFFFFFFFF, 0xFFFF) and value == limit for value, limit in values]
    if not any(saturated):
        return [value for value, _ in values]
    if len(wide) != 1:
        raise NpzError(code, "a zip64 field is missing")
    found, at = [], 0
    for (value, limit), full in zip(values, saturated):
        if full:
            form = "<Q" if limit == 0xFFFFFFFF else "<I"
            if len(wide[0]) - at < struct.calcsize(form):
                raise NpzError(code, "a zip64 field is too short")
            (value,) = struct.unpack_from(form, wide[0], at)
            at += struct.calcsize(form)
        found.append(value)
    return found


def _name_fault(name: str) -> Optional[str]:
    if name in ("", ".npy"):
        return "leaves an empty key"
    if any(ord(c) < 32 or 127 <= ord(c) < 160 for c in name):
        return "holds a control character"
    if "\\" in name or name.startswith("/") or re.match("[A-Za-z]:", name) or ".." in name.split("/"):
        return "could lead out of a directory"
    return None


def _key(name: str) -> str:
    return name[:-4] if name.endswith(".npy") else name


class _Zip:
    """The directory of an archive that is tiled exactly: members, directory, end records and comment."""

    def __init__(self, data: memoryview, inflated: int) -> None:
        self.data = data
        self.room = inflated
        self.inflated: Dict[str, memoryview] = {}
        self.members: Dict[str, _Member] = {}
        self.payloads: Dict[str, int] = {}
        start, size, count = self._end()
        self.start = start
        self._directory(start, size, count)
        self._tiling()

    def _end(self) -> Tuple[int, int, int]:
        data = self.data
        tail = max(0, len(data) - 22 - 0xFFFF)
        at = bytes(data[tail:]).rfind(b"PK\5\6", 0, len(data) - tail - 18)
        if at < 0:
            raise NpzError("ZIP_STRUCTURE", "no complete zip archive: no end record")
        at += tail
        disk, disk0, here, count, size, start, comment = struct.unpack_from("<HHHHIIH", data, at + 4)
        if at + 22 + comment != len(data):
            raise NpzError("ZIP_STRUCTURE", "the archive comment does not end with the file")
        end = at
        if at >= 20 and bytes(data[at - 20 : at - 16]) == b"PK\6\7":
            on, place, disks = struct.unpack_from("<IQI", data, at - 16)
            if on or disks > 1 or place > at - 76 or bytes(data[place : place + 4]) != b"PK\6\6":
                raise NpzError("ZIP_STRUCTURE", "no zip64 end record where its locator points")
            length, wdisk, wdisk0, where, wcount, wsize, wstart = struct.unpack_from("<QxxxxIIQQQQ", data, place + 4)
            if place + 12 + length != at - 20:
                raise NpzError("ZIP_STRUCTURE", "no zip64 end record where its locator points")
            for narrow, wide, limit in (
                (disk, 0, 0xFFFF),
                (disk0, 0, 0xFFFF),
                (here, where, 0xFFFF),
                (count, wcount, 0xFFFF),
                (size, wsize, 0xFFFFFFFF),
                (start, wstart, 0xFFFFFFFF),
            ):
                if narrow not in (wide, limit):
                    raise NpzError("ZIP_STRUCTURE", "the end record contradicts the zip64 end record")
            disk, disk0, here, count, size, start, end = wdisk, wdisk0, where, wcount, wsize, wstart, place
        if disk or disk0 or here != count:
            raise NpzError("ZIP_STRUCTURE", "archives on several disks are not read")
        if start + size != end:
            raise NpzError("ZIP_STRUCTURE", "the directory does not lie directly before the end record")
        if count > size // 46:
            raise NpzError("ZIP_STRUCTURE", "the end record states another number of members")
        if count > MAX_MEMBERS or size > MAX_DIRECTORY:
            raise NpzError("LIMIT", "the directory is too large")
        return start, size, count

    def _directory(self, start: int, size: int, count: int) -> None:
        data = bytes(self.data[start : start + size])
        at = 0
        keys = set()
        for _ in range(count):
            if len(data) - at < 46 or data[at : at + 4] != b"PK\1\2":
                raise NpzError("ZIP_STRUCTURE", "no directory record where one should be")
            version, flags, method, crc, compressed, plain, name_length, extra_length, comment_length, disk, offset = (
                struct.unpack_from("<xxHHHxxxxIIIHHHHxxxxxxI", data, at + 4)
            )
            end = at + 46 + name_length + extra_length + comment_length
            if end > len(data):
                raise NpzError("ZIP_STRUCTURE", "a directory record runs past the directory")
            raw = data[at + 46 : at + 46 + name_length]
            if name_length > MAX_NAME:
                raise NpzError("ZIP_NAME", "a name is too long")
            try:
                name = raw.decode("utf-8" if flags & 0x800 else "cp437")
            except UnicodeDecodeError as e:
                raise NpzError("ZIP_NAME", "a name is not UTF-8") from e
            fault = _name_fault(name)
            if fault:
                raise NpzError("ZIP_NAME", f"the name {fault}", name)
            if _key(name) in keys:
                raise NpzError("ZIP_DUPLICATE", "two members have one key", name)
            keys.add(_key(name))
            fields = _extra_fields(data[at + 46 + name_length : at + 46 + name_length + extra_length])
            if sum(key == 1 for key, _ in fields) > 1:
                raise NpzError("ZIP_STRUCTURE", "two zip64 fields", name)
            for key, field in fields:
                if key == 0x7075 and not self._same_path(field, raw, name):
                    raise NpzError("ZIP_NAME", "the Unicode path field gives another name", name)
            plain, compressed, offset, disk = _wide(
                fields,
                [(plain, 0xFFFFFFFF), (compressed, 0xFFFFFFFF), (offset, 0xFFFFFFFF), (disk, 0xFFFF)],
                "ZIP_STRUCTURE",
            )
            if disk or max(plain, compressed) >= 1 << 63 or offset > start - 30:
                raise NpzError("ZIP_STRUCTURE", "size or offset lies beyond the archive", name)
            self.members[name] = _Member(name, raw, flags, method, version & 0xFF, crc, compressed, plain, offset)
            at = end
        if at != len(data):
            raise NpzError("ZIP_STRUCTURE", "the end record states another number of members")

    @staticmethod
    def _same_path(field: bytes, raw: bytes, name: str) -> bool:
        if len(field) < 5 or field[0] != 1:
            return False
        if struct.unpack_from("<I", field, 1)[0] != zlib.crc32(raw):
            return True
        return field[5:] == name.encode("utf-8")

    def _tiling(self) -> None:
        position = 0
        placed = sorted(self.members.values(), key=lambda member: member.offset)
        for index, member in enumerate(placed):
            limit = placed[index + 1].offset if index + 1 < len(placed) else self.start
            if member.offset != position:
                code = "ZIP_OVERLAP" if member.offset < position else "ZIP_STRUCTURE"
                raise NpzError(code, "members do not lie one behind the other", member.name)
            if limit == member.offset:
                raise NpzError("ZIP_OVERLAP", "two members share their bytes", placed[index + 1].name)
            self.payloads[member.name] = self._local(member, limit)
            position = limit
        if position != self.start:
            raise NpzError("ZIP_STRUCTURE", "bytes lie between the members and the directory")

    def _local(self, member: _Member, limit: int) -> int:
        data, at = self.data, member.offset

        def fault(code: str, problem: str) -> NpzError:
            return NpzError(code, problem, member.name)

        if limit - at < 30 or bytes(data[at : at + 4]) != b"PK\3\4":
            raise fault("ZIP_STRUCTURE", "no local header at the member's offset")
        flags, method, _, _, crc, compressed, size, name_length, extra_length = struct.unpack_from(
            "<HHHHIIIHH", data, at + 6
        )
        payload = int(at + 30 + name_length + extra_length)
        if payload + member.compressed > limit:
            raise fault("ZIP_OVERLAP", "local header and data run into what follows")
        if (flags | member.flags) & 0x2000:
            raise fault("ZIP_ENCRYPTED", "the local header is masked")
        if bytes(data[at + 30 : at + 30 + name_length]) != member.raw:
            raise fault("ZIP_LOCAL_CENTRAL", "the local header's name is not the directory's")
        ascii_name = all(byte < 128 for byte in member.raw)
        if (flags ^ member.flags) & (0x1 | 0x8 | 0x20 | 0x40 | 0x2000 | (0 if ascii_name else 0x800)):
            raise fault("ZIP_LOCAL_CENTRAL", "the local header's flags are not the directory's")
        if method != member.method:
            raise fault("ZIP_LOCAL_CENTRAL", "the local header's method is not the directory's")
        fields = _extra_fields(bytes(data[at + 30 + name_length : payload]))
        if len([key for key, _ in fields if key == 1]) != 1 and 0xFFFFFFFF in (size, compressed):
            raise fault("ZIP_LOCAL_CENTRAL", "the local header points to a zip64 field that is not there")
        size, compressed = _wide(fields, [(size, 0xFFFFFFFF), (compressed, 0xFFFFFFFF)], "ZIP_LOCAL_CENTRAL")
        streamed = bool(flags & 8)
        for what, local, central in (
            ("checksum", crc, member.crc),
            ("size", size, member.size),
            ("compressed size", compressed, member.compressed),
        ):
            if local != central and not (streamed and local == 0):
                raise fault("ZIP_LOCAL_CENTRAL", f"the local header's {what} is not the directory's")
        end = payload + member.compressed
        if streamed:
            self._descriptor(member, end, limit - end)
        elif end != limit:
            raise fault("ZIP_STRUCTURE", "bytes lie between this member and what follows")
        return payload

    def _descriptor(self, member: _Member, at: int, room: int) -> None:
        if room not in (12, 16, 20, 24):
            raise NpzError("ZIP_STRUCTURE", "no data descriptor behind the data", member.name)
        record = bytes(self.data[at : at + room])
        if room in (16, 24):
            if record[:4] != b"PK\7\10":
                raise NpzError("ZIP_STRUCTURE", "no data descriptor behind the data", member.name)
            record = record[4:]
        crc, compressed, size = struct.unpack("<III" if len(record) == 12 else "<IQQ", record)
        if (compressed, size) != (member.compressed, member.size):
            raise NpzError("ZIP_LOCAL_CENTRAL", "the data descriptor's sizes are not the directory's", member.name)
        if crc != member.crc:
            raise NpzError("ZIP_CRC", "the data descriptor's checksum is not the directory's", member.name)

    def content(self, name: str) -> memoryview:
        """The bytes of a member: a view where it is stored, checked memory where it is deflated."""
        member = self.members[name]
        if member.flags & (0x1 | 0x40 | 0x2000):
            raise NpzError("ZIP_ENCRYPTED", "the member is encrypted", name)
        if member.flags & 0x20 or member.method not in (0, 8) or member.version > 63:
            raise NpzError("ZIP_UNSUPPORTED", f"compression method {member.method} is not read", name)
        start = self.payloads[name]
        stored = self.data[start : start + member.compressed]
        if member.method == 0:
            if member.size != member.compressed:
                raise NpzError("ZIP_SIZE", "a stored member has two sizes", name)
            return stored
        if name not in self.inflated:
            self.inflated[name] = self._inflate(member, stored)
            self.room -= member.size
        return self.inflated[name]

    def _inflate(self, member: _Member, stored: memoryview) -> memoryview:
        if member.size // 1032 > len(stored):
            raise NpzError("ZIP_SIZE", "no deflate stream of this length gives so many bytes", member.name)
        if member.size > self.room:
            raise NpzError("LIMIT", "the members inflate to more than is allowed", member.name)
        inflater = zlib.decompressobj(-15)
        content = np.empty(member.size, np.uint8)
        done = crc = at = 0
        rest = b""
        try:
            while not inflater.eof:
                # zlib copies what it leaves of its input: given all at once, that is the whole rest for each part.
                if not rest:
                    rest = bytes(stored[at : at + _INPUT])
                    at += len(rest)
                part = inflater.decompress(rest, min(1 << 20, member.size + 1 - done))
                if not part and not rest and not inflater.eof:
                    raise NpzError("ZIP_DATA", "the deflate stream ends early", member.name)
                rest = inflater.unconsumed_tail
                if len(part) > member.size - done:
                    raise NpzError("ZIP_SIZE", "the deflate stream gives more bytes than stated", member.name)
                content[done : done + len(part)] = np.frombuffer(part, np.uint8)
                done += len(part)
                crc = zlib.crc32(part, crc)
        except zlib.error as e:
            raise NpzError("ZIP_DATA", f"the deflate stream is broken: {_escape(e)}", member.name) from e
        if inflater.unused_data or rest or at < len(stored):
            raise NpzError("ZIP_DATA", "bytes follow the deflate stream", member.name)
        if done != member.size:
            raise NpzError("ZIP_SIZE", "the deflate stream gives fewer bytes than stated", member.name)
        if crc != member.crc:
            raise NpzError("ZIP_CRC", "the checksum does not match", member.name)
        content.flags.writeable = False
        return content.data

    def verify(self, name: str) -> None:
        content = self.content(name)
        crc = 0
        for at in range(0, len(content), 1 << 22):
            crc = zlib.crc32(content[at : at + (1 << 22)], crc)
        if crc != self.members[name].crc:
            raise NpzError("ZIP_CRC", "the checksum does not match", name)


def _bytes_of(path: str, mmap: bool) -> memoryview:
    try:
        with io.open(path, "rb") as file:
            if not mmap or os.fstat(file.fileno()).st_size == 0:
                return memoryview(file.read())
            return memoryview(_mmap.mmap(file.fileno(), 0, access=_mmap.ACCESS_READ))
    except (OSError, ValueError) as e:
        raise NpzError("IO", _escape(e), file=path) from e


# -------------------------------------------------------------------------------------------------------- the archive


class Archive(Mapping[str, np.ndarray]):
    """The arrays of an NPZ file or an NPY directory, as views of the mapped file.

    Keys are those of `np.load`: the members' names with or without `.npy`. Where the archive is a frame, the names of
    its columns are keys too, and the parts of columns that are several arrays: `trip.offsets`, `trip.values`. A member
    wins over a column of the same name. Views live on when the archive is closed.
    """

    def __init__(self, path: PathLike, mmap: bool = True, verify: bool = False, inflated: int = MAX_INFLATED) -> None:
        self.path = os.fspath(path)
        self._mmap = mmap
        self._zip: Optional[_Zip] = None
        self._arrays: Dict[str, np.ndarray] = {}
        self._frame: Optional[_Frame] = None
        try:
            if not os.path.isdir(self.path):
                self._zip = _Zip(_bytes_of(self.path, mmap), inflated)
                if verify:
                    for name in self._zip.members:
                        self._zip.verify(name)
        except NpzError as e:
            raise self._named(e) from e.__cause__

    def _named(self, error: NpzError, member: Optional[str] = None) -> NpzError:
        return NpzError(error.code, error.problem, error.member or member, self.path)

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def close(self) -> None:
        """Forgets the file; it is unmapped with the last view of it."""
        self._arrays.clear()
        self._frame = None

    def has(self, name: str) -> bool:
        """Whether there is a member of exactly that name."""
        if self._zip is not None:
            return name in self._zip.members
        return _name_fault(name) is None and "/" not in name and os.path.lexists(os.path.join(self.path, name))

    def names(self) -> List[str]:
        """The members' names."""
        if self._zip is not None:
            return list(self._zip.members)
        return sorted(name for name in os.listdir(self.path) if name.endswith(".npy") or name == _META)

    def read(self, name: str, limit: int = MAX_META) -> bytes:
        """The bytes of a small member, its checksum checked."""
        content = self._content(name)
        if len(content) > limit:
            raise NpzError("LIMIT", "the member is too large", name, self.path)
        if self._zip is not None:
            try:
                self._zip.verify(name)
            except NpzError as e:
                raise self._named(e, name) from e.__cause__
        return bytes(content)

    def _content(self, name: str) -> memoryview:
        if not self.has(name):
            raise NpzError("META_MISSING", "there is no such member", name, self.path)
        try:
            if self._zip is not None:
                return self._zip.content(name)
            return _bytes_of(os.path.join(self.path, name), self._mmap)
        except NpzError as e:
            raise NpzError(e.code, e.problem, name, self.path) from e.__cause__

    def array(self, name: str) -> np.ndarray:
        """The array of a member: a view that cannot be written to."""
        array = self._arrays.get(name)
        if array is None:
            try:
                array = _array(self._content(name), True)
            except NpzError as e:
                raise self._named(e, name) from e.__cause__
            self._arrays[name] = array
        return array

    def frame(self) -> "_Frame":
        if self._frame is None:
            self._frame = _Frame(self)
        return self._frame

    @property
    def columns(self) -> List[str]:
        """The names of the frame's columns, index levels first; of the arrays, where the archive is no frame."""
        if self.has(_META):
            frame = self.frame()
            return frame.index_names + frame.names
        return [_key(name) for name in self.names() if name.endswith(".npy")]

    def parts(self) -> Dict[str, Callable[[], np.ndarray]]:
        """How the columns' arrays are had, by name: `price`, `trip.offsets`, `trip.values`, …"""
        return self.frame().parts() if self.has(_META) else {}

    def __getitem__(self, key: str) -> np.ndarray:
        for name in (key + ".npy", key):
            if self.has(name) and name.endswith(".npy"):
                return self.array(name)
        parts = self.parts()
        if key not in parts:
            raise KeyError(key)
        return parts[key]()

    def __iter__(self) -> Iterator[str]:
        members = [_key(name) for name in self.names() if name.endswith(".npy")]
        yield from members
        taken = set(members)
        yield from (name for name in self.parts() if name not in taken)

    def __len__(self) -> int:
        return sum(1 for _ in self)


# ----------------------------------------------------------------------------------------------------- frame metadata

_CLASSES = {
    "Index": None, "IndexYear": "Y", "IndexYearMonth": "M", "IndexDate": "D", "IndexHour": "h", "IndexMinute": "m",
    "IndexSecond": "s", "IndexMillisecond": "ms", "IndexMicrosecond": "us", "IndexNanosecond": "ns",
    "IndexHierarchy": None,
}  # fmt: skip
_DATETIME = re.compile(r"(?:numpy|np)\.datetime64\('([-.T:0-9]+)'\)")
_DATE = re.compile(r"datetime\.date\(([0-9]{1,4}), ?([0-9]{1,2}), ?([0-9]{1,2})\)")


def _parse_json(data: bytes) -> Any:
    def unique(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise NpzError("META_JSON", "a key occurs twice", _META)
        return found

    def integer(text: str) -> int:
        if len(text) > 1000:
            raise NpzError("META_JSON", "a number of too many digits", _META)
        return int(text)

    try:
        text = data.decode("utf-8-sig")
        depth = 0
        outside = "".join(re.sub(r"\\.", "", text, flags=re.DOTALL).split('"')[::2])  # of strings
        for token in re.finditer(r"[\[{]|[\]}]", outside):
            if token.group() in ("[", "{"):
                depth += 1
                if depth > MAX_JSON_DEPTH:
                    raise NpzError("META_JSON", "the metadata are nested too deeply", _META)
            elif token.group() in ("]", "}"):
                depth -= 1
        return json.loads(text, object_pairs_hook=unique, parse_int=integer)
    except (ValueError, RecursionError) as e:
        raise NpzError("META_JSON", f"the metadata are no JSON: {_escape(e)}", _META) from e


def _count(value: Any, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _schema_fault(problem: str) -> NpzError:
    return NpzError("META_SCHEMA", problem, _META)


def _list(root: Dict[str, Any], key: str, length: int) -> List[Any]:
    value = root.get(key)
    if not isinstance(value, list) or len(value) != length:
        raise _schema_fault(f"{key} is no list of {length}")
    return value


def _label(value: Any) -> Any:
    """A name of the metadata as a Python value; expressions of dates are matched, never evaluated."""
    if isinstance(value, list):
        return tuple(_label(item) for item in value)
    if isinstance(value, dict):
        raise _schema_fault("a name holds an object")
    if isinstance(value, str):
        match = _DATETIME.fullmatch(value)
        if match:
            try:
                return np.datetime64(match.group(1))
            except ValueError:
                return value
        match = _DATE.fullmatch(value)
        if match:
            try:
                return datetime.date(*(int(part) for part in match.groups()))
            except ValueError:
                return value
    return value


class _Axis(NamedTuple):
    cls: str
    depth: int
    name: Any
    levels: List[str]

    @staticmethod
    def read(cls: Any, depth: Any, name: Any, levels: Any = ()) -> "_Axis":
        if not _count(depth, 1, 1000):
            raise _schema_fault("a depth of an index is no count")
        classes = [cls] + (levels if isinstance(levels, list) else [])
        plain = [text[:-2] if isinstance(text, str) and text.endswith("GO") else text for text in classes]
        if any(not isinstance(text, str) or text not in _CLASSES for text in plain):
            raise _schema_fault("a class of an index is not known")
        if (depth > 1) != (plain[0] == "IndexHierarchy"):
            raise _schema_fault("class and depth of an index do not agree")
        if depth > 1 and levels != ():
            if not isinstance(levels, list) or len(levels) != depth or "IndexHierarchy" in plain[1:]:
                raise _schema_fault("the classes of the levels of an index do not fit its depth")
        return _Axis(cls, depth, _label(name), plain[1:] if depth > 1 else [])

    def unit(self, level: int) -> Optional[str]:
        cls = self.levels[level] if self.depth > 1 else self.cls
        return _CLASSES[cls[:-2] if cls.endswith("GO") else cls]


def _texts(levels: Sequence[np.ndarray], length: int) -> List[str]:
    """Python's str() of labels as plain values; tuples for several levels."""
    if not levels:
        texts = [str(i) for i in range(length)]
    elif len(levels) == 1:
        texts = [_spell(item, str) for item in levels[0]]
    else:
        texts = ["(" + ", ".join(_spell(item, repr) for item in row) + ")" for row in zip(*levels)]
    return _unique(texts)


def _unique(texts: List[str]) -> List[str]:
    """Texts that repeat get "#2", "#3", …"""
    seen = set(texts)
    if len(seen) == len(texts):
        return texts
    used: Set[str] = set()
    counts: Dict[str, int] = {}
    names = []
    for text in texts:
        name = text
        if text in used:
            count = counts.get(text, 1)
            while name in seen or name in used:
                count += 1
                name = f"{text}#{count}"
            counts[text] = count
            seen.add(name)
        used.add(name)
        names.append(name)
    return names


def _spell(item: Any, how: Callable[[Any], str]) -> str:
    if isinstance(item, np.floating):
        return str(item) if item.dtype.itemsize < 8 else how(float(item))
    if isinstance(item, np.datetime64):
        unit, count = np.datetime_data(item.dtype)
        plain = str(item)
        return plain if how is str else f"datetime.date({int(plain[:4])}, {int(plain[5:7])}, {int(plain[8:10])})" if (
            unit == "D" and count == 1 and len(plain) == 10) else repr(plain)
    text = item.item() if isinstance(item, np.generic) else item
    if isinstance(text, str):
        text = "".join(f"\\u{ord(c):04x}" if 0xD800 <= ord(c) < 0xE000 else c for c in text)
    return how(text)


class _Node(NamedTuple):
    length: int
    nulls: int
    data: int


class _Stored(NamedTuple):
    nodes: List[_Node]
    buffers: List[Optional[str]]


_MEMBER = re.compile(r"__arrow_[a-z0-9_]{1,60}__\.npy")


class _Frame:
    """The metadata of a frame, checked against headers and labels. No element of a block is read."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self._parts: Optional[Dict[str, Callable[[], np.ndarray]]] = None
        try:
            self._read()
        except NpzError as e:
            raise archive._named(e) from e.__cause__

    def _read(self) -> None:
        archive = self.archive
        root = _parse_json(archive.read(_META))
        if not isinstance(root, dict):
            raise NpzError("META_JSON", "the metadata are no JSON object", _META)
        self.meta = root
        names = _list(root, "__names__", 3)
        types = _list(root, "__types__", 2)
        depths = _list(root, "__depths__", 3)
        for number in depths:
            if isinstance(number, float) and not abs(number) < float("inf"):
                raise NpzError("META_JSON", "a number of __depths__ is not finite", _META)
        if not _count(depths[0], 0, (1 << 31) - 9):
            raise _schema_fault("the number of blocks is no count")
        self.name = _label(names[0])
        index = _Axis.read(types[0], depths[1], names[1], root.get("__types_index__", ()))
        columns = _Axis.read(types[1], depths[2], names[2], root.get("__types_columns__", ()))
        shown_index = self._levels(index, "__values_index_")
        labels = self._levels(columns, "__values_columns_")
        self.blocks = self._blocks(depths[0])
        for prefix, count in (("__blocks_", depths[0]), ("__values_index_", len(shown_index)),
                              ("__values_columns_", len(labels))):
            pattern = re.compile(re.escape(prefix) + r"(0|[1-9][0-9]*)__\.npy")
            for name in archive.names():
                match = pattern.fullmatch(name)
                if match and (len(match.group(1)) > 9 or int(match.group(1)) >= count):
                    raise NpzError("META_EXTRA", "a member that the metadata do not count", name)
        self.places = [(block, j) for block in self.blocks for j in range(block.shape[1] if block.ndim == 2 else 1)]
        rows = self.blocks[0].shape[0] if self.blocks else None
        self.extension: Optional[_Extension] = None
        if _ARROW in root:
            self.extension = _Extension(archive, root[_ARROW], len(shown_index))
            rows = self.extension.rows if rows is None else rows
        if rows is None:
            rows = len(shown_index[0]) if shown_index else 0
        if any(len(level) != rows for level in shown_index):
            raise NpzError("FRAME_SHAPE", "the number of index labels is not that of the rows", _META)
        if self.extension is not None and self.extension.rows != rows:
            raise NpzError("FRAME_SHAPE", "the __arrow__ columns have another row count", _META)
        self.rows = rows
        for level in labels:
            if len(level) != len(self.places):
                raise NpzError("FRAME_SHAPE", "the number of labels is not that of the columns", _META)
        self._distinct(labels)
        self.columns, self.labels, self.index, self.index_values = columns, labels, index, shown_index
        width = len(self.places)
        if self.extension is not None:
            width, self.labels = self.extension.columns(labels, len(self.places), columns.depth)
            if self.extension.index is not None:
                self.index, self.index_values = self.extension.index, []
        self.levels = len(shown_index) if self.extension is None else self.extension.levels
        self._distinct(self.labels)
        if self.extension is None:
            self.names = _texts(self.labels, width)
            self.index_names = self._index_names()
        else:
            names = _unique([field.name for field in self.extension.fields])
            self.index_names, self.names = names[: self.levels], names[self.levels :]

    def _levels(self, axis: _Axis, prefix: str) -> List[np.ndarray]:
        members = [f"{prefix}{level}__.npy" for level in range(axis.depth)]
        present = [self.archive.has(name) for name in members]
        if not any(present) and (axis.depth == 1 or not axis.levels):
            return []
        if not all(present):
            raise NpzError("META_MISSING", "a label level is missing", members[present.index(False)])
        if axis.depth > 1 and not axis.levels:
            raise _schema_fault("the classes of the levels of a hierarchy are missing")
        arrays = []
        for level, name in enumerate(members):
            array = self.archive.array(name)
            if array.ndim != 1:
                raise NpzError("FRAME_SHAPE", "a label level is not one-dimensional", name)
            if array.dtype.names or (axis.unit(level) and array.dtype.kind not in "Mi"):
                raise NpzError("FRAME_LABELS", "the labels do not fit their class", name)
            if "columns" in prefix:
                _check_labels(array, name)
            arrays.append(array)
        return arrays

    def _blocks(self, count: int) -> List[np.ndarray]:
        blocks: List[np.ndarray] = []
        width = 0
        for position in range(count):
            name = f"__blocks_{position}__.npy"
            block = self.archive.array(name)
            if block.ndim not in (1, 2) or block.dtype.names or block.dtype.subdtype:
                raise NpzError("FRAME_SHAPE", "a block has no one or two dimensions of a scalar dtype", name)
            if blocks and block.shape[0] != blocks[0].shape[0]:
                raise NpzError("FRAME_SHAPE", "blocks differ in their row count", name)
            width += block.shape[1] if block.ndim == 2 else 1
            if width > MAX_MEMBERS:
                raise NpzError("LIMIT", "the frame has too many columns", name)
            blocks.append(block)
        return blocks

    @staticmethod
    def _distinct(labels: Sequence[np.ndarray]) -> None:
        if labels:
            rows = list(zip(*([item.tobytes() for item in level] for level in labels)))
            if len(set(rows)) != len(rows):
                raise NpzError("FRAME_LABELS", "a column label occurs twice", _META)

    def _index_names(self) -> List[str]:
        taken = set(self.names)
        found = []
        for level in range(self.levels):
            name = self.index.name
            if self.levels > 1:
                name = name[level] if isinstance(name, tuple) and len(name) == self.levels else None
            if not isinstance(name, str) or name in taken:
                name = stem = f"__index_level_{level}__"
                count = 2
                while name in taken:
                    name, count = f"{stem}#{count}", count + 1
            taken.add(name)
            found.append(name)
        return found

    def block_columns(self) -> List[Optional[np.ndarray]]:
        """The arrays of all columns, index levels first; None for columns of Arrow buffers."""
        stored = set() if self.extension is None else set(self.extension.stored)
        found: List[Optional[np.ndarray]] = []
        next_place = 0
        for column in range(self.levels + len(self.names)):
            if column in stored:
                found.append(None)
            elif column < self.levels:
                if column >= len(self.index_values):
                    raise _schema_fault("an index level is stored nowhere")
                found.append(self.index_values[column])
            else:
                block, j = self.places[next_place]
                found.append(block[:, j] if block.ndim == 2 else block)
                next_place += 1
        return found

    def parts(self) -> Dict[str, Callable[[], np.ndarray]]:
        if self._parts is None:
            self._parts = self._find_parts()
        return self._parts

    def _find_parts(self) -> Dict[str, Callable[[], np.ndarray]]:
        found: Dict[str, Callable[[], np.ndarray]] = {}
        names = self.index_names + self.names
        for column, array in enumerate(self.block_columns()):
            if array is not None:
                found[names[column]] = functools.partial(_real, array)
            bits = None if self.extension is None else self.extension.validity.get(column)
            if bits is not None:
                found[names[column] + ".validity"] = functools.partial(self.archive.array, bits)
        if self.extension is not None:
            for column, stored in self.extension.stored.items():
                field = self.extension.fields[column]
                for path, member in self.extension.roles(field, stored):
                    found.setdefault(names[column] + path, functools.partial(self.archive.array, member))
        return found


def _check_labels(array: np.ndarray, name: str) -> None:
    if array.nbytes > MAX_LABELS:
        raise NpzError("LIMIT", "the labels are too large", name)
    if array.dtype.kind == "U" and array.size and array.dtype.itemsize:
        units = np.ascontiguousarray(array).view(array.dtype.byteorder.replace("|", "=") + "u4")
        if int(units.max()) > 0x10FFFF:
            raise NpzError("VALUE", "a label holds a code point beyond Unicode", name)


# ------------------------------------------------------------------------------------------ the schema, a flatbuffer

(_NULL, _INT, _FLOAT, _BINARY, _UTF8, _BOOL, _DECIMAL, _DATE_, _TIME, _TIMESTAMP, _INTERVAL, _LIST, _STRUCT, _UNION,
 _FIXED, _FIXED_LIST, _MAP, _DURATION, _LARGE_BINARY, _LARGE_UTF8, _LARGE_LIST, _RUN_END, _BINARY_VIEW, _UTF8_VIEW,
 _LIST_VIEW, _LARGE_LIST_VIEW) = range(1, 27)  # fmt: skip


class _Type(NamedTuple):
    id: int
    width: int  # bits of integers, floats, decimals and times; bytes of fixed-size binary; items of fixed-size lists
    unit: int  # units of times; mode of unions; 1 for signed integers
    ids: Tuple[int, ...]

    def fixed(self) -> Optional[str]:
        """The dtype of fixed-width values, or None."""
        units = ("s", "ms", "us", "ns")
        if self.id == _INT:
            return f"{'|' if self.width == 8 else '<'}{'i' if self.unit else 'u'}{self.width // 8}"
        if self.id == _FLOAT:
            return f"<f{self.width // 8}"
        if self.id == _DECIMAL:
            return f"|V{self.width // 8}"
        if self.id == _DATE_:
            return "<i4" if self.unit == 0 else "<M8[ms]"
        if self.id == _TIME:
            return f"<i{self.width // 8}"
        if self.id in (_TIMESTAMP, _DURATION):
            return f"<{'M' if self.id == _TIMESTAMP else 'm'}8[{units[self.unit]}]"
        if self.id == _INTERVAL:
            return ("<i4", "|V8", "|V16")[self.unit]
        return f"|V{self.width}" if self.id == _FIXED else None


class _Field(NamedTuple):
    name: str
    type: _Type
    children: List["_Field"]
    dictionary: Optional[int]
    index_type: Optional[_Type]


class _Flatbuffer:
    """Reads a schema message within bounds; struct.error is a malformed one."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.budget = 4 * len(data) + 4096

    def number(self, form: str, at: int) -> int:
        if at < 0:
            raise struct.error("a negative position")
        return int(struct.unpack_from("<" + form, self.data, at)[0])

    def spend(self, count: int) -> None:
        self.budget -= count
        if count < 0 or self.budget < 0:
            raise struct.error("more parts than bytes")

    def slot(self, table: int, index: int) -> int:
        vtable = table - self.number("i", table)
        entry = 4 + 2 * index
        offset = self.number("H", vtable + entry) if entry < self.number("H", vtable) else 0
        return table + offset if offset else 0

    def scalar(self, table: int, index: int, form: str, default: int) -> int:
        at = self.slot(table, index)
        return self.number(form, at) if at else default

    def child(self, table: int, index: int) -> int:
        at = self.slot(table, index)
        return at + self.number("I", at) if at else 0

    def vector(self, table: int, index: int) -> Tuple[int, int]:
        at = self.child(table, index)
        count = self.number("I", at) if at else 0
        self.spend(4 * count)
        return at + 4, count

    def tables(self, table: int, index: int) -> List[int]:
        at, count = self.vector(table, index)
        return [at + 4 * i + self.number("I", at + 4 * i) for i in range(count)]

    def text(self, table: int, index: int) -> str:
        at = self.child(table, index)
        if not at:
            return ""
        length = self.number("I", at)
        self.spend(length)
        if at + 4 + length > len(self.data):
            raise struct.error("a text runs past the message")
        return self.data[at + 4 : at + 4 + length].decode("utf-8")

    def schema(self) -> List[_Field]:
        root = self.number("I", 0)
        if self.scalar(root, 1, "B", 0) != 1 or self.scalar(root, 3, "q", 0) != 0:
            raise _schema_fault("the stored Arrow schema is no schema message")
        schema = self.child(root, 2)
        if self.scalar(schema, 0, "h", 0) != 0:
            raise _schema_fault("the stored Arrow schema is of big-endian buffers")
        self.pairs(schema, 2)
        return [self.field(table, 0) for table in self.tables(schema, 1)]

    def pairs(self, table: int, index: int) -> Dict[str, str]:
        return {self.text(pair, 0): self.text(pair, 1) for pair in self.tables(table, index)}

    def field(self, table: int, depth: int) -> _Field:
        if depth > MAX_DEPTH:
            raise _schema_fault(f"fields are nested more than {MAX_DEPTH} deep")
        self.spend(8)
        name = self.text(table, 0)
        kind = self.type(self.scalar(table, 2, "B", 0), self.child(table, 3))
        self.pairs(table, 6)
        children = [self.field(child, depth + 1) for child in self.tables(table, 5)]
        encoding = self.child(table, 4)
        identity, index = None, None
        if encoding:
            identity = self.scalar(encoding, 0, "q", 0)
            integer = self.child(encoding, 1)
            index = self.type(_INT, integer) if integer else _Type(_INT, 32, 1, ())
        _check_field(name, kind, children)
        return _Field(name, kind, children, identity, index)

    def type(self, kind: int, table: int) -> _Type:
        def get(index: int, form: str, default: int) -> int:
            return self.scalar(table, index, form, default) if table else default

        width = unit = 0
        ids: Tuple[int, ...] = ()
        if kind == _INT:
            width, unit = get(0, "i", 0), get(1, "B", 0)
        elif kind == _FLOAT:
            width = {0: 16, 1: 32, 2: 64}.get(get(0, "h", 0), 0)
        elif kind == _DECIMAL:
            width = get(2, "i", 128)
            most = {128: 38, 256: 76}.get(width, 0)
            if not 1 <= get(0, "i", 0) <= most:
                width = 0
        elif kind in (_DATE_, _DURATION):
            unit = get(0, "h", 1)
        elif kind == _TIME:
            unit, width = get(0, "h", 1), get(1, "i", 32)
            if width != (32 if unit < 2 else 64):
                unit = -1
        elif kind in (_TIMESTAMP, _INTERVAL, _UNION):
            unit = get(0, "h", 0)
            if kind == _UNION and table:
                at, count = self.vector(table, 1)
                ids = tuple(self.number("i", at + 4 * i) for i in range(count))
        elif kind in (_FIXED, _FIXED_LIST):
            width = get(0, "i", 0)
        most_unit = {_DATE_: 1, _INTERVAL: 2, _UNION: 1}.get(kind, 3)
        good = _NULL <= kind <= _LARGE_LIST_VIEW and 0 <= unit <= most_unit
        good = good and not (kind == _INT and width not in (8, 16, 32, 64))
        good = good and not (kind in (_FLOAT, _DECIMAL) and width == 0)
        good = good and not (kind == _FIXED and width < 1) and not (kind == _FIXED_LIST and width < 0)
        if not good:
            raise _schema_fault("a field of the stored Arrow schema is of a type that does not exist")
        return _Type(kind, width, unit, ids)


def _check_field(name: str, kind: _Type, children: List[_Field]) -> None:
    wanted = {_LIST: 1, _LARGE_LIST: 1, _LIST_VIEW: 1, _LARGE_LIST_VIEW: 1, _FIXED_LIST: 1, _MAP: 1, _RUN_END: 2}
    count = len(children) if kind.id in (_STRUCT, _UNION) else wanted.get(kind.id, 0)
    good = len(children) == count
    if kind.id == _MAP and good:
        good = children[0].type.id == _STRUCT and len(children[0].children) == 2
    if kind.id == _RUN_END and good:
        good = children[0].type.id == _INT and bool(children[0].type.unit) and children[0].type.width >= 16
    if kind.id == _UNION:
        good = len(kind.ids) == count == len(set(kind.ids)) and all(0 <= i < 128 for i in kind.ids)
    if kind.id in (_STRUCT, _UNION):
        good = good and len({child.name for child in children}) == count
    if not good:
        raise _schema_fault(f"the Arrow field {_escape(name)!r} does not have the children of its type")


def _read_schema(array: np.ndarray) -> Tuple[bytes, List[_Field]]:
    if array.dtype != np.uint8 or array.ndim != 1:
        raise NpzError("META_SCHEMA", "the stored Arrow schema is no |u1 array of one dimension", _SCHEMA)
    if array.nbytes > MAX_LABELS:
        raise NpzError("LIMIT", "the stored Arrow schema is too large", _SCHEMA)
    data = array.tobytes()
    if len(data) < 8 or struct.unpack_from("<iI", data) != (-1, len(data) - 8):
        raise NpzError("META_SCHEMA", "the stored Arrow schema is no encapsulated message", _SCHEMA)
    try:
        return data, _Flatbuffer(data[8:]).schema()
    except (struct.error, UnicodeDecodeError, OverflowError, RecursionError) as e:
        raise NpzError("META_SCHEMA", "the stored Arrow schema is malformed", _SCHEMA) from e


class _Extension:
    """The key `__arrow__`: the schema, and where each column lies that is not (only) in a block."""

    def __init__(self, archive: Archive, node: Any, shown_levels: int) -> None:
        self.archive = archive
        if not isinstance(node, dict) or not _count(node.get("version"), 1, 1):
            raise _schema_fault("the version of __arrow__ is not 1")
        if node.get("schema") != _SCHEMA:
            raise _schema_fault(f"the schema member of __arrow__ is not {_SCHEMA}")
        if not _count(node.get("rows"), 0, (1 << 63) - 1):
            raise _schema_fault("the rows of __arrow__ are no count")
        self.rows: int = node["rows"]
        self.message, self.fields = _read_schema(archive.array(_SCHEMA))
        self.stored: Dict[int, _Stored] = {}
        self.validity: Dict[int, str] = {}
        self.dictionaries: Dict[int, _Stored] = {}
        columns = node.get("columns")
        dictionaries = node.get("dictionaries", [])
        if not isinstance(columns, list) or not isinstance(dictionaries, list):
            raise _schema_fault("the columns or dictionaries of __arrow__ are no list")
        for entry in columns:
            self._column(entry)
        for entry in dictionaries:
            identity: Any = entry.get("id") if isinstance(entry, dict) else None
            if not _count(identity, -(1 << 63), (1 << 63) - 1) or identity in self.dictionaries:
                raise _schema_fault("a dictionary has no id of its own")
            self.dictionaries[identity] = self._buffers(entry)
        self.index: Optional[_Axis] = None
        self.levels = shown_levels
        if "index" in node:
            hidden = node["index"]
            if shown_levels or not isinstance(hidden, dict):
                raise _schema_fault("an index is stated twice, or not described")
            levels = hidden.get("levels", ())
            self.index = _Axis.read(hidden.get("class"), hidden.get("depth"), hidden.get("name"), levels)
            self.levels = self.index.depth
        if self.levels > len(self.fields):
            raise _schema_fault("the schema has fewer fields than index levels")
        levels = node.get("labels", 0)
        if not _count(levels, 0, 1000):
            raise _schema_fault("the label levels of __arrow__ are no count")
        self.labels = [archive.array(f"__arrow_columns_{level}__.npy") for level in range(levels)]

    def _column(self, entry: Any) -> None:
        if not isinstance(entry, dict) or not _count(entry.get("column"), 0, len(self.fields) - 1):
            raise _schema_fault("an entry of __arrow__ has no column")
        column = entry["column"]
        if column in self.stored or column in self.validity:
            raise _schema_fault(f"column {column} is stated twice")
        if "nodes" in entry:
            self.stored[column] = self._buffers(entry)
            return
        name = self._member(entry.get("validity"))
        bits = self.archive.array(name)
        if bits.dtype != np.uint8 or bits.shape != ((self.rows + 7) // 8,):
            raise NpzError("META_SCHEMA", "a validity bitmap does not fit the rows", name)
        self.validity[column] = name

    @staticmethod
    def _member(name: Any) -> str:
        if not isinstance(name, str) or not _MEMBER.fullmatch(name):
            raise _schema_fault("a name in __arrow__ is not __arrow_…__.npy")
        return name

    def _buffers(self, entry: Dict[str, Any]) -> _Stored:
        nodes, buffers = entry.get("nodes"), entry.get("buffers")
        if not isinstance(nodes, list) or not isinstance(buffers, list) or max(len(nodes), len(buffers)) > 1 << 20:
            raise _schema_fault("nodes or buffers are no list")
        found = []
        for node in nodes:
            good = isinstance(node, list) and len(node) == 3 and all(_count(part, 0, (1 << 63) - 1) for part in node)
            if not good or node[1] > node[0] or node[2] > 1 << 20:
                raise _schema_fault("a node is not [length, nulls, data buffers]")
            if node[0] > MAX_ROWS:
                raise NpzError("LIMIT", "a column has more rows than are read", _META)
            found.append(_Node(*node))
        return _Stored(found, [None if name is None else self._member(name) for name in buffers])

    def columns(self, shown: List[np.ndarray], visible: int, depth: int) -> Tuple[int, List[np.ndarray]]:
        """The number of columns, and the labels of all of them."""
        width = len(self.fields) - self.levels
        hidden = sum(column >= self.levels for column in self.stored)
        if visible + hidden != width:
            raise _schema_fault("the schema has another number of columns")
        if hidden == 0:
            return width, shown
        if bool(self.labels) != bool(shown) or (shown and len(self.labels) != depth):
            raise _schema_fault("the labels of all columns are not there where those in blocks are")
        for level, array in enumerate(self.labels):
            name = f"__arrow_columns_{level}__.npy"
            if array.ndim != 1 or len(array) != width:
                raise NpzError("FRAME_SHAPE", "the number of labels is not that of the columns", name)
            _check_labels(array, name)
        return width, self.labels

    def roles(self, field: _Field, stored: _Stored) -> Iterator[Tuple[str, str]]:
        """The readable names of a column's arrays."""
        nodes, buffers = iter(stored.nodes), iter(stored.buffers)
        try:
            yield from self._roles(field, nodes, buffers, "")
        except StopIteration:
            raise _schema_fault(f"the Arrow column {_escape(field.name)!r} has fewer parts than its type") from None

    def _roles(
        self, field: _Field, nodes: Iterator[_Node], buffers: Iterator[Optional[str]], path: str
    ) -> List[Tuple[str, str]]:
        kind, node = field.type, next(nodes)
        found: List[Tuple[str, Optional[str]]] = []
        if field.dictionary is not None:
            found = [(path + ".validity", next(buffers)), (path + ".indices", next(buffers))]
            values = self.dictionaries.get(field.dictionary)
            if values is not None:
                plain = field._replace(dictionary=None)
                found += self._roles(plain, iter(values.nodes), iter(values.buffers), path + ".dictionary")
            return [(name, member) for name, member in found if member is not None]
        if kind.id not in (_NULL, _UNION, _RUN_END):
            found.append((path + ".validity", next(buffers)))
        children = [child.name for child in field.children]
        if kind.fixed():
            found.append((path, next(buffers)))
        elif kind.id == _BOOL:
            found.append((path + ".bits", next(buffers)))
        elif kind.id in (_UTF8, _BINARY, _LARGE_UTF8, _LARGE_BINARY):
            found += [(path + ".offsets", next(buffers)), (path + ".bytes", next(buffers))]
        elif kind.id in (_UTF8_VIEW, _BINARY_VIEW):
            found += [(path + ".views", next(buffers))]
            found += [(f"{path}.data{i}", next(buffers)) for i in range(node.data)]
        elif kind.id in (_LIST, _LARGE_LIST, _MAP, _LIST_VIEW, _LARGE_LIST_VIEW):
            found.append((path + ".offsets", next(buffers)))
            if kind.id in (_LIST_VIEW, _LARGE_LIST_VIEW):
                found.append((path + ".sizes", next(buffers)))
            children = ["entries" if kind.id == _MAP else "values"]
        elif kind.id == _FIXED_LIST:
            children = ["values"]
        elif kind.id == _UNION:
            found.append((path + ".types", next(buffers)))
            if kind.unit == 1:
                found.append((path + ".offsets", next(buffers)))
        elif kind.id == _RUN_END:
            children = ["run_ends", "values"]
        for child, name in zip(field.children, children):
            found += self._roles(child, nodes, buffers, f"{path}.{name}")
        return [(name, member) for name, member in found if member is not None]


# -------------------------------------------------------------------------------------------------- NumPy to pyarrow


def _pyarrow() -> Any:
    try:
        import pyarrow
        import pyarrow.compute
    except ImportError as e:
        raise ImportError("this function needs pyarrow; `open` needs NumPy only") from e
    return pyarrow


def _misfit(problem: str) -> NpzError:
    return NpzError("VALUE", problem)


class _Mapper:
    """NumPy arrays as Arrow arrays: the types that Arrow's users expect, or the plain storage of the elements."""

    def __init__(self, pa: Any) -> None:
        self.pa = pa
        self.units = ("s", "ms", "us", "ns")

    def buffer(self, array: np.ndarray) -> Any:
        """The elements as a buffer: a view where they lie one after the other at a whole address."""
        flat = np.ascontiguousarray(array)
        if flat.dtype.itemsize > 1 and flat.ctypes.data % 8:
            flat = flat.copy()
        return self.pa.py_buffer(flat.reshape(-1).view(np.uint8))

    def values(self, kind: Any, array: np.ndarray, valid: Optional[np.ndarray] = None) -> Any:
        bits = None
        if valid is not None and not valid.all():
            bits = self.pa.py_buffer(np.packbits(valid, bitorder="little"))
        return self.pa.Array.from_buffers(kind, len(array), [bits, self.buffer(array)])

    def map(self, array: np.ndarray, storage: bool = False, title: Optional[str] = None) -> Tuple[Any, Dict[str, str]]:
        """The column, and the metadata of its field."""
        array = array.reshape(1) if array.ndim == 0 else array
        if array.ndim > 1:
            return self.lists(array, storage, title)
        meta = {"numpy.dtype": _descr(array.dtype)}
        if title is not None:
            meta["numpy.title"] = title
        if array.dtype.names and not storage:
            return self.records(array), meta
        column, name, parameters = self.scalar(array, storage)
        if name:
            meta["ARROW:extension:name"] = name
            meta["ARROW:extension:metadata"] = parameters
        return column, meta

    def lists(self, array: np.ndarray, storage: bool, title: Optional[str]) -> Tuple[Any, Dict[str, str]]:
        pa = self.pa
        row = array.shape[1:]
        size = int(np.prod(row, dtype=object))
        if size > MAX_ROWS:
            raise NpzError("LIMIT", "one row holds more elements than a list can")
        child, child_meta = self.map(np.ascontiguousarray(array).reshape(-1), storage)
        meta = {"numpy.dtype": _descr(array.dtype), "numpy.shape": repr(row)}
        if title is not None:
            meta["numpy.title"] = title
        plain = pa.types
        tensor = any(
            test(child.type)
            for test in (plain.is_integer, plain.is_floating, plain.is_boolean, plain.is_timestamp, plain.is_duration,
                         plain.is_date)
        )
        if tensor and "ARROW:extension:name" not in child_meta:
            meta["ARROW:extension:name"] = "arrow.fixed_shape_tensor"
            meta["ARROW:extension:metadata"] = json.dumps({"shape": row}, separators=(",", ":"))
        kind = pa.list_(pa.field("$data$", child.type, metadata=child_meta), size)
        return pa.Array.from_buffers(kind, len(array), [None], children=[child]), meta

    def records(self, array: np.ndarray) -> Any:
        pa = self.pa
        fields, children = [], []
        for name in array.dtype.names or ():
            entry: Any = array.dtype.fields[name]  # type: ignore[index]
            child, meta = self.map(array[name], False, entry[2] if len(entry) > 2 else None)
            fields.append(pa.field(name, child.type, metadata=meta))
            children.append(child)
        return pa.Array.from_buffers(pa.struct(fields), len(array), [None], children=children)

    def binary(self, array: np.ndarray) -> Any:
        if array.dtype.itemsize == 0:
            return self.stripped(np.zeros((len(array), 0), np.uint8))
        kind = self.pa.binary(array.dtype.itemsize)
        return self.values(kind, np.ascontiguousarray(array).view(f"V{array.dtype.itemsize}"))

    def scalar(self, array: np.ndarray, storage: bool) -> Tuple[Any, str, str]:
        """The column, and name and parameters of its extension type."""
        pa, dtype, kind = self.pa, array.dtype, array.dtype.kind
        big = dtype.byteorder == ">" or (dtype.byteorder == "=" and np.little_endian is False)
        if kind == "U":
            parameters = json.dumps(
                {"units": dtype.itemsize // 4, "byte_order": "big" if big else "little"}, separators=(",", ":")
            )
            text = None if storage else self.text(array)
            return (self.binary(array), "numpy.unicode", parameters) if text is None else (text, "", "")
        if (kind == "f" and dtype.itemsize > 8) or (kind == "c" and dtype.itemsize > 16):
            name = "longdouble" if kind == "f" else "clongdouble"
            parameters = f'{{"type_name":"{name}","vendor_name":"numpy"}}'
            return self.binary(array), "arrow.opaque", parameters
        if kind == "S" and not storage and dtype.itemsize:
            cells = np.ascontiguousarray(array).view(np.uint8).reshape(len(array), dtype.itemsize)
            return self.stripped(cells), "", ""
        if kind in "SV" or (storage and big):
            return self.binary(array), "", ""
        if kind == "b":
            if storage:
                return self.values(pa.int8(), np.ascontiguousarray(array).view(np.int8)), "arrow.bool8", ""
            truth = np.ascontiguousarray(array).view(np.uint8) != 0
            bits = self.pa.py_buffer(np.packbits(truth, bitorder="little"))
            return pa.Array.from_buffers(pa.bool_(), len(array), [None, bits]), "", ""
        little = array.astype(dtype.newbyteorder("<")) if big else array
        if kind == "c":
            parts = np.ascontiguousarray(little).view(f"<f{dtype.itemsize // 2}")
            child = self.values(pa.from_numpy_dtype(parts.dtype), parts)
            two = pa.list_(pa.field("$data$", child.type), 2)
            return pa.Array.from_buffers(two, len(array), [None], children=[child]), "numpy.complex", ""
        if kind in "Mm":
            return self.time(little, storage)
        return self.values(pa.from_numpy_dtype(little.dtype), little), "", ""

    def time(self, array: np.ndarray, storage: bool) -> Tuple[Any, str, str]:
        pa = self.pa
        unit, count = np.datetime_data(array.dtype)
        date = array.dtype.kind == "M"
        steps = np.ascontiguousarray(array).view("<i8")
        valid = steps != _NAT
        make = pa.timestamp if date else pa.duration
        if unit in self.units and count == 1:
            return self.values(make(unit), steps, None if storage else valid), "", ""
        column = None if storage else self.converted(steps, valid, unit, count, date, make)
        if column is None:
            parameters = json.dumps({"unit": unit, "multiplier": count}, separators=(",", ":"))
            name = "numpy.datetime64" if date else "numpy.timedelta64"
            return self.values(pa.int64(), steps, None if storage else valid), name, parameters
        return column, "", ""

    def converted(self, steps: np.ndarray, valid: np.ndarray, unit: str, count: int, date: bool, make: Any) -> Any:
        """Dates as days and times in the next finer unit of Arrow; None where there is none, or where one overflows."""
        days = {"D": 1, "W": 7}
        seconds = {"W": 604800, "D": 86400, "h": 3600, "m": 60}
        if unit in ("Y", "M"):
            if not date:
                return None
            months = self.scaled(steps, valid, count * (12 if unit == "Y" else 1), 1 << 30)
            if months is None:
                return None
            found: Optional[np.ndarray] = months.astype("<M8[M]").astype("<M8[D]").view("<i8")
        elif date and unit in days:
            found = self.scaled(steps, valid, count * days[unit], 1 << 31)
        elif unit in seconds:
            scaled = self.scaled(steps, valid, count * seconds[unit], 1 << 63)
            return None if scaled is None else self.values(make("s"), scaled, valid)
        elif unit in self.units:
            scaled = self.scaled(steps, valid, count, 1 << 63)
            return None if scaled is None else self.values(make(unit), scaled, valid)
        else:
            return None
        if found is None or (np.abs(found[valid]) >= 1 << 31).any():
            return None
        return self.values(self.pa.date32(), np.where(valid, found, 0).astype("<i4"), valid)

    @staticmethod
    def scaled(steps: np.ndarray, valid: np.ndarray, factor: int, bound: int) -> Optional[np.ndarray]:
        limit = (bound - 1) // factor
        plain = np.where(valid, steps, 0)
        if plain.size and (int(plain.max()) > limit or int(plain.min()) < -limit):
            return None
        return plain * factor

    def stripped(self, cells: np.ndarray) -> Any:
        """Bytes without the NULs behind them."""
        rows, width = cells.shape
        lengths = _lengths(cells)
        ends = np.concatenate(([0], np.cumsum(lengths, dtype=np.int64)))
        large = int(ends[-1]) >= 1 << 31
        data = cells[np.arange(width) < lengths[:, None]] if width else np.zeros(0, np.uint8)
        kind = self.pa.large_binary() if large else self.pa.binary()
        offsets = self.buffer(ends.astype("<i8" if large else "<i4"))
        return self.pa.Array.from_buffers(kind, rows, [None, offsets, self.buffer(data)])

    def text(self, array: np.ndarray) -> Any:
        """UTF-8, or None where there is a lone surrogate, which UTF-8 cannot hold."""
        width = array.dtype.itemsize // 4
        units = np.ascontiguousarray(array).view(array.dtype.byteorder.replace("|", "=") + "u4") if width else None
        cells = np.zeros((len(array), 0), "<u4") if units is None else units.reshape(len(array), width).astype("<u4")
        if cells.size and int(cells.max()) > 0x10FFFF:
            raise _misfit("a text holds a code point beyond Unicode")
        if ((cells >= 0xD800) & (cells < 0xE000)).any():
            return None
        lengths = _lengths(cells)
        used = np.arange(width) < lengths[:, None]
        sizes = np.where(used, 1 + (cells > 0x7F).astype(np.int64) + (cells > 0x7FF) + (cells > 0xFFFF), 0)
        ends = np.concatenate(([0], np.cumsum(sizes.sum(axis=1), dtype=np.int64)))
        data = cells[used].tobytes().decode("utf-32-le").encode("utf-8")
        large = len(data) >= 1 << 31
        kind = self.pa.large_string() if large else self.pa.string()
        offsets = self.buffer(ends.astype("<i8" if large else "<i4"))
        return self.pa.Array.from_buffers(kind, len(array), [None, offsets, self.pa.py_buffer(data)])


def _lengths(cells: np.ndarray) -> np.ndarray:
    rows, width = cells.shape
    if width == 0:
        return np.zeros(rows, np.int64)
    last = width - np.argmax(cells[:, ::-1] != 0, axis=1)
    return np.where((cells != 0).any(axis=1), last, 0).astype(np.int64)


def _descr(dtype: np.dtype) -> str:
    descr = np.lib.format.dtype_to_descr(dtype)
    return descr if isinstance(descr, str) else repr(descr)


# ------------------------------------------------------------------------------------------------- frames to pyarrow


def _child_types(pa: Any, kind: Any) -> List[Any]:
    """The types of the children as Arrow stores them."""
    if pa.types.is_map(kind):
        return [pa.struct([kind.key_field, kind.item_field])]
    if _is_run_ends(pa, kind):
        return [kind.run_end_type, kind.value_type]
    return [kind.field(i).type for i in range(kind.num_fields)]


def _is_run_ends(pa: Any, kind: Any) -> bool:
    return bool(getattr(pa.types, "is_run_end_encoded", lambda _: False)(kind))


def _resolved(pa: Any, field: Any, column: Any) -> Tuple[Any, Any]:
    """Extension types that pyarrow knows, by the name in the field's metadata."""
    if b"ARROW:extension:name" not in (field.metadata or {}):
        return field, column
    try:
        known = pa.ipc.read_schema(pa.schema([field]).serialize()).field(0)
    except pa.ArrowException:
        return field, column
    if isinstance(known.type, pa.BaseExtensionType):
        return known, pa.ExtensionArray.from_storage(known.type, column)
    return field, column


class _Composer:
    """Makes the columns of a frame: from blocks, restored to their fields, or from Arrow buffers."""

    def __init__(self, pa: Any, frame: _Frame) -> None:
        self.pa = pa
        self.frame = frame
        self.archive = frame.archive
        self.mapper = _Mapper(pa)
        self.dictionaries: Dict[int, Any] = {}
        self.encoded: Dict[int, Tuple[_Field, Any]] = {}
        self.schema: Any = None
        if frame.extension is not None:
            try:
                self.schema = pa.ipc.read_schema(pa.py_buffer(frame.extension.message))
            except (pa.ArrowException, ValueError, OSError, TypeError, KeyError) as e:
                raise _schema_fault(f"pyarrow refuses the stored schema: {_escape(e)}") from e
            for field, own in zip(self.schema, frame.extension.fields):
                self._collect(own, _tangible(pa, field.type))
            if set(self.encoded) != set(frame.extension.dictionaries):
                raise _schema_fault("the dictionaries are not those that the fields use")

    def _collect(self, field: _Field, kind: Any) -> None:
        kind = self._storage(kind)
        if field.dictionary is not None:
            kind = kind.value_type
        for child, child_kind in zip(field.children, _child_types(self.pa, self._storage(kind))):
            self._collect(child, child_kind)
        if field.dictionary is not None:
            self.encoded.setdefault(field.dictionary, (field._replace(dictionary=None), kind))

    def _storage(self, kind: Any) -> Any:
        while isinstance(kind, self.pa.BaseExtensionType):
            kind = kind.storage_type
        return kind

    def column(self, position: int, array: Optional[np.ndarray]) -> Tuple[Any, Any]:
        """The field without its name, and the column."""
        extension = self.frame.extension
        if extension is None:
            assert array is not None
            column, meta = self.mapper.map(array)
            return _resolved(self.pa, self.pa.field("", column.type, metadata=meta), column)
        field = self.schema.field(position)
        if array is None:
            stored, own = extension.stored[position], extension.fields[position]
            column = self.compose(own, _tangible(self.pa, field.type), stored)
            if len(column) != self.frame.rows:
                raise _schema_fault(f"the Arrow column {_escape(own.name)!r} has {len(column)} rows")
        else:
            column = self.restored(field, array, extension.validity.get(position))
        return field, column

    def restored(self, field: Any, array: np.ndarray, bits: Optional[str]) -> Any:
        wanted = self._storage(field.type)
        intangible = str(wanted) in _INTANGIBLE
        column = None
        if not self.pa.types.is_dictionary(wanted):
            for storage in (False, True):
                column = self._fitted(self.mapper.map(array, storage)[0], wanted, array)
                if column is not None:
                    break
        if column is None:
            raise _schema_fault(f"schema and block of the column {_escape(field.name)!r} disagree")
        if bits is not None:
            pa = self.pa
            plain = column.buffers()
            children = [column.values] if pa.types.is_fixed_size_list(wanted) else None
            own = [pa.py_buffer(self.archive.array(bits))] + ([] if children else plain[1:])
            column = pa.Array.from_buffers(column.type, len(column), own, children=children)
        if not field.nullable and column.null_count:
            raise _schema_fault(f"nulls in the column {_escape(field.name)!r}, which has none")
        while not intangible and column.type != field.type:
            column = self.pa.ExtensionArray.from_storage(field.type, column)
        return column

    def _fitted(self, column: Any, wanted: Any, array: np.ndarray) -> Any:
        types, found = self.pa.types, column.type
        if found == wanted:
            return column
        if (types.is_string(found) and types.is_large_string(wanted)) or (
            types.is_binary(found) and types.is_large_binary(wanted)
        ):
            return column.cast(wanted)
        same = types.is_timestamp(found) and (
            (types.is_timestamp(wanted) and wanted.unit == found.unit)
            or (types.is_date64(wanted) and found.unit == "ms")
        )
        if same:
            return self.pa.Array.from_buffers(wanted, len(column), column.buffers())
        if str(wanted) == _INTANGIBLE[0] and array.dtype.kind == "m":
            unit, count = np.datetime_data(array.dtype)
            if unit in ("Y", "M"):
                steps = np.ascontiguousarray(array).astype("<m8[" + f"{count}{unit}]").view("<i8")
                valid = steps != _NAT
                months = self.mapper.scaled(steps, valid, count * (12 if unit == "Y" else 1), 1 << 31)
                return None if months is None else self.mapper.values(self.pa.int32(), months.astype("<i4"), valid)
        return None

    # What follows puts a column together of its buffers. Every count, length, offset, type id, view, run end and
    # dictionary index is checked before Arrow sees it.

    def compose(self, field: _Field, kind: Any, stored: _Stored) -> Any:
        nodes, buffers = collections.deque(stored.nodes), collections.deque(stored.buffers)
        try:
            column = self._compose(field, kind, nodes, buffers)
            if nodes or buffers:
                raise _schema_fault(f"the Arrow column {_escape(field.name)!r} has more parts than its type")
            column.validate()
            return column
        except IndexError:
            raise _schema_fault(f"the Arrow column {_escape(field.name)!r} has fewer parts than its type") from None
        except self.pa.ArrowException as e:
            raise _schema_fault(f"the Arrow column {_escape(field.name)!r}: {_escape(e)}") from e

    def _dictionary(self, identity: int) -> Any:
        if identity not in self.dictionaries:
            field, kind = self.encoded[identity]
            assert self.frame.extension is not None
            self.dictionaries[identity] = self.compose(field, kind, self.frame.extension.dictionaries[identity])
        return self.dictionaries[identity]

    def _take(self, buffers: Deque[Optional[str]], dtype: str, count: Optional[int]) -> np.ndarray:
        name = buffers.popleft()
        if name is None:
            raise _schema_fault("a buffer is missing")
        array = self.archive.array(name)
        if array.dtype != np.dtype(dtype) or array.ndim != 1:
            raise NpzError("META_SCHEMA", f"the array is no buffer of {dtype} in one dimension", name)
        if count is not None and len(array) != count:
            raise NpzError("META_SCHEMA", f"the buffer has {len(array)} elements instead of {count}", name)
        return array

    def _compose(self, field: _Field, kind: Any, nodes: Deque[_Node], buffers: Deque[Optional[str]]) -> Any:
        pa, own = self.pa, field.type
        if isinstance(kind, pa.BaseExtensionType):
            return pa.ExtensionArray.from_storage(kind, self._compose(field, kind.storage_type, nodes, buffers))
        node = nodes.popleft()
        rows, nulls = node.length, node.nulls
        if field.dictionary is not None:
            own = field.index_type or own
        if node.data and own.id not in (_UTF8_VIEW, _BINARY_VIEW):
            raise _schema_fault("a node has data buffers that its type does not have")

        def good(fine: Any, what: str) -> None:
            if not fine:
                raise _schema_fault(f"the Arrow column {_escape(field.name)!r} has {what}")

        found: List[Any] = []
        valid: Optional[np.ndarray] = None
        if own.id in (_NULL, _UNION, _RUN_END):
            good(nulls == (rows if own.id == _NULL else 0), "nulls that its type does not have")
            found.append(None)
        else:
            good((buffers[0] is None) == (nulls == 0), "a bitmap where nothing is null, or none where something is")
            if nulls:
                bits = self._take(buffers, "|u1", (rows + 7) // 8)
                valid = np.unpackbits(bits, count=rows, bitorder="little").view(bool)
                good(rows - np.count_nonzero(valid) == nulls, "a null count that is not its bitmap's")
                found.append(self.mapper.buffer(bits))
            else:
                buffers.popleft()
                found.append(None)
        if field.dictionary is not None:
            indices = self._take(buffers, own.fixed() or "", rows)
            words = self._dictionary(field.dictionary)
            used = indices if valid is None else indices[valid]
            good(not len(used) or (int(used.min()) >= 0 and int(used.max()) < len(words)), "an index without a word")
            found.append(self.mapper.buffer(indices))
            return pa.DictionaryArray.from_buffers(kind, rows, found, words, nulls)
        fixed = own.fixed()
        if fixed:
            found.append(self.mapper.buffer(self._take(buffers, fixed, rows)))
            return pa.Array.from_buffers(kind, rows, found, nulls)
        if own.id == _NULL:
            return pa.Array.from_buffers(kind, rows, found)
        if own.id == _BOOL:
            found.append(self.mapper.buffer(self._take(buffers, "|u1", (rows + 7) // 8)))
            return pa.Array.from_buffers(kind, rows, found, nulls)
        wide = own.id in (_LARGE_UTF8, _LARGE_BINARY, _LARGE_LIST, _LARGE_LIST_VIEW)
        offset_type = "<i8" if wide else "<i4"
        if own.id in (_UTF8, _BINARY, _LARGE_UTF8, _LARGE_BINARY):
            offsets = self._take(buffers, offset_type, rows + 1)
            data = self._take(buffers, "|u1", None)
            good(_rising(offsets, len(data)), "a bad offset")
            found += [self.mapper.buffer(offsets), self.mapper.buffer(data)]
            return self._text(pa.Array.from_buffers(kind, rows, found, nulls), own)
        if own.id in (_UTF8_VIEW, _BINARY_VIEW):
            views = self._take(buffers, "|V16", rows)
            good(node.data <= len(buffers), "fewer buffers than its type")
            data_buffers = [self._take(buffers, "|u1", None) for _ in range(node.data)]
            good(_good_views(views, valid, [len(data) for data in data_buffers]), "a bad view")
            found += [self.mapper.buffer(views)] + [self.mapper.buffer(data) for data in data_buffers]
            return self._text(pa.Array.from_buffers(kind, rows, found, nulls), own)
        lengths: List[Any] = []
        if own.id in (_LIST, _LARGE_LIST, _MAP):
            lengths = [self._take(buffers, offset_type, rows + 1)]
        elif own.id in (_LIST_VIEW, _LARGE_LIST_VIEW):
            lengths = [self._take(buffers, offset_type, rows), self._take(buffers, offset_type, rows)]
        elif own.id == _UNION:
            lengths = [self._take(buffers, "|i1", rows)]
            if own.unit == 1:
                lengths.append(self._take(buffers, "<i4", rows))
        children = [
            self._compose(child, child_kind, nodes, buffers)
            for child, child_kind in zip(field.children, _child_types(pa, kind))
        ]
        sizes = [len(child) for child in children]
        if own.id in (_LIST, _LARGE_LIST, _MAP):
            good(_rising(lengths[0], sizes[0]), "a bad offset")
            # pyarrow ends the process where one of these is null.
            keys = children[0].field(0).null_count if own.id == _MAP else 0
            good(own.id != _MAP or (children[0].null_count == 0 and keys == 0), "entries or keys that are null")
        elif own.id in (_LIST_VIEW, _LARGE_LIST_VIEW):
            starts, counts = lengths
            fine = not rows or (
                int(starts.min()) >= 0 and int(counts.min()) >= 0 and int(starts.max()) <= sizes[0]
                and bool((counts <= sizes[0] - starts).all())
            )  # fmt: skip
            good(fine, "a bad list view")
        elif own.id == _FIXED_LIST:
            good(sizes[0] == rows * own.width, "a child of another length")
        elif own.id == _STRUCT or (own.id == _UNION and own.unit == 0):
            good(all(size == rows for size in sizes), "a child of another length")
        if own.id == _UNION:
            bounds = np.full(256, -1, np.int64)
            bounds[list(own.ids)] = sizes
            ids = lengths[0].view(np.uint8)
            good(not rows or bool((bounds[ids] >= 0).all()), "a bad type id")
            if own.unit == 1:
                starts = lengths[1]
                good(not rows or (int(starts.min()) >= 0 and bool((starts < bounds[ids]).all())), "a bad offset")
        if own.id == _RUN_END:
            ends = np.asarray(children[0].to_numpy(zero_copy_only=False)) if sizes[0] else np.zeros(0, np.int64)
            good(children[0].null_count == 0 and sizes[1] >= sizes[0], "run ends that are null or without values")
            rising = not len(ends) or (int(ends[0]) > 0 and bool((ends[1:] > ends[:-1]).all()))
            good(rising and (int(ends[-1]) if len(ends) else 0) >= rows, "a bad run end")
            return pa.Array.from_buffers(kind, rows, found, children=children)
        found += [self.mapper.buffer(part) for part in lengths]
        return pa.Array.from_buffers(kind, rows, found, nulls, children=children)

    def _text(self, column: Any, own: _Type) -> Any:
        if own.id in (_UTF8, _LARGE_UTF8, _UTF8_VIEW):
            try:
                column.validate(full=True)
            except self.pa.ArrowInvalid as e:
                raise _misfit(f"a text is no UTF-8: {_escape(e)}") from e
        return column


def _rising(offsets: np.ndarray, last: int) -> bool:
    if not len(offsets):
        return False
    return int(offsets[0]) >= 0 and int(offsets[-1]) <= last and bool((offsets[1:] >= offsets[:-1]).all())


def _good_views(views: np.ndarray, valid: Optional[np.ndarray], sizes: List[int]) -> bool:
    if not len(views):
        return True
    parts = np.ascontiguousarray(views).view("<i4").reshape(-1, 4)
    parts = parts if valid is None else parts[valid]
    if (parts[:, 0] < 0).any():
        return False
    long = parts[parts[:, 0] > 12].astype(np.int64)
    if not len(long):
        return True
    if not sizes or (long[:, 2] < 0).any() or (long[:, 2] >= len(sizes)).any() or (long[:, 3] < 0).any():
        return False
    return bool((long[:, 3] + long[:, 0] <= np.asarray(sizes, np.int64)[long[:, 2]]).all())


def _document(frame: _Frame, names: List[str]) -> str:
    """The value of the schema metadata key `arrow_npz`."""
    meta = {key: value for key, value in frame.meta.items() if key != _ARROW}
    extension = frame.extension
    if extension is not None and extension.index is not None:
        hidden = frame.meta[_ARROW]["index"]
        meta["__names__"] = [meta["__names__"][0], hidden.get("name"), meta["__names__"][2]]
        meta["__types__"] = [hidden["class"], meta["__types__"][1]]
        meta["__depths__"] = [meta["__depths__"][0], hidden["depth"], meta["__depths__"][2]]
        if hidden.get("levels"):
            meta["__types_index__"] = hidden["levels"]
    return json.dumps(
        {
            "version": 1,
            "kind": "FRAME",
            "meta": meta,
            "index_levels": frame.levels,
            "fields": names,
            "column_labels": [base64.b64encode(_npy(level)).decode("ascii") for level in frame.labels],
        }
    )


def _table(archive: Archive) -> Any:
    pa = _pyarrow()
    if not archive.has(_META):
        if archive._zip is None:
            raise NpzError("META_MISSING", "the directory has no metadata", _META, archive.path)
        arrays = {_key(name): archive.array(name) for name in archive.names() if name.endswith(".npy")}
        return _arrays_table(pa, arrays)
    frame = archive.frame()
    names = frame.index_names + frame.names
    composer = _Composer(pa, frame)
    fields, columns = [], []
    for position, array in enumerate(frame.block_columns()):
        field, column = composer.column(position, array)
        fields.append(field.with_name(names[position]))
        if _tangible(pa, field.type) != field.type:
            column = _retyped(pa, pa.Table.from_arrays([column], names=[""]), field.type).column(0)
        columns.append(column)
    metadata = dict(composer.schema.metadata or {}) if composer.schema is not None else {}
    metadata[_KEY.encode()] = _document(frame, names).encode()
    if not fields:
        # Only a selection of no columns has rows.
        return pa.Table.from_arrays([pa.nulls(frame.rows)], schema=pa.schema([("", pa.null())], metadata)).select([])
    return pa.Table.from_arrays(columns, schema=pa.schema(fields, metadata))


def _arrays_table(pa: Any, arrays: Dict[str, np.ndarray]) -> Any:
    lengths = {array.shape[0] if array.ndim else None for array in arrays.values()}
    if len(lengths) > 1 or None in lengths:
        raise NpzError("FRAME_SHAPE", "the arrays are not the columns of one table; use arrow_npz.open")
    mapper = _Mapper(pa)
    fields, columns = [], []
    for name, array in arrays.items():
        column, meta = mapper.map(array)
        field, column = _resolved(pa, pa.field(name, column.type, metadata=meta), column)
        fields.append(field)
        columns.append(column)
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


# ------------------------------------------------------------------------------------------------------------ writing


def _npy(array: np.ndarray) -> bytes:
    return _npy_header(array.dtype, array.shape, True) + np.ascontiguousarray(array).tobytes()


def _npy_header(dtype: np.dtype, shape: Tuple[int, ...], fortran: bool) -> bytes:
    """A header as StaticFrame writes it, whose length is a multiple of 64 bytes."""
    text = f'{{"descr":{json.dumps(dtype.str)},"fortran_order":{fortran},"shape":{shape!r}}}'
    length = 11 + len(text)
    text += " " * (64 - length % 64) + "\n"
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(text)) + text.encode("latin-1")


class _Sink:
    """Takes members, and puts an archive or a directory in the place of the target when all are there."""

    def __init__(self, target: str, compress: bool, durable: bool) -> None:
        self.directory = target.endswith(("/", os.sep))
        self.target = target.rstrip("/" + os.sep) if self.directory else target
        self.compress = compress
        self.durable = durable
        self.records: List[bytes] = []
        self.offset = 0
        parent = os.path.dirname(os.path.abspath(self.target))
        if self.directory:
            if os.path.lexists(self.target):
                raise FileExistsError(f"the directory {self.target} exists")
            self.temporary = tempfile.mkdtemp(prefix=".arrow-npz-", dir=parent)
            self.file: Any = None
        else:
            handle, self.temporary = tempfile.mkstemp(prefix=".arrow-npz-", dir=parent)
            self.file = os.fdopen(handle, "wb")

    def array(self, name: str, array: np.ndarray, fortran: bool = True) -> None:
        header = _npy_header(array.dtype, array.shape, fortran)
        flat = np.ravel(array.T if fortran else array, "C").view(np.uint8) if array.nbytes else np.zeros(0, np.uint8)
        self.member(name, header, flat.data, True)

    def member(self, name: str, head: bytes, body: Any, array: bool) -> None:
        if self.directory:
            with io.open(os.path.join(self.temporary, name), "wb") as file:
                file.write(head)
                file.write(body)
                self.sync(file)
            return
        crc = zlib.crc32(body, zlib.crc32(head))
        size = stored = len(head) + len(body)
        chunks = [head, body]
        if self.compress:
            deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
            chunks = [deflate.compress(head) + deflate.compress(body) + deflate.flush()]
            stored = len(chunks[0])
        raw = name.encode("ascii")
        method = 8 if self.compress else 0
        extra = struct.pack("<HHQQ", 1, 16, size, stored)
        padding = -(self.offset + 30 + len(raw) + len(extra)) % 64 if array else 0
        if padding:
            padding += 64 if padding < 6 else 0
            extra += struct.pack("<HHH", 0xD935, padding - 4, 64) + bytes(padding - 6)
        full = 0xFFFFFFFF
        self.file.write(
            struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 45, 0, method, 0, 0x21, crc, full, full, len(raw), len(extra)) + raw
        )
        self.file.write(extra)
        for chunk in chunks:
            self.file.write(chunk)
        wide = [value for value in (size, stored, self.offset) if value >= full]
        field = struct.pack(f"<HH{len(wide)}Q", 1, 8 * len(wide), *wide) if wide else b""
        self.records.append(
            struct.pack(
                "<4sBBHHHHHIIIHHHHHII", b"PK\1\2", 45, 3, 45, 0, method, 0, 0x21, crc, min(stored, full),
                min(size, full), len(raw), len(field), 0, 0, 0, 0o600 << 16, min(self.offset, full),
            )
            + raw
            + field
        )  # fmt: skip
        self.offset += 30 + len(raw) + len(extra) + stored

    def finish(self) -> None:
        if self.directory:
            os.rename(self.temporary, self.target)
            return
        directory = b"".join(self.records)
        count = len(self.records)
        self.file.write(directory)
        if count > 0xFFFE or self.offset + len(directory) >= 0xFFFFFFFF:
            end = self.offset + len(directory)
            self.file.write(
                struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, count, count, len(directory), self.offset)
            )
            self.file.write(struct.pack("<4sIQI", b"PK\6\7", 0, end, 1))
        self.file.write(
            struct.pack(
                "<4sHHHHIIH", b"PK\5\6", 0, 0, min(count, 0xFFFF), min(count, 0xFFFF), min(len(directory), 0xFFFFFFFF),
                min(self.offset, 0xFFFFFFFF), 0,
            )
        )  # fmt: skip
        self.sync(self.file)
        self.file.close()
        if os.path.exists(self.target):
            os.chmod(self.temporary, os.stat(self.target).st_mode & 0o777)
        else:
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(self.temporary, 0o666 & ~mask)
        os.replace(self.temporary, self.target)

    def sync(self, file: Any) -> None:
        file.flush()
        if self.durable:
            os.fsync(file.fileno())

    def abandon(self) -> None:
        if self.file is not None:
            self.file.close()
        if self.directory:
            for name in os.listdir(self.temporary) if os.path.isdir(self.temporary) else []:
                os.unlink(os.path.join(self.temporary, name))
            if os.path.isdir(self.temporary):
                os.rmdir(self.temporary)
        elif os.path.exists(self.temporary):
            os.unlink(self.temporary)


class _Encoded(NamedTuple):
    array: Optional[np.ndarray]  # the block column, or None for Arrow buffers
    validity: Optional[np.ndarray]
    exact: bool  # whether the dtype alone brings the field back


class _FrameInfo(NamedTuple):
    meta: Dict[str, Any]
    levels: int
    labels: List[np.ndarray]


# The key `pandas` of a schema: what pandas knows of a table and Arrow does not. It is kept beside the frame's own
# metadata, which stay true where others change the frame: the key counts as far as it agrees with them.

_UNIT_CLASSES = {unit: name for name, unit in _CLASSES.items() if unit}


def _unit(kind: Any) -> Optional[str]:
    """The unit of the index class for labels of this type."""
    return {"date32[day]": "D", "date64[ms]": "ms"}.get(str(kind), kind.unit if str(kind).startswith("timestamp") else None)


def _pandas_key(table: Any) -> Optional[Dict[str, Any]]:
    try:
        root = _parse_json((table.schema.metadata or {})[b"pandas"])
    except (KeyError, NpzError):
        return None
    good = isinstance(root, dict) and isinstance(root.get("columns"), list) and isinstance(root.get("index_columns"), list)
    return root if good else None


def _with_key(table: Any, root: Optional[Dict[str, Any]]) -> Any:
    users = {key: value for key, value in (table.schema.metadata or {}).items() if key != b"pandas"}
    return table.replace_schema_metadata(users if root is None else {**users, b"pandas": json.dumps(root).encode()})


def _stored_index(pa: Any, table: Any) -> Optional[Tuple[Any, List[str]]]:
    """The table, and the names of its fields that are the index; a range other than 0, 1, 2, … becomes a field."""
    root = _pandas_key(table)
    if root is None:
        return None
    index, names, rows = root["index_columns"], table.schema.names, table.num_rows
    if len(index) == 1 and isinstance(index[0], dict) and index[0].get("kind") == "range":
        parts: List[Any] = [index[0].get(key) for key in ("start", "stop", "step")]
        if not all(_count(part, -(1 << 62), 1 << 62) for part in parts) or parts[2] == 0:
            return None
        labels = range(*parts)
        if labels == range(rows) or len(labels) != rows:
            return table, []
        field = "__index_level_0__"
        while field in names:
            field += "_"
        table = table.append_column(field, pa.array(np.arange(*parts, dtype=np.int64)))
        name = index[0].get("name")
        entry = {"name": str(name) if isinstance(name, (list, dict)) else name, "field_name": field,
                 "pandas_type": "int64", "numpy_type": "int64", "metadata": None}  # fmt: skip
        return _with_key(table, {**root, "index_columns": [field], "columns": root["columns"] + [entry]}), [field]
    if not all(isinstance(name, str) and name in names for name in index) or len(set(index)) != len(index):
        return None
    return table, index


def _pandas_axes(table: Any) -> Any:
    """The empty frame that pyarrow makes of the key; None where there is none, and where there is no pandas."""
    root = _pandas_key(table)
    if root is None:
        return None
    try:
        import pandas as pd

        _pyarrow().array(pd.array([], "period[D]"))  # pandas tells pyarrow of its types now
        empty = table.schema.empty_table()
        if not root["index_columns"] or isinstance(root["index_columns"][0], str):
            return empty.to_pandas()
        frame = _with_key(empty, {**root, "index_columns": []}).to_pandas()
        frame.index.name = _label(root["index_columns"][0].get("name"))
        return frame
    except Exception:  # whatever may be in a key
        return None


def _label_arrays(columns: Any) -> List[np.ndarray]:
    """The labels of each level as NumPy holds them; texts of what it does not."""
    found = []
    for level in (columns.get_level_values(i) for i in range(columns.nlevels)):
        dtype = getattr(level.dtype, "numpy_dtype", level.dtype)
        plain = isinstance(dtype, np.dtype) and dtype.kind in "biufM" and not level.hasnans
        found.append(level.to_numpy(dtype) if plain else np.array([str(label) for label in level], np.str_))
    return found


def _columns(labels: List[np.ndarray], names: Sequence[Any], restored: Any) -> Any:
    """The columns' index in pandas: that which the key restores where it has these labels."""
    import pandas as pd

    if restored is not None:
        own = _label_arrays(restored.columns)
        same = len(own) == len(labels) and all(
            one.dtype.kind == other.dtype.kind and np.array_equal(one, other) for one, other in zip(own, labels)
        )
        if same:
            return restored.columns.set_names(list(names))
    if len(labels) > 1:
        return pd.MultiIndex.from_arrays([list(level) for level in labels], names=list(names))
    return pd.Index(labels[0].copy(), name=names[0])


def _name_of(names: Sequence[Any]) -> Any:
    """The name of an axis in `__meta__.json`: one, or those of its levels."""

    def plain(name: Any) -> Any:
        name = name.item() if isinstance(name, np.generic) else name
        if isinstance(name, tuple):
            return [plain(item) for item in name]
        whole = name is None or isinstance(name, (str, bool, int)) or (isinstance(name, float) and name - name == 0)
        return name if whole else str(name)

    return plain(names[0]) if len(names) == 1 else None if all(name is None for name in names) else plain(tuple(names))


class _FrameWriter:
    def __init__(self, pa: Any, table: Any, sink: _Sink, frame: Any = None) -> None:
        self.pa = pa
        self.sink = sink
        self.mapper = _Mapper(pa)
        names = table.schema.names
        if len(set(names)) != len(names):
            raise ValueError("a column name occurs twice; StaticFrame needs unique labels")
        info, self.table = self._info(table, frame)
        try:
            _Frame._distinct(info.labels)
        except NpzError as e:
            raise ValueError("two column names differ in NULs at their end alone, which NumPy drops") from e
        self.info = info
        self.rows = self.table.num_rows
        self.fields = list(self.table.schema)
        self.columns = [_whole(pa, column) for column in self.table.columns]
        self.written: Dict[Any, str] = {}
        self.metadata = dict(self.table.schema.metadata or {})
        self.metadata.pop(_KEY.encode(), None)

    def _info(self, table: Any, frame: Any) -> Tuple[_FrameInfo, Any]:
        """What is known of the axes, and the table with index levels first."""
        users = dict(table.schema.metadata or {})
        names, info = table.schema.names, None
        if _KEY.encode() in users:
            try:
                info = self._own(_parse_json(users[_KEY.encode()]), names)
            except NpzError:
                pass  # made for another schema: the columns as they are now count
        if info is not None:
            pandas_key = _pandas_key(table)
            creator = pandas_key.get("creator") if pandas_key else None
            if isinstance(creator, dict) and creator.get("library") == "arrow-npz":
                users.pop(b"pandas")  # says nothing that the frame does not
            return info, table.replace_schema_metadata(users)
        if _pandas_key(table) is not None:
            found = self._of_pandas(table, frame)
            if found is not None:
                return found
        users.pop(b"pandas", None)
        meta = {"__names__": [None, None, None], "__types__": ["Index", "Index"], "__depths__": [0, 1, 1]}
        labels = [np.array(names, dtype=np.str_)] if names else []
        return _FrameInfo(meta, 0, labels), table.replace_schema_metadata(users)

    def _of_pandas(self, table: Any, frame: Any) -> Optional[Tuple[_FrameInfo, Any]]:
        """The axes that the key `pandas` describes, of `frame` itself where there is one; None where it is no use."""
        found = _stored_index(self.pa, table)
        axes = _pandas_axes(found[0]) if found and frame is None else frame
        if found is None or axes is None:
            return None
        table, index = found
        names = table.schema.names
        table = table.select(index + [name for name in names if name not in set(index)])
        labels = _label_arrays(axes.columns)
        if frame is not None and not _columns(labels, axes.columns.names, _pandas_axes(table)).equals(axes.columns):
            warnings.warn("column labels that pyarrow cannot bring back come back as texts", stacklevel=4)
        units = ([_unit(field.type) for field in list(table.schema)[: len(index)]],
                 [np.datetime_data(level.dtype)[0] if level.dtype.kind == "M" else None for level in labels])
        classes = [[_UNIT_CLASSES.get(unit or "", "Index") for unit in each] or ["Index"] for each in units]
        meta: Dict[str, Any] = {
            "__names__": [None, _name_of(axes.index.names), _name_of(axes.columns.names)],
            "__types__": [each[0] if len(each) == 1 else "IndexHierarchy" for each in classes],
            "__depths__": [0, *map(len, classes)],
        }
        for key, each in zip(("__types_index__", "__types_columns__"), classes):
            if len(each) > 1:
                meta[key] = each
        return _FrameInfo(meta, len(index), labels), table

    def _own(self, root: Any, names: List[str]) -> Optional[_FrameInfo]:
        if not isinstance(root, dict) or root.get("version") != 1 or root.get("fields") != names:
            return None
        levels: Any = root.get("index_levels")
        meta, labels = root.get("meta"), []
        if not _count(levels, 0, len(names)) or not isinstance(meta, dict):
            return None
        meta = dict(meta)
        index_name, columns_name = _list(meta, "__names__", 3)[1:]
        types, depths = _list(meta, "__types__", 2), _list(meta, "__depths__", 3)
        index = _Axis.read(types[0], depths[1], index_name, meta.get("__types_index__", ()))
        columns = _Axis.read(types[1], depths[2], columns_name, meta.get("__types_columns__", ()))
        listed = root.get("column_labels")
        if (levels and levels != index.depth) or not isinstance(listed, list) or len(listed) not in (0, columns.depth):
            return None
        for item in listed:
            try:
                level = _array(memoryview(base64.b64decode(item, validate=True)), True)
            except (binascii.Error, TypeError, ValueError):
                return None
            if level.shape != (len(names) - levels,):
                return None
            labels.append(level)
        return _FrameInfo(meta, levels, labels)

    def write(self) -> None:
        info = self.info
        encoded = [self._encode(field, column) for field, column in zip(self.fields, self.columns)]
        shown_index = all(e.array is not None and e.validity is None for e in encoded[: info.levels])
        shown_index = shown_index and self._is_unique([_real(e.array) for e in encoded[: info.levels]])
        if not shown_index:
            encoded = [_Encoded(None, None, False) if i < info.levels else e for i, e in enumerate(encoded)]
        for level in range(info.levels if shown_index else 0):
            self.sink.array(f"__values_index_{level}__.npy", _real(encoded[level].array))
        visible = [i for i in range(info.levels, len(encoded)) if encoded[i].array is not None]
        hidden = len(visible) < len(encoded) - info.levels
        for level, labels in enumerate(info.labels):
            shown = labels[[i - info.levels for i in visible]]
            self.sink.array(f"__values_columns_{level}__.npy", shown)
        blocks = _write_blocks(self.sink, [_real(encoded[i].array) for i in visible])
        meta = dict(info.meta)
        meta["__depths__"] = [blocks, *meta["__depths__"][1:]]
        if not shown_index:
            meta["__names__"] = [meta["__names__"][0], None, meta["__names__"][2]]
            meta["__types__"] = ["Index", meta["__types__"][1]]
            meta["__depths__"] = [blocks, 1, meta["__depths__"][2]]
            meta.pop("__types_index__", None)
        if not shown_index or self.metadata or not all(e.exact for e in encoded) or (not encoded and self.rows):
            meta[_ARROW] = self._extension(encoded, shown_index, hidden)
        self.sink.member(_META, b"", json.dumps(meta).encode("ascii"), False)

    def _is_unique(self, levels: List[np.ndarray]) -> bool:
        """Whether no label of the index occurs twice, which StaticFrame refuses."""
        if not levels or self.rows < 2:
            return True
        names = [str(level) for level in range(len(levels))]
        # Adding 0 makes -0.0 the 0.0 that it equals.
        levels = [level + 0 if level.dtype.kind in "fc" else level for level in levels]
        plain = [level.view(f"V{level.dtype.itemsize}") if level.dtype.kind == "c" else level for level in levels]
        labels = self.pa.table([self.mapper.map(level, True)[0] for level in plain], names)
        return bool(labels.group_by(names).aggregate([]).num_rows == self.rows)

    def _extension(self, encoded: List[_Encoded], shown_index: bool, hidden: bool) -> Dict[str, Any]:
        pa, info = self.pa, self.info
        schema = pa.schema(self.fields, self.metadata or None)
        message = np.frombuffer(schema.serialize(), np.uint8)
        if hidden:
            for level, labels in enumerate(info.labels):
                self.sink.array(f"__arrow_columns_{level}__.npy", labels)
        self.sink.array(_SCHEMA, message)
        own = _read_schema(message)[1]
        root: Dict[str, Any] = {"version": 1, "schema": _SCHEMA, "rows": self.rows, "columns": []}
        dictionaries: Dict[int, Any] = {}
        for i, entry in enumerate(encoded):
            prefix = f"__arrow_{i}_"
            if entry.array is None:
                stored = self._store(own[i], self.columns[i], prefix, dictionaries)
                root["columns"].append({"column": i, **stored})
            elif entry.validity is not None:
                self.sink.array(prefix + "0__.npy", entry.validity)
                root["columns"].append({"column": i, "validity": prefix + "0__.npy"})
        if hidden and info.labels:
            root["labels"] = len(info.labels)
        if not shown_index:
            names, types, depths = (info.meta[key] for key in ("__names__", "__types__", "__depths__"))
            root["index"] = {"class": types[0], "depth": depths[1], "name": names[1]}
            if "__types_index__" in info.meta:
                root["index"]["levels"] = info.meta["__types_index__"]
        done: Dict[int, Any] = {}
        while len(done) < len(dictionaries):  # words may be encoded themselves
            for identity in sorted(set(dictionaries) - set(done)):
                field, words = dictionaries[identity]
                prefix = f"__arrow_dictionary_{len(done)}_"
                done[identity] = {"id": identity, **self._store(field, words, prefix, dictionaries)}
        if done:
            root["dictionaries"] = [done[identity] for identity in sorted(done)]
        return root

    def _store(self, field: _Field, column: Any, prefix: str, dictionaries: Dict[int, Any]) -> Dict[str, Any]:
        nodes: List[List[int]] = []
        buffers: List[Optional[np.ndarray]] = []
        self._decompose(field, column, nodes, buffers, dictionaries)
        names: List[Optional[str]] = []
        for i, buffer in enumerate(buffers):
            if buffer is None:
                names.append(None)
                continue
            # Lists packed together share their offsets: one member serves all of them.
            content = hashlib.sha256(np.ascontiguousarray(buffer).view(np.uint8).data).digest() if len(buffer) else b""
            key = (buffer.dtype.str, content)
            if key not in self.written:
                self.written[key] = f"{prefix}{i}__.npy"
                self.sink.array(self.written[key], buffer)
            names.append(self.written[key])
        return {"nodes": nodes, "buffers": names}

    def _decompose(
        self,
        field: _Field,
        column: Any,
        nodes: List[List[int]],
        buffers: List[Optional[np.ndarray]],
        dictionaries: Dict[int, Any],
    ) -> None:
        pa = self.pa
        while isinstance(column.type, pa.BaseExtensionType):
            column = column.storage
        rows, kind = len(column), field.type
        if field.dictionary is not None:
            words = _whole(pa, pa.chunked_array([column.dictionary]))
            dictionaries.setdefault(field.dictionary, (field._replace(dictionary=None), words))
            self._decompose(field._replace(dictionary=None, type=field.index_type or kind, children=[]), column.indices,
                            nodes, buffers, dictionaries)  # fmt: skip
            return
        children = self._children(column)
        own = column.buffers()
        own = own[: len(own) - sum(len(child.buffers()) for child in children)]
        nulls = rows if kind.id == _NULL else 0 if kind.id in (_UNION, _RUN_END) else column.null_count
        views = len(own) - 2 if kind.id in (_UTF8_VIEW, _BINARY_VIEW) else 0
        nodes.append([rows, nulls, views])
        valid = None
        if kind.id not in (_NULL, _UNION, _RUN_END):
            valid = _part(own[0], "|u1", (rows + 7) // 8) if nulls else None
            if valid is not None and rows % 8:
                valid = valid.copy()
                valid[-1] &= (1 << rows % 8) - 1
            buffers.append(valid)
        fixed = kind.fixed()
        offset = "<i8" if kind.id in (_LARGE_UTF8, _LARGE_BINARY, _LARGE_LIST, _LARGE_LIST_VIEW) else "<i4"
        if fixed:
            values = _part(own[1], fixed, rows)
            if valid is not None:
                values = np.where(np.unpackbits(valid, count=rows, bitorder="little").view(bool), values,
                                  np.zeros(1, values.dtype))  # fmt: skip
            buffers.append(values)
        elif kind.id == _BOOL:
            bits = _part(own[1], "|u1", (rows + 7) // 8).copy()
            if rows % 8:
                bits[-1] &= (1 << rows % 8) - 1
            buffers.append(bits if valid is None else bits & valid)
        elif kind.id in (_UTF8, _BINARY, _LARGE_UTF8, _LARGE_BINARY):
            offsets = _part(own[1], offset, rows + 1)
            buffers += [offsets, _part(own[2], "|u1", int(offsets[-1]))]
        elif kind.id in (_UTF8_VIEW, _BINARY_VIEW):
            buffers.append(_part(own[1], "|V16", rows))
            buffers += [_part(data, "|u1", data.size) for data in own[2:]]
        elif kind.id in (_LIST, _LARGE_LIST, _MAP):
            buffers.append(_part(own[1], offset, rows + 1))
        elif kind.id in (_LIST_VIEW, _LARGE_LIST_VIEW):
            buffers += [_part(own[1], offset, rows), _part(own[2], offset, rows)]
        elif kind.id == _UNION:
            buffers.append(_part(own[1], "|i1", rows))
            if kind.unit == 1:
                buffers.append(_part(own[2], "<i4", rows))
        for child_field, child in zip(field.children, children):
            self._decompose(child_field, child, nodes, buffers, dictionaries)

    def _children(self, column: Any) -> List[Any]:
        pa, types, kind = self.pa, self.pa.types, column.type
        if types.is_map(kind):
            entries = pa.StructArray.from_arrays([column.keys, column.items], fields=[kind.key_field, kind.item_field])
            return [entries]
        if _is_run_ends(pa, kind):
            return [column.run_ends, column.values]
        if types.is_struct(kind) or types.is_union(kind):
            return [column.field(i) for i in range(kind.num_fields)]
        return [column.values] if hasattr(column, "values") and kind.num_fields else []

    def _encode(self, field: Any, column: Any) -> _Encoded:
        """What NumPy holds becomes a block; everything else Arrow buffers."""
        hint = (field.metadata or {}).get(b"numpy.dtype", b"").decode("utf-8", "replace")
        storage = column
        if _tangible(self.pa, field.type) != field.type:
            return _Encoded(None, None, False)
        while isinstance(storage.type, self.pa.BaseExtensionType):
            storage = storage.storage
        for dtype in dict.fromkeys((hint, "")):
            try:
                found = self._numpy(storage, dtype)
            except (NpzError, ValueError, TypeError, OverflowError, self.pa.ArrowException):
                continue
            if found is not None:
                array, bits = found
                back, meta = self.mapper.map(array[:0])
                known = {key.encode(): value.encode() for key, value in meta.items()}
                own = {key: value for key, value in (field.metadata or {}).items()}
                if isinstance(field.type, self.pa.BaseExtensionType):
                    own = dict(known, **own) if "ARROW:extension:name" in meta else {b"other": b""}
                exact = bits is None and back.type == storage.type and field.nullable and own in ({}, known)
                return _Encoded(array, bits, exact)
        return _Encoded(None, None, False)

    def _numpy(self, column: Any, hint: str) -> Optional[Tuple[np.ndarray, Optional[np.ndarray]]]:
        pa, types, kind, rows = self.pa, self.pa.types, column.type, len(column)
        null = column.null_count
        valid = None
        if null:
            valid = np.unpackbits(_part(column.buffers()[0], "|u1", (rows + 7) // 8), count=rows, bitorder="little")
            valid = valid.view(bool)
        empty: Any = 0
        if types.is_boolean(kind):
            bits = _part(column.buffers()[1], "|u1", (rows + 7) // 8)
            array = np.unpackbits(bits, count=rows, bitorder="little").view(bool)
        elif types.is_integer(kind) or types.is_floating(kind):
            letter = "f" if types.is_floating(kind) else "i" if types.is_signed_integer(kind) else "u"
            array = _part(column.buffers()[1], f"{letter}{kind.bit_width // 8}", rows)
            empty = np.nan if types.is_floating(kind) else 0
        elif types.is_date32(kind):
            array = _part(column.buffers()[1], "<i4", rows).astype("<i8").view("<M8[D]")
        elif types.is_date64(kind):
            array = _part(column.buffers()[1], "<M8[ms]", rows)
        elif types.is_timestamp(kind) or types.is_duration(kind):
            letter = "M" if types.is_timestamp(kind) else "m"
            array = _part(column.buffers()[1], f"<{letter}8[{kind.unit}]", rows)
        elif types.is_string(kind) or types.is_large_string(kind):
            return self._cells(column, valid, hint, True)
        elif types.is_binary(kind) or types.is_large_binary(kind):
            return self._cells(column, valid, hint, False)
        elif types.is_fixed_size_binary(kind) and not types.is_decimal(kind) and kind.byte_width > 0:
            array = _part(column.buffers()[1], f"|V{kind.byte_width}", rows)
        else:
            return None
        if array.dtype.kind in "Mm":
            if (array.view("<i8") == _NAT)[slice(None) if valid is None else valid].any():
                return None
            if valid is not None:
                array = np.where(valid, array, np.array("NaT", array.dtype))
            valid = None
        elif valid is not None:
            array = np.where(valid, array, np.zeros((), array.dtype) if empty == 0 else np.array(empty, array.dtype))
        if hint:
            wanted = _Descr().dtype(ast.literal_eval(hint) if hint.startswith("[") else hint)
            if wanted.names or wanted.kind != array.dtype.kind or wanted.itemsize == 0:
                return None
            changed = array.astype(wanted)
            back = self.mapper.map(changed)[0]
            if back.type != kind or not (changed.astype(array.dtype).tobytes() == array.tobytes()):
                return None
            array = changed
        return array, None if valid is None else np.packbits(valid, bitorder="little")

    def _cells(
        self, column: Any, valid: Optional[np.ndarray], hint: str, text: bool
    ) -> Optional[Tuple[np.ndarray, Optional[np.ndarray]]]:
        """Texts and bytes padded with NULs, unless that takes more than eight times their size and a MiB."""
        rows = len(column)
        wide = self.pa.types.is_large_string(column.type) or self.pa.types.is_large_binary(column.type)
        offsets = _part(column.buffers()[1], "<i8" if wide else "<i4", rows + 1).astype(np.int64)
        data = _part(column.buffers()[2], "|u1", int(offsets[-1]))
        lengths = np.diff(offsets)
        if valid is not None:
            lengths = np.where(valid, lengths, 0)
        starts = offsets[:-1]
        used = lengths > 0
        if used.any() and (data[(starts + lengths - 1)[used]] == 0).any():
            return None  # NumPy drops NULs behind a text
        if text:
            ends = np.concatenate(([0], np.cumsum((data & 0xC0) != 0x80)))
            starts, stops = ends[starts], ends[starts + lengths]
            lengths = stops - starts
            units = np.frombuffer(data.tobytes().decode("utf-8").encode("utf-32-le"), "<u4")
        else:
            units = data
        width = int(lengths.max()) if rows else 0
        if rows * width * units.itemsize > 8 * len(data) + (1 << 20):
            return None
        if hint:
            wanted = _scalar(hint)
            stated = wanted.itemsize // units.itemsize
            if wanted.kind != ("U" if text else "S") or stated < width or wanted.byteorder == ">":
                return None
            width = stated
        width = max(1, width)
        cells = np.zeros((rows, width), units.dtype)
        mask = np.arange(width) < lengths[:, None]
        cells[mask] = units[(starts[:, None] + np.arange(width))[mask]]
        array = cells.reshape(-1).view(f"<U{width}" if text else f"|S{width}")
        return array, None if valid is None else np.packbits(valid, bitorder="little")


def _real(array: Optional[np.ndarray]) -> np.ndarray:
    assert array is not None
    return array


def _part(buffer: Any, dtype: Any, count: int) -> np.ndarray:
    if buffer is None or count == 0:
        return np.zeros(count, dtype)
    return np.frombuffer(buffer, dtype, count)


def _empty(pa: Any, kind: Any) -> Any:
    """A column of no rows; pyarrow makes none of unions."""
    types = pa.types
    if isinstance(kind, pa.BaseExtensionType):
        return pa.ExtensionArray.from_storage(kind, _empty(pa, kind.storage_type))
    if types.is_dictionary(kind):
        words = _empty(pa, kind.value_type)
        return pa.DictionaryArray.from_arrays(pa.array([], kind.index_type), words, ordered=kind.ordered)
    children = [_empty(pa, child) for child in _child_types(pa, kind)]
    if not children:
        return pa.array([], kind)
    views = types.is_union(kind) or "_view" in str(kind)[:16]
    count = 1 if types.is_struct(kind) or types.is_fixed_size_list(kind) or _is_run_ends(pa, kind) else 3 if (
        views and not (types.is_union(kind) and kind.mode == "sparse")) else 2
    zeros = pa.py_buffer(bytes(8))
    return pa.Array.from_buffers(kind, 0, [None] + [zeros] * (count - 1), children=children)


def _whole(pa: Any, column: Any) -> Any:
    """A column in one array whose buffers begin at row 0; calendar intervals as their integers."""
    kind = _tangible(pa, column.type)
    table = pa.Table.from_arrays([column], names=[""]).unify_dictionaries().combine_chunks()
    if table.num_rows == 0:
        words = pa.types.is_dictionary(kind) and isinstance(column, pa.ChunkedArray) and column.num_chunks
        return column.chunk(0) if words else _empty(pa, kind)
    return _retyped(pa, table, kind).column(0).chunk(0)


# pyarrow knows the types of calendar intervals but has no class for arrays of them: they are handled as integers of
# their size, and change their type in a stream, whose batches say nothing of types.

_INTANGIBLE = ("month_interval", "day_time_interval")


def _tangible(pa: Any, kind: Any) -> Any:
    """The type with integers in place of calendar intervals."""
    types = pa.types
    if not any(name in str(kind) for name in _INTANGIBLE):
        return kind
    if str(kind) in _INTANGIBLE:
        return pa.int32() if str(kind) == _INTANGIBLE[0] else pa.int64()
    if isinstance(kind, pa.BaseExtensionType):
        return _tangible(pa, kind.storage_type)
    if types.is_dictionary(kind):
        return pa.dictionary(kind.index_type, _tangible(pa, kind.value_type), kind.ordered)
    if types.is_map(kind):
        fields = [f.with_type(_tangible(pa, f.type)) for f in (kind.key_field, kind.item_field)]
        return pa.map_(*fields, kind.keys_sorted)
    if _is_run_ends(pa, kind):
        return pa.run_end_encoded(kind.run_end_type, _tangible(pa, kind.value_type))
    fields = [f.with_type(_tangible(pa, f.type)) for f in (kind.field(i) for i in range(kind.num_fields))]
    if types.is_struct(kind):
        return pa.struct(fields)
    if types.is_union(kind):
        return pa.union(fields, kind.mode, kind.type_codes)
    if types.is_fixed_size_list(kind):
        return pa.list_(fields[0], kind.list_size)
    for name in ("large_list_view", "list_view", "large_list"):
        if str(kind).startswith(name + "<"):
            return getattr(pa, name)(fields[0])
    return pa.list_(fields[0])


def _retyped(pa: Any, table: Any, kind: Any) -> Any:
    """The one column of a table under another type of the same buffers."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    stream = sink.getvalue()
    if kind != table.schema.field(0).type:
        (length,) = struct.unpack_from("<I", stream, 4)
        rest = stream.slice(8 + length).to_pybytes()
        stream = pa.py_buffer(pa.schema([pa.field("", kind)]).serialize().to_pybytes() + rest)
    return pa.ipc.open_stream(stream).read_all()


# ------------------------------------------------------------------------------------------------------------- the API


def open(  # noqa: A001
    path: PathLike, mmap: bool = True, verify: bool = False, inflated: int = MAX_INFLATED
) -> Archive:
    """Opens an NPZ file or an NPY directory.

    `verify` compares the checksums of all members, which reads the whole file; deflated members are always compared.
    `inflated` is the most bytes that all deflated members together may grow to.
    """
    return Archive(path, mmap, verify, inflated)


def load_npy(path: PathLike, mmap: bool = True) -> np.ndarray:
    """One `.npy` file as a view."""
    name = os.fspath(path)
    try:
        return _array(_bytes_of(name, mmap), False)
    except NpzError as e:
        raise NpzError(e.code, e.problem, e.member, name) from e.__cause__


def to_arrow(path: PathLike, mmap: bool = True, verify: bool = False) -> pyarrow.Table:
    """A frame, an archive of arrays or one `.npy` file as a `pyarrow.Table`, index levels first."""
    name = os.fspath(path)
    try:
        if name.endswith(".npy") and not os.path.isdir(name):
            array = load_npy(name, mmap)
            if array.dtype.names:
                return _arrays_table(_pyarrow(), {n: np.atleast_1d(array)[n] for n in array.dtype.names})
            if array.ndim == 2:
                return _arrays_table(_pyarrow(), {str(j): array[:, j] for j in range(array.shape[1])})
            return _arrays_table(_pyarrow(), {"0": np.atleast_1d(array)})
        return _table(Archive(name, mmap, verify))
    except NpzError as e:
        raise NpzError(e.code, e.problem, e.member, name) from e.__cause__


def to_pandas(path: PathLike, **options: Any) -> pandas.DataFrame:
    """A frame as a `pandas.DataFrame` with its index and column labels, and pandas' own dtypes where it was one."""
    import pandas as pd

    table = to_arrow(path)
    name = os.fspath(path)
    archive = None if name.endswith(".npy") and not os.path.isdir(name) else Archive(name)
    if archive is None or not archive.has(_META):
        return table.replace_schema_metadata(None).to_pandas(**options)
    frame = archive.frame()
    labels = frame.labels or [np.arange(len(frame.names))]
    columns = _columns(labels, _level_names(frame.columns.name, len(labels)), _pandas_axes(table))
    # Index levels come as columns first: pyarrow gives columns pandas' own dtypes, but no index.
    root = _pandas_key(table)
    if root is not None:
        entries = [{**entry, "name": entry.get("field_name")} for entry in root["columns"] if isinstance(entry, dict)]
        root = {**root, "columns": entries, "index_columns": [], "column_indexes": []}
    table = _with_key(table, root)
    try:
        data = table.to_pandas(**options)
    except Exception:
        if root is None:
            raise
        data = _with_key(table, None).to_pandas(**options)  # the key is of other columns than these
    index_names = _level_names(frame.index.name, max(1, frame.levels))
    levels = [data.iloc[:, level] for level in range(frame.levels)]
    data = data.iloc[:, frame.levels :]
    index: Any = [pd.Index(level.array, dtype=level.dtype) for level in levels] or [pd.RangeIndex(frame.rows)]
    data.index = index[0].set_names(index_names) if len(index) == 1 else pd.MultiIndex.from_arrays(index, names=index_names)
    data.columns = columns
    return data


def _level_names(name: Any, levels: int) -> List[Any]:
    if levels == 1:
        return [name]
    return list(name) if isinstance(name, tuple) and len(name) == levels else [None] * levels


def unpack(path: PathLike, columns: Optional[Sequence[str]] = None) -> pyarrow.Table:
    """Packed events as one row per event: lists exploded together, other columns repeated; an empty list is a row of
    nulls. `columns` are all list columns unless they are named."""
    pa = _pyarrow()
    table = to_arrow(path).replace_schema_metadata(None)

    def is_list(kind: Any) -> bool:
        return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind))

    names = list(columns) if columns is not None else [f.name for f in table.schema if is_list(f.type)]
    if not names:
        raise ValueError("there is no column of lists to explode")
    for name in names:
        if name not in table.schema.names or not is_list(table.schema.field(name).type):
            raise ValueError(f"{name!r} is no column of lists")
    counts: Optional[np.ndarray] = None
    for name in names:
        lengths = pa.compute.list_value_length(table.column(name)).combine_chunks().fill_null(0)
        found = np.asarray(lengths).astype(np.int64)
        if counts is not None and (counts != found).any():
            raise ValueError(f"the lists of {name!r} are of other lengths than those of {names[0]!r}")
        counts = found
    assert counts is not None
    repeats = np.maximum(counts, 1)
    parents = pa.array(np.repeat(np.arange(len(counts)), repeats))
    places = None
    if (counts == 0).any():
        empty = np.repeat(counts == 0, repeats)
        places = pa.array(np.cumsum(~empty) - 1, mask=empty)
    result = []
    for name in table.schema.names:
        column = table.column(name)
        if name in names:
            column = pa.compute.list_flatten(column)
            column = column if places is None else column.take(places)
        else:
            column = column.take(parents)
        result.append(column)
    return pa.table(result, names=table.schema.names)


def write(table: Any, path: PathLike, compress: bool = False, durable: bool = True) -> None:
    """Writes a `pyarrow.Table`, a frame of pandas, Polars or whatever else gives an Arrow stream, or a mapping of NumPy
    arrays as a frame. A pandas frame's index and labels are the frame's.

    What NumPy holds becomes arrays that NumPy and StaticFrame read; everything else is kept as its Arrow buffers. The
    file takes the place of an older one when it is complete, and `durable` waits until the disk has it. A path that
    ends in "/" makes an NPY directory, which must not exist yet.
    """
    target = os.fspath(path)
    sink = _Sink(target, compress, durable)
    try:
        if isinstance(table, Mapping):
            _write_arrays({str(name): np.asarray(array) for name, array in table.items()}, sink)
        else:
            pa = _pyarrow()
            if isinstance(table, pa.RecordBatch):
                table = pa.Table.from_batches([table])
            pandas = sys.modules.get("pandas")
            frame = table if pandas is not None and isinstance(table, pandas.DataFrame) else None
            _FrameWriter(pa, table if isinstance(table, pa.Table) else pa.table(table), sink, frame).write()
        sink.finish()
    except BaseException:
        sink.abandon()
        raise


def _write_blocks(sink: _Sink, arrays: List[np.ndarray]) -> int:
    """Columns as blocks: neighbours of one dtype in one of two dimensions, in Fortran order."""
    count = at = 0
    while at < len(arrays):
        end = at + 1
        while end < len(arrays) and arrays[end].dtype == arrays[at].dtype:
            end += 1
        block = arrays[at] if end == at + 1 else np.empty((len(arrays[at]), end - at), arrays[at].dtype, "F")
        for j in range(at, end) if block.ndim == 2 else ():
            block[:, j - at] = arrays[j]
        sink.array(f"__blocks_{count}__.npy", block)
        count, at = count + 1, end
    return count


def _write_arrays(arrays: Dict[str, np.ndarray], sink: _Sink) -> None:
    lengths = {array.shape for array in arrays.values()}
    if len(lengths) > 1 or any(len(shape) != 1 for shape in lengths):
        raise ValueError("the arrays are not one-dimensional and of one length")
    if any(array.dtype.names or array.dtype.kind not in "biufcSUVMm" for array in arrays.values()):
        raise ValueError("an array holds objects or records")
    if arrays:
        sink.array("__values_columns_0__.npy", np.array(list(arrays), dtype=np.str_))
    blocks = _write_blocks(sink, list(arrays.values()))
    meta = {"__names__": [None, None, None], "__types__": ["Index", "Index"], "__depths__": [blocks, 1, 1]}
    sink.member(_META, b"", json.dumps(meta).encode("ascii"), False)
