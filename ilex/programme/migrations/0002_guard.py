from django.db import migrations

from ilex.journal.guard import guarded

# An asset answers a finding, and that finding is a need: the pair of columns can point to nothing else.
NEEDED = """
    ALTER TABLE programme_asset ADD CONSTRAINT programme_asset_need_is_need
    FOREIGN KEY (need_id, need_kind) REFERENCES programme_finding (id, kind) DEFERRABLE INITIALLY DEFERRED
"""

# A kept factsheet stays as it was: only whether the public site shows it may change, and its officer may leave.
STAYS = """
    CREATE FUNCTION programme_factsheet_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE'
            AND to_jsonb(NEW) - ARRAY['public', 'frozen_by_id'] = to_jsonb(OLD) - ARRAY['public', 'frozen_by_id']
            AND (NEW.frozen_by_id IS NULL OR NEW.frozen_by_id = OLD.frozen_by_id)
        THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'a kept factsheet stays as it is: % on %', lower(TG_OP), TG_TABLE_NAME;
    END $$;
    CREATE TRIGGER programme_factsheet_stays BEFORE UPDATE OR DELETE ON programme_factsheet
    FOR EACH ROW EXECUTE FUNCTION programme_factsheet_stays()
"""
MAY_CHANGE = """
    DROP TRIGGER programme_factsheet_stays ON programme_factsheet;
    DROP FUNCTION programme_factsheet_stays()
"""


class Migration(migrations.Migration):
    dependencies = [("programme", "0001_initial"), ("journal", "0002_guard")]

    operations = [
        migrations.RunSQL(NEEDED, "ALTER TABLE programme_asset DROP CONSTRAINT programme_asset_need_is_need"),
        migrations.RunSQL(STAYS, MAY_CHANGE),
        guarded("programme_action"),
        guarded("programme_activity"),
        guarded("programme_involvement"),
        guarded("programme_amount"),
        guarded("programme_claim"),
        guarded("programme_finding"),
        guarded("programme_remark"),
        guarded("programme_outcome"),
        guarded("programme_invitation"),
        guarded("programme_nomination"),
        guarded("programme_certificate"),
        guarded("programme_exchangeagreement"),
        guarded("programme_asset"),
        guarded("programme_handover"),
        guarded("programme_factsheet"),
    ]
