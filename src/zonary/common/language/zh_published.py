"""What everybody may know of a zone, in Chinese."""

from __future__ import annotations

PUBLISHED: dict[str, str] = {
    "What this zone has published": "本平台的公开信息",
    "The state of the log, for everybody. No name, title or figure of any company stands in it: only digests do.": "日志的公开状态，任何人可查。其中没有任何企业的名称、标题或数据，只有哈希值。",
    "Who runs it": "运营方",
    "Zone": "片区",
    "Operator": "运营单位",
    "Growth": "增长情况",
    "Day": "日期",
    "Entries of that day": "当日条目数",
    "It holds the keys of the log and the root of the timestamps. Compare its digests with those the operator tells you by another way before you rely on it.": "内含日志公钥与时间戳根证书。采信前，请将其哈希值与运营单位通过其他渠道公布的值核对。",
    "SHA-256 of the trust file": "信任文件的 SHA-256",
    # the operator's settings
    "ZONARY_FRAMES has origins with addresses (https://portal.example.gov.cn /published), not “{part}”.": "ZONARY_FRAMES 须写明来源及可嵌入的地址（https://portal.example.gov.cn /published）；“{part}”不符合要求。",
    "ZONARY_FRAMES: pages at “{place}” are shown in no frame.": "ZONARY_FRAMES：“{place}”下的页面不允许嵌入。",
    "SM3 of the trust file": "信任文件的 SM3",
    # the page that verifies
    "Verify in a browser": "在浏览器中核验",
    "One file that verifies a package with its files on your own machine, without a network. Open it here, or keep it and open it from disk; a copy is the genuine one if it has these digests.": "一个网页文件，在您自己的电脑上核验存证包及其文件，无须联网。可在此打开，也可保存后从磁盘打开；副本的哈希值与下列值一致，即为正本。",
    "Open the verifying page": "打开核验页",
    "Save it as a file": "另存为文件",
    "The verifying page is offered in this form": "提供此版核验页",
    "In the log": "日志中的记录",
    "Entry {index} of the log, recorded": "日志第 {index} 项，登记于",
    "These digests are recorded; the log publishes them shortly.": "上述哈希值已登记，日志即将发布。",
    "Receipt (check it with zonary verify)": "回执（可用 zonary verify 核验）",
    "The log has not published this page yet. Try again in a moment.": "日志尚未发布此核验页的记录，请稍后再试。",
    "Release": "版本",
    "SHA-256 of the verifying page": "核验页的 SHA-256",
    "SM3 of the verifying page": "核验页的 SM3",
}
