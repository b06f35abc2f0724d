const { CLAIMTRACKER_URL, CLAIMTRACKER_KEY, PUBLICATION } = process.env;
const headers = { Authorization: `Bearer ${CLAIMTRACKER_KEY}` };
const shown = new Map(); // what your pages show: claim -> version; keep it in your database

/** Called with data.publication of every webhook that has one. */
async function takeIn(id) {
  const answer = await fetch(`${CLAIMTRACKER_URL}/api/v1/publications/${id}`, { headers });
  const check = await answer.json();
  if (!answer.ok) throw new Error(check.detail);
  if (check.version <= (shown.get(check.claim.id) ?? 0)) return; // twice, or the older one later
  shown.set(check.claim.id, check.version);
  if (check.is_retracted) return console.log(`take it down: ${check.change_note}`);
  console.log(`version ${check.version}: ${check.rating.label}`);
  for (const { kind, text } of check.corrections) console.log(`${kind}: ${text}`);
}

await takeIn(PUBLICATION);
