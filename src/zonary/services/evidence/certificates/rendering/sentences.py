"""What page 1 says, in Chinese and English side by side.

These sentences stand on paper in both languages at once, so they are not in the catalogue of what the pages say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from zonary.proof.certificate.facts import CertificateFacts, Operator, Subject
from zonary.proof.certificate.stamps import Stamp
from zonary.proof.package.container import PACKAGE_TOKEN
from zonary.services.evidence.certificates.rendering.beside import Beside, common_name

_BEIJING = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Both:
    """The same in both languages; ``is_empty``: the field was left open."""

    zh: str
    en: str = ""
    is_empty: bool = False


UNFILLED = Both("未填写", "not stated", is_empty=True)
UNASKED = Both("本系统不收集此项，由当事人另行说明", "not asked by this system", is_empty=True)


@dataclass(frozen=True, slots=True)
class Row:
    """One field of page 1."""

    label: Both
    values: tuple[Both, ...]


def beijing(moment: str) -> str:
    """``2026年11月23日 18:00:00（北京时间）`` of a time in UTC."""
    return _read(moment).astimezone(_BEIJING).strftime("%Y年%m月%d日 %H:%M:%S（北京时间）")


def beijing_date(moment: str) -> str:
    """``2026-11-23`` of a time in UTC, the day it was in Beijing."""
    return _read(moment).astimezone(_BEIJING).date().isoformat()


def utc(moment: str) -> str:
    return _read(moment).strftime("%Y-%m-%d %H:%M:%S UTC")


def _read(moment: str) -> datetime:
    return datetime.fromisoformat(moment).astimezone(UTC)


def stated(text: str) -> Both:
    """What somebody entered as it is, or that they entered nothing."""
    return Both(text) if text.strip() else UNFILLED


def first_page(facts: CertificateFacts, aside: Beside) -> tuple[Row, ...]:
    return (
        Row(Both("存证主体", "Holder"), _holder(facts.subject)),
        Row(Both("身份如何确认", "How identified"), _identified(facts.subject)),
        Row(Both("存证内容", "What was registered"), _what(facts)),
        Row(Both("存证时间与时间来源", "When, by which clock"), _when(facts)),
        Row(Both("签发方（电子签名人）", "Issuer, who signs this file"), _issuer(aside)),
        Row(Both("服务运营方及其与当事人的关系", "Operator, relation to the parties"), _operator(facts.operator)),
        Row(
            Both("备案与测评（自述）", "Filings, as the operator states"),
            _filings(facts.operator),
        ),
    )


def _issuer(aside: Beside) -> tuple[Both, ...]:
    signer, issuer = common_name(aside.signer), common_name(aside.issuer)
    if aside.is_development:
        return (
            Both(f"{signer}（开发用）", "for development"),
            Both(f"证书由 {issuer} 颁发（非依法设立的认证机构）", "issued by it, not a licensed authority"),
        )
    return (Both(signer, "subject of the certificate"), Both(f"证书由 {issuer} 颁发", "certificate issued by it"))


def _holder(subject: Subject) -> tuple[Both, ...]:
    number = f"统一社会信用代码 {subject.number}" if subject.number else ""
    kind = Both("单位", "organisation") if subject.kind == "organisation" else Both("个人", "natural person")
    name = subject.name or "（未提供姓名）"
    values = [Both(name, kind.en + ("" if subject.name else ", name not given"))]
    if number:
        values.append(Both(number, "unified social credit code"))
    account = f"登记账号 {subject.account_name} {subject.account}".replace("  ", " ")
    return (*values, Both(account, "registering account"))


def _identified(subject: Subject) -> tuple[Both, ...]:
    values = []
    if subject.kind == "organisation":
        confirmed = Both("片区工作人员已确认何人代表该单位", "an officer confirmed who acts for it")
        unconfirmed = Both("片区未确认何人代表该单位", "the zone did not confirm who acts for it")
        values.append(confirmed if subject.is_confirmed else unconfirmed)
    if subject.identity == "document-seen":
        zh, en = "工作人员查验证件", "an officer saw an identity document"
    elif subject.identity == "identity-provider":
        zh, en = "由身份提供方核实", "vouched for by an identity provider"
    else:
        return (
            *values,
            Both("登记账号属于何人仅凭其自述，未经核实", "who the account is rests on their own word alone"),
        )
    source = f"（{subject.identity_source}）" if subject.identity_source else ""
    at = f"，{beijing(subject.identity_at)}" if subject.identity_at else ""
    return (*values, Both(f"登记账号的身份：{zh}{source}{at}", f"account: {en}"))


def _what(facts: CertificateFacts) -> tuple[Both, ...]:
    package = facts.package
    title = Both(facts.record.title, "title given by the holder") if facts.record.title else Both("未命名", "untitled")
    if package.is_disclosure:
        count = Both(
            f"某清单中披露的 {package.count:,} 项；清单其余内容未披露",
            f"{package.count:,} disclosed entries of a list; the rest of it is not shown",
        )
    elif package.count == 1:
        only = package.listed[0]
        named = f"：{only.name}" if only.name else "（登记时仅有哈希值，未登记文件名）"
        count = Both(f"一个文件{named}", "one file" if only.name else "one file, of which only the digests were given")
    else:
        count = Both(f"清单所列 {package.count:,} 项", f"the {package.count:,} entries of a list")
    return (title, count, Both(f"回执编号 {facts.record.id}", "number of the receipt"))


def _when(facts: CertificateFacts) -> tuple[Both, ...]:
    proved, received = earliest(facts), facts.record.registered_at
    values = [
        Both(
            f"证明的时间（以此为准）：不晚于 {beijing(proved)}",
            f"time proved, which counts: no later than {utc(proved)}",
        )
    ]
    stamp = min(_own(facts), key=lambda each: each.latest, default=None)
    if stamp is not None:
        values += _by_which_clock(stamp, is_later=_read(proved) > _read(facts.issued_at))
    values.append(
        Both(
            f"服务器收到（仅供参考，运营方自有时钟）：{beijing(received)}",
            f"received by the server, for reference, by the operator’s own clock: {utc(received)}",
        )
    )
    if abs(_read(proved) - _read(received)) > timedelta(days=1):
        values.append(
            Both(
                "令牌在收到之后一日以上才取得；只有证明的时间为准。",
                "tokens made more than a day after receipt; only the time proved counts",
            )
        )
    return tuple(values)


def _by_which_clock(stamp: Stamp, *, is_later: bool) -> tuple[Both, ...]:
    """:param is_later: whether the time proved lies after that of issue, to which only the accuracy can lead."""
    zh, en = ("（故略晚于签发时刻）", ", hence after issue") if is_later else ("", "")
    note, noted = (
        ("（开发用，未对接权威时间源）", ", development, no authoritative time source")
        if stamp.development
        else ("", "")
    )
    return (
        Both(
            f"依据：令牌 {beijing(stamp.time)}，加所述误差{zh}",
            f"token {utc(stamp.time)}, plus its stated accuracy{en}",
        ),
        Both(f"时间戳机构：{common_name(stamp.authority)}{note}", f"RFC 3161 authority{noted}"),
    )


def earliest(facts: CertificateFacts) -> str:
    """The earliest moment by which the content is known to have existed, by the tokens that the annex checks."""
    return min((stamp.latest for stamp in _own(facts)), default=facts.record.registered_at)


def _own(facts: CertificateFacts) -> list[Stamp]:
    """The package's own two tokens; those of further authorities stand on the second page."""
    return [each for each in facts.package.stamps if each.member in (PACKAGE_TOKEN, facts.package.plain_token)]


