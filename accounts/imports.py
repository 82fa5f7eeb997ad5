"""Reads pasted or uploaded rows of people: user name, name, mail, role, unit or department."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.grants import Grant, NewPerson
from accounts.guarded import waiting
from accounts.identity import key_of, normal, require_person, users_by_key
from accounts.models import ChangeKind, Department, Membership, Role, Unit
from accounts.spelling import spelled_line, spelled_name
from common import clock
from common.errors import DomainError
from common.tables.heads import TableRow

P = TypeVar("P", Unit, Department)
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
class PeopleRead:
    """What an import would do: the people it read, and the rows that it can't take."""

    people: list[NewPerson] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_people(rows: Sequence[TableRow]) -> PeopleRead:
    """Read rows of people; nothing is written. A fixed number of queries for any number of rows.

    Raises DomainError when there are no rows.
    """
    if not rows:
        raise DomainError(_("There is no row to read."), field="rows")
    return _Reader(rows).read()


def _role_of(word: str) -> Role | None:
    for role in Role:
        if word.casefold() in (role.value, str(role.label).casefold()):
            return role
    return ROLE_WORDS.get(word)


class _Reader:
    """Reads rows against what the house knows, fetched once."""

    def __init__(self, rows: Sequence[TableRow]) -> None:
        self.rows = [(row.number, row.first(len(HEAD))) for row in rows]
        self.users = users_by_key()
        units = list(Unit.objects.all())
        self.units = _by_code_and_name(units)
        named = Counter(unit.name for unit in units)
        self.ambiguous = {name for name, count in named.items() if count > 1} - {unit.code for unit in units}
        self.departments = _by_code_and_name(list(Department.objects.all()))
        asked = [self.users[key].pk for _number, cells in self.rows if (key := key_of(cells[0])) in self.users]
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

    def read(self) -> PeopleRead:
        """Every row, one after the other: the later ones know what the earlier ones give."""
        reading = PeopleRead()
        for number, cells in self.rows:
            try:
                reading.people.append(self._person(cells))
            except DomainError as error:
                reading.faults.append(Fault(number, str(error.message)))
        return reading

    def _person(self, cells: list[str]) -> NewPerson:
        typed, name, email, role_word, place_word = cells
        username, name = normal(typed), spelled_line(name)
        self._check_names(username, name, email)
        role = _role_of(role_word)
        if role is None:
            raise DomainError(_("“%(word)s” is no role.") % {"word": role_word})
        grant = Grant(role, self._place(role, place_word))
        unit, department = grant.unit, grant.department
        key = (key_of(username), role.value, unit.pk if unit else None, department.pk if department else None)
        if key in self.held:
            raise DomainError(_("%(name)s is that already.") % {"name": name})
        if (key_of(username), role.value) in self.asked:
            raise DomainError(_("%(name)s: this role waits to be confirmed already.") % {"name": name})
        self.held.add(key)
        return NewPerson(
            username=username,
            name=name,
            email=email,
            grant=grant,
            user=self.users.get(key_of(username)),
        )

    def _check_names(self, username: str, name: str, email: str) -> None:
        require_person(username=username, name=name, email=email)
        known = self.users.get(key_of(username))
        same = self.names.setdefault(key_of(username), (name, username))
        if same != (name, username) or (
            known is not None and (spelled_name(known.name), known.username) != (name, username)
        ):
            raise DomainError(_("The user name %(username)s belongs to somebody else.") % {"username": username})

    def _place(self, role: Role, word: str) -> Unit | Department | None:
        if role not in WITH_PLACE:
            if word:
                raise DomainError(_("This role has no unit and no department."))
            return None
        if role == Role.FILER:
            if word in self.ambiguous:
                raise DomainError(_("Several units are called “%(word)s”: give the code.") % {"word": word})
            if word not in self.units:
                raise DomainError(_("There is no unit “%(word)s”.") % {"word": word})
            return self.units[word]
        if word not in self.departments:
            raise DomainError(_("There is no department “%(word)s”.") % {"word": word})
        return self.departments[word]


def _by_code_and_name(places: list[P]) -> dict[str, P]:
    return {place.name: place for place in places} | {place.code: place for place in places}
