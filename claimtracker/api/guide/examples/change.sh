# ARTICLE is the id of one of your articles
address="$CLAIMTRACKER_URL/api/v1/articles/$ARTICLE"
etag=$(curl --fail-with-body --silent --show-error "$address" --output /dev/null \
  --header "Authorization: Bearer $CLAIMTRACKER_KEY" --write-out '%header{etag}')
curl --fail-with-body --silent --show-error --request PATCH "$address" \
  --header "Authorization: Bearer $CLAIMTRACKER_KEY" \
  --header "Content-Type: application/json" \
  --header "If-Match: $etag" \
  --data '{"title": "Council argues about homes, again"}' |
  jq --raw-output '"version \(.version): \(.title)"'
