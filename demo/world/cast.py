"""The people of the demo: one or more for every role, all with one password."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.models import Department, Membership, Role, Unit, User

PASSWORD: str = settings.DEMO_PASSWORD  # the demo tells it on its sign-in page
SINCE = datetime(2019, 1, 1, tzinfo=UTC)
MORE_DEPARTMENTS = ("科学技术普及部", "调研宣传部")


@dataclass(frozen=True)
class Cast:
    """Who acts in the demo; departments' people by the department's name."""

    office: User
    chief: User
    leaders: tuple[User, ...]
    supervisor: User
    reviewers: dict[str, User]
    heads: dict[str, User]


def make_cast() -> Cast:
    """Make the people of the body that assesses; departments are found or made by name."""
    password = make_password(PASSWORD)
    office = person("office", "演示办公室", Role.OFFICE, password)
    person("office2", "演示办公室二", Role.OFFICE, password)
    chief = person("chief", "演示组长", Role.CHIEF, password)
    leaders = tuple(person(f"leader{n}", f"演示领导{n}", Role.LEADER, password) for n in range(1, 5))
    supervisor = person("supervisor", "演示监督", Role.SUPERVISOR, password)
    reviewers, heads = {}, {}
    for name in MORE_DEPARTMENTS:
        if not Department.objects.filter(name=name).exists():
            Department.objects.create(name=name, code=f"d{Department.objects.count() + 1}")
    for number, department in enumerate(Department.objects.order_by("pk"), start=1):
        reviewers[department.name] = person(
            f"reviewer{number}", f"演示经办人{number}", Role.REVIEWER, password, department=department
        )
        heads[department.name] = person(
            f"head{number}", f"演示部长{number}", Role.HEAD, password, department=department
        )
    return Cast(office, chief, leaders, supervisor, reviewers, heads)


def person(username: str, name: str, role: Role, password: str, *, department: Department | None = None) -> User:
    """One person with one membership."""
    user = _user(username, name, password)
    user.save()
    Membership.objects.create(user=user, role=role, department=department, since=SINCE)
    return user


def _user(username: str, name: str, password: str) -> User:
    """An account, not saved yet; `password` is its digest."""
    return User(username=username, name=name, email=f"{username}@example.org", password=password, created_at=SINCE)


def make_filers(units: list[Unit]) -> dict[int, User]:
    """One filer for each unit, named after its code; unit id → person (two statements)."""
    password = make_password(PASSWORD)
    users = User.objects.bulk_create(_user(unit.code, f"演示填报人{unit.code}", password) for unit in units)
    Membership.objects.bulk_create(
        Membership(user=user, role=Role.FILER, unit=unit, since=SINCE) for user, unit in zip(users, units, strict=True)
    )
    return {unit.pk: user for unit, user in zip(units, users, strict=True)}
