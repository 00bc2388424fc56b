"""The two functions of the guard; ilex/journal/guard.py tells how they work together."""

from django.db import migrations

MARK = """
CREATE FUNCTION journal_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('ilex.journal', pg_current_xact_id()::text, true);
    RETURN NEW;
END $$;

-- BEFORE, so that the first of a thousand lines marks the transaction and the others need not.
CREATE TRIGGER journal_mark BEFORE INSERT ON journal_line FOR EACH ROW
    WHEN (current_setting('ilex.journal', true) IS DISTINCT FROM pg_current_xact_id()::text)
    EXECUTE FUNCTION journal_mark();
"""

DEMAND = """
CREATE FUNCTION journal_demand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('ilex.journal', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
        RAISE EXCEPTION 'an act without its journal line: % on %', lower(TG_OP), TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME;
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("journal", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(MARK, "DROP TRIGGER journal_mark ON journal_line; DROP FUNCTION journal_mark();"),
        migrations.RunSQL(DEMAND, "DROP FUNCTION journal_demand();"),
    ]
