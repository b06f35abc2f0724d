# what others ask for, and a vote for the first of it
first=$(curl --fail-with-body --silent --show-error "$CLAIMTRACKER_URL/api/v1/requests?status=received" \
  --header "Authorization: Bearer $CLAIMTRACKER_KEY" |
  jq --raw-output 'first(.results[] | select(.voted | not)).id')
curl --fail-with-body --silent --show-error "$CLAIMTRACKER_URL/api/v1/requests/$first/votes" \
  --header "Authorization: Bearer $CLAIMTRACKER_KEY" \
  --header "Content-Type: application/json" \
  --data '{"note": "It is all over our town."}' |
  jq --raw-output '"\(.votes) asked: \(.text)"'
