const { CLAIMTRACKER_URL, CLAIMTRACKER_KEY } = process.env;

const asked = new URLSearchParams({ query: "household paid railway", languageCode: "en", key: CLAIMTRACKER_KEY });
const answer = await fetch(`${CLAIMTRACKER_URL}/factcheck/v1alpha1/claims:search?${asked}`);
const { claims = [], error } = await answer.json();
if (error) throw new Error(error.message);
for (const claim of claims) {
  for (const review of claim.claimReview) console.log(`${review.textualRating}: ${claim.text} (${review.url})`);
}
