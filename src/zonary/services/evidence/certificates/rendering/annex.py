"""The annex: the steps of :mod:`zonary.proof.certificate.steps`, and whose keys these are.

The steps find whether the data agree. Who signed the PDF, and whether the keys are the zone's, can only be compared
with a trust file from elsewhere; the commands for that follow, and all that is to be compared stands on paper.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from zonary.proof.certificate.facts import CertificateFacts
from zonary.proof.certificate.steps import steps_for
from zonary.services.evidence.certificates.rendering.beside import Beside
from zonary.services.evidence.certificates.rendering.sentences import Both

WHOSE_KEYS = """\
pdfsig "$PDF"; pdfsig -nocert -dump "$PDF"
print() { echo "$1 $(openssl base64 -d -A | sha256sum | cut -c1-64)"; }
openssl pkcs7 -inform DER -in "$(basename "$PDF").sig0" -print_certs | while IFS= read -r l; do
  case "$l" in subject*) echo "$l" ;; *BEGIN*) : > one ;; *END*) print "in the PDF" < one ;;
    *) printf '%s' "$l" >> one ;; esac
done
while read -r a b c; do
  case "$a $b" in log*) echo "$b" ;;
    "#zonary timestamp-root" | "#zonary certificate-"*) printf '%s' "$c" | print "$b" ;; esac
done < "$TRUST"
"""
"""Run in an empty folder; ``TRUST`` is the trust file. What is printed is compared by eye."""


def annex_of(facts: CertificateFacts, aside: Beside) -> dict[str, Any]:
    """What the template reads of it."""
    return {
        "title": asdict(
            Both("附录　不用本系统软件核对数据是否一致", "Annex  Checking that the data agree, without our software")
        ),
        "sentence": asdict(_TO_BEGIN),
        "steps": [
            {"zh": each.chinese, "en": each.english, "commands": each.commands} for each in steps_for(facts.package)
        ],
        "trust": asdict(_trust(facts)),
        "whose": {**asdict(_WHOSE), "commands": WHOSE_KEYS.rstrip()},
        "keys": rows_of(_keys(aside)),
    }


_TO_BEGIN = Both(
    "需要：sh（Linux、macOS 或 WSL）、unzip、xxd、coreutils、OpenSSL 3（取附件可用 poppler-utils）；"
    "除另行取得信任文件外无需联网。"
    "在空文件夹中输入 sh，先执行 PDF=本文件 和 FILE=待核对文件（均为绝对路径，含空格时加引号），再依次执行以下命令；"
    "同样的命令附于本文件（steps.sh）：PDF=… FILE=… sh steps.sh。"
    "全部相符时，末行为 OK: the checkpoint is signed by a key shown above；出现 FAILED 或提前停止，即为不符。",
    "Needed: sh (Linux, macOS or WSL), unzip, xxd, coreutils, OpenSSL 3 (poppler-utils for pdfdetach); no network, "
    "except to obtain the trust file. In an empty folder type sh, then PDF= this file and FILE= the file in hand "
    "(absolute paths, in quotation marks if they hold a space), then the commands one after the other. The same are "
    "attached as steps.sh: PDF=… FILE=… sh steps.sh. If all agrees the last line is OK: the checkpoint is signed by a "
    "key shown above. FAILED, or an early stop, means that it does not match.",
)

_WHOSE = Both(
    "本文件由谁签名，密钥是否真实：TRUST=信任文件的绝对路径。pdfsig 应对第一个签名显示 Signature is Valid；"
    "它不认识本签名人的根证书，也可能不能核验第二个签名（文档时间戳），均不表示不符。",
    "Who signed this file, and whose keys these are: TRUST= the absolute path of the trust file. pdfsig has to say "
    "“Signature is Valid” of the first signature; that it does not know the signer’s root, or cannot check the second "
    "(the document timestamp), is no mismatch.",
)


def _trust(facts: CertificateFacts) -> Both:
    return Both(
        "以上只核对数据是否彼此一致，不说明密钥是谁的：任何人都能用自己的密钥做出彼此一致的数据。"
        "密钥须与信任文件比对；它是一份列明日志公钥和各证书的文本，"
        "须另行（当面、公告或第三方）取得，不得取自本文件。"
        f"运营方公布于 {facts.operator.url}/trust。"
        "其他机构的时间戳与第二棵树不在上述步骤之内。",
        "The steps check that the data agree, and not whose keys these are: anybody can make data that agree with keys "
        "of their own. Compare the keys with a trust file, a text that names the keys of the log and the certificates: "
        "obtain it in person, from an announcement or a third party, never from this file. Tokens of further "
        "authorities and the second tree are not covered by the steps.",
    )


def _keys(aside: Beside) -> list[tuple[str, str, str, bool]]:
    """What is to be compared; each is named as the trust file names it."""
    keys = [
        ("签名人证书 SHA-256", "certificate-signer", aside.signer_sha256, True),
        ("其根证书 SHA-256", "certificate-root", aside.root_sha256, True),
        ("时间戳根证书 SHA-256", "timestamp-root", aside.timestamp_root, True),
    ]
    return keys + [("日志公钥", "log", key, False) for key in aside.log_keys]


def rows_of(rows: list[tuple[str, str, str, bool]]) -> list[dict[str, Any]]:
    """Rows of a table: Chinese, English, the value, and whether it is a digest."""
    return [
        {"label": asdict(Both(zh, en)), "value": value, "is_digest": is_digest} for zh, en, value, is_digest in rows
    ]
