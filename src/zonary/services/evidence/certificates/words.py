"""What these pages say, in Chinese; the portal adds it to the catalogue when it starts."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "A certificate was issued about a piece of evidence": "签发了存证证书",
    "What stood in the certificates about a piece of evidence was erased": "删除了存证证书所载内容",
    "Number of the certificate": "证书编号",
    "SHA-256 of what stands in it": "证书所载内容的 SHA-256",
    "Evidence certificate": "存证证书",
    "Evidence certificates": "存证证书",
    "A PDF for a court, a notary or a partner: what was registered, when and by whom, with the package inside and the steps to check it.": "供法院、公证机构或合作方查阅的 PDF：写明何人何时存证了何物，内附存证包和复核步骤。",
    "Download the certificate": "下载证书",
    "None was issued about this record.": "尚未就此存证签发证书。",
    "Issue a certificate": "签发证书",
    "Issue certificates about those ticked": "为所选存证签发证书",
    "Certificate about {title}": "为“{title}”签发证书",
    "The certificate is issued. Its receipt is recorded.": "证书已签发，并已生成回执。",
    "A certificate of this number was issued here on {day}. What it certifies was registered by {time} and stands in the public log.": "本片区于 {day} 签发过此编号的证书。证书所证明的内容不晚于 {time} 登记，并已写入公开日志。",
    "Compare these with the certificate in your hand. If one differs, it is not the one that was issued.": "请与手中的证书比对。任何一项不同，即不是所签发的证书。",
    "Statement": "声明",
    "Log": "日志",
    "Authorship and truth of content are not proven.": "不证明作者身份和内容真实。",
    "This page is this zone's own word. The file itself is checked without it:": "本页只是本片区自己的说法。证书文件本身可不依赖本页核验：",
    "No certificate of this number is known here. It may be another zone's, its record may have been erased, or the paper is not genuine.": "本片区没有此编号的证书。它可能由其他片区签发，其存证可能已被删除，或者该纸质件不真实。",
    "Between 1 and {limit} certificates can be issued at one time.": "一次可签发 1 至 {limit} 份证书。",
    "The log has not published this record yet. Try again in a moment.": "日志尚未发布此存证，请稍后再试。",
    "Only you have the statement of this record, so no package of it can be made here. Store its list of files with the record first.": "此存证的声明仅由您保存，平台无法生成存证包。请先将文件清单随存证保存于平台。",
    "No certificate can be issued: the package of this record does not verify here ({layer}). Ask the operator.": "无法签发证书：此存证的存证包在本平台核验不通过（{layer}）。请联系运营方。",
    "No certificate can be signed: the signer's or the timestamp authority's X.509 certificate does not hold now, or its revocation list is missing or out of date ({reason}). Ask the operator.": "无法签署证书：签名者或时间戳机构的 X.509 证书当前无效，或其吊销列表缺失或过期（{reason}）。请联系运营方。",
}
