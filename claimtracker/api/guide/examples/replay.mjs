const { CLAIMTRACKER_URL, CLAIMTRACKER_KEY, DELIVERY, RECEIVER } = process.env;
const headers = { Authorization: `Bearer ${CLAIMTRACKER_KEY}` };

const read = await fetch(`${CLAIMTRACKER_URL}/api/v1/deliveries/${DELIVERY}`, { headers });
const message = await read.json();
if (!read.ok) throw new Error(message.detail);
const answer = await fetch(RECEIVER, { // an address of your own machine
  method: "POST",
  headers: message.attempts.at(-1).request_headers,
  body: message.body,
});
console.log(answer.status);
