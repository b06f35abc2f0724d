const { CLAIMTRACKER_URL, CLAIMTRACKER_KEY } = process.env;

const answer = await fetch(`${CLAIMTRACKER_URL}/api/v1/articles`, {
  method: "POST",
  headers: {
    Authorization: `Bearer ${CLAIMTRACKER_KEY}`,
    "Content-Type": "application/json",
    "Idempotency-Key": `"${crypto.randomUUID()}"`, // the same one when you repeat this very request
  },
  body: JSON.stringify({
    external_id: "gazette-4711", // your own id: sent again, nothing happens twice
    url: "https://gazette.example/4711",
    title: "Council argues about homes",
    body: "The council built 900 homes last year, the mayor Ann Lee said on Tuesday.\n",
  }),
});
const article = await answer.json();
if (!answer.ok) throw new Error(article.detail);
console.log(answer.status, article.id, article.state);
