"""Every field of a form has a name for people: errors are listed by it, never by the name in the code."""

import ast
from collections.abc import Iterator

from tests.support import source
from tests.support.source import Module

OURS = {"DayField", "UntilField", "InstantField", "RowsField", "TableFileField"}


def _fields(module: Module) -> Iterator[ast.Call]:
    """The calls that make a form's field: `forms.CharField(…)` and our own `…Field(…)`."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            of_django = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "forms"
            if name.endswith("Field") and (of_django or name in OURS):
                yield node


def _named(call: ast.Call) -> bool:
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    widget = given.get("widget")
    hidden = isinstance(widget, ast.Attribute) and widget.attr == "HiddenInput"
    return "label" in given or hidden


def test_every_field_is_called_something() -> None:
    # A slot of the scheme's form brings its label beside the field.
    modules = [module for module in source.code() if "forms" in module.name and not module.name.endswith("slots.py")]
    nameless = [f"{module.name}:{call.lineno}" for module in modules for call in _fields(module) if not _named(call)]
    assert len(modules) > 5
    assert not nameless, "\n".join(nameless)
