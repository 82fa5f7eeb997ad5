from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0004_result_notice'),
    ]

    operations = [
        migrations.AddField(
            model_name='rosterentry',
            name='forgotten_at',
            field=models.DateTimeField(null=True, verbose_name='names deleted at'),
        ),
        migrations.AddIndex(
            model_name='rosterentry',
            index=models.Index(condition=models.Q(('forgotten_at', None)), fields=['sheet'], name='roster_remembered'),
        ),
    ]
