"""When an item was last asked for, and the two kinds of credit that its author or its article bring with them. Columns
that may be empty are added in place: no table is built anew, and every trigger stays."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """After the fourth."""

    dependencies = (("catalog", "0004_media"),)
    operations = (
        migrations.AddField("accession", "checked_at", models.DateTimeField(null=True)),
        migrations.RunSQL("UPDATE catalog_accession SET checked_at = received_at", migrations.RunSQL.noop),
        migrations.AddField("image", "citation", models.TextField(null=True)),
        migrations.AddField("image", "credit_line", models.TextField(null=True)),
        migrations.AddIndex("accession", models.Index(fields=["source", "checked_at"], name="accession_checked")),
    )
