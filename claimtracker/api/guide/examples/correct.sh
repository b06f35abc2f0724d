# PUBLICATION is data.publication of a webhook
curl --fail-with-body --silent --show-error \
  "$CLAIMTRACKER_URL/api/v1/publications/$PUBLICATION" \
  --header "Authorization: Bearer $CLAIMTRACKER_KEY" |
  jq --raw-output '
    if .is_retracted then "take it down: \(.change_note)"
    else "version \(.version): \(.rating.label)", (.corrections[] | "\(.kind): \(.text)")
    end'
