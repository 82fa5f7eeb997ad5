"""Papers at odd moments: a file uploaded again, a seal redone, a name with a space, a character nobody can see."""

from datetime import UTC
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from docx import Document

from common.errors import DomainError
from documents.contents import Contents
from documents.models import MaterialKind, Submission
from documents.official.notice import notice_docx
from documents.services.materials import add_material, check_file
from documents.services.submissions import restore_submission, seal_submission, sealed_body
from scoring.engine.scheme import scheme_sha256
from scoring.models import ScoreSheet
from tests.documents.test_letter_of_results import CONTENT
from tests.support.world import a_cycle

pytestmark = pytest.mark.django_db


def test_a_file_handed_in_twice_is_put_back_once() -> None:
    world = a_cycle().with_units(1).filled()
    sheet = world.assessments[0].sheet
    by = world.filers[sheet.pk]

    def add(content: bytes) -> None:
        file: Any = ContentFile(b"%PDF-1.4 " + content, name="总结.pdf")
        add_material(sheet=sheet, kind=MaterialKind.SUMMARY, file=file, by=by)

    add(b"a")
    sealed = seal_submission(contents=Contents(sheet), by=by, arrived_at=world.at)
    add(b"b")
    add(b"a")
    restore_submission(sealed)
    assert sheet.materials.filter(removed_at=None, kind="summary").count() == 1
    assert sealed_body(Contents(ScoreSheet.objects.get(pk=sheet.pk))) == sealed.body


def test_a_seal_is_redone_from_what_the_database_gives_back() -> None:
    world = a_cycle().with_units(1).filled()
    sheet = world.assessments[0].sheet
    made = seal_submission(contents=Contents(sheet), by=world.filers[sheet.pk], arrived_at=world.at)
    kept = Submission.objects.get(pk=made.pk)
    assert kept.arrived_at.tzinfo == UTC
    body = kept.body | {"number": kept.number, "arrived_at": kept.arrived_at.isoformat()}
    assert kept.sha256 == scheme_sha256(body)


@pytest.mark.parametrize("field", ["title", "addressees", "issuer"])
def test_a_control_character_from_a_word_processor_does_not_stop_the_notice(field: str) -> None:
    paper = Document(BytesIO(notice_docx(CONTENT | {field: "现将\x0b结果"})))
    assert any("现将结果" in paragraph.text for paragraph in paper.paragraphs)


def test_a_file_a_little_too_large_is_not_said_to_have_as_much_as_is_allowed(settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 1024 * 1024
    with pytest.raises(DomainError) as raised:
        check_file("a.pdf", ContentFile(b"%PDF-1.4 " + b"x" * 1024 * 1024, name="a.pdf"))
    assert "1.0 MB" not in str(raised.value.message)
