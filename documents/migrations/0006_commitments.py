"""Each person's commitment is kept beside them; of those who are kept already it is made once."""

from typing import Any

from django.db import migrations, models

from scoring.engine.draw import commitment

AT_ONCE = 500


def commit(apps: Any, _editor: Any) -> None:
    """Make the commitments of the people whose names are kept; of those forgotten the submissions have them."""
    entries = apps.get_model("documents", "RosterEntry")._base_manager
    made = []
    for person in entries.filter(forgotten_at=None).iterator(AT_ONCE):
        person.commitment = commitment(person.name, person.phone, bytes.fromhex(person.salt))
        made.append(person)
        if len(made) == AT_ONCE:
            entries.bulk_update(made, ["commitment"])
            made = []
    entries.bulk_update(made, ["commitment"])
    sealed = apps.get_model("documents", "Submission")._base_manager
    for sheet in entries.filter(commitment="").order_by().values_list("sheet", flat=True).distinct():
        for roster in sealed.filter(sheet=sheet).order_by("number").values_list("body__roster", flat=True):
            for opaque_id, committed in roster:
                entries.filter(sheet=sheet, opaque_id=opaque_id, commitment="").update(commitment=committed)
    entries.filter(commitment="").update(commitment="-")  # forgotten before they were handed in: nothing tells of them


class Migration(migrations.Migration):
    dependencies = [("documents", "0005_forgotten_people")]

    operations = [
        migrations.AddField(
            model_name="rosterentry",
            name="commitment",
            field=models.CharField(default="", max_length=64, verbose_name="commitment"),
            preserve_default=False,
        ),
        migrations.RunPython(commit, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="rosterentry",
            constraint=models.CheckConstraint(condition=~models.Q(commitment=""), name="roster_committed"),
        ),
    ]
