"""An e-mail over a real mail server: what it holds, and what each way of failing means."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from domain.channels import ChannelKind, FileChannel, SmtpChannel
from services.delivery.adapters.outbox import Outbox
from services.delivery.adapters.smtp import SmtpAdapter
from services.delivery.letter import Enclosure, Undelivered
from tests.delivery.letters import LETTER, letter
from tests.delivery.mail_server import Mailbox, mail_server


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as found:
        yield found


def adapter(box: Mailbox, **changed: Any) -> SmtpAdapter:
    options = {
        "name": "mail",
        "kind": "smtp",
        "host": "127.0.0.1",
        "port": box.port,
        "security": "none",
        "timeout": 5,
    }
    more = {"sender": "office@example.cn", "sender_name": "关爱办", "unsubscribe": "stop@example.cn"}
    return SmtpAdapter(SmtpChannel.model_validate(options | more | changed))


def failing(box: Mailbox, **changed: Any) -> Undelivered:
    way = adapter(box)
    with pytest.raises(Undelivered) as found:
        way.send(letter(**changed))
    way.send(letter(uid="after"))  # the next letter is none the worse for it
    way.close()
    return found.value


def part(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    assert isinstance(found, EmailMessage)
    return str(found.get_content())


def test_it_says_the_same_as_text_and_as_html_and_bears_what_goes_with_it(box: Mailbox) -> None:
    form = Enclosure("填报表（东山镇，2025年度）.xlsx", b"PK\x03\x04", "application/octet-stream")
    entry = Enclosure(
        "截止日.ics", "BEGIN:VCALENDAR\r\nSUMMARY:走访\r\nEND:VCALENDAR\r\n".encode(), "text/calendar"
    )
    way = adapter(box)
    way.send(letter(enclosures=(form, entry), unasked=True))
    way.close()
    (mail,) = box.mails
    assert (mail["Subject"], mail["To"], mail["From"]) == (
        LETTER.subject,
        "李明 <liming@town.example.cn>",
        "关爱办 <office@example.cn>",
    )
    assert mail["Message-ID"] == f"<{LETTER.uid}@example.cn>"
    assert mail["List-Unsubscribe"] == "<mailto:stop@example.cn>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == LETTER.at
    assert part(mail, "plain").replace("\r\n", "\n") == LETTER.text  # its second line begins with a dot
    assert part(mail, "html").strip() == LETTER.html
    first, second = mail.iter_attachments()
    assert (first.get_filename(), first.get_content()) == (form.name, form.content)
    assert (second.get_content_type(), second.get_param("method")) == ("text/calendar", "PUBLISH")
    assert "走访" in str(second.get_content())


def test_a_wish_to_be_left_alone_is_offered_only_where_nobody_asked_for_the_letter(box: Mailbox) -> None:
    way = adapter(box)
    way.send(letter())
    way.close()
    assert box.mails[0]["List-Unsubscribe"] is None


@pytest.mark.parametrize(
    ("to", "permanent"),
    [
        ("dead@town.example.cn", True),
        ("busy@town.example.cn", False),
        ("spam@town.example.cn", True),
        ("no address", True),
        ("a@example.cn>\r\nBcc: all@example.cn", True),
    ],
)
def test_a_refused_address_is_refused_for_good_or_for_now(box: Mailbox, to: str, *, permanent: bool) -> None:
    failure = failing(box, to=to)
    assert (failure.permanent, failure.channel, failure.unsure) == (permanent, False, False)
    assert [mail["Message-ID"] for mail in box.mails] == ["<after@example.cn>"]


def test_a_connection_that_breaks_before_the_answer_leaves_a_doubt_and_the_next_letter_a_new_one(
    box: Mailbox,
) -> None:
    box.silent = True
    failure = failing(box)
    assert (failure.unsure, failure.permanent) == (True, False)
    assert len(box.mails) == 2


def test_a_copy_is_known_by_its_message_id(box: Mailbox) -> None:
    way = adapter(box)
    way.send(letter())
    way.send(letter(at=LETTER.at + timedelta(hours=1)))
    way.close()
    assert len(box.mails) == 1
    assert set(box.copies.values()) == {2}


def test_where_nothing_listens_it_is_the_channels_fault(box: Mailbox) -> None:
    way = adapter(box, port=9)
    with pytest.raises(Undelivered) as found:
        way.send(LETTER)
    way.close()
    assert (found.value.channel, found.value.permanent, found.value.unsure) == (True, False, False)
    assert "127.0.0.1:9" in found.value.reason


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for this machine, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime(2025, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder(
            issuer_name=name, subject_name=name, public_key=key.public_key(), serial_number=1
        )
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + made.public_bytes(pem))
    return path


@pytest.mark.parametrize(("password", "taken"), [("good-password", True), ("bad", False)])
def test_over_starttls_a_password_is_asked_for_and_a_wrong_one_is_the_channels_fault(
    certificate: Path, monkeypatch: pytest.MonkeyPatch, password: str, *, taken: bool
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with mail_server(context, sign_in=True) as box:
        way = adapter(box, host="localhost", security="starttls", user="guanai", password=password)
        if taken:
            way.send(LETTER)
        else:
            with pytest.raises(Undelivered, match="不接受用户名或密码") as found:
                way.send(LETTER)
            assert found.value.channel
        way.close()
    assert len(box.mails) == taken


def test_a_server_whose_certificate_nobody_vouches_for_gets_no_password(certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with mail_server(context, sign_in=True) as box:
        way = adapter(box, host="localhost", security="starttls", user="guanai", password="good-password")  # noqa: S106 - of a stand-in
        with pytest.raises(Undelivered, match="certificate") as found:
            way.send(LETTER)
        way.close()
    assert found.value.channel


def test_the_outbox_holds_each_message_once_readable_and_for_nobody_else(tmp_path: Path) -> None:
    way = Outbox(FileChannel(name="outbox", kind=ChannelKind.FILE), tmp_path)
    assert way.send(LETTER).delivered
    way.send(letter(at=LETTER.at + timedelta(days=1)))  # a copy
    way.send(letter(uid="other", to="13800000000"))
    first, second = sorted((tmp_path / "发件箱").iterdir())
    assert first.name == f"20250324-{LETTER.uid}.eml"
    assert "每季度走访，3月31日截止" in first.read_text(encoding="utf-8")
    assert "李明（13800000000）" in second.read_text(encoding="utf-8")
    assert first.stat().st_mode & 0o077 == 0


def test_an_outbox_that_cannot_be_written_to_is_the_channels_fault(tmp_path: Path) -> None:
    (tmp_path / "发件箱").write_text("a file is in the way")
    with pytest.raises(Undelivered, match="写不进发件箱") as found:
        Outbox(FileChannel(name="outbox", kind=ChannelKind.FILE), tmp_path).send(LETTER)
    assert found.value.channel
