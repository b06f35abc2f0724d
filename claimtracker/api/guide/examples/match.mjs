const { CLAIMTRACKER_URL, CLAIMTRACKER_KEY } = process.env;
const headers = { Authorization: `Bearer ${CLAIMTRACKER_KEY}`, "Content-Type": "application/json" };

const answer = await fetch(`${CLAIMTRACKER_URL}/api/v1/match`, {
  method: "POST",
  headers,
  body: JSON.stringify({ text: "The council built 900 homes" }),
});
const found = await answer.json();
if (!answer.ok) throw new Error(found.detail);
for (const { grade, known_claim } of found.results) {
  if (grade !== null) console.log(`${known_claim.rating}: ${known_claim.url}`); // others are only alike
}
