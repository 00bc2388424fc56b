"""Strict reading of the TOML files that people keep: the form is a dataclass, complaints name file and entry."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

Form = TypeVar("Form")

STRICT = ConfigDict(extra="forbid")  # a dataclass read from a file carries it as __pydantic_config__

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=60)]
Url = Annotated[str, StringConstraints(pattern=r"^(https?://\S+)?$")]
Mark = Literal["S", "K", "O"]
Number = Annotated[int, Field(strict=True, ge=0)]
Flag = Annotated[bool, Field(strict=True)]

NAMES = ("code", "id", "value")  # what an entry is called in a complaint, first found


class FileError(Exception):
    """One clear sentence that names the file and the entry."""


def read(path: Path, form: type[Form], *, name: str = "", error: type[FileError] = FileError) -> Form:
    """Read one file into its form. Raises `error` when it is not there, not TOML, or not as the form asks."""
    name = name or path.name
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise error(f"{name} cannot be read: {problem.strerror}.") from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise error(f"{name} is not readable TOML: {problem}.") from problem
    try:
        return TypeAdapter(form).validate_python(raw)
    except ValidationError as problem:
        raise error(_sentence(name, raw, problem)) from problem


def once(name: str, what: str, codes: Iterable[str], error: type[FileError] = FileError) -> None:
    """Raise `error` when a code stands twice."""
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise error(f"{name}: {what} {code!r} stands twice.")
        seen.add(code)


def _sentence(name: str, raw: dict[str, Any], problem: ValidationError) -> str:
    first = problem.errors(include_url=False)[0]
    *way, key = first["loc"] or ("file",)
    where = _where(raw, way)
    match first["type"]:
        case "missing":
            fault = f"{key!r} is missing"
        case "unexpected_keyword_argument" | "extra_forbidden":
            fault = f"{key!r} is not a known key"
        case _:
            fault = f"{key!r} is not right: {first['msg'].removeprefix('Value error, ').rstrip('.')}"
    return f"{name}{where}: {fault}."


def _where(raw: Any, way: list[int | str]) -> str:
    """Name the entry that the path leads to: `, refusal 'f.ii'`."""
    words: list[str] = []
    for step in way:
        try:
            raw = raw[step]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(step, int):
            called = next((raw[key] for key in NAMES if isinstance(raw, dict) and key in raw), step + 1)
            words[-1] += f" {called!r}"
        else:
            words.append(str(step))
    return "".join(f", {word}" for word in words)
