"""Authority is asked in the service: what changes something in somebody's name asks a rule before it does (style 6)."""

import ast
from collections import defaultdict
from collections.abc import Iterator

from tests.support import source
from tests.support.source import Function, Module

# Services that take `by` and ask nothing themselves, each with the reason why that is right.
ASKED_BEFORE = {
    "documents/services/materials.py stored_material": "no row yet, only a file: who keeps its row asks under the lock",
    "demo/services/clock.py move_clock": "a piece of letting time pass, which asks",
    "scoring/services/units.py add_sheets": "a piece of adding units and of taking them over, which ask",
    "scoring/services/editing.py take_steps": "a piece of editing and of the library, which ask",
    "scoring/services/steps.py note_step": "a piece of editing and correcting, which ask",
    "workflow/flow/endings.py begin": "a piece of opening and of adding units, which ask",
    "workflow/bulk/services.py note": "only noted: the act of its kind asks of each unit under its locks",
    "workflow/bulk/services.py ask_of_tasks": "only noted: the act of its kind asks of each unit under its locks",
    "workflow/bulk/services.py ask_of_many": "only noted: the act of its kind asks of each unit under its locks",
}


# Services that change something and take no `by`, each with the reason why nobody is asked who may.
IN_NOBODYS_NAME = {
    # a person about themselves
    "accounts/services.py choose_password": "the person themselves, who gave the old one or came by the link",
    "accounts/services.py note_sign_in": "the person themselves, as they sign in",
    "outbox/services.py mark_read": "the reader of their own messages",
    # a right that is proved by something else than a role
    "accounts/services.py hand_over_password": "what an operator does by a command",
    "workflow/publicity/services/objections.py file_objection": "anybody may, by the notice",
    "workflow/rating/services/ballots.py cast_ballot": "whoever holds the secret of the ballot",
    # pieces of editing and correcting a draft, which ask
    "scoring/services/corrections.py keep_body": "written for who was asked",
    "scoring/services/corrections.py keep_findings": "the same",
    "scoring/services/steps.py give_back": "the same",
    "scoring/services/library.py name_departments": "the same",
    "scoring/services/steps.py move_codes": "the same",
    # the clock
    "workflow/filing/services/lapsed.py let_lapse": "the date of a return has passed",
    "workflow/filing/services/reminders.py remind": "the morning of a reminder has come",
    "workflow/rating/services/reminders.py remind_recipients": "the same",
    "workflow/filing/services/self_evaluation.py exclude_all_overdue": "the deadline has passed",
    "documents/services/forgetting.py forget_people": "the time for which names are kept is over",
    "scoring/services/uploads.py forget_left_uploads": "the time for which an upload is kept is over",
    "workflow/office/services/retention.py forget_all": "the time for which names are kept is over",
    "workflow/office/services/sweep.py sweep": "each minute",
    "workflow/publicity/services/forgetting.py forget_objectors": "the time for which names are kept is over",
    "workflow/publicity/services/publicity.py end_all_publicity": "its working days are over",
    "workflow/rating/services/closing.py close_all_ratings": "the window is over",
    "workflow/rating/services/opening.py open_all_kept": "the window is over",
    # a piece of a service that has asked
    "audit/services.py log": "what was done is noted by whoever did it",
    "audit/services.py log_all": "what was done is noted by whoever did it",
    "documents/services/submissions.py keep_draft": "as a supplement lapses",
    "documents/services/submissions.py restore_submission": "as a supplement lapses",
    "outbox/services.py hold_until": "whoever moves a date has asked; the outbox knows no roles",
    "outbox/services.py move_due": "whoever moves a date has asked; the outbox knows no roles",
    "outbox/services.py queue": "whoever has something to say has asked; the outbox knows no roles",
    "outbox/services.py queue_in": "whoever has something to say has asked; the outbox knows no roles",
    "outbox/services.py try_again": "the office's `send_again` has asked; the outbox knows no roles",
    "outbox/services.py withdraw": "whoever ends something has asked; the outbox knows no roles",
    "outbox/services.py withdraw_in": "whoever ends something has asked; the outbox knows no roles",
    "scoring/services/results.py compute_result": "a sum of what others decided",
    "scoring/services/results.py keep_results_in": "the same",
    "scoring/services/desks.py desk_named": "as a scheme is loaded or corrected",
    "scoring/services/schemes.py describe_cycle": "as a scheme is loaded or corrected",
    "scoring/services/schemes.py sync_tracks": "as a scheme is loaded or corrected",
    "scoring/services/schemes.py follow_scheme": "as a scheme is loaded or corrected",
    "scoring/services/lines.py revise_lines": "what the head signed is worked off",
    "workflow/bulk/services.py work_off_few": "whoever asked is asked again by the act, of each unit under its locks",
    "workflow/bulk/services.py work_off": "whoever asked is asked again by the act, of each unit under its locks",
    "workflow/bulk/services.py work_off_all": "the same",
    "workflow/rating/services/keys.py destroy_key": "as the box is opened, or its key given up",
    "documents/services/public_roster.py fix_rosters": "as materials are accepted, and before a drawing is opened",
    "workflow/rating/services/ballots.py issue_ballots": "as recipients are drawn",
    "workflow/rating/services/ballots.py mint": "as a link is sent",
    "workflow/rating/services/entering.py hand_in": "whoever holds the secret of the ballot",
    "workflow/rating/services/links.py mint_link": "as a link is sent",
}

