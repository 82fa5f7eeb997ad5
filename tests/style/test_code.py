"""The measures of the code: short functions, short modules, every module and public function explained."""

import ast
import re
import statistics

import pytest

from tests.support import source
from tests.support.source import Module

LONGEST_FUNCTION = 40
NINTH_DECILE = 25
LONGEST_MODULE = 300
TESTS_PER_LINE = 1.25


def _explained(module: Module) -> bool:
    """Services, queries and the engine are what others build on."""
    parts = module.path.relative_to(source.ROOT).with_suffix("").parts
    return parts[0] in source.ROOMS and bool({"services", "queries", "engine"} & set(parts))


def test_there_is_code_to_measure() -> None:
    assert len(source.code()) > len(source.ROOMS)


def test_no_function_is_over_forty_lines() -> None:
    long = [
        f"{module.name}:{function.lineno} {function.name} has {source.length(function)} lines"
        for module in source.code()
        for function in module.functions()
        if source.length(function) > LONGEST_FUNCTION
    ]
    assert not long, "\n".join(long)


def test_nine_functions_of_ten_are_short() -> None:
    lengths = [source.length(function) for module in source.code() for function in module.functions()]
    assert statistics.quantiles(lengths, n=10)[8] <= NINTH_DECILE


def test_modules_are_under_three_hundred_lines() -> None:
    long = [
        f"{module.name} has {count} lines"
        for module in (*source.code(), *source.tests())
        if (count := len(module.text.splitlines())) >= LONGEST_MODULE
    ]
    assert not long, "\n".join(long)


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


def test_tests_outweigh_the_code() -> None:
    lines = sum(module.lines for module in source.code())
    checked = sum(module.lines for module in source.tests())
    assert checked >= TESTS_PER_LINE * lines, f"{checked} lines of tests for {lines} lines of code"
