"""A cycle has a name of its own; those that there are keep their year as it."""

from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Cast


def name_by_year(apps, schema_editor):
    apps.get_model('scoring', 'Cycle').objects.update(slug=Cast(F('year'), models.CharField(max_length=30)))


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0013_departments_of_steps'),
    ]

    operations = [
        migrations.AddField(
            model_name='cycle',
            name='slug',
            field=models.CharField(default='', max_length=30, verbose_name='name in addresses'),
            preserve_default=False,
        ),
        migrations.RunPython(name_by_year, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='cycle',
            name='slug',
            field=models.CharField(max_length=30, unique=True, verbose_name='name in addresses'),
        ),
        migrations.AlterField(
            model_name='cycle',
            name='year',
            field=models.PositiveSmallIntegerField(db_index=True, verbose_name='year'),
        ),
        migrations.AlterModelOptions(
            name='cycle',
            options={'ordering': ['-year', '-pk'], 'verbose_name': 'cycle', 'verbose_name_plural': 'cycles'},
        ),
    ]
