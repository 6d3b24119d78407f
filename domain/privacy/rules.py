"""What may not come in: the rules of the guard, and what a breach of one says.

Sources, quoted by the `source` of each rule:
    [办法] 《困境儿童个人信息保护工作办法》 (民政部 and 17 other departments, January 2025),
        第三条: whatever identifies a child in need, alone or joined with other information.
    [四（三）10] the notice's measure 10, last sentence: respect the child's dignity, protect
        privacy and personal information, no step that makes them public.
    [四（二）4] measure 4: cases are told only where the child's privacy is protected.
    [六（三）] 保障措施（三）: protect children's privacy in publicity work.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_MEASURE_10: Final = "《困境儿童个人信息保护工作办法》第三条；通知四（三）10末句"
_PUBLICITY: Final = "《困境儿童个人信息保护工作办法》第三条；通知六（三）"
_CASES: Final = "《困境儿童个人信息保护工作办法》第三条；通知四（二）4、六（三）"


class RuleId(StrEnum):
    """Stable names of the rules, for logs, tests and statistics of refusals."""

    IDENTITY_NUMBER = "identity-number"
    OTHER_DOCUMENT = "other-document"
    BIRTH_DATE = "birth-date"
    TELEPHONE = "telephone"
    ONLINE_CONTACT = "online-contact"
    BANK_CARD = "bank-card"
    PERSON_NAME = "person-name"
    ADDRESS = "address"
    SCHOOL_CLASS = "school-class"
    HEALTH_DETAIL = "health-detail"
    CASE_FACT = "case-fact"
    PLACEMENT = "placement"
    JOINED = "joined"
    SMALL_COUNT = "small-count"


class Context(StrEnum):
    """What the text was written for.

    NARRATIVE is any cell that tells or counts. CONTACT is the form's own field for the person who
    filled it in: that officer's name, office telephone and e-mail belong there.
    """

    NARRATIVE = "narrative"
    CONTACT = "contact"

    def permits(self, rule: RuleId) -> bool:
        """Whether a text of this kind may hold what `rule` looks for."""
        return self is Context.CONTACT and rule in _OFFICER_CONTACT


_OFFICER_CONTACT: Final = frozenset({RuleId.PERSON_NAME, RuleId.TELEPHONE, RuleId.ONLINE_CONTACT})


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what the officer is told, and where it comes from.

    Attributes:
        reason: Chinese sentence saying what is wrong and what to write instead; a constant, so
            that it cannot repeat what was found.
        source: the clause of the 办法 and the paragraph of the notice.
    """

    reason: str
    source: str


RULES: Final[dict[RuleId, Rule]] = {
    RuleId.IDENTITY_NUMBER: Rule(
        "此处疑似含有居民身份证号（或由其组成的残疾人证号、学籍号）。请整个删去，只写汇总情况；"
        "儿童个人信息请在全国儿童福利信息系统中办理。",
        _MEASURE_10,
    ),
    RuleId.OTHER_DOCUMENT: Rule(
        "此处疑似含有护照、居留证、户口簿、出生医学证明、病历或案件等证件文书号码。"
        "请删去号码，只写办理的总体情况。",
        _MEASURE_10,
    ),
    RuleId.BIRTH_DATE: Rule(
        "此处疑似含有个人的出生日期。请删去，确需说明年龄的，请改写为年龄段的汇总情况。",
        _MEASURE_10,
    ),
    RuleId.TELEPHONE: Rule(
        "此处疑似含有手机或固定电话号码。请删去；填报人电话请填在联系方式栏，"
        "单位公开电话请改写为“已公布举报求助电话”。",
        _MEASURE_10,
    ),
    RuleId.ONLINE_CONTACT: Rule(
        "此处疑似含有微信号、QQ号或电子邮箱。请删去，只写“已建立联系渠道”。", _MEASURE_10
    ),
    RuleId.BANK_CARD: Rule(
        "此处疑似含有银行卡号或账号。请删去，发放情况只写总人数和总金额，并填入指标表。",
        _MEASURE_10,
    ),
    RuleId.PERSON_NAME: Rule(
        "此处疑似写有儿童或其家人的姓名、小名或化名（“某某”“××”也算）。请删去姓名，"
        "改写为所做的工作及总体成效。",
        _PUBLICITY,
    ),
    RuleId.ADDRESS: Rule(
        "此处疑似写有村（社区）以下的住址（组、屯、路号、楼栋、单元、室等）。"
        "请删去，地点最多写到乡镇（街道）。",
        _MEASURE_10,
    ),
    RuleId.SCHOOL_CLASS: Rule(
        "此处疑似写到了学校的具体班级。请删去班级，改写为学段（如小学、初中）或全区汇总情况。",
        _MEASURE_10,
    ),
    RuleId.HEALTH_DETAIL: Rule(
        "此处疑似写到了某一个人的疾病、残疾或艾滋病病毒感染情况。请删去个人情况，改写为政策落实的总体情况。",
        _MEASURE_10,
    ),
    RuleId.CASE_FACT: Rule(
        "此处疑似叙述了某一儿童的案件或家庭变故。请删去个案情节，改写为工作机制和总体成效；"
        "需要会商的个案请走专门渠道。",
        _CASES,
    ),
    RuleId.PLACEMENT: Rule(
        "此处疑似写到了某一儿童的安置、寄养或居住去向。请删去，改写为临时监护、安置工作的总体情况。",
        _CASES,
    ),
    RuleId.JOINED: Rule(
        "此处把地点、年龄和儿童的情况写在了一起，合起来可能认出某一个儿童。"
        "请至少去掉地点和年龄，改写为全区或乡镇（街道）的总体情况。",
        _PUBLICITY,
    ),
    RuleId.SMALL_COUNT: Rule(
        "此处在文字中写了10以下的儿童（家庭、案件）数，数目太小可能认出本人。请把数字填入指标表"
        "（由系统按规则隐去小数），文字中改写为“有关儿童”等概括说法。",
        _PUBLICITY,
    ),
}


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A place in a text that breaks a rule. It holds where and why, never what.

    Attributes:
        start: offset of the first character in the text as it was given.
        end: offset after the last character.
        rule: the rule that was broken.
    """

    start: int
    end: int
    rule: RuleId

    @property
    def reason(self) -> str:
        """What is wrong and what to write instead, in Chinese."""
        return RULES[self.rule].reason
