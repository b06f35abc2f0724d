curl --fail-with-body --silent --show-error \
  "$CLAIMTRACKER_URL/api/v1/claims/extract" \
  --header "Authorization: Bearer $CLAIMTRACKER_KEY" \
  --header "Content-Type: application/json" \
  --data '{"text": "The council built 900 homes last year, the mayor Ann Lee said on Tuesday."}' |
  jq --raw-output '.claims[] | "\(.claimant // "the author"): \(.quote)"'
