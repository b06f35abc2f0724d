curl --fail-with-body --silent --show-error \
  "$CLAIMTRACKER_URL/api/v1/articles" \
  --header "Authorization: Bearer $CLAIMTRACKER_KEY" \
  --header "Content-Type: application/json" \
  --header "Idempotency-Key: \"$(openssl rand -hex 16)\"" \
  --data "{\"url\": \"$ARTICLE_URL\"}" |
  jq --raw-output '"\(.state) \(.id)"'
