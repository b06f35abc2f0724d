curl --silent --show-error "$CLAIMTRACKER_URL/api/v1/articles" \
  --header "Authorization: Bearer $CLAIMTRACKER_KEY" \
  --header "Content-Type: application/json" \
  --data '{"boddy": "…"}' |
  jq --raw-output '"\(.status) \(.code) \(.request_id)", (.errors[]? | "\(.pointer // .parameter): \(.detail)")'
