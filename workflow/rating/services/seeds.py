"""The seed of a drawing: hashes of secrets, the secrets, and the lottery's numbers last (R8, docs/draw.md)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import require
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from scoring.engine.lottery import Numbers, numbers_in
from scoring.engine.seed import FEWEST_SHARES, SHA256, Share, secret_in, secret_sha256, seed_lines
from scoring.models import Drawing, SeedShare
from scoring.refusals import engine_refusals
from workflow.rating.queries.drawings import occasion_of
from workflow.rating.rules import witnesses


@transaction.atomic
def log_secret(*, drawing: Drawing, sha256: str, by: User, arrived_at: datetime) -> SeedShare:
    """Log the hash of a secret of one's own, while nobody has revealed one and the lottery is not closed.

    Whoever logs again before that replaces their hash: they may have lost the secret. `arrived_at` (aware) decides.
    """
    held = _in_time(drawing, by, arrived_at)
    digest = sha256.strip().lower()
    if not SHA256.fullmatch(digest):
        raise DomainError(_("A hash has 64 hex digits (0–9, a–f)."), field="sha256")
    shares = list(held.shares.all())
    if any(share.secret for share in shares):
        raise DomainError(_("A secret has been revealed: no hash is logged any more."))
    own = next((share for share in shares if share.person_id == by.pk), None)
    if any(share.sha256 == digest for share in shares if share != own):
        raise DomainError(_("Somebody else has logged this hash: think of a secret of your own."), field="sha256")
    share = own or SeedShare(drawing=held, number=len(shares) + 1, person=by)
    share.sha256, share.logged_at = digest, arrived_at
    share.save()
    log(Verb.SECRET_LOGGED, held, by=by, data={"number": share.number, "sha256": digest})
    return share


@transaction.atomic
def reveal_secret(*, drawing: Drawing, secret: str, by: User, arrived_at: datetime) -> SeedShare:
    """Reveal the secret whose hash one has logged, once two people have, and before the lottery is closed.

    `arrived_at` (aware) decides. Raises DomainError at `secret` where it is not that of the hash.
    """
    held = _in_time(drawing, by, arrived_at)
    share = held.shares.filter(person=by).first()
    if share is None:
        raise DomainError(_("You have logged no hash for this drawing."))
    if held.shares.count() < FEWEST_SHARES:
        raise DomainError(_("Two people must have logged a hash before anybody reveals a secret."))
    with engine_refusals():
        plain = secret_in(secret)
    if secret_sha256(plain) != share.sha256:
        raise DomainError(_("This is not the secret whose hash you logged."), field="secret")
    if not share.secret:
        share.secret, share.revealed_at = plain, arrived_at
        share.save(update_fields=["secret", "revealed_at"])
        log(Verb.SECRET_REVEALED, held, by=by, data={"number": share.number, "secret": plain})
    return share


@transaction.atomic
def enter_numbers(*, drawing: Drawing, red: str, blue: str, by: User) -> None:
    """Enter what the lottery drew, once it has; another person confirms it. Entering anew replaces what stood there."""
    held, numbers = _drawn_by_lottery(drawing, red, blue, by)
    held.red, held.blue, held.entered_by, held.entered_at = numbers.red_text, numbers.blue_text, by, clock.now()
    held.save(update_fields=["red", "blue", "entered_by", "entered_at"])
    log(Verb.NUMBERS_ENTERED, held, by=by, data={"red": held.red, "blue": held.blue})


@transaction.atomic
def confirm_numbers(*, drawing: Drawing, red: str, blue: str, by: User) -> None:
    """Confirm the numbers by typing them too: they count from now on, and with them the seed lines.

    Raises DomainError for whoever entered them, and where the two differ. A secret not revealed counts as missing.
    """
    held, numbers = _drawn_by_lottery(drawing, red, blue, by)
    if held.entered_at is None:
        raise DomainError(_("Nobody has entered the numbers yet."))
    if held.entered_by_id == by.pk:
        raise DomainError(_("You entered the numbers: somebody else confirms them."))
    if (numbers.red_text, numbers.blue_text) != (held.red, held.blue):
        raise DomainError(_("These are not the numbers that were entered before: look them up again, both of you."))
    shares = [Share(share.sha256, share.secret) for share in held.shares.all()]
    lines = seed_lines(occasion_of(held), shares, numbers)
    held.confirmed_by, held.confirmed_at = by, clock.now()
    held.seed_lines = "".join(f"{line}\n" for line in lines)
    held.save(update_fields=["confirmed_by", "confirmed_at", "seed_lines"])
    missing = [place for place, share in enumerate(shares, start=1) if not share.secret]
    log(Verb.NUMBERS_CONFIRMED, held, by=by, data={"red": held.red, "blue": held.blue, "missing": missing})


def _held(drawing: Drawing, by: User) -> Drawing:
    """The drawing under its lock, in force, in the hands of somebody who takes part."""
    held = Drawing.objects.select_for_update(of=("self",), no_key=True).select_related("cycle").get(pk=drawing.pk)
    require(by, witnesses)
    if held.superseded_at is not None:
        raise DomainError(_("This drawing was given up: a later one takes its place."))
    return held


def _in_time(drawing: Drawing, by: User, arrived_at: datetime) -> Drawing:
    held = _held(drawing, by)
    if arrived_at >= held.closes_at:
        raise DomainError(_("The lottery is closed: no hash and no secret counts any more."))
    return held


def _drawn_by_lottery(drawing: Drawing, red: str, blue: str, by: User) -> tuple[Drawing, Numbers]:
    """The drawing under its lock, whose numbers can be entered now, and the numbers that were typed."""
    held = _held(drawing, by)
    if clock.now() < held.lottery_at:
        raise DomainError(_("The lottery has not drawn its numbers yet."))
    if held.shares.count() < FEWEST_SHARES:
        raise DomainError(_("Fewer than two people logged a hash in time: give this drawing up and open another."))
    if held.confirmed_at is not None:
        raise DomainError(_("The numbers are confirmed: they don't change any more."))
    with engine_refusals():
        return held, numbers_in(red, blue)
