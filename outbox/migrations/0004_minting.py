"""A secret is made as its message is sent; none is kept until then."""

from django.db import migrations, models
from django.utils import timezone


def forget_secrets(apps, schema_editor):
    """What waits with a secret in its body is withdrawn and emptied: the secret is asked for anew."""
    waiting = apps.get_model("outbox", "Message").objects.filter(secret=True, sent_at=None)
    waiting.update(withdrawn_at=timezone.now(), address="", body="")


class Migration(migrations.Migration):
    dependencies = [("outbox", "0003_why_and_until_when")]

    operations = [
        migrations.RunPython(forget_secrets, migrations.RunPython.noop),
        migrations.RemoveField(model_name="message", name="secret"),
        migrations.AddField(
            model_name="message",
            name="minting",
            field=models.CharField(blank=True, default="", max_length=40, verbose_name="made while it is sent"),
            preserve_default=False,
        ),
    ]
