"""Rows of a built world, kept in the process: the next test that asks for the same world gets them copied back.

Building a world through the services takes a hundred times as long as copying its rows, and most tests ask for one
of a few worlds. A copy is given only when nothing else has written since the step before, so no test sees a
difference; the first build of each world in a process always goes through the services.

Rows are written when the database is next asked for anything: of several steps only the last one's are.
"""

import pickle
from collections.abc import Callable
from contextlib import closing
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
    """Counts what writes to the database, to know that nothing came between two steps; before it is asked, pays."""

    count = 0
    owed: tuple[Rows, Rows] | None = None  # what stands in the tables, what a world should find there

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.pay()
        if sql.lstrip().upper().startswith(WRITES):
            self.count += 1
        return execute(sql, params, many, context)

    def owe(self, stands: Rows, wanted: Rows) -> None:
        self.owed = (self.owed[0] if self.owed else stands, wanted)

    def pay(self) -> None:
        if self.owed:
            (stands, wanted), self.owed = self.owed, None
            _write(stands, wanted)


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


def pay() -> None:
    """Write what a world that was built for several tests should find, before the first of them."""
    _writes.pay()


def forget() -> None:
    """Nothing is owed to a test that has ended."""
    _writes.owed = None


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


def _restore(world: Any, stands: Rows, after: Snapshot) -> None:
    _writes.owe(stands, after.rows)
    vars(world).update(vars(pickle.loads(after.world)))  # noqa: S301  written above
    world.writes = _writes.count


def _write(stands: Rows, wanted: Rows) -> None:
    """By the driver's own cursor: no test counts these statements among its own."""
    with closing(connection.connection.cursor()) as cursor:
        if unchecked := connection.vendor == "postgresql" and _rules(cursor):
            cursor.execute("SET LOCAL session_replication_role = replica")  # what was kept was checked as it was built
        for table in stands.keys() | wanted.keys():
            if stands.get(table) != wanted.get(table):
                _replace(cursor, table, wanted.get(table))
        if unchecked:
            cursor.execute("SET LOCAL session_replication_role = origin")


def _rules(cursor: Any) -> bool:
    """Whether this user of the server may leave out the checks of its tables."""
    cursor.execute("SELECT current_setting('is_superuser') = 'on'")
    return bool(cursor.fetchone()[0])


def _replace(cursor: Any, table: str, now: tuple[list[str], list[tuple[Any, ...]]] | None) -> None:
    name = connection.ops.quote_name(table)
    cursor.execute(f"DELETE FROM {name}")  # noqa: S608  the name of one of our tables
    if now:
        columns, rows = now
        names = ", ".join(connection.ops.quote_name(column) for column in columns)
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {name} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(columns))
            cursor.executemany(f"INSERT INTO {name} ({names}) VALUES ({marks})", rows)  # noqa: S608  ours


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