# Modules of verbs: the services, the confirmations that accounts' services ask for, and the endings of tasks.
VERBS = {"services", "confirmations", "endings"}
# What is done once it is clear that it may be: whoever calls it has asked.
CARRIED_OUT = {"changes"}
Known = dict[tuple[str, str], list[tuple[str, Function]]]


def services(kinds: set[str] = VERBS) -> list[Module]:
    return [module for module in source.code() if kinds & set(module.path.with_suffix("").parts)]


def takes_by(function: Function) -> bool:
    return any(argument.arg == "by" for argument in (*function.args.args, *function.args.kwonlyargs))


def in_whose_name() -> Iterator[tuple[Module, Function]]:
    """The public services that act in somebody's name."""
    for module in services():
        for node in module.tree.body:
            if isinstance(node, Function) and not node.name.startswith("_") and takes_by(node):
                yield module, node


def in_nobodys_name() -> Iterator[tuple[Module, Function]]:
    """The public functions of service modules that say nothing of who acts."""
    for module in services():
        for node in module.tree.body:
            if isinstance(node, Function) and not node.name.startswith("_") and not takes_by(node):
                yield module, node


def functions() -> Known:
    """Every function of a service module by its name; a private one only under its module."""
    found: Known = defaultdict(list)
    for module in services(VERBS | CARRIED_OUT):
        for node in module.tree.body:
            if isinstance(node, Function):
                found[module.name if node.name.startswith("_") else "", node.name].append((module.name, node))
    return found


def handed_on(call: ast.Call) -> bool:
    """Whether a call passes on who acts."""
    passed = [*call.args, *(keyword.value for keyword in call.keywords)]
    names = {node.id for value in passed for node in ast.walk(value) if isinstance(node, ast.Name)}
    return bool(names & {"by", "actor"})


def asks(where: str, function: Function, known: Known, seen: frozenset[Function] = frozenset()) -> bool:
    """Whether a function of a module asks a rule about who acts, or hands that on to one that does."""
    for call in ast.walk(function):
        if not isinstance(call, ast.Call) or not handed_on(call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name == "require":
            return True
        named = known.get((where if name.startswith("_") else "", name), [])
        others = [(place, other) for place, other in named if other is not function and other not in seen]
        if others and all(asks(place, other, known, seen | {function}) for place, other in others):
            return True
    return False


def test_every_service_that_acts_in_somebody_s_name_asks_who_may() -> None:
    known = functions()
    silent = {
        f"{module.name} {function.name}"
        for module, function in in_whose_name()
        if not asks(module.name, function, known)
    }
    assert silent == set(ASKED_BEFORE), "\n".join(sorted(silent ^ set(ASKED_BEFORE)))


WRITES = frozenset(
    {
        "create",
        "bulk_create",
        "get_or_create",
        "update_or_create",
        "save",
        "update",
        "bulk_update",
        "delete",
        "insert",  # a batch
        "run",
        "end",  # held tasks
    }
)


def _called(called: ast.expr) -> str:
    """The name of a function that is called as it is imported, or as `changes.give_role` by its module."""
    if isinstance(called, ast.Attribute):
        return called.attr if getattr(called.value, "id", "") in CARRIED_OUT else ""
    return getattr(called, "id", "")


def changes(where: str, function: Function, known: Known, seen: frozenset[Function] = frozenset()) -> bool:
    """Whether a function writes to the database, itself or by another service."""
    for call in ast.walk(function):
        if not isinstance(call, ast.Call):
            continue
        if isinstance(call.func, ast.Attribute) and call.func.attr in WRITES:
            return True
        name = _called(call.func)
        named = known.get((where if name.startswith("_") else "", name), [])
        if any(changes(place, other, known, seen | {function}) for place, other in named if other not in seen):
            return True
    return False


def test_every_service_that_changes_something_in_nobody_s_name_says_why() -> None:
    known = functions()
    changing = {
        f"{module.name} {function.name}"
        for module, function in in_nobodys_name()
        if changes(module.name, function, known)
    }
    assert changing == set(IN_NOBODYS_NAME), "\n".join(sorted(changing ^ set(IN_NOBODYS_NAME)))


def test_a_service_that_asks_nothing_is_seen() -> None:
    module = ast.parse(
        "def asking(*, by):\n    require(by, rule)\n"
        "def handing(*, by):\n    asking(by=by)\n"
        "def silent(*, by):\n    record(by=by)\n"
        "def asking_of_another(*, by):\n    require(other, rule)\n"
    )
    known = {("", node.name): [("", node)] for node in module.body if isinstance(node, Function)}
    assert [name for (_where, name), ((_place, node),) in known.items() if asks("", node, known)] == [
        "asking",
        "handing",
    ]
