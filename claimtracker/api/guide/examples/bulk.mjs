const { CLAIMTRACKER_URL, CLAIMTRACKER_KEY } = process.env;
const headers = { Authorization: `Bearer ${CLAIMTRACKER_KEY}`, "Content-Type": "application/json" };

async function ask(path, options = {}) {
  const answer = await fetch(`${CLAIMTRACKER_URL}/api/v1${path}`, options);
  const content = await answer.json();
  if (!answer.ok) throw new Error(content.detail);
  return content;
}

let job = await ask("/articles/bulk", {
  method: "POST",
  headers: { ...headers, "Idempotency-Key": `"${crypto.randomUUID()}"` }, // needed here
  body: JSON.stringify({
    articles: [
      { external_id: "gazette-1", body: "The council built 900 homes, the mayor Ann Lee said.\n" },
      { external_id: "gazette-2", body: "" },
    ],
  }),
});
while (job.state !== "done") {
  await new Promise((done) => setTimeout(done, 2000));
  job = await ask(`/jobs/${job.id}`, { headers });
}
for (const { external_id, outcome, problem } of job.items) {
  console.log(`${external_id}: ${problem ? `failed, ${problem.detail}` : outcome}`);
}
