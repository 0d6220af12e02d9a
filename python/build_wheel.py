"""Builds the wheel of one file with Python alone, so that `pip install ./python` needs no network (PEP 517)."""

import base64
import hashlib
import os
import re
import zipfile
from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))
NAME = "arrow_npz"


def _read(name: str) -> str:
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return file.read()


def _metadata(project: str) -> str:
    def value(key: str) -> str:
        found = re.search(rf'^{key} = "(.*)"$', project, re.MULTILINE)
        assert found is not None, key
        return found.group(1)

    lines = ["Metadata-Version: 2.1", "Name: arrow-npz", f"Version: {value('version')}"]
    lines += [f"Summary: {value('description')}", "License: Apache-2.0"]
    lines += [f"Requires-Python: {value('requires-python')}", "Description-Content-Type: text/markdown"]
    dependencies = re.search(r"^dependencies = \[(.*)\]", project, re.MULTILINE)
    assert dependencies is not None
    lines += [f"Requires-Dist: {text}" for text in re.findall(r'"([^"]*)"', dependencies.group(1))]
    for extra, items in re.findall(r"^(\w+) = \[(.*)\]$", project.split("[project.optional-dependencies]")[1], re.M):
        lines.append(f"Provides-Extra: {extra}")
        lines += [f"Requires-Dist: {text}; extra == '{extra}'" for text in re.findall(r'"([^"]*)"', items)]
    return "\n".join(lines) + "\n\n" + _read("README.md")


def build_wheel(directory: str, config_settings: Any = None, metadata_directory: Any = None) -> str:
    project = _read("pyproject.toml")
    version = re.findall(r'^version = "(.*)"$', project, re.MULTILINE)[0]
    info = f"{NAME}-{version}.dist-info"
    wheel = "Wheel-Version: 1.0\nGenerator: build_wheel.py\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files = {f"{NAME}.py": _read(f"{NAME}.py"), f"{info}/METADATA": _metadata(project), f"{info}/WHEEL": wheel}
    records = []
    for name, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        records.append(f"{name},sha256={digest},{len(text.encode())}")
    files[f"{info}/RECORD"] = "\n".join([*records, f"{info}/RECORD,,"]) + "\n"
    target = f"{NAME}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(directory, target), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text)
    return target


def build_sdist(directory: str, config_settings: Any = None) -> str:
    raise NotImplementedError("the sources are arrow_npz.py itself")
