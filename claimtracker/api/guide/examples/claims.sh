curl --fail-with-body --silent --show-error --get \
  "$CLAIMTRACKER_URL/api/v1/claims" \
  --header "Authorization: Bearer $CLAIMTRACKER_KEY" \
  --data-urlencode "state=published" \
  --data-urlencode "q=homes" |
  jq --raw-output '.results[] | "\(.review.rating): \(.text)"'
