const { CLAIMTRACKER_URL, CLAIMTRACKER_KEY } = process.env;
const headers = { Authorization: `Bearer ${CLAIMTRACKER_KEY}`, "Content-Type": "application/json" };

const list = await fetch(`${CLAIMTRACKER_URL}/api/v1/requests?status=received`, { headers });
const requests = await list.json();
if (!list.ok) throw new Error(requests.detail);
const first = requests.results.find((each) => !each.voted); // what others ask for
const answer = await fetch(`${CLAIMTRACKER_URL}/api/v1/requests/${first.id}/votes`, {
  method: "POST",
  headers,
  body: JSON.stringify({ note: "It is all over our town." }),
});
const request = await answer.json();
if (!answer.ok) throw new Error(request.detail);
console.log(`${request.votes} asked: ${request.text}`);
