"""What stands on the pages, as the template reads it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from zonary.proof.certificate.facts import CertificateFacts, Listed
from zonary.proof.certificate.stamps import Stamp
from zonary.proof.package.container import PACKAGE_TOKEN, STATEMENT
from zonary.services.evidence.certificates.rendering.annex import annex_of, rows_of
from zonary.services.evidence.certificates.rendering.beside import Beside
from zonary.services.evidence.certificates.rendering.questions import Question, articles
from zonary.services.evidence.certificates.rendering.sentences import (
    DEVELOPMENT,
    LIMITS,
    NOT_A_PATENT,
    PAPER,
    TRIAL,
    UNASKED,
    UNFILLED,
    Both,
    beijing,
    conclusion,
    first_page,
    stated,
    utc,
)

_OBSERVED, _OPERATOR, _DECLARED = "系统记录 System", "运营方自述 Operator", "存证主体陈述 Holder"
_SEALED, _REPORTED = "存证主体随存证陈述 Holder, sealed", "存证主体设备报告 Holder’s machine, sealed"


def page_of(facts: CertificateFacts, aside: Beside) -> dict[str, Any]:
    """The content of ``page.json``."""
    issued = datetime.fromisoformat(facts.issued_at)
    statements = [(Both("结论", "Conclusion"), conclusion(facts)), (Both("限度", "Limits"), LIMITS)]
    if facts.record.is_patentable:
        statements.append((Both("提示", "Notice"), NOT_A_PATENT))
    keys = facts.development or aside.is_development
    is_development = keys or any(stamp.development for stamp in facts.package.stamps)
    if is_development:
        statements.insert(0, (Both("试用件", "Trial"), TRIAL))
    return {
        "title": f"存证证书 Evidence certificate {facts.number}",
        "author": facts.operator.name or facts.operator.zone,
        "date": list(issued.timetuple()[:6]),
        "running": facts.operator.zone or facts.operator.url,
        "number": facts.number,
        "development": asdict(DEVELOPMENT) if is_development else None,
        "footer": "本证书不是专利申请文件，供审查核验　Not a patent application; ready for examination",
        "issued": {"zh": beijing(facts.issued_at), "en": utc(facts.issued_at)},
        "address": facts.address,
        "scan": asdict(_scan(facts)),
        "rows": [asdict(row) for row in first_page(facts, aside)],
        "statements": [{"label": asdict(label), "text": asdict(text)} for label, text in statements],
        "paper": asdict(PAPER),
        "content": _content(facts),
        "technical": _technical(facts, aside),
        "questions": _questions(facts, aside),
        "annex": annex_of(facts, aside),
        "attached": {
            "package": "存证包 Evidence package",
            "facts": "证书所载事实 Facts stated in the certificate",
            "steps": "附录的命令 Commands of the annex",
        },
    }


def _content(facts: CertificateFacts) -> dict[str, Any]:
    package = facts.package
    shown, all_of_it = len(package.listed), package.count
    if shown < all_of_it:
        sentence = Both(
            f"共 {all_of_it:,} 项，此处按名称列出前 {shown} 项；全部列于所附存证包的清单。",
            f"{all_of_it:,} entries; the first {shown} by name stand here, all of them in the list of the package.",
        )
    else:
        sentence = Both(f"共 {all_of_it:,} 项，全部列出。", f"{all_of_it:,} in all, each listed here.")
    if package.is_disclosure:
        sentence = Both(
            sentence.zh + "本存证包只披露清单的一部分，未披露部分的内容和数量不得而知。",
            sentence.en
            + " The package discloses a part of a list; neither the content nor the number of the rest shows.",
        )
    return {
        "title": asdict(Both("一、存证内容明细", "1  What was registered")),
        "sentence": asdict(sentence),
        "listed": [_listed(each) for each in package.listed],
    }


_KINDS = {"digest": "（未登记文件名） name not registered", "file": "", "symlink": "（符号链接） symbolic link",
          "directory": "（空文件夹） empty folder"}  # fmt: skip


def _listed(each: Listed) -> dict[str, str]:
    size = f"{int(each.size):,} 字节 bytes" if each.size is not None else ""
    return {"name": f"{each.name}{_KINDS[each.kind]}", "size": size, "sha256": each.sha256, "sm3": each.sm3}


def _technical(facts: CertificateFacts, aside: Beside) -> dict[str, Any]:
    package = facts.package
    base = "　（索引从 0 起计 counted from 0）"
    rows: list[tuple[str, str, str, bool]] = [
        ("存证包 SHA-256", "package", package.sha256, True),
        ("存证包 SM3", "package", package.sm3, True),
        ("登记记录 SHA-256", "record", package.statement_sha256, True),
        ("登记记录 SM3", "record", package.statement_sm3, True),
        ("日志", "log", package.origin, False),
        ("索引 / 总项数", "index / size", f"{package.index} / {package.tree_size}{base}", False),
        ("检查点根（base64）", "root", package.root, False),
    ]
    if (second := aside.second) is not None:
        rows += [
            ("第二棵树（SM3/SM2）", "second tree", second.origin, False),
            ("其索引 / 总项数", "its index / size", f"{second.index} / {second.size}{base}", False),
            ("其检查点根", "its root", second.root, True),
        ]
    stamps = sorted(package.stamps, key=lambda each: (each.member != package.plain_token, each.member != PACKAGE_TOKEN))
    for each in stamps:
        zh, en = _covered(each, facts)
        time = f"{utc(each.time)} = {beijing(each.time)}"
        rows.append((zh, en, f"{time}  {each.authority}  ({each.member})", False))
    rows += [
        ("签名证书", "signer of this file", aside.signer, False),
        ("其颁发者", "issued by", aside.issuer, False),
    ]
    return {
        "title": asdict(Both("二、哈希值与日志位置", "2  Digests and place in the log")),
        "sentence": asdict(
            Both(
                "登记记录即存证包中的 statement.json；时间戳二经 META-INF/ASiCManifest.xml 证明它。",
                "The registration record is statement.json in the package; token 2 covers it by way of ASiCManifest.xml.",
            )
        ),
        "rows": rows_of(rows),
    }


def _covered(stamp: Stamp, facts: CertificateFacts) -> tuple[str, str]:
    """What a token is called, by what it covers."""
    if stamp.member == facts.package.plain_token:
        is_file = stamp.covers != STATEMENT
        return ("时间戳一（文件）", "token 1") if is_file else ("时间戳一（登记记录）", "token 1")
    if stamp.member == PACKAGE_TOKEN:
        return "时间戳二（登记记录）", "token 2"
    return "其他机构（登记记录）", "further"


def _scan(facts: CertificateFacts) -> Both:
    """What the QR code is for; an address that leads nowhere from elsewhere is called one for trial."""
    host = urlsplit(facts.address).hostname or ""
    try:
        is_local = ip_address(host).is_loopback
    except ValueError:
        is_local = host == "localhost"
    if is_local:
        return Both("扫码查看本编号（试用地址）", "Scan for this number (trial address)")
    return Both("扫码查看本编号", "Scan for this number")


def _questions(facts: CertificateFacts, aside: Beside) -> dict[str, Any]:
    return {
        "title": asdict(Both("三、审查要点对照", "3  What the rules of evidence ask")),
        "sentence": asdict(
            Both(
                "依《人民法院在线诉讼规则》（法释〔2021〕12号）第十六至十九条、《关于民事诉讼证据的若干规定》（法释〔2019〕19号）"
                "第九十三、九十四条逐项列出，条文为摘要，以正式文本为准。“系统记录”为本系统所知，“运营方自述”与“存证主体”“存证主体设备”所述均未经核实；"
                "“随存证”者与存证同时固定，其余为事后陈述，附陈述日期。未填写不表示没有。",
                "Asked by the articles named, abridged; the official texts govern. Observed by the system, stated by the "
                "operator and said by the holder or reported by their machine are kept apart; only the first is the "
                "system’s. “Sealed” was fixed with the record; the rest was said later, on the day given. “Not stated” "
                "does not mean there is none.",
            )
        ),
        "articles": [
            {
                "title": asdict(article.title),
                "questions": [_question(each) for each in article.questions],
            }
            for article in articles(facts, aside.statement)
        ],
    }


_MAX_TOGETHER = 1200
"""Characters of answers that are kept together on a page; more might not fit on any."""


def _question(question: Question) -> dict[str, Any]:
    answers = _answers(question)
    return {
        "asked": asdict(question.asked),
        "answers": [_answer(*answer) for answer in answers],
        "is_long": sum(len(text.zh) + len(text.en) + 40 for _sources, text in answers) > _MAX_TOGETHER,
    }


def _answers(question: Question) -> list[tuple[list[str], Both]]:
    """Who says what; those who stated nothing stand together in one line at the end."""
    sealed = [(_SEALED, stated(each)) for each in question.sealed]
    sealed += [] if question.reported is None else [(_REPORTED, question.reported)]
    said: list[tuple[str, Both]] = []
    if question.operator is not None:
        said.append((_OPERATOR, stated(question.operator)))
    if question.declared is not None:
        said += [(_DECLARED, stated(each)) for each in question.declared or (() if question.sealed else ("",))]
    answers = [] if question.observed is None else [([_OBSERVED], question.observed)]
    answers += [([source], text) for source, text in (*sealed, *said) if not text.is_empty]
    silent = [source for source, text in said if text.is_empty]
    if silent:
        answers.append((silent, UNFILLED))
    return answers or [([], UNASKED)]


def _answer(sources: list[str], text: Both) -> dict[str, Any]:
    return {"sources": sources, "text": asdict(text)}
