import os

from googleapiclient.discovery import build

client = build(
    "factchecktools",
    "v1alpha1",
    developerKey=os.environ["CLAIMTRACKER_KEY"],
    static_discovery=True,
    client_options={"api_endpoint": f"{os.environ['CLAIMTRACKER_URL']}/factcheck/"},  # the only change
)
answer = client.claims().search(query="household paid railway", languageCode="en").execute()
for claim in answer.get("claims", []):
    for review in claim["claimReview"]:
        print(f"{review['textualRating']}: {claim['text']} ({review['url']})")
