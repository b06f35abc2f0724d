curl --fail-with-body --silent --show-error --get \
  "$CLAIMTRACKER_URL/factcheck/v1alpha1/claims:search" \
  --data-urlencode "query=household paid railway" \
  --data-urlencode "languageCode=en" \
  --data-urlencode "key=$CLAIMTRACKER_KEY"
