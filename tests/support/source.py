"""Reads the source tree for the tests of style: files, functions, templates."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("accounts", "audit", "common", "demo", "documents", "outbox", "scoring", "workflow")
CODE = (*ROOMS, "bin", "config", "celery_app.py", "manage.py")
NOT_OURS = {
    ".git",
    ".hypothesis",
    ".venv",
    ".venv-test",
    "__pycache__",
    "htmlcov",
    "node_modules",
    "test-results",
    "var",
    "vendor",
}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """A Python file with its syntax tree."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """The path as people write it, from the root of the tree."""
        return self.path.relative_to(ROOT).as_posix()

    def public_functions(self) -> Iterator[Function]:
        """What others may call: functions of the module and methods of its classes, without an underscore."""
        holders = [self.tree, *(node for node in self.tree.body if isinstance(node, ast.ClassDef))]
        for holder in holders:
            if isinstance(holder, ast.ClassDef) and holder.name.startswith("_"):
                continue
            for node in holder.body:
                if isinstance(node, Function) and not node.name.startswith("_"):
                    yield node


@cache
def code() -> list[Module]:
    """The project's own modules, without migrations."""
    return [module for start in CODE for module in _modules(ROOT / start)]


@cache
def tests() -> list[Module]:
    """The modules of the tests."""
    return list(_modules(ROOT / "tests"))


def texts() -> Iterator[tuple[str, str]]:
    """Every text file of the checkout that is ours, with its name; what is no UTF-8 is left out."""
    for path in _files(ROOT):
        try:
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def templates() -> list[Path]:
    """The page templates, those of the rooms too."""
    return [path for path in _files(ROOT) if "templates" in path.parts and path.suffix in {".html", ".txt"}]


def _modules(start: Path) -> Iterator[Module]:
    paths = [start] if start.is_file() else [path for path in _files(start) if path.suffix == ".py"]
    for path in paths:
        if "migrations" not in path.parts:
            text = path.read_text(encoding="utf-8")
            yield Module(path, text, ast.parse(text))


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name in NOT_OURS or path.name.endswith("_cache"):
            continue
        if path.is_dir():
            yield from _files(path)
        else:
            yield path
