# ARTICLE is the id that submitting answered with
address="$CLAIMTRACKER_URL/api/v1/articles/$ARTICLE"
for pause in 1 2 4 8 15 30 60; do
  article=$(curl --fail-with-body --silent --show-error "$address" \
    --header "Authorization: Bearer $CLAIMTRACKER_KEY") || { echo "$article" >&2; exit 1; }
  state=$(printf '%s' "$article" | jq --raw-output '"\(.state), \(.extraction.state)"')
  case $state in held,* | *,\ extracted | *,\ refused) break ;; esac
  sleep "$pause"
done
case $state in
  *,\ extracted) printf '%s' "$article" | jq --raw-output '.claims[] | "\(.review.status): \(.text)"' ;;
  # held for a moderator, refused, or its page could not be fetched
  *) echo "$state: $(printf '%s' "$article" | jq --raw-output .extraction.message)" >&2; exit 1 ;;
esac
