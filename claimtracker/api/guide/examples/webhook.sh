# BODY is a file with the exact bytes that came; ID, TIMESTAMP and SIGNATURE are the three headers
key=$(printf '%s' "${WEBHOOK_SECRET#whsec_}" | base64 --decode | od -An -v -tx1 | tr -d ' \n')
expected=$({ printf '%s.%s.' "$ID" "$TIMESTAMP"; cat "$BODY"; } \
  | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64)

age=$(( $(date +%s) - TIMESTAMP ))
[ "${age#-}" -le 300 ] || { echo "too old: somebody sends it again"; exit 1; }
for signature in $SIGNATURE; do  # two of them while a secret is replaced
  [ "$signature" = "v1,$expected" ] && { echo "genuine"; exit 0; }
done
echo "not from us"
exit 1
