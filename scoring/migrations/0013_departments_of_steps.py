from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scoring", "0012_editor_steps")]

    operations = [
        migrations.AddField(
            model_name="schemestep",
            name="departments",
            field=models.JSONField(default=dict, verbose_name="departments of rows taken out"),
        ),
    ]
