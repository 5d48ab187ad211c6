"""What stands on the pages, as the template reads it: made of the facts alone."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from zonary.proof.certificate.facts import CertificateFacts, Listed
from zonary.proof.certificate.steps import steps_for
from zonary.services.evidence.certificates.rendering.questions import Question, articles
from zonary.services.evidence.certificates.rendering.sentences import (
    DEVELOPMENT,
    LIMITS,
    NOT_A_PATENT,
    PAPER,
    Both,
    beijing,
    conclusion,
    first_page,
    stated,
    utc,
)

_OBSERVED, _OPERATOR, _DECLARED = "系统记录", "运营方自述", "持有人陈述"


def page_of(facts: CertificateFacts) -> dict[str, Any]:
    """The content of ``page.json``."""
    issued = datetime.fromisoformat(facts.issued_at)
    statements = [(Both("结论", "Conclusion"), conclusion(facts)), (Both("限度", "Limits"), LIMITS)]
    if facts.record.is_patentable:
        statements.append((Both("提示", "Notice"), NOT_A_PATENT))
    is_development = facts.development or any(stamp.development for stamp in facts.package.stamps)
    return {
        "title": f"存证证书 Evidence certificate {facts.number}",
        "author": facts.operator.name or facts.operator.zone,
        "date": list(issued.timetuple()[:6]),
        "running": facts.operator.zone or facts.operator.url,
        "number": facts.number,
        "development": asdict(DEVELOPMENT) if is_development else None,
        "footer": "存证证书不是专利申请文件，供审查核验　Ready for examination",
        "issued": {"zh": beijing(facts.issued_at), "en": utc(facts.issued_at)},
        "address": facts.address,
        "rows": [asdict(row) for row in first_page(facts)],
        "statements": [{"label": asdict(label), "text": asdict(text)} for label, text in statements],
        "paper": asdict(PAPER),
        "content": _content(facts),
        "technical": _technical(facts),
        "questions": _questions(facts),
        "annex": _annex(facts),
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


def _technical(facts: CertificateFacts) -> dict[str, Any]:
    package = facts.package
    rows: list[tuple[str, str, str, bool]] = [
        ("存证包 SHA-256", "package", package.sha256, True),
        ("存证包 SM3", "package", package.sm3, True),
        ("声明 SHA-256", "statement", package.statement_sha256, True),
        ("声明 SM3", "statement", package.statement_sm3, True),
        ("日志", "log", package.origin, False),
        ("位置 / 总项数", "index / size", f"{package.index} / {package.tree_size}", False),
        ("检查点根", "root", package.root, False),
    ]
    rows += [
        ("时间戳", "timestamp", f"{utc(each.time)}  {each.authority}  ({each.member})", False)
        for each in package.stamps
    ]
    return {
        "title": asdict(Both("二、哈希值与日志位置", "2  Digests and place in the log")),
        "rows": [
            {"label": asdict(Both(zh, en)), "value": value, "is_digest": is_digest} for zh, en, value, is_digest in rows
        ],
    }


def _questions(facts: CertificateFacts) -> dict[str, Any]:
    return {
        "title": asdict(Both("三、审查要点对照", "3  What the rules of evidence ask")),
        "sentence": asdict(
            Both(
                "依《人民法院在线诉讼规则》（法释〔2021〕12号）第十六至十九条、《关于民事诉讼证据的若干规定》（法释〔2019〕19号）"
                "第九十三、九十四条逐项列出，条文为摘要，以正式文本为准。“系统记录”为本系统所知，“运营方自述”与“持有人陈述”均未经核实。",
                "Asked by the articles named, abridged; the official texts govern. Observed by the system, stated by the "
                "operator and declared by the holder are kept apart; the latter two were not checked.",
            )
        ),
        "articles": [
            {
                "title": asdict(article.title),
                "questions": [
                    {"asked": asdict(each.asked), "answers": [_answer(*answer) for answer in _answers(each)]}
                    for each in article.questions
                ],
            }
            for article in articles(facts)
        ],
    }


def _answers(question: Question) -> list[tuple[str, Both]]:
    answers: list[tuple[str, Both]] = []
    if question.observed is not None:
        answers.append((_OBSERVED, question.observed))
    if question.operator is not None:
        answers.append((_OPERATOR, stated(question.operator)))
    if question.declared is not None:
        answers += [(_DECLARED, stated(each)) for each in question.declared or ("",)]
    return answers


def _answer(source: str, text: Both) -> dict[str, Any]:
    return {"source": source, "text": asdict(text)}


def _annex(facts: CertificateFacts) -> dict[str, Any]:
    return {
        "title": asdict(Both("附录　不用本系统软件的复核步骤", "Annex  Repeating every check without our software")),
        "sentence": asdict(
            Both(
                "需要：sh、unzip、xxd、coreutils、OpenSSL 3（取附件可用 poppler-utils）；无需联网。设 PDF 为本文件、FILE 为待核对文件，"
                "在空文件夹中依次执行；任何一步不符即停止。同样的命令附于本文件（steps.sh）。",
                "Needed: sh, unzip, xxd, coreutils, OpenSSL 3 (poppler-utils for pdfdetach); no network. Set PDF to this "
                "file and FILE to the file in hand, begin in an empty folder with set -eu, and run one after the other. "
                "The same commands are attached as steps.sh.",
            )
        ),
        "steps": [
            {"zh": each.chinese, "en": each.english, "commands": each.commands} for each in steps_for(facts.package)
        ],
        "trust": asdict(
            Both(
                f"包内的公钥与证书仅供阅读。请另行（当面、公告或第三方）取得信任文件并比对；运营方公布于 {facts.operator.url}/trust 。",
                "Keys and certificates inside the package are for reading only. Obtain the trust file from elsewhere and "
                "compare.",
            )
        ),
    }
