const { CLAIMTRACKER_URL, CLAIMTRACKER_KEY, ARTICLE } = process.env;
const headers = { Authorization: `Bearer ${CLAIMTRACKER_KEY}` };

const address = `${CLAIMTRACKER_URL}/api/v1/articles/${ARTICLE}`;

const read = await fetch(address, { headers });
if (!read.ok) throw new Error((await read.json()).detail);
const answer = await fetch(address, {
  method: "PATCH",
  headers: { ...headers, "Content-Type": "application/json", "If-Match": read.headers.get("ETag") },
  body: JSON.stringify({ title: "Council argues about homes, again" }),
});
const article = await answer.json();
if (!answer.ok) throw new Error(article.detail); // 412: somebody changed it meanwhile, read it again
console.log(`version ${article.version}: ${article.title}`);
