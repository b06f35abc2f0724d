const { CLAIMTRACKER_URL, CLAIMTRACKER_KEY } = process.env;

const answer = await fetch(`${CLAIMTRACKER_URL}/api/v1/publications?limit=3`, {
  headers: { Authorization: `Bearer ${CLAIMTRACKER_KEY}` },
});
if (!answer.ok) throw new Error((await answer.json()).detail);
for (const check of (await answer.json()).results) {
  console.log(`${check.rating?.label ?? "Retracted"}: ${check.claim.text}`);
}
