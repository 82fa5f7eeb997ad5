"""Rows of a built world, kept in the process: the next test that asks for the same world gets them copied back.

Building a world through the services takes a hundred times as long as copying its rows, and most tests ask for one
of a few worlds. A copy is given only when nothing else has written since the step before, so no test sees a
difference; the first build of each world in a process always goes through the services.
"""

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any, TypeVar, cast

from django.apps import apps
from django.conf import settings
from django.db import connection

WRITES = ("INSERT", "UPDATE", "DELETE")
BUILT_BY_MIGRATIONS = {"django_content_type", "auth_permission", "django_migrations"}
Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]
Key = tuple[Any, ...]


Step = TypeVar("Step", bound=Callable[..., Any])


@dataclass
class Snapshot:
    """What stood in every table after a step, and the world as it was then, pickled: that copies it quickest."""

    rows: Rows
    world: bytes


class _Writes:
    """Counts what writes to the database, to know that nothing came between two steps."""

    count = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(WRITES):
            self.count += 1
        return execute(sql, params, many, context)


_writes = _Writes()
_kept: dict[Key, Snapshot] = {}


def first(recipe: str, build: Callable[[], Any]) -> Any:
    """A world made by `build`; its steps are kept if it stands alone in the database, within a test's transaction."""
    if _writes not in connection.execute_wrappers:
        connection.execute_wrappers.append(_writes)
    if not connection.in_atomic_block or _anything():
        world = build()
        world.recipe = None
        return world
    # Files lie where the storage of the test keeps them: a copy fits only there.
    key = (connection.vendor, settings.STORAGES["default"]["BACKEND"], recipe)
    if key in _kept:
        world = pickle.loads(_kept[key].world)  # noqa: S301  written below
        _restore(world, {}, _kept[key])
    else:
        world = build()
        _keep(world, key)
    return world


def kept(step: Step) -> Step:
    """A step of a world whose rows are copied back when the same steps led to it before in this process."""

    @wraps(step)
    def wrapper(world: Any, *args: Any) -> Any:
        if world.recipe is None or world.writes != _writes.count:
            world.recipe = None
            return step(world, *args)
        before, key = world.recipe, (*world.recipe, world.at, step.__name__, *args)
        if key in _kept:
            _restore(world, _kept[before].rows, _kept[key])
        else:
            step(world, *args)
            _keep(world, key)
        return world

    return cast(Step, wrapper)


def _keep(world: Any, key: Key) -> None:
    world.recipe, world.writes = key, _writes.count
    _kept[key] = Snapshot(_rows(), pickle.dumps(world))


def _restore(world: Any, known: Rows, after: Snapshot) -> None:
    with connection.cursor() as cursor:
        for table in known.keys() | after.rows.keys():
            if known.get(table) != after.rows.get(table):
                _replace(cursor, table, after.rows.get(table))
    vars(world).update(vars(pickle.loads(after.world)))  # noqa: S301  written above
    world.writes = _writes.count


def _replace(cursor: Any, table: str, now: tuple[list[str], list[tuple[Any, ...]]] | None) -> None:
    name = connection.ops.quote_name(table)
    cursor.execute(f"DELETE FROM {name}")  # noqa: S608  the name of one of our tables
    if now:
        columns, rows = now
        names = ", ".join(connection.ops.quote_name(column) for column in columns)
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {name} ({names}) VALUES ({marks})", rows)  # noqa: S608  names of our tables


@cache
def _tables() -> list[str]:
    models = apps.get_models(include_auto_created=True)
    return sorted({model._meta.db_table for model in models if model._meta.managed} - BUILT_BY_MIGRATIONS)


def _anything() -> bool:
    """Whether any table has a row, in one statement."""
    names = (connection.ops.quote_name(table) for table in _tables())
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + " OR ".join(f"EXISTS (SELECT 1 FROM {name})" for name in names))  # noqa: S608  ours
        return bool(cursor.fetchone()[0])


def _rows() -> Rows:
    found: Rows = {}
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  names of our tables
            if rows := cursor.fetchall():
                found[table] = ([column[0] for column in cursor.description], rows)
    return found
