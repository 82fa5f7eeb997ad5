from datetime import UTC, datetime

from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# By its instant and its address the office of a demo that was loaded before there was a mark is known.
SINCE, OFFICE = datetime(2019, 1, 1, tzinfo=UTC), "office@example.org"


def mark_what_is_a_demo(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    alias = editor.connection.alias
    people = apps.get_model("accounts", "User").objects.using(alias)
    if people.filter(username="office", email=OFFICE, created_at=SINCE).exists():
        apps.get_model("audit", "DemoMark").objects.using(alias).create(number=1)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("audit", "0003_changes_of_accounts"),
    ]

    operations = [
        migrations.CreateModel(
            name="DemoMark",
            fields=[("number", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False))],
            options={"verbose_name": "mark of a demo", "verbose_name_plural": "marks of a demo"},
        ),
        migrations.AddConstraint(
            model_name="demomark",
            constraint=models.CheckConstraint(condition=models.Q(("number", 1)), name="one_mark_of_a_demo"),
        ),
        migrations.RunPython(mark_what_is_a_demo, migrations.RunPython.noop),
    ]
