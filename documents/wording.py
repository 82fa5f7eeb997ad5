"""How the pieces of a self-evaluation are called on pages, in mails and errors: codes as printed, the rest by name."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from documents.models import MaterialKind

ROSTER = "roster"


def say_piece(code: str) -> str:
    """The name of a part, adjustment or material: `1.1` as printed in the notice, a material by what it is."""
    if code == ROSTER:
        return _("Roster of service recipients")
    return str(MaterialKind(code).label) if code in MaterialKind.values else code


def say_pieces(codes: Iterable[str]) -> str:
    """Several pieces in words; empty for none."""
    return "、".join(map(say_piece, codes))
