const { CLAIMTRACKER_URL, CLAIMTRACKER_KEY, ARTICLE } = process.env;
const headers = { Authorization: `Bearer ${CLAIMTRACKER_KEY}` };

const answer = await fetch(`${CLAIMTRACKER_URL}/api/v1/articles/${ARTICLE}/versions`, { headers });
const versions = await answer.json();
if (!answer.ok) throw new Error(versions.detail);
for (const { number, length, title } of versions.results) {
  console.log(`version ${number}, ${length} letters: ${title}`);
}
