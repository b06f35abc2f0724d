curl --fail-with-body --silent --show-error \
  "$CLAIMTRACKER_URL/api/v1/articles/$ARTICLE/annotations" \
  --header "Authorization: Bearer $CLAIMTRACKER_KEY" |
  jq --raw-output '.first.items[]? | "\(.fate // "new"): \(.target.selector[0].exact)"'
