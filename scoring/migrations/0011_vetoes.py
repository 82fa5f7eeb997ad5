from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scoring", "0010_rosters_of_earlier_draws")]

    operations = [
        migrations.AddField(
            model_name="incident",
            name="veto",
            field=models.CharField(blank=True, default="", max_length=20, verbose_name="veto"),
            preserve_default=False,
        ),
    ]
