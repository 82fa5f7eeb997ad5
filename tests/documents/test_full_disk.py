"""On a full disk nothing half is kept: no file, no row, no event; the person reads it at the field."""

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from audit.models import Event
from common.errors import DomainError
from documents.models import Material, MaterialKind, ResultNotice
from documents.services.materials import add_material
from scoring.models import Incident, IncidentKind, Scheme
from scoring.services.schemes import load_scheme
from tests.support.disk import full_disk
from tests.support.pages import Visitor
from tests.support.schemes import a_body
from tests.support.single import keep_incident
from tests.support.world import World, a_cycle
from workflow.consolidation.services.incidents import Consequence, Decision
from workflow.filing.services.filing import add_material as file_material

pytestmark = pytest.mark.django_db
LARGE = 17 * 1024 * 1024


@pytest.fixture
def private(tmp_path: Path, settings: Any) -> Path:
    """An empty folder for private files."""
    kept = {"BACKEND": "common.storage.WholeFileStorage", "OPTIONS": {"location": str(tmp_path), "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "default": kept}
    return tmp_path


@pytest.fixture
def world(private: Path) -> World:
    return a_cycle().with_units(1).opened()


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def a_large_file(name: str) -> Any:
    return ContentFile(b"%PDF-" + bytes(LARGE), name=name)


def test_no_half_file_of_any_kind_is_kept(world: World, private: Path) -> None:
    sheet, before, events = world.assessments[0].sheet, files_in(private), Event.objects.count()
    decision = Decision(
        kind=IncidentKind.SAFETY, consequence=Consequence.FIRST, reason="起火", document=a_large_file("decision.pdf")
    )
    for field, keep in {
        "file": lambda: add_material(
            sheet=sheet, kind=MaterialKind.SUMMARY, file=a_large_file("a.pdf"), by=world.filers[sheet.pk]
        ),
        "document": lambda: keep_incident(sheet=sheet, decision=decision, by=world.office),
        "notice": lambda: load_scheme(a_body(year=2027), source_name="n.docx", source=bytes(LARGE)),
    }.items():
        with full_disk(), pytest.raises(DomainError) as refused:
            keep()
        assert refused.value.field == field
    assert files_in(private) == before and Event.objects.count() == events
    assert not Material.objects.exists() and not Incident.objects.exists() and Scheme.objects.count() == 1


def test_a_file_whose_row_is_refused_goes_again(world: World, private: Path) -> None:
    (task,) = world.assessments[0].task_set.filter(finished=None)
    before = files_in(private)
    with pytest.raises(DomainError):
        file_material(
            task=task,
            kind=MaterialKind.SUMMARY,
            file=ContentFile(b"%PDF-", name="a.pdf"),
            by=next(iter(world.filers.values())),
            arrived_at=task.due_at,
        )
    assert files_in(private) == before


def test_the_page_says_it_at_the_file(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("django.core.files.storage.FileSystemStorage._save", refuse)
    visitor = Visitor(world, next(iter(world.filers.values())))
    answer = visitor.post(
        reverse("materials", args=[world.assessments[0].pk]),
        {"kind": "summary", "file": SimpleUploadedFile("总结.pdf", b"%PDF-")},
    )
    assert answer.context["form"].errors["file"]
    assert not Material.objects.exists()


def test_the_operator_reads_where_it_came_up_but_no_words(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    sheet = world.assessments[0].sheet

    def upload_while(problem: Exception) -> None:
        monkeypatch.setattr(
            "django.core.files.storage.FileSystemStorage._save", lambda *_args: (_ for _ in ()).throw(problem)
        )
        file = ContentFile(b"%PDF-", name="总结.pdf")
        add_material(sheet=sheet, kind=MaterialKind.SUMMARY, file=file, by=world.filers[sheet.pk])

    for problem in (OSError("总结.pdf"), EndpointConnectionError(endpoint_url="总结.pdf")):
        with pytest.raises(DomainError):
            upload_while(problem)
        assert type(problem).__name__ in caplog.text and "总结.pdf" not in caplog.text
    with pytest.raises(LookupError):  # a fault of ours is not told as a lack of room
        upload_while(LookupError())


def test_a_notice_that_could_not_be_stored_is_not_issued(private: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("documents.services.notices.notice_docx", lambda _content: bytes(LARGE))
    world = a_cycle().with_units(1).to_circulate()
    before = files_in(private)
    with full_disk(), pytest.raises(DomainError):
        world.issue()
    assert not ResultNotice.objects.exists() and files_in(private) == before
