"""E-mail over SMTP, step by step, so that it is known at which of them it failed."""

import re
import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage

from domain.channels import SmtpChannel
from services.delivery.letter import Letter, Receipt, Undelivered
from services.delivery.mime import compose_mail

_OK, _FORWARD, _GO_ON, _TEMPORARY, _PERMANENT = 250, 251, 354, 400, 500
_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_LONE_DOT = re.compile(rb"(?m)^\.")


class SmtpAdapter:
    """A mail server; one connection serves many letters, and is made anew where it breaks."""

    def __init__(self, channel: SmtpChannel) -> None:
        self._channel = channel
        self._server: smtplib.SMTP | None = None

    def send(self, letter: Letter) -> Receipt:
        """Hand a letter over.

        Raises:
            Undelivered: for good where the server refuses the address or the letter; unsure where the connection broke
                between the end of the letter and the server's answer to it.
        """
        one = self._channel
        mail = compose_mail(
            letter,
            sender=one.sender,
            sender_name=one.sender_name,
            reply_to=one.reply_to,
            unsubscribe=one.unsubscribe,
        )
        server = self._connected()
        try:
            self._address(server, letter.to)
            return self._hand_over(server, mail)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Undelivered(f"与邮件服务器的连接中断（{_told(error)}）", channel=True) from error

    def close(self) -> None:
        """Take leave of the server."""
        if self._server is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._server.quit()
        self._server = None

    def _connected(self) -> smtplib.SMTP:
        if self._server is not None:
            with suppress(OSError, smtplib.SMTPException):
                if self._server.rset()[0] == _OK:
                    return self._server
            self.close()
        try:
            self._server = self._connect()
        except smtplib.SMTPAuthenticationError as error:
            raise Undelivered(f"邮件服务器不接受用户名或密码（{_told(error)}）", channel=True) from error
        except (OSError, smtplib.SMTPException) as error:
            where = f"{self._channel.host}:{self._port}"
            raise Undelivered(f"连不上邮件服务器 {where}（{_told(error)}）", channel=True) from error
        return self._server

    @property
    def _port(self) -> int:
        return self._channel.port or _PORTS[self._channel.security]

    def _connect(self) -> smtplib.SMTP:
        one, context = self._channel, ssl.create_default_context()
        server = (
            smtplib.SMTP_SSL(one.host, self._port, timeout=one.timeout, context=context)
            if one.security == "tls"
            else smtplib.SMTP(one.host, self._port, timeout=one.timeout)
        )
        try:
            if one.security == "starttls":
                server.starttls(context=context)
            if one.user:
                server.login(one.user, one.password.get_secret_value())
        except BaseException:
            server.close()
            raise
        return server

    def _address(self, server: smtplib.SMTP, to: str) -> None:
        server.ehlo_or_helo_if_needed()
        _see(*server.mail(self._channel.sender), what="发件地址", channel=True)
        code, words = server.rcpt(to)
        if code != _FORWARD:
            _see(code, words, what=f"收件地址 {to}")

    def _hand_over(self, server: smtplib.SMTP, mail: EmailMessage) -> Receipt:
        code, words = server.docmd("DATA")
        if code != _GO_ON:
            _see(code, words, what="邮件内容")
            raise Undelivered(f"邮件服务器的应答不合规范（{code}）", channel=True)
        server.send(_LONE_DOT.sub(b"..", mail.as_bytes()).removesuffix(b"\r\n") + b"\r\n.\r\n")
        try:
            code, words = server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Undelivered("邮件已发完，但邮件服务器没有应答", unsure=True, channel=True) from error
        _see(code, words, what="邮件内容")
        return Receipt()


def _see(code: int, words: bytes, *, what: str, channel: bool = False) -> None:
    """See that the server goes along; from 500 on it refuses for good, which for our own address is the channel's fault."""
    if code < _TEMPORARY:
        return
    reason = f"邮件服务器不接受{what}：{code} {words.decode(errors='replace')}"
    raise Undelivered(reason, permanent=code >= _PERMANENT and not channel, channel=channel)


def _told(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        words = error.smtp_error
        return f"{error.smtp_code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"
    return str(error) or type(error).__name__
