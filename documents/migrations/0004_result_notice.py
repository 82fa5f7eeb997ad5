"""The letter that ends a cycle is named so; its table stays where it is."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_drafts_not_handed_in")]
    operations = [
        migrations.AlterModelTable(name="notice", table="documents_notice"),
        migrations.RenameModel(old_name="Notice", new_name="ResultNotice"),
    ]
