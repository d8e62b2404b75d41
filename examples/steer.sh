#!/bin/sh
# Arms a fault with curl, lets the Node client meet it, and reads what the mock saw:
#   npm install ws && hamsa-mock exec -- sh examples/steer.sh
set -eu
admin=${HAMSA_MOCK_ADMIN_URL:-http://127.0.0.1:8765/__mock__}
client=$(dirname "$0")/tts_client.mjs

curl -fsS -X POST "$admin/faults" -d '"close(4003) after chunk 2 times 1"'
echo
node "$client" || echo "the client met the fault"
node "$client"
curl -fsS "$admin/journal?kind=close"
echo
curl -fsS -X POST "$admin/verify" -d '{"query": {"event": "tts", "exactly": 2}}'
echo
