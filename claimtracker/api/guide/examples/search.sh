curl --fail-with-body --silent --show-error --get \
  "$CLAIMTRACKER_URL/factcheck/v1alpha1/claims:search" \
  --data-urlencode "query=the council built homes" \
  --data-urlencode "languageCode=en" \
  --data-urlencode "key=$CLAIMTRACKER_KEY"
