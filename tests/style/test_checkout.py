"""The rules of the checkout: locks without an address, no path of one machine, nothing unknown at the top."""

import ast
import hashlib
import re
import stat
import tomllib
from functools import cache
from importlib.metadata import packages_distributions

import pytest

from tests.support import source

LOCKS = ("requirements.lock", "requirements-test.lock")
PIP = "bin/installer/pip.lock"
MACHINE_PATHS = re.compile(r"(?<![\w.\-}])/(?:work|root|Users|home)/[\w.-]+")
LICENSE_SHA256 = "0d96a4ff68ad6d4b6f1f30f713b18d5184912ba8dd389f86aa7710db079abcb0"

# What uses a dependency that no line of the code names.
USED_UNNAMED = {
    "celery-types": "mypy",
    "django-stubs": "mypy",
    "flask": "moto, for its server",
    "flask-cors": "moto, for its server",
    "import-linter": "bin/test, as lint-imports",
    "psycopg": "Django on PostgreSQL",
    "pytest-xdist": "bin/test, as the option -n of pytest",
    "types-psutil": "mypy",
}


brought_by = cache(packages_distributions)


@cache
def _names(tree: ast.Module) -> set[str]:
    """The first word of every import, dotted string and command line."""
    names = set()
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                names |= {alias.name for alias in node.names}
            case ast.ImportFrom(module=str() as module):
                names.add(module)
            case ast.Constant(value=str() as value):
                names.add(value)
    return {re.split(r"[.:/ ]", name, maxsplit=1)[0] for name in names}


def _packages(name: str) -> dict[str, str]:
    text = (source.ROOT / name).read_text()
    return dict(re.findall(r"^([a-z0-9][\w.-]*)(?:\[[^\]]*\])?==(\S+)", text, re.M))


def test_locks_name_no_index() -> None:
    for name in (*LOCKS, PIP):
        assert not re.search(r"https?://|--index|--find-links|file:", (source.ROOT / name).read_text()), name


def test_locks_build_nothing_from_source() -> None:
    """A build would bring in tools that no lock holds."""
    for name in (*LOCKS, PIP):
        assert "\n--only-binary :all:\n" in (source.ROOT / name).read_text(), name


def test_the_commands_look_for_the_pythons_that_the_project_names() -> None:
    project = tomllib.loads((source.ROOT / "pyproject.toml").read_text())["project"]
    shell = dict(re.findall(r"^(oldest|newest)=3\.(\d+)$", (source.ROOT / "bin/environment.sh").read_text(), re.M))
    assert project["requires-python"] == f">=3.{shell['oldest']},<3.{int(shell['newest']) + 1}"


def test_every_package_of_a_lock_has_a_hash() -> None:
    for name in (*LOCKS, PIP):
        blocks = re.split(r"\n(?=[a-z0-9])", (source.ROOT / name).read_text())
        silent = [block.split(" ")[0] for block in blocks if "==" in block and "--hash=sha256:" not in block]
        assert not silent, name


def test_tests_run_on_the_versions_that_people_run() -> None:
    run, test = (_packages(name) for name in LOCKS)
    assert run
    assert {name: test.get(name) for name in run} == run


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((source.ROOT / "pyproject.toml").read_text())["project"]
    wanted = [re.split(r"[\[<>=! ]", line)[0].lower() for line in project["dependencies"]]
    assert set(wanted) <= set(_packages("requirements.lock"))


@pytest.mark.parametrize("group", ["run", "test"])
def test_every_dependency_is_used(group: str) -> None:
    project = tomllib.loads((source.ROOT / "pyproject.toml").read_text())["project"]
    wanted = project["dependencies"] if group == "run" else project["optional-dependencies"]["test"]
    modules = source.code() if group == "run" else [*source.code(), *source.tests()]
    named = set().union(*(_names(module.tree) for module in modules))
    brought = brought_by()
    unused = {re.split(r"[\[<>=! ]", line)[0] for line in wanted} - set(USED_UNNAMED)
    for module, packages in brought.items():
        if module in named:
            unused -= {re.sub("[-_.]+", "-", package).lower() for package in packages}
    assert not unused


def test_no_file_names_a_path_of_one_machine() -> None:
    found = [
        f"{name}: {match[0]}"
        for name, text in source.texts()
        if name not in LOCKS and (match := MACHINE_PATHS.search(text))
    ]
    assert not found, "\n".join(found)


def test_commands_can_be_run() -> None:
    for name in ("bin/start", "bin/test", "bin/manage", "bin/lock", ".ci/run"):
        assert (source.ROOT / name).stat().st_mode & stat.S_IXUSR, name


def test_continuous_integration_calls_what_the_readme_says() -> None:
    assert "bin/test" in (source.ROOT / ".ci/run").read_text()
    assert "bin/test" in (source.ROOT / "README.md").read_text()


def test_the_license_is_the_whole_text() -> None:
    assert hashlib.sha256((source.ROOT / "LICENSE").read_bytes()).hexdigest() == LICENSE_SHA256
