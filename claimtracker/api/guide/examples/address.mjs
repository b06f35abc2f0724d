const { CLAIMTRACKER_URL, CLAIMTRACKER_KEY, ARTICLE_URL } = process.env;
const headers = { Authorization: `Bearer ${CLAIMTRACKER_KEY}`, "Content-Type": "application/json" };

const answer = await fetch(`${CLAIMTRACKER_URL}/api/v1/articles`, {
  method: "POST",
  headers: { ...headers, "Idempotency-Key": `"${crypto.randomUUID()}"` },
  body: JSON.stringify({ url: ARTICLE_URL }),
});
const article = await answer.json();
if (!answer.ok) throw new Error(article.detail);
console.log(article.state, article.id); // 202: pending until its page came
