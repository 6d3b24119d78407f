"""The office's file of channels: what is wrong is said, and the channels that are right go on being used."""

from pathlib import Path

import pytest

from domain.channels import OUTBOX, SmtpChannel, WecomBotChannel
from domain.problems import Problem, ProblemKind
from services.delivery.channels_file import Channels, read_channels

MAIL = 'name = "mail"\nkind = "smtp"\nhost = "smtp.example.cn"\nsender = "office@example.cn"\n'
BOT = 'name = "bot"\nkind = "wecom-bot"\n'


def read(folder: Path, *entries: str, head: str = "") -> Channels:
    path = folder / "channels.toml"
    path.write_text(head + "".join(f"[[channel]]\n{entry}" for entry in entries), encoding="utf-8")
    return read_channels(None, folder)


def test_without_a_file_there_is_the_outbox_alone(tmp_path: Path) -> None:
    assert read_channels(None, tmp_path).by_name == {"outbox": OUTBOX}
    with pytest.raises(Problem) as refusal:
        read_channels(tmp_path / "named.toml", tmp_path)  # one that is named has to be there
    assert refusal.value.kind is ProblemKind.CHANNELS_UNREADABLE


@pytest.mark.parametrize(
    "content", ["[[channel]", 'channels = "x"', 'channel = "x"', "\udcff", 'templates = "nowhere"']
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(tmp_path: Path, content: str) -> None:
    path = tmp_path / "channels.toml"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(Problem, match="〔1501〕"):
        read_channels(None, tmp_path)


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ('name = "x"\nkind = "pigeon"\n', "kind 只能是：smtp、"),
        ('name = "x"\n', "缺少 kind"),
        ('name = "x"\nkind = "smtp"\nhost = "h"\n', "缺少 sender"),
        ('name = "x"\nkind = "smtp"\nhost = "h"\nsender = "s"\nhots = "h"\n', "没有 hots 这个配置项"),
        ('name = "X x"\nkind = "file"\n', "name 的值不对"),
        ('name = "x"\nkind = "file"\ntries = 0\n', "tries 的值不对"),
        ('name = "x"\nkind = "webhook"\nurl = "ftp://h"\n', "url 的值不对"),
        ('name = "x"\nkind = "file"\nfailover = ["y"]\n', "failover 中没有名为“y”的渠道"),
        ('name = "x"\nkind = "wecom-bot"\nkey_file = "nowhere"\n', "key_file 所指的文件 nowhere 读不到内容"),
        (
            'name = "x"\nkind = "wecom-bot"\nkey_env = "NO_SUCH_KEY"\n',
            "key_env 所指的环境变量 NO_SUCH_KEY 没有值",
        ),
        ('name = "x"\nkind = "wecom-bot"\nkey = "a"\nkey_env = "B"\n', "key、key_env 只能写一个"),
        ('name = "x"\nkind = "apprise"\nurl = "dingtalk://token"\n', "Apprise 仍报告已发出"),
        ('name = "x"\nkind = "apprise"\nurl = "mailto://a:b@h"\n', "mailto 请改用本平台自己的 kind"),
        (MAIL.replace('"mail"', '"x"') + "[[channel]]\n" + MAIL.replace('"mail"', '"x"'), "名称重复"),
    ],
)
def test_a_channel_at_fault_is_told_and_the_others_are_used(tmp_path: Path, entry: str, reason: str) -> None:
    found = read(tmp_path, MAIL, entry)
    assert list(found.by_name) == ["mail"]
    (problem,) = found.faults.values()
    assert problem.kind is ProblemKind.CHANNEL_FAULTY
    assert reason in str(problem)
    assert "其他渠道照常发送" in str(problem)


def test_whoever_asks_for_a_channel_that_is_not_there_is_told_which_there_are(tmp_path: Path) -> None:
    found = read(tmp_path, MAIL, BOT)
    assert isinstance(found.get("mail"), SmtpChannel)
    with pytest.raises(Problem, match=r"没有名为“pigeon”的渠道.*可用的渠道：mail"):
        found.get("pigeon")
    with pytest.raises(Problem, match="〔1502〕"):
        found.get("bot")


def test_secrets_come_from_files_beside_it_or_from_the_environment_and_are_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_text("from-file\n")
    monkeypatch.setenv("BOT_KEY", "from-environment")
    found = read(
        tmp_path, BOT + 'key_file = "key"\n', BOT.replace("bot", "bot-2", 1) + 'key_env = "BOT_KEY"\n'
    )
    bots = [channel for channel in found.by_name.values() if isinstance(channel, WecomBotChannel)]
    keys = [bot.key.get_secret_value() for bot in bots]
    assert keys == ["from-file", "from-environment"]
    assert "from-" not in repr(found)
