"""What the pages say, in both languages; the keys of the two are the same (tests/portal)."""

from __future__ import annotations

from typing import Literal

PageLanguage = Literal["zh", "en"]

TEXTS: dict[PageLanguage, dict[str, str]] = {
    "zh": {
        "html_lang": "zh-Hans",
        "title": "Zonary 存证平台",
        "tagline": "存下的证据，任何人都能自行核验，不必信任保管者。",
        "skip": "跳到正文",
        "switch_label": "语言",
        "notice_title": "开发用时间戳机构",
        "notice": (
            "本服务签发的时间戳出自开发用时间戳机构，其时间只凭本运营方一家之言；"
            "在配置正式的时间戳机构之前，请勿当作可信时间戳使用。"
        ),
        "log_title": "存证日志",
        "size": "已发布条目",
        "root": "树根（SHA-256）",
        "signed_at": "检查点签署时间",
        "origin": "日志名称",
        "pending": "等待定序",
        "vkey": "核验公钥",
        "more_keys": "后量子公钥（ML-DSA-44）",
        "checkpoint": "检查点",
        "checkpoint_note": "后量子签名较长，此处从略，见",
        "checkpoint_link": "完整的检查点",
        "not_published": "日志正在启动，请稍后刷新。",
        "next_title": "接下来可以输入",
        "seal": "存证：文件在本机计算哈希值，内容不会离开本机",
        "verify": "核验：离线逐层检查存证包",
        "trust": "把信任文件交给核验的人，对方这样核验",
        "fsck": "复核：重新推算整个日志的每个瓦片、树根与签名",
        "path": "文件或文件夹",
        "package": "名称.zonary",
        "links_title": "供核验使用的文件",
        "link_checkpoint": "检查点",
        "link_trust": "信任文件：日志公钥与时间戳根证书",
        "link_ca": "时间戳机构证书（PEM）",
        "link_crl": "证书吊销列表（DER）",
        "link_openapi": "接口说明（OpenAPI）",
        "links_note": "从这里取得的公钥只说明“本服务自称如此”；请经另一途径向运营方核对后再予信任。",
    },
    "en": {
        "html_lang": "en",
        "title": "Zonary evidence platform",
        "tagline": "Evidence anyone can check for themselves, without trusting whoever keeps it.",
        "skip": "Skip to content",
        "switch_label": "Language",
        "notice_title": "Development timestamp authority",
        "notice": (
            "Timestamps from this server are issued by a development authority: their time is only as good as this "
            "operator’s word. Do not rely on them until a real authority is configured."
        ),
        "log_title": "The log",
        "size": "Entries published",
        "root": "Root (SHA-256)",
        "signed_at": "Checkpoint signed",
        "origin": "Origin",
        "pending": "Waiting for a place",
        "vkey": "Verifier key",
        "more_keys": "Post-quantum key (ML-DSA-44)",
        "checkpoint": "Checkpoint",
        "checkpoint_note": "The long post-quantum signature is left out here; see",
        "checkpoint_link": "the whole checkpoint",
        "not_published": "The log is starting; reload in a moment.",
        "next_title": "What to type next",
        "seal": "Seal: digests are computed on your machine, no file leaves it",
        "verify": "Verify: check a package offline, layer by layer",
        "trust": "Hand the trust file to whoever is to check it; they type",
        "fsck": "Re-derive every tile, root and signature of the log",
        "path": "FILE_OR_FOLDER",
        "package": "NAME.zonary",
        "links_title": "Files for checking",
        "link_checkpoint": "Checkpoint",
        "link_trust": "Trust file: log keys and timestamp root",
        "link_ca": "Timestamp authority certificates (PEM)",
        "link_crl": "Certificate revocation list (DER)",
        "link_openapi": "Interface description (OpenAPI)",
        "links_note": (
            "Keys fetched from here only say what this server claims; compare them with the operator by another way "
            "before you trust them."
        ),
    },
}


def choose_language(asked: str | None, accepted: str) -> PageLanguage:
    """Chinese, unless English was asked for, or the browser prefers it.

    :param asked: ``?lang=``.
    :param accepted: the Accept-Language header.
    """
    if asked in ("zh", "en"):
        return "zh" if asked == "zh" else "en"
    weights = {"zh": 0.0, "en": 0.0}
    for item in accepted.split(",")[:20]:
        tag, _, parameters = item.strip().lower().partition(";")
        primary = tag.partition("-")[0]
        if primary in weights:
            weights[primary] = max(weights[primary], _quality(parameters))
    return "en" if weights["en"] > weights["zh"] else "zh"


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return min(1.0, max(0.0, float(value)))
    except ValueError:
        return 0.0
