"""The annex: the steps of :mod:`zonary.proof.certificate.steps`, and whose keys these are.

The steps find whether the data agree. Who signed the PDF, and whether the keys are the zone's, can only be compared
with a trust file from elsewhere; the commands for that follow, and all that is to be compared stands on paper.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from zonary.proof.certificate.facts import CertificateFacts
from zonary.proof.certificate.steps import steps_for
from zonary.proof.package.container import FURTHER_FOLDER
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
    steps = steps_for(facts.package)
    return {
        "title": asdict(
            Both("附录　不用本系统软件核对数据是否一致", "Annex  Checking that the data agree, without our software")
        ),
        "sentence": asdict(_to_begin(len(steps))),
        "steps": [{"zh": each.chinese, "en": each.english, "commands": each.commands} for each in steps],
        "trust": asdict(_trust(facts)),
        "whose": {**asdict(_WHOSE), "commands": WHOSE_KEYS.rstrip()},
        "keys": rows_of(_keys(aside)),
    }


def _to_begin(steps: int) -> Both:
    return Both(
        "需要：sh（Linux、macOS 或 WSL）、unzip、xxd、coreutils、OpenSSL 3、poppler-utils；"
        "除另行取得信任文件外无需联网。先按本附录末段查明本文件由谁签名。"
        "然后在空文件夹中输入 sh，先执行 PDF=本文件 和 FILE=待核对文件（均为绝对路径，含空格时加引号），"
        "再依次执行以下命令；每个待核对文件另用一个空文件夹重做一次。"
        "同样的命令附于本文件（steps.sh）：PDF=… FILE=… sh steps.sh。"
        f"全部相符时，第 1 至第 {steps} 步各显示 OK。"
        "出现 FAILED，即为不符，须查明原因；缺少工具等提前停止，为未完成核对。",
        "Needed: sh (Linux, macOS or WSL), unzip, xxd, coreutils, OpenSSL 3, poppler-utils; no network, except to "
        "obtain the trust file. First find out, by the end of this annex, who signed this file. Then in an empty "
        "folder type sh, PDF= this file and FILE= the file in hand (absolute paths, in quotation marks if they hold a "
        "space), and the commands one after the other; for each further file again in another empty folder. The "
        "same commands are attached as steps.sh: PDF=… FILE=… sh steps.sh. If all agrees, "
        f"each step from 1 to {steps} says OK. FAILED means that it does not match, and has to be looked into; a stop "
        "for want of a tool means that the check is not finished.",
    )


_WHOSE = Both(
    "本文件由谁签名，密钥是否真实：TRUST=信任文件的绝对路径。pdfsig 应对第一个签名显示 Signature is Valid；"
    "它不认识本签名人的根证书，也可能不能核验第二个签名（文档时间戳），均不表示不符。"
    "其后先列出本文件中的证书（in the PDF），再列出信任文件的各项；签名人证书须同为信任文件中的 certificate-signer。",
    "Who signed this file, and whose keys these are: TRUST= the absolute path of the trust file. pdfsig has to say "
    "“Signature is Valid” of the first signature; that it does not know the signer’s root, or cannot check the second "
    "(the document timestamp), is no mismatch. Then the certificates in the PDF are listed, and after them what the "
    "trust file names: the signer’s has to be its certificate-signer.",
)


def _trust(facts: CertificateFacts) -> Both:
    more = Both("", "")
    if facts.package.has_second_tree or any(each.member.startswith(FURTHER_FOLDER) for each in facts.package.stamps):
        more = Both(
            "其他机构的根证书与第二棵树的公钥不列于下，亦须与信任文件比对。",
            "The roots of further authorities and the keys of the second tree are not listed below; compare them with "
            "it as well. ",
        )
    return Both(
        "以上只核对数据是否彼此一致，不说明密钥是谁的：任何人都能用自己的密钥做出彼此一致的数据。"
        "密钥须与信任文件比对；它是一份列明日志公钥和各证书的文本，"
        "须另行（当面、公告或第三方）取得，不得取自本文件。"
        f"运营方公布于 {facts.operator.url}/trust，仅此来源不足。{more.zh}下列各项仅供与信任文件对照。",
        "The steps check that the data agree, and not whose keys these are: anybody can make data that agree with keys "
        "of their own. Compare the keys with a trust file, a text that names the keys of the log and the certificates: "
        "obtain it in person, from an announcement or a third party, never from this file. The operator publishes it "
        f"at {facts.operator.url}/trust, which alone is not enough. {more.en}What follows only helps to compare.",
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
