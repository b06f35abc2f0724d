"""What the database asks of a new publication, whoever writes the row."""

# Of another verdict than an approved one nothing goes out. A retraction has none.
APPROVED_VERDICT = (
    "IF NEW.change <> 'retraction' AND NOT EXISTS (SELECT 1 FROM reviews_verdict v "
    "WHERE v.id = NEW.verdict_id AND v.state = 'approved' "
    "AND v.claim_id = NEW.claim_id AND v.author_id = NEW.proposed_by_id "
    "AND v.approver_id = NEW.approved_by_id) THEN "
    "RAISE EXCEPTION 'only a verdict that a second person approved can be published' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
)

# Each error that the gate found was answered for by a lead, since the last version, who is not the author.
GATE_PASSED = (
    "IF jsonb_typeof(NEW.findings) <> 'array' THEN "
    "RAISE EXCEPTION 'the findings of a publication are a list' USING ERRCODE = 'check_violation'; END IF; "
    "IF NEW.change <> 'retraction' AND EXISTS ("
    "SELECT 1 FROM jsonb_array_elements(NEW.findings) f "
    "WHERE f->>'severity' = 'error' AND NOT EXISTS ("
    "SELECT 1 FROM reviews_standardsoverride o "
    "WHERE o.claim_id = NEW.claim_id AND o.code = f->>'code' AND o.by_id <> NEW.proposed_by_id "
    "AND o.created_at > COALESCE((SELECT max(p.published_at) FROM reviews_publication p "
    "WHERE p.claim_id = NEW.claim_id), '-infinity'))) THEN "
    "RAISE EXCEPTION 'an error of the standards gate stands, and no lead has overridden it' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
)

# A lead alone takes back, and only the version that stands; the two people of that version stay named.
RETRACTION_BY_A_LEAD = (
    "IF NEW.change = 'retraction' AND NOT EXISTS (SELECT 1 FROM reviews_publication p "
    "JOIN claims_claim c ON c.id = p.claim_id "
    "JOIN accounts_membership m ON m.desk_id = c.desk_id AND m.role = 'lead' "
    "WHERE p.id = NEW.retracts_id AND p.claim_id = NEW.claim_id AND p.number = NEW.number - 1 "
    "AND p.change <> 'retraction' AND p.proposed_by_id = NEW.proposed_by_id "
    "AND p.approved_by_id = NEW.approved_by_id AND m.user_id = NEW.published_by_id) THEN "
    "RAISE EXCEPTION 'only a lead of the desk retracts, and only the version that stands' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
)

# Nobody looks at the check again, and nobody took it back since the verdict was approved.
NOT_TAKEN_BACK_SINCE = (
    "IF EXISTS (SELECT 1 FROM reviews_reviewtask t WHERE t.claim_id = NEW.claim_id "
    "AND t.kind IN ('research', 'recheck') AND t.state IN ('queued', 'taken')) THEN "
    "RAISE EXCEPTION 'this check is being looked at again' USING ERRCODE = 'check_violation'; END IF; "
    "IF EXISTS (SELECT 1 FROM reviews_publication p JOIN reviews_verdict v ON v.id = NEW.verdict_id "
    "WHERE p.claim_id = NEW.claim_id AND p.change = 'retraction' AND p.published_at >= v.approved_at) THEN "
    "RAISE EXCEPTION 'the check was retracted after this verdict was approved' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NULL;"
)

# What goes out as re-checked says of the same claim what the version before it says.
RECHECKED_FINDS_THE_SAME = (
    "IF NOT EXISTS (SELECT 1 FROM reviews_publication p WHERE p.claim_id = NEW.claim_id "
    "AND p.number = NEW.number - 1 AND p.change <> 'retraction' "
    "AND p.snapshot #>> '{rating,slug}' = NEW.snapshot #>> '{rating,slug}' "
    "AND p.snapshot #>> '{claim,text}' = NEW.snapshot #>> '{claim,text}' "
    "AND p.snapshot ->> 'summary' = NEW.snapshot ->> 'summary' "
    "AND p.snapshot ->> 'rationale' = NEW.snapshot ->> 'rationale') THEN "
    "RAISE EXCEPTION 'what is re-checked says the same as the version before it' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
)

# Under a takedown or a legal hold nothing new goes out, and nothing is taken back.
NOTHING_WHILE_THE_LAW_FORBIDS_IT = (
    "IF EXISTS (SELECT 1 FROM reviews_restriction r WHERE r.claim_id = NEW.claim_id "
    "AND r.kind IN ('takedown', 'legal_hold') AND r.state IN ('ordered', 'in_force', 'lifting')) THEN "
    "RAISE EXCEPTION 'a takedown or a legal hold is in force for this claim' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
)
