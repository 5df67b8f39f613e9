from typing import Literal, cast

WebhookDisabledReason = Literal["failing", "gone", "owner"]


def check_webhook_disabled_reason(value: str) -> WebhookDisabledReason:
    """Whatever there is: later versions of the service may know more."""
    return cast(WebhookDisabledReason, value)
