const { CLAIMTRACKER_URL, CLAIMTRACKER_KEY } = process.env;
const headers = { Authorization: `Bearer ${CLAIMTRACKER_KEY}` };

let next = `${CLAIMTRACKER_URL}/api/v1/publications?limit=100`;
while (next) {
  const answer = await fetch(next, { headers });
  const page = await answer.json();
  if (!answer.ok) throw new Error(page.detail);
  for (const check of page.results) console.log(check.url);
  next = page.next;
}
