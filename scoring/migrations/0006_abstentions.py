import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

RATED = "ratings.rated"


def take_numbers_out_of_the_record(apps, schema_editor):
    """Events once said what a leader gave: their own number is for nobody else, also not in what was recorded before."""
    events = apps.get_model("audit", "Event").objects.filter(verb=RATED)
    events.exclude(came_from="", went_to="").update(came_from="", went_to="")


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0005_sealed_ballots'),
        ('audit', '0006_messages_sent_again'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Abstention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('given_at', models.DateTimeField(verbose_name='given at')),
                ('rater', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='leader')),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='abstentions', to='scoring.scoresheet', verbose_name='sheet')),
            ],
            options={
                'verbose_name': 'abstention',
                'verbose_name_plural': 'abstentions',
                'constraints': [models.UniqueConstraint(fields=('sheet', 'rater'), name='abstention_once')],
            },
        ),
        migrations.RunPython(take_numbers_out_of_the_record, migrations.RunPython.noop),
    ]
