"""Draws from before rosters were fixed get the public roster that they were made from, in the order of its ids."""

from django.db import migrations


def fix(apps, _schema_editor):
    draws, rosters = apps.get_model("scoring", "Draw"), apps.get_model("scoring", "PublicRoster")
    for draw in draws.objects.filter(drawing=None).exclude(public_roster=""):
        header, *rows = draw.public_roster.splitlines()
        rosters.objects.create(
            sheet_id=draw.sheet_id,
            sha256=draw.roster_sha256,
            content="".join(f"{row}\n" for row in [header, *sorted(rows, key=lambda row: row.split(",")[0].encode())]),
            fixed_at=draw.drawn_at,
        )


class Migration(migrations.Migration):

    dependencies = [
        ("scoring", "0009_fewer_indexes"),
    ]

    operations = [migrations.RunPython(fix, migrations.RunPython.noop, elidable=True)]
