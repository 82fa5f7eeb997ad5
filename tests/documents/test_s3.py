"""The same code keeps its files on an S3 server: materials, decisions and notices, nothing of it public."""

import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit, urlunsplit
from urllib.request import urlopen

import pytest
from django.conf import settings as configured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from documents.models import Material, ResultNotice
from scoring.models import Incident, IncidentKind
from tests.support.pages import Visitor
from tests.support.s3 import S3
from tests.support.world import World, a_cycle
from workflow.consolidation.services.consolidation import decide_incident
from workflow.consolidation.services.incidents import Consequence, Decision

pytestmark = [pytest.mark.s3, pytest.mark.django_db]


@pytest.fixture
def on_s3(s3: S3, settings: Any) -> S3:
    """The default storage is the bucket."""
    kept = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": s3.storage_options()}
    settings.STORAGES = {**settings.STORAGES, "default": kept}
    return s3


def upload(world: World) -> Material:
    """A filer uploads the work summary on the page."""
    assessment = world.assessments[0]
    filer = Visitor(world, world.filers[assessment.sheet_id])
    file = ContentFile(b"%PDF-1.4\n% kept on a server\n%%EOF\n", name="总结.pdf")
    path = reverse("materials", args=[assessment.pk])
    assert filer.post(path, {"kind": "summary", "file": file}).status_code == 302
    return Material.objects.get(name="总结.pdf")


def test_a_material_is_kept_in_the_bucket_and_read_through_the_house(on_s3: S3) -> None:
    world = a_cycle().with_units(2).opened()
    material = upload(world)
    assert type(default_storage._wrapped).__name__ == "S3Storage"  # type: ignore[attr-defined]  # a lazy object
    assert material.file.storage.exists(str(material.file.name))
    owner, other = (Visitor(world, world.filers[assessment.sheet_id]) for assessment in world.assessments)
    page = owner.get(reverse("material", args=[material.pk]))
    assert b"".join(page.streaming_content) == b"%PDF-1.4\n% kept on a server\n%%EOF\n"
    assert other.get(reverse("material", args=[material.pk])).status_code == 404


def test_an_address_in_the_bucket_is_signed_and_ends(on_s3: S3) -> None:
    material = upload(a_cycle().with_units(1).opened())
    asked = parse_qs(urlsplit(material.file.url).query)
    assert {"X-Amz-Signature", "X-Amz-Expires"} <= set(asked) or {"Signature", "Expires"} <= set(asked)


def test_a_decision_and_a_notice_are_kept_there_too(on_s3: S3) -> None:
    world = a_cycle().with_units(1).accepted()
    decision = Decision(
        kind=IncidentKind.SAFETY,
        consequence=Consequence.FIRST,
        reason="通报",
        document=ContentFile(b"decided", name="d.pdf"),
    )
    with world.clock():
        decide_incident(assessment=world.assessments[0], decision=decision, by=world.office)
    assert Incident.objects.get().document.read() == b"decided"


def test_a_whole_cycle_ends_with_the_notice_in_the_bucket(on_s3: S3) -> None:
    a_cycle().with_units(1, "society").circulated()
    assert ResultNotice.objects.get().file.read().startswith(b"PK")


def test_the_settings_take_a_bucket_from_the_environment(s3: S3, tmp_path: Path) -> None:
    asked = "from django.conf import settings; print(settings.STORAGES['default']['OPTIONS']['bucket_name'])"
    environment = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEMO": "1",
        "KAOHE_DATA_DIR": str(tmp_path),
        "S3_BUCKET": s3.bucket,
        "S3_ENDPOINT_URL": s3.endpoint,
        "PYTHONPATH": str(configured.BASE_DIR),
        "PATH": "/usr/bin:/bin",
    }
    told = subprocess.run([sys.executable, "-c", asked], env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == s3.bucket


def fetched(address: str) -> tuple[int, bytes]:
    """What a stranger with this address gets from the bucket."""
    try:
        with urlopen(address) as answer:  # noqa: S310  # the address of the test server
            return answer.status, answer.read()
    except HTTPError as refused:
        return refused.code, b""


def test_nothing_in_the_bucket_is_public(on_s3: S3) -> None:
    world = a_cycle().with_units(1, "society").circulated()
    sheet = world.assessments[0].sheet
    incident = Incident(sheet=sheet, kind=IncidentKind.SAFETY, reason="通报", decided_by=world.office)
    incident.document.save("d.pdf", ContentFile(b"decided"))
    material = Material.objects.get(sheet=sheet, kind="summary")
    for kept in (material.file, ResultNotice.objects.get().file, incident.document):
        signed = kept.url
        bare = urlunsplit(urlsplit(signed)._replace(query=""))
        assert fetched(bare) == (403, b"")
        status, content = fetched(signed)
        assert status == 200 and content == kept.storage.open(str(kept.name)).read()
