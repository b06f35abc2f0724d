curl --fail-with-body --silent --show-error \
  "$CLAIMTRACKER_URL/api/v1/publications?limit=3" \
  --header "Authorization: Bearer $CLAIMTRACKER_KEY"
