from django.db import migrations, models


def keep_changes(apps, schema_editor):
    """The whole bodies of a step become one change of everything."""
    steps = apps.get_model("scoring", "SchemeStep").objects
    for pk in steps.values_list("pk", flat=True):
        step = steps.get(pk=pk)
        step.change = {"was": step.before, "now": step.after}
        step.save(update_fields=["change"])


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0015_library'),
    ]

    operations = [
        migrations.AddField(
            model_name='schemestep',
            name='change',
            field=models.JSONField(default=dict, verbose_name='what it changes'),
            preserve_default=False,
        ),
        migrations.RunPython(keep_changes, migrations.RunPython.noop),
        migrations.RemoveField(model_name='schemestep', name='before'),
        migrations.RemoveField(model_name='schemestep', name='after'),
    ]
