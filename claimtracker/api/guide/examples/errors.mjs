const { CLAIMTRACKER_URL, CLAIMTRACKER_KEY } = process.env;

/** Once more after 429 and 5xx, as long as it is told to wait. */
async function ask(path, options) {
  let answer = await fetch(`${CLAIMTRACKER_URL}/api/v1${path}`, options);
  for (const pause of [1, 5, 30]) {
    if (answer.status !== 429 && answer.status < 500) break;
    const wait = Number(answer.headers.get("Retry-After") ?? pause);
    await new Promise((done) => setTimeout(done, wait * 1000));
    answer = await fetch(`${CLAIMTRACKER_URL}/api/v1${path}`, options);
  }
  return answer;
}

const answer = await ask("/articles", {
  method: "POST",
  headers: { Authorization: `Bearer ${CLAIMTRACKER_KEY}`, "Content-Type": "application/json" },
  body: JSON.stringify({ boddy: "…" }),
});
if (!answer.ok) {
  const problem = await answer.json();
  console.log(problem.status, problem.code, problem.request_id);
  for (const error of problem.errors ?? []) console.log(`${error.pointer ?? error.parameter}: ${error.detail}`);
}
