curl --fail-with-body --silent --show-error \
  "$CLAIMTRACKER_URL/api/v1/match" \
  --header "Authorization: Bearer $CLAIMTRACKER_KEY" \
  --header "Content-Type: application/json" \
  --data '{"text": "The council built 900 homes"}' |
  jq --raw-output '.results[] | select(.grade) | "\(.known_claim.rating): \(.known_claim.url)"'
