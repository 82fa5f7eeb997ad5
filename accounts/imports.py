"""Reads pasted or uploaded rows of people: user name, name, mail, role, unit or department."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.guarded import waiting
from accounts.identity import key_of, normal, require_person, users_by_key
from accounts.models import ChangeKind, Department, Membership, Role, Unit
from accounts.services import NewPerson
from accounts.spelling import spelled_line, spelled_name
from common import clock
from common.errors import DomainError
from common.tables.heads import rows_below

P = TypeVar("P", Unit, Department)
MOST_ROWS = 5000
COLUMNS = 5
WITH_PLACE = (Role.FILER, Role.REVIEWER, Role.HEAD)
# User name, name, mail address, role, place: what may stand over each.
USERNAME = frozenset({"username", "用户名", "账号", "登录名"})
HEAD = (
    USERNAME,
    frozenset({"name", "姓名"}),
    frozenset({"mail", "email", "e-mail", "mailaddress", "邮箱", "电子邮箱", "邮件地址"}),
    frozenset({"role", "角色", "身份"}),
    frozenset({"unit", "department", "place", "单位", "部室", "单位或部室", "单位名称", "单位代码"}),
)
# The words that people write for a role, beside its code and its name on screen.
ROLE_WORDS = {
    "填报人": Role.FILER,
    "部室经办人": Role.REVIEWER,
    "经办人": Role.REVIEWER,
    "部室负责人": Role.HEAD,
    "负责人": Role.HEAD,
    "办公室": Role.OFFICE,
    "领导小组办公室": Role.OFFICE,
    "领导": Role.LEADER,
    "班子成员": Role.LEADER,
    "领导小组组长": Role.CHIEF,
    "组长": Role.CHIEF,
    "监督": Role.SUPERVISOR,
}


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row, counted from 1 as the person sees it."""

    row: int
    message: str


@dataclass
class Reading:
    """What an import would do: the people it read, and the rows that it can't take."""

    people: list[NewPerson] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_people(text: str) -> Reading:
    """Read rows with tabs, commas or semicolons; nothing is written. A fixed number of queries for any number of rows.

    Raises DomainError when there are no rows or too many.
    """
    rows = rows_below(list(_rows(text)), HEAD)
    if not rows:
        raise DomainError(_("There is no row to read."), field="rows")
    if len(rows) > MOST_ROWS:
        raise DomainError(_("At most %(count)d rows at a time.") % {"count": MOST_ROWS}, field="rows")
    return _Reader([cells for _number, cells in rows]).read(rows)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    head = text.strip().split("\n", 1)[0]
    delimiter = next((mark for mark in "\t,;，" if mark in head), ",")
    lines = "\n".join(text.splitlines())  # a lone carriage return ends a line too
    for number, cells in enumerate(_parted(lines, delimiter), start=1):
        clean = [cell.strip().strip("\ufeff") for cell in cells]
        if any(clean):
            yield number, clean + [""] * (COLUMNS - len(clean))


def _parted(text: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text), delimiter=delimiter)
    except csv.Error as error:
        raise DomainError(_("These rows can't be read: does a quotation mark not end?"), field="rows") from error


def _role_of(word: str) -> Role | None:
    for role in Role:
        if word.casefold() in (role.value, str(role.label).casefold()):
            return role
    return ROLE_WORDS.get(word)


class _Reader:
    """Reads rows against what the house knows, fetched once."""

    def __init__(self, rows: list[list[str]]) -> None:
        self.users = users_by_key()
        units = list(Unit.objects.all())
        self.units = _by_code_and_name(units)
        named = Counter(unit.name for unit in units)
        self.ambiguous = {name for name, count in named.items() if count > 1} - {unit.code for unit in units}
        self.departments = _by_code_and_name(list(Department.objects.all()))
        asked = [self.users[key].pk for cells in rows if (key := key_of(cells[0])) in self.users]
        held = Membership.objects.filter(Q(until=None) | Q(until__gt=clock.now()), user__in=asked)
        self.held: set[tuple[str, str, int | None, int | None]] = {
            (key_of(username), role, unit_id, department_id)
            for username, role, unit_id, department_id in held.values_list(
                "user__username", "role", "unit_id", "department_id"
            )
        }
        roles = waiting().filter(user__in=asked, kind=ChangeKind.ROLE)
        self.asked = {(key_of(username), role) for username, role in roles.values_list("user__username", "role")}
        self.names: dict[str, tuple[str, str]] = {}

    def read(self, rows: list[tuple[int, list[str]]]) -> Reading:
        reading = Reading()
        for number, cells in rows:
            try:
                reading.people.append(self._person(cells))
            except DomainError as error:
                reading.faults.append(Fault(number, str(error.message)))
        return reading

    def _person(self, cells: list[str]) -> NewPerson:
        username, name = normal(cells[0]), spelled_line(cells[1])
        email, role_word, place_word = cells[2:COLUMNS]
        self._check_names(username, name, email)
        role = _role_of(role_word)
        if role is None:
            raise DomainError(_("“%(word)s” is no role.") % {"word": role_word})
        unit, department = self._place(role, place_word)
        key = (key_of(username), role.value, unit.pk if unit else None, department.pk if department else None)
        if key in self.held:
            raise DomainError(_("%(name)s is that already.") % {"name": name})
        if (key_of(username), role.value) in self.asked:
            raise DomainError(_("%(name)s: this role waits to be confirmed already.") % {"name": name})
        self.held.add(key)
        return NewPerson(
            username=username, name=name, email=email, role=role, unit=unit, department=department,
            user=self.users.get(key_of(username)),
        )  # fmt: skip

    def _check_names(self, username: str, name: str, email: str) -> None:
        require_person(username=username, name=name, email=email)
        known = self.users.get(key_of(username))
        same = self.names.setdefault(key_of(username), (name, username))
        if same != (name, username) or (
            known is not None and (spelled_name(known.name), known.username) != (name, username)
        ):
            raise DomainError(_("The user name %(username)s belongs to somebody else.") % {"username": username})

    def _place(self, role: Role, word: str) -> tuple[Unit | None, Department | None]:
        if role not in WITH_PLACE:
            if word:
                raise DomainError(_("This role has no unit and no department."))
            return None, None
        if role == Role.FILER:
            if word in self.ambiguous:
                raise DomainError(_("Several units are called “%(word)s”: give the code.") % {"word": word})
            if word not in self.units:
                raise DomainError(_("There is no unit “%(word)s”.") % {"word": word})
            return self.units[word], None
        if word not in self.departments:
            raise DomainError(_("There is no department “%(word)s”.") % {"word": word})
        return None, self.departments[word]


def _by_code_and_name(places: list[P]) -> dict[str, P]:
    return {place.name: place for place in places} | {place.code: place for place in places}
