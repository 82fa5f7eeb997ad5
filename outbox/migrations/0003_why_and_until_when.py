"""Why a message was not sent, as a reason and a number; the date that it names, apart from its words."""

from django.db import migrations, models

REASONS = {
    "no address": "no_address",
    "NoGateway": "no_gateway",
    "ValueError": "malformed",
    "BadHeaderError": "malformed",
}


def read_errors(apps, schema_editor):
    """What stood as the name of an error, with the server's answer behind it, becomes a reason and that number."""
    messages = apps.get_model("outbox", "Message").objects.exclude(last_error="")
    for pk, error, channel in messages.values_list("pk", "last_error", "channel"):
        _name, _space, code = error.partition(" ")
        away = "gateway_unreachable" if channel == "text" else "unreachable"
        reason = REASONS.get(error) or ("refused" if code else away)
        number = int(code) if code.isdigit() else None
        messages.filter(pk=pk).update(reason=reason, reason_code=number)


class Migration(migrations.Migration):
    dependencies = [("outbox", "0002_when_it_ends")]

    operations = [
        migrations.AddField(
            model_name="message", name="due_at", field=models.DateTimeField(null=True, verbose_name="due")
        ),
        migrations.AddField(
            model_name="message",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("no_address", "no mail address"),
                    ("malformed", "the address is malformed"),
                    ("refused", "refused by the mail server"),
                    ("unreachable", "the mail server can't be reached"),
                    ("no_gateway", "no gateway for texts is set up"),
                    ("gateway_refused", "not taken by the gateway for texts"),
                    ("gateway_unreachable", "the gateway for texts can't be reached"),
                    ("fault", "a fault of this system"),
                ],
                max_length=20,
                verbose_name="why not sent",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="reason_code",
            field=models.PositiveSmallIntegerField(null=True, verbose_name="answer of the server"),
        ),
        migrations.RunPython(read_errors, migrations.RunPython.noop),
        migrations.RemoveField(model_name="message", name="last_error"),
    ]
