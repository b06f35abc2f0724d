from django.db import migrations

# What was published and delivered before there were receipts and an order of events.
EDITIONS = """
    INSERT INTO partners_edition
        (publication, claim, version, change, is_correction, change_note, claim_text, rating, url, published_at)
    SELECT (e.payload->>'publication')::uuid, (e.payload->>'claim')::uuid, (e.payload->>'version')::int,
           e.payload->>'change', e.payload->>'change' NOT IN ('first', 'rechecked'),
           COALESCE(e.payload->>'change_note', ''), COALESCE(e.payload->>'claim_text', ''),
           LEFT(COALESCE(e.payload->>'rating', ''), 200), LEFT(COALESCE(e.payload->>'url', ''), 1000),
           (e.payload->>'published_at')::timestamptz
      FROM ledger_outboxevent e
     WHERE e.type LIKE 'claim.verdict\\_%' AND e.payload ? 'publication' AND e.payload ? 'published_at'
     ORDER BY e.id
    ON CONFLICT DO NOTHING
"""
EVENTS = """
    INSERT INTO partners_partnerevent (number, event_id, type, created_at)
    SELECT row_number() OVER (ORDER BY e.id), e.id, e.type, e.created_at
      FROM ledger_outboxevent e
     WHERE e.type LIKE 'claim.verdict\\_%' AND e.created_at > now() - interval '30 days'
"""
ORDER = """
    INSERT INTO partners_eventorder (id, last) SELECT 1, COALESCE(max(number), 0) FROM partners_partnerevent
"""
HOLDINGS = """
    INSERT INTO partners_holding (partner_id, publication, claim, version, way, got_at)
    SELECT DISTINCT ON (w.partner_id, n.publication)
           w.partner_id, n.publication, n.claim, n.version, 'webhook', d.finished_at
      FROM partners_delivery d
      JOIN partners_webhookendpoint w ON w.id = d.endpoint_id
      JOIN ledger_outboxevent e ON e.id = d.event_id
      JOIN partners_edition n ON n.publication::text = e.payload->>'publication'
     WHERE d.state = 'delivered' AND d.finished_at IS NOT NULL
     ORDER BY w.partner_id, n.publication, d.finished_at
    ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0007_events_and_receipts'),
    ]

    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop, elidable=True)
        for sql in (EDITIONS, EVENTS, ORDER, HOLDINGS)
    ]
