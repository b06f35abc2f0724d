const { CLAIMTRACKER_URL, CLAIMTRACKER_KEY, ARTICLE } = process.env;
const headers = { Authorization: `Bearer ${CLAIMTRACKER_KEY}` };

const answer = await fetch(`${CLAIMTRACKER_URL}/api/v1/articles/${ARTICLE}/annotations`, { headers });
const notes = await answer.json();
if (!answer.ok) throw new Error(notes.detail);
for (const { fate, target } of notes.first?.items ?? []) { // a text without claims has no page
  const [quote, position] = target.selector;
  console.log(`${fate ?? "new"}: ${quote.exact}`);
}
