"""How PostgreSQL keeps what is long."""

from django.db import migrations

# Sealed bytes are noise, and what is signed is base64, which shrinks by half at most: to look for repetitions in both
# took a fifth of the database's time for each message, on either side.
LONG = ("sealed", "signed")
KEEP = "ALTER TABLE gate_envelope ALTER COLUMN {} SET STORAGE {}"


class Migration(migrations.Migration):
    dependencies = [("gate", "0002_guard")]

    operations = [
        migrations.RunSQL(KEEP.format(column, "EXTERNAL"), KEEP.format(column, "EXTENDED"), elidable=False)
        for column in LONG
    ]
