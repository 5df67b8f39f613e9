"""Stripe's official library as the signer of webhooks, and as the one that checks them.

Reads lines of JSON: {"do": "sign" | "check", "secret", "timestamp", "body", "header"}; prints for each the header that it
made, or "ok", or "refused"."""

import json
import sys

from stripe import SignatureVerificationError, WebhookSignature

for line in sys.stdin:
    asked = json.loads(line)
    body, secret = asked["body"], asked["secret"]
    if asked["do"] == "sign":
        signed = f"{asked['timestamp']}.{body}"
        signature = WebhookSignature._compute_signature(signed, secret)
        print(f"t={asked['timestamp']},{WebhookSignature.EXPECTED_SCHEME}={signature}", flush=True)
        continue
    try:
        WebhookSignature.verify_header(body, asked["header"], secret, 300)
        print("ok", flush=True)
    except SignatureVerificationError:
        print("refused", flush=True)
