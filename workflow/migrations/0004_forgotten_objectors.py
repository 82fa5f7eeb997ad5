from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workflow', '0003_requests_about_many'),
    ]

    operations = [
        migrations.AddField(
            model_name='objection',
            name='forgotten_at',
            field=models.DateTimeField(null=True, verbose_name='names deleted at'),
        ),
    ]
