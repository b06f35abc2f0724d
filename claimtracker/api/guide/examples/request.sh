curl --fail-with-body --silent --show-error \
  "$CLAIMTRACKER_URL/api/v1/requests" \
  --header "Authorization: Bearer $CLAIMTRACKER_KEY" \
  --header "Content-Type: application/json" \
  --header "Idempotency-Key: \"$(openssl rand -hex 16)\"" \
  --data '{"text": "The council built 900 homes last year.", "note": "Three of our readers asked."}' |
  jq --raw-output '"\(.status), \(.votes) asked: \(.id)"'
