"""Events name their cycle by its own name; what is recorded keeps its year, which is that name."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0010_comments_and_forgotten'),
    ]

    operations = [
        migrations.RenameField(model_name='event', old_name='cycle_year', new_name='cycle'),
        migrations.AlterField(
            model_name='event',
            name='cycle',
            field=models.CharField(blank=True, db_index=True, default='', max_length=30, verbose_name='cycle'),
            preserve_default=False,  # PostgreSQL writes it where there was no year
        ),
    ]