def _operator(operator: Operator) -> tuple[Both, ...]:
    name = f"运营方：{operator.name}" if operator.name else "运营方：未填写"
    zone = f"片区：{operator.zone}" if operator.zone else "片区：未填写"
    relation = f"与当事人的关系（运营方自述）：{operator.relation or '未填写'}"
    same = (
        Both("据系统记录：存证主体即片区管理机构自身", "on record: the holder is the zone authority itself")
        if operator.is_holder
        else Both("据系统记录：存证主体不是片区管理机构", "on record: the holder is not the zone authority")
    )
    said = "as it states" if operator.relation else "relation: not stated by the operator"
    return (
        Both(name, "operator" if operator.name else "operator: not stated"),
        Both(zone, operator.zone_english or "zone" if operator.zone else "zone: not stated"),
        Both(relation, said),
        same,
    )


def _filings(operator: Operator) -> tuple[Both, ...]:
    fields = (
        ("区块链信息服务备案编号", "blockchain service filing", operator.blockchain_filing),
        ("网络安全等级保护备案", "classified protection filing", operator.protection_filing),
        ("商用密码应用安全性评估", "commercial cryptography assessment", operator.cryptography_filing),
    )
    return tuple(
        Both(f"{zh}：{value or '未填写'}", en if value else f"{en}: not stated", is_empty=not value)
        for zh, en, value in fields
    )


def conclusion(facts: CertificateFacts) -> Both:
    time, package = earliest(facts), facts.package
    where, listed = "下文第一部分所列哈希值", "the digests listed in part 1"
    if len(package.listed) < package.count:
        where, listed = (
            "下文第一部分及所附存证包清单所列哈希值",
            "the digests listed in part 1 and in the attached package",
        )
    return Both(
        f"上述账号为存证主体登记了{where}；与其中同一项的两个哈希值均相符的文件，最迟于 {beijing(time)}已以该内容存在，"
        "此后未变；以时间戳与日志的签名可信为前提。本次登记在日志中的位置可凭所附证明核验。",
        f"The account above registered {listed} for the holder. A file that has both digests of one line existed with "
        f"this content by {utc(time)} and has not changed since, provided that the signatures of the timestamps and of "
        "the log can be trusted. Where the registration stands in the log can be checked by the attached proof.",
    )


LIMITS = Both(
    "本证书不证明作者是谁、权利归谁、内容是否真实，也不证明此前无他人持有；仅登记哈希值的，不证明登记人持有文件本身。"
    "标题与来源为存证主体所述。证明力由人民法院或其他审查者认定。",
    "It does not prove who the author is, whose right it is, whether the content is true, or that nobody had it earlier; "
    "nor, where only digests were registered, that the registrant held the file itself. Title and origin are the "
    "holder's words. Its weight is for the court, or whoever examines it, to decide.",
)
TRIAL = Both(
    "签名证书或时间戳机构为开发用，本件不得作为正式证明使用。",
    "Its signing certificate or its timestamp authority is for development: not to be used as formal proof.",
)
NOT_A_PATENT = Both(
    "存证不等于专利申请，不产生申请日，也不产生优先权。",
    "A registration of evidence is not a patent application: it gives neither a filing date nor priority.",
)
PAPER = Both(
    "核验：以另行取得的信任文件确认签名人（附录末尾的指纹供对照），待核对文件按附录比对。扫码网页只是运营方自己的说法，"
    "不能代替核验。纸质件仅供阅读，以电子文件为准，供审查核验。",
    "To check: confirm the signer of this file with a trust file got elsewhere (fingerprints end the annex), and the file "
    "in hand by the annex. The page behind the QR code is the operator’s own word. The signed file counts, not paper; "
    "ready for examination.",
)
DEVELOPMENT = Both(
    "试用：签名证书或时间戳机构为开发用，不由任何认证机构担保",
    "TRIAL: development keys or time, vouched for by no certification authority",
)
