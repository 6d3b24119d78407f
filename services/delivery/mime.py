"""A letter as an e-mail: plain text and HTML, what goes with it, and an id by which a copy is known."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy

from services.delivery.letter import Letter, Undelivered

READABLE = SMTP.clone(cte_type="8bit", utf8=True)
"""For files that somebody looks at."""


def message_id(uid: str, domain: str) -> str:
    """The Message-ID of a letter, the same at each try."""
    return f"<{uid}@{domain}>"


def compose_mail(
    letter: Letter,
    *,
    sender: str,
    sender_name: str = "",
    reply_to: str = "",
    unsubscribe: str = "",
    policy: "EmailPolicy[EmailMessage]" = SMTP,
) -> EmailMessage:
    """The letter as it goes over SMTP.

    Args:
        letter: what is sent.
        sender: address that it comes from; its domain makes the Message-ID.
        sender_name: the name beside it.
        reply_to: where answers go; to the sender where it is empty.
        unsubscribe: an address for wishes to be left alone, for letters that come by themselves.
        policy: how it is written.

    Raises:
        Undelivered: for good, where an address is none.
    """
    mail = EmailMessage(policy=policy)
    try:
        mail["From"] = Address(sender_name, addr_spec=sender)
        mail["To"] = Address(letter.name, addr_spec=letter.to)
    except (ValueError, IndexError) as error:  # IndexError: the standard library's answer to some of them
        raise Undelivered(f"邮箱地址“{letter.to}”不是可用的地址", permanent=True) from error
    mail["Subject"] = " ".join(letter.subject.split())
    mail["Date"] = letter.at
    mail["Message-ID"] = message_id(letter.uid, sender.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"  # so that no absence is announced in answer
    if reply_to:
        mail["Reply-To"] = reply_to
    if unsubscribe and letter.unasked:
        mail["List-Unsubscribe"] = f"<mailto:{unsubscribe}>"
    coding = "8bit" if policy is READABLE else "base64"
    mail.set_content(letter.text, cte=coding)
    mail.add_alternative(letter.html, subtype="html", cte=coding)
    for one in letter.enclosures:
        maintype, _, subtype = one.media_type.partition("/")
        mail.add_attachment(one.content, maintype=maintype, subtype=subtype, filename=one.name)
        if one.media_type == "text/calendar":
            (*_, part) = mail.iter_attachments()
            part.set_param("method", "PUBLISH")
            part.set_param("charset", "utf-8")
    return mail
