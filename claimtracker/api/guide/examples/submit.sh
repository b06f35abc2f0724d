curl --fail-with-body --silent --show-error \
  "$CLAIMTRACKER_URL/api/v1/articles" \
  --header "Authorization: Bearer $CLAIMTRACKER_KEY" \
  --header "Content-Type: application/json" \
  --header "Idempotency-Key: \"$(openssl rand -hex 16)\"" \
  --retry 3 \
  --data '{
    "external_id": "gazette-4711",
    "url": "https://gazette.example/4711",
    "title": "Council argues about homes",
    "body": "The council built 900 homes last year, the mayor Ann Lee said on Tuesday.\n"
  }'
