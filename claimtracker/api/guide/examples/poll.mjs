const { CLAIMTRACKER_URL, CLAIMTRACKER_KEY, ARTICLE } = process.env;
const headers = { Authorization: `Bearer ${CLAIMTRACKER_KEY}` };

let article;
for (const pause of [1, 2, 4, 8, 15, 30, 60]) {
  const answer = await fetch(`${CLAIMTRACKER_URL}/api/v1/articles/${ARTICLE}`, { headers });
  article = await answer.json();
  if (!answer.ok) throw new Error(article.detail);
  if (article.state === "held" || article.extraction.state !== "pending") break;
  await new Promise((done) => setTimeout(done, pause * 1000));
}
if (article.extraction.state !== "extracted") {
  // held for a moderator, refused, or its page could not be fetched
  console.error(`${article.state}, ${article.extraction.state}: ${article.extraction.message}`);
  process.exit(1);
}
// start and end count code points; a JavaScript string counts UTF-16 units, so take the text apart first
const letters = Array.from(article.body);
for (const claim of article.claims) {
  const quote = letters.slice(claim.start, claim.end).join("");
  if (quote !== claim.quote) throw new Error("counted otherwise");
  console.log(`${claim.review.status}: ${claim.text}`);
}
