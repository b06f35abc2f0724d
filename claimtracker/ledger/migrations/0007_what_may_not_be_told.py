import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0006_looking_through_the_audit'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='auditnote',
            trigger=pgtrigger.compiler.Trigger(name='note_on_a_held_claim_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT 1 FROM ledger_auditentry e JOIN claims_restrictedclaim r ON r.held_at IS NOT NULL AND (e.subject_type = 'claims.claim' AND e.subject_id = r.claim_id::text OR e.details ->> 'claim' = r.claim_id::text) WHERE e.id = OLD.entry_id) THEN RETURN NULL; END IF; RETURN OLD;", hash='312cb335d763c0d34d4d89bee78051f086ff0172', operation='DELETE', pgid='pgtrigger_note_on_a_held_claim_stays_fb8b5', table='ledger_auditnote', when='BEFORE')),
        ),
    ]
