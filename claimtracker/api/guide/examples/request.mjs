const { CLAIMTRACKER_URL, CLAIMTRACKER_KEY } = process.env;
const headers = { Authorization: `Bearer ${CLAIMTRACKER_KEY}`, "Content-Type": "application/json" };

const answer = await fetch(`${CLAIMTRACKER_URL}/api/v1/requests`, {
  method: "POST",
  headers: { ...headers, "Idempotency-Key": `"${crypto.randomUUID()}"` },
  body: JSON.stringify({ text: "The council built 900 homes last year.", note: "Three of our readers asked." }),
});
const request = await answer.json();
if (!answer.ok) throw new Error(request.detail);
console.log(`${request.status}, ${request.votes} asked: ${request.id}`);
