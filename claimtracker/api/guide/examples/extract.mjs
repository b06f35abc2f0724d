const { CLAIMTRACKER_URL, CLAIMTRACKER_KEY } = process.env;
const headers = { Authorization: `Bearer ${CLAIMTRACKER_KEY}`, "Content-Type": "application/json" };

const text = "The council built 900 homes last year, the mayor Ann Lee said on Tuesday.";
const answer = await fetch(`${CLAIMTRACKER_URL}/api/v1/claims/extract`, {
  method: "POST",
  headers,
  body: JSON.stringify({ text }),
});
const found = await answer.json();
if (!answer.ok) throw new Error(found.detail);
for (const { claimant, quote } of found.claims) console.log(`${claimant ?? "the author"}: ${quote}`);
