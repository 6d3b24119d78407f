"""Addresses of the district's own that take JSON: a generic webhook, and the gateway before an SMS provider.

What they are asked and what they have to answer stands in ``docs/operating.md``.
"""

import hashlib
import hmac

from domain.channels import SmsChannel, WebhookChannel
from domain.lengths import shortened, sms_units
from services.delivery.adapters.http import Answer, Client, encoded
from services.delivery.letter import Letter, Receipt, Undelivered

SIGNATURE = "X-Guanai-Signature"
_SUCCESS, _REDIRECT, _UNPROCESSABLE = 200, 300, 422


class Webhook:
    """A generic webhook; the address goes along as ``to``."""

    def __init__(self, channel: WebhookChannel) -> None:
        self._channel = channel
        self._client = Client(channel.url, channel.timeout)

    def send(self, letter: Letter) -> Receipt:
        """Post a letter.

        Raises:
            Undelivered: unless the body says ``accepted``.
        """
        payload = {
            "id": letter.uid,
            "to": letter.to,
            "name": letter.name,
            "title": letter.subject,
            "text": "\n".join(letter.lines),
            "link": letter.link,
        }
        headers = {"Idempotency-Key": letter.uid}
        if secret := self._channel.secret.get_secret_value():
            digest = hmac.digest(secret.encode(), encoded(payload), hashlib.sha256)
            headers[SIGNATURE] = f"sha256={digest.hex()}"
        return _receipt(self._client.post("", payload, headers=headers), "接口")

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()


class Sms:
    """The gateway before an SMS provider; the address is a mobile number."""

    def __init__(self, channel: SmsChannel) -> None:
        self._channel = channel
        self._client = Client(channel.url, channel.timeout)

    def send(self, letter: Letter) -> Receipt:
        """Have a text sent, with the signature (签名) that providers demand at its head.

        Raises:
            Undelivered: unless the body says ``accepted``.
        """
        head = f"【{self._channel.signature}】" if self._channel.signature else ""
        longest = self._channel.longest - sms_units(head)
        text = head + shortened(letter.lines, letter.link, longest, sms_units)
        token = self._channel.token.get_secret_value()
        headers = {"Idempotency-Key": letter.uid} | ({"Authorization": f"Bearer {token}"} if token else {})
        payload = {"id": letter.uid, "to": letter.to, "text": text}
        return _receipt(self._client.post("", payload, headers=headers), "短信网关")

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()


def _receipt(answer: Answer, who: str) -> Receipt:
    """What a gateway's body says; without ``accepted`` in it, nothing is taken to be sent."""
    if answer.get("accepted") is True and _SUCCESS <= answer["http"] < _REDIRECT:
        return Receipt(delivered=answer.get("delivered") is True, reference=str(answer.get("reference", "")))
    permanent = answer.get("permanent") is True or answer["http"] == _UNPROCESSABLE
    reason = f"{who}未接受：{answer.get('reason') or answer['http']}"
    raise Undelivered(reason, permanent=permanent, channel="accepted" not in answer and not permanent)
