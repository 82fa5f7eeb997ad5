"""A ballot may be handed out on paper."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scoring", "0006_abstentions")]

    operations = [
        migrations.AddField(
            model_name="ballot",
            name="on_paper",
            field=models.BooleanField(default=False, verbose_name="on paper"),
        ),
    ]
