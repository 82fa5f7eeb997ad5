"""What a reader needs of the code: what is public is explained, nothing is left over, exceptions give their reason."""

import ast
import re

import pytest

from tests.support import source
from tests.support.source import Module


def _explained(module: Module) -> bool:
    """Services, queries and the engine are what others build on."""
    parts = module.path.relative_to(source.ROOT).with_suffix("").parts
    return parts[0] in source.ROOMS and bool({"services", "queries", "engine"} & set(parts))


def test_there_is_code_to_measure() -> None:
    assert len(source.code()) > len(source.ROOMS)


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        module.name
        for module in (*source.code(), *source.tests())
        if module.text.strip() and not ast.get_docstring(module.tree)
    ]
    assert not silent, "\n".join(silent)


def test_every_public_function_that_others_build_on_is_explained() -> None:
    silent = [
        f"{module.name}:{function.lineno} {function.name}"
        for module in source.code()
        if _explained(module)
        for function in module.public_functions()
        if not ast.get_docstring(function)
    ]
    assert not silent, "\n".join(silent)


@pytest.mark.parametrize("word", ["TO" + "DO", "FIX" + "ME", "HA" + "CK"])
def test_nothing_is_left_for_later(word: str) -> None:
    marked = [
        name
        for name, text in source.texts()
        if name.endswith((".py", ".html", ".js", ".css", ".sh")) and re.search(rf"\b{word}\b", text)
    ]
    assert not marked, "\n".join(marked)


def test_every_exception_to_a_rule_gives_its_reason() -> None:
    bare = re.compile(r"#\s*(?:noqa(?::\s*[A-Z0-9, ]+)?|type:\s*ignore(?:\[[^\]]*\])?)\s*$")
    silent = [
        f"{module.name}:{number}"
        for module in (*source.code(), *source.tests())
        for number, line in enumerate(module.text.splitlines(), 1)
        if bare.search(line)
    ]
    assert not silent, "\n".join(silent)


def test_the_formatter_shapes_everything() -> None:
    kept_from_it = re.compile(r"#\s*fmt:")
    shaped_by_hand = [module.name for module in (*source.code(), *source.tests()) if kept_from_it.search(module.text)]
    assert not shaped_by_hand, "\n".join(shaped_by_hand)


def _written_out(value: ast.expr) -> bool:
    """Whether an address begins as written text, and not with what `reverse` makes of a name."""
    first = value.values[0] if isinstance(value, ast.JoinedStr) and value.values else value
    return isinstance(first, ast.Constant) and str(first.value).startswith("/")


def test_letters_lead_to_addresses_by_their_names() -> None:
    bare = [
        f"{module.name}:{call.lineno}"
        for module in source.code()
        for call in ast.walk(module.tree)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in {"mail", "text"}
        for keyword in call.keywords
        if keyword.arg == "path" and _written_out(keyword.value)
    ]
    assert not bare, "\n".join(bare)
