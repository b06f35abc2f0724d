# ARTICLE is the id that submitting answered with
address="$CLAIMTRACKER_URL/api/v1/articles/$ARTICLE"
for pause in 1 2 4 8 15 30 60; do
  article=$(curl --fail-with-body --silent --show-error "$address" \
    --header "Authorization: Bearer $CLAIMTRACKER_KEY") || { echo "$article" >&2; exit 1; }
  state=$(printf '%s' "$article" | jq --raw-output .extraction.state)
  [ "$state" = pending ] || break
  sleep "$pause"
done
printf '%s' "$article" | jq --raw-output '.claims[] | "\(.review.status): \(.text)"'
