"""What is granted to people: one shape for what forms, imports and operators ask and for what services write."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Department, Membership, Role, Unit, User
from common import clock


@dataclass(frozen=True)
class Grant:
    """What a person is to be, where, from `since` (now when left out) to `until` (aware, exclusive; None: no end)."""

    role: Role
    place: Unit | Department | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def unit(self) -> Unit | None:
        """The unit, for a filer."""
        return self.place if isinstance(self.place, Unit) else None

    @property
    def department(self) -> Department | None:
        """The department, for its reviewers and head."""
        return self.place if isinstance(self.place, Department) else None

    def to(self, user: User) -> Membership:
        """What it makes of a person, not yet written."""
        since = self.since or clock.now()
        return Membership(
            user=user, role=self.role, unit=self.unit, department=self.department, since=since, until=self.until
        )


@dataclass(frozen=True, kw_only=True)
class NewPerson:
    """Who is added, and the first thing that they are to be; `user` is the account that exists already."""

    username: str
    name: str
    email: str
    grant: Grant
    user: User | None = None
