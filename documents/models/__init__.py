"""The facts of the documents room."""

from documents.models.materials import Material, MaterialKind
from documents.models.notices import Notice, NoticeReceipt
from documents.models.roster import RosterEntry, RosterWaiver
from documents.models.submissions import Submission, UnsubmittedDraft

__all__ = [
    "Material",
    "MaterialKind",
    "Notice",
    "NoticeReceipt",
    "RosterEntry",
    "RosterWaiver",
    "Submission",
    "UnsubmittedDraft",
]
