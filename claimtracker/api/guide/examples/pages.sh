next="$CLAIMTRACKER_URL/api/v1/publications?limit=100"
while [ "$next" != null ]; do
  page=$(curl --fail-with-body --silent --show-error "$next" \
    --header "Authorization: Bearer $CLAIMTRACKER_KEY") || { echo "$page" >&2; exit 1; }
  printf '%s' "$page" | jq --raw-output '.results[].url'
  next=$(printf '%s' "$page" | jq --raw-output .next)
done
