job=$(curl --fail-with-body --silent --show-error \
  "$CLAIMTRACKER_URL/api/v1/articles/bulk" \
  --header "Authorization: Bearer $CLAIMTRACKER_KEY" \
  --header "Content-Type: application/json" \
  --header "Idempotency-Key: \"$(openssl rand -hex 16)\"" \
  --data '{"articles": [
    {"external_id": "gazette-1", "body": "The council built 900 homes last year, the mayor Ann Lee said.\n"},
    {"external_id": "gazette-2", "body": ""}
  ]}') || { echo "$job" >&2; exit 1; }
id=$(printf '%s' "$job" | jq --raw-output .id)
until [ "$(printf '%s' "$job" | jq --raw-output .state)" = done ]; do
  sleep 2
  job=$(curl --fail-with-body --silent --show-error "$CLAIMTRACKER_URL/api/v1/jobs/$id" \
    --header "Authorization: Bearer $CLAIMTRACKER_KEY") || { echo "$job" >&2; exit 1; }
done
printf '%s' "$job" | jq --raw-output \
  '.items[] | "\(.external_id): \(if .problem then "failed, \(.problem.detail)" else .outcome end)"'
