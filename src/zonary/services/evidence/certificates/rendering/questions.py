"""The fields that Chinese rules of evidence ask about, one to one, and what is known of each.

人民法院在线诉讼规则 (法释〔2021〕12号) arts. 16-19; 最高人民法院关于民事诉讼证据的若干规定 (法释〔2019〕19号) arts.
93-94. The questions are abridged; what the system observed, what the operator states of itself and what the holder
declared stand apart, and nothing is filled in for anybody: a declaration answers what its topic asks, and no more.
"""

from __future__ import annotations

from dataclasses import dataclass

from zonary.proof.certificate.facts import CertificateFacts, Declared
from zonary.proof.statement import Statement
from zonary.services.evidence.certificates.rendering.sealed import captured_of, reported_of, stated_of
from zonary.services.evidence.certificates.rendering.sentences import Both, beijing, beijing_date

_MAX_SAID = 12
"""Declarations printed under one question: a file of more than 200 pages is not verified."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that is asked. Where nobody is asked, this system has no field for it.

    :ivar observed: what the system knows, or None where it can know nothing.
    :ivar operator: what the operator states of itself; None where they are not asked.
    :ivar sealed: what the holder stated when sealing, which stands in the statement; ``reported`` what their program
        or browser reported of its machine then.
    :ivar declared: what the holder declared afterwards; None where they are not asked, empty where they said nothing.
    """

    asked: Both
    observed: Both | None = None
    operator: str | None = None
    sealed: tuple[str, ...] = ()
    reported: Both | None = None
    declared: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Article:
    title: Both
    questions: tuple[Question, ...]


def articles(facts: CertificateFacts, statement: Statement) -> tuple[Article, ...]:
    """Every article in its order."""
    return (
        _article_16(facts),
        _article_17(facts),
        _article_18(facts, statement),
        _article_19(),
        _article_93(facts, statement),
        _article_94(facts, statement),
    )


def _article_16(facts: CertificateFacts) -> Article:
    log = facts.package
    return Article(
        Both(
            "在线诉讼规则 第十六条　上链后是否经技术核验一致",
            "Online Litigation Rules art. 16: consistent on technical check since it was recorded",
        ),
        (
            Question(
                Both("技术核验结果", "result of the technical check"),
                Both(
                    f"签发时核对：登记记录在日志 {log.origin} 中，索引 {log.index}（从 0 起计，共 {log.tree_size:,} 项）。"
                    "签发时系统未比对任何文件；请按附录比对。该日志为哈希树日志，是否属于“区块链技术存储”由审查者认定。",
                    f"Checked when issued: the registration record is in the log, at index {log.index}, counted from 0, of "
                    f"{log.tree_size:,}. The system compared no file then; compare by the annex. The log is a Merkle "
                    "tree log; whether that is “blockchain” is for whoever examines it to decide.",
                ),
            ),
        ),
    )


def _article_17(facts: CertificateFacts) -> Article:
    operator = facts.operator
    filings = [operator.blockchain_filing, operator.protection_filing, operator.cryptography_filing]
    relation = Both(
        "存证主体不是片区管理机构；其他关系系统不掌握。",
        "The holder is not the zone authority; of other relations the system knows nothing.",
    )
    if operator.is_holder:
        relation = Both("存证主体即片区管理机构自身。", "The holder is the zone authority itself.")
    return Article(
        Both("在线诉讼规则 第十七条　上链后的真实性", "art. 17: authenticity since it was recorded"),
        (
            Question(
                Both(
                    "平台是否符合主管部门关于区块链存证服务的规定",
                    "whether the platform meets the rules for such services",
                ),
                operator="；".join(filter(None, filings)),
            ),
            Question(
                Both(
                    "当事人与平台有无利害关系、有无利用技术手段干预",
                    "interests between a party and the platform; interference",
                ),
                relation,
                operator=operator.relation,
            ),
            Question(
                Both("信息系统的清洁性、安全性、可靠性、可用性", "clean, safe, reliable and available systems"),
                operator=operator.system,
            ),
            Question(
                Both("存证技术和过程是否符合标准", "whether technique and process meet standards"),
                Both(
                    "SHA-256 与 SM3 双哈希；RFC 3161 时间戳；RFC 9162 哈希树与 Ed25519 签名的检查点。未声称通过任何认证。",
                    "SHA-256 and SM3; RFC 3161; RFC 9162 tree, checkpoint signed with Ed25519. No certification is claimed.",
                ),
            ),
        ),
    )


def _article_18(facts: CertificateFacts, statement: Statement) -> Article:
    return Article(
        Both(
            "在线诉讼规则 第十八条　上链前的真实性（除标明系统记录者外，由存证主体说明，平台未核实）",
            "art. 18: authenticity before it was recorded (declared by the holder, not checked, but what is marked System)",
        ),
        (
            Question(
                Both("具体来源", "where it comes from"),
                captured_of(statement),
                sealed=stated_of(statement, "source"),
                declared=_said(facts, "source"),
            ),
            Question(
                Both("生成机制", "how it was made, with what"),
                sealed=stated_of(statement, "generated_by", "machine"),
                reported=reported_of(statement),
                declared=_said(facts, "creation", "tool"),
            ),
            Question(
                Both("存储过程", "how it was kept"),
                sealed=stated_of(statement, "custodian", "custody"),
                declared=_said(facts, "custody"),
            ),
            Question(Both("移交与传输", "how it was handed over"), declared=_said(facts, "handover")),
            Question(
                Both("公证、第三方见证、关联印证", "notary, witnesses, corroboration"),
                sealed=stated_of(statement, "notarisation", "witness", "corroboration"),
                declared=_said(facts, "notarisation", "witness", "corroboration"),
            ),
        ),
    )


