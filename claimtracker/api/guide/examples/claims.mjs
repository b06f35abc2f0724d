const { CLAIMTRACKER_URL, CLAIMTRACKER_KEY } = process.env;
const headers = { Authorization: `Bearer ${CLAIMTRACKER_KEY}` };

const asked = new URLSearchParams({ state: "published", q: "homes" });
const answer = await fetch(`${CLAIMTRACKER_URL}/api/v1/claims?${asked}`, { headers });
const claims = await answer.json();
if (!answer.ok) throw new Error(claims.detail);
for (const { review, text } of claims.results) console.log(`${review.rating}: ${text}`);
