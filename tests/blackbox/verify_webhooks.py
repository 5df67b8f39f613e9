"""The official library of Standard Webhooks as the one that checks what is sent.

Reads lines of JSON: {"secret", "headers", "body"}; prints for each "ok" or "refused"."""

import json
import sys

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

for line in sys.stdin:
    asked = json.loads(line)
    try:
        Webhook(asked["secret"]).verify(asked["body"], asked["headers"])
        print("ok", flush=True)
    except (WebhookVerificationError, ValueError):
        print("refused", flush=True)
