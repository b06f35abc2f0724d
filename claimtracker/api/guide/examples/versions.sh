curl --fail-with-body --silent --show-error \
  "$CLAIMTRACKER_URL/api/v1/articles/$ARTICLE/versions" \
  --header "Authorization: Bearer $CLAIMTRACKER_KEY" |
  jq --raw-output '.results[] | "version \(.number), \(.length) letters: \(.title)"'