def _article_19() -> Article:
    return Article(
        Both("在线诉讼规则 第十九条　专门知识的人与鉴定", "art. 19: experts and appraisal"),
        (
            Question(
                Both("可供鉴定的材料", "what an appraiser can work on"),
                Both(
                    "本文件所附存证包与附录步骤；无需本平台软件；除另行取得信任文件外无需联网。",
                    "The attached package and the annex; our software is not needed, nor a network but for the trust file.",
                ),
            ),
        ),
    )


def _kept(facts: CertificateFacts, statement: Statement) -> Both:
    received = beijing(facts.record.registered_at)
    kept = Both(
        f"登记的是哈希值；服务器于 {received} 收到。文件本身的保存由存证主体说明。",
        "Digests were registered; how the files themselves were kept is for the holder to say.",
    )
    if captured_of(statement) is not None:
        kept = Both(
            f"文件由本平台取证服务自行取得，并于 {received} 登记其哈希值；此后文件的保存由存证主体说明。",
            "This service took the files itself and registered their digests; how they were kept since is for the holder.",
        )
    return kept


def _article_93(facts: CertificateFacts, statement: Statement) -> Article:
    return Article(
        Both(
            "民事证据规定 第九十三条　电子数据的真实性",
            "Civil Evidence Provisions art. 93: authenticity of electronic data",
        ),
        (
            Question(
                Both("所依赖的软硬件环境是否完整、可靠", "hardware and software complete and reliable"),
                operator=facts.operator.system,
                sealed=stated_of(statement, "machine"),
                declared=_said(facts, "tool"),
            ),
            Question(Both("是否处于正常运行状态", "whether it was running normally")),
            Question(
                Both("有无防止出错的监测、核查手段", "means against errors"),
                Both(
                    "哈希树逐项复算；检查点与叶子只增不改；时钟偏差超限即停止签发。",
                    "The tree is re-derived; checkpoints and leaves are only ever added; issuing stops when the clock is off by more than a bound.",
                ),
            ),
            Question(
                Both(
                    "是否被完整保存、传输、提取，方法是否可靠",
                    "kept, sent and taken out whole, by reliable methods",
                ),
                _kept(facts, statement),
                sealed=stated_of(statement, "custody"),
                declared=_said(facts, "custody", "handover"),
            ),
            Question(Both("是否在正常的往来活动中形成和存储", "made and kept in ordinary dealings")),
            Question(
                Both("保存、传输、提取的主体是否适当", "whether the right persons did so"),
                Both(
                    f"登记账号 {facts.subject.account}；身份确认方式见首页。",
                    "Account and how it was identified: page 1.",
                ),
                sealed=stated_of(statement, "custodian"),
                declared=tuple(dict.fromkeys(each.who for each in facts.declared if each.who)),
            ),
            Question(Both("其他因素", "other factors"), declared=_said(facts, "other")),
        ),
    )


def _article_94(facts: CertificateFacts, statement: Statement) -> Article:
    return Article(
        Both("民事证据规定 第九十四条　可以确认真实性的情形", "art. 94: when authenticity may be accepted"),
        (
            Question(Both("是否于己不利", "against the interest of whoever submits it")),
            Question(
                Both("是否由中立第三方平台提供或者确认", "provided or confirmed by a neutral third party"),
                Both(
                    "中立与否由审查者认定；运营方与当事人的关系见首页。",
                    "Neutrality is for whoever examines it; relation: page 1.",
                ),
                operator=facts.operator.relation,
            ),
            Question(Both("是否在正常业务活动中形成", "made in ordinary business")),
            Question(Both("是否以档案管理方式保管", "kept as an archive")),
            Question(Both("是否以当事人约定的方式保存、传输、提取", "kept and handed over as the parties agreed")),
            Question(
                Both("内容是否经公证机关公证", "content certified by a notary"),
                sealed=stated_of(statement, "notarisation"),
                declared=_said(facts, "notarisation"),
            ),
        ),
    )


def _said(facts: CertificateFacts, *topics: str) -> tuple[str, ...]:
    said = [_one(each) for each in facts.declared if each.topic in topics]
    rest = len(said) - _MAX_SAID
    return (*said[:_MAX_SAID], *([f"另有 {rest} 项陈述，见所附 certificate.json。"] if rest > 0 else []))


def _one(declared: Declared) -> str:
    """The words, who they are about, and when they were said: a year later they weigh less than on the day."""
    who = f"何人 {declared.who}" if declared.who else ""
    happened = f"发生于 {declared.happened_on}" if declared.happened_on else ""
    behind = "；".join(filter(None, (who, happened, f"陈述于 {beijing_date(declared.declared_at)}")))
    return f"{declared.text}（{behind}）"
