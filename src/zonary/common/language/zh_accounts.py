"""Accounts, sign-in and administrators, in Chinese."""

from __future__ import annotations

ACCOUNTS: dict[str, str] = {
    "Your name": "姓名",
    "As in your identity document, if you will act for an enterprise.": "如将代表企业办事，请与身份证件一致。",
    "A name has letters, and no line breaks or invisible signs.": "姓名应含文字，不得有换行或不可见字符。",
    "ZONARY_EMAIL_URL is not the address of a mail server; write smtp://user@mail.example:587/?tls=1.": "ZONARY_EMAIL_URL 不是邮件服务器地址；应写成 smtp://user@mail.example:587/?tls=1。",
    "ZONARY_TRUSTED_PROXIES is “{count}”; write how many proxies stand before this server, at most {most}.": "ZONARY_TRUSTED_PROXIES 为“{count}”；应写明本服务器之前有几层代理，最多 {most}。",
    "{path} holds no JSON list of identity providers.": "{path} 中不是身份提供方的 JSON 列表。",
    "In {path} each identity provider has {names}, all of them texts, and may have identity_claim.": "{path} 中每个身份提供方都应有 {names}，均为文本，可另有 identity_claim。",
    "In {path} the identity provider “{id}” needs another id: lower case letters, digits and hyphens.": "{path} 中身份提供方“{id}”的 id 不可用：只能含小写字母、数字和连字符。",
    "In {path} the issuer of “{id}” is not an https address: what it says could be forged on the way.": "{path} 中“{id}”的 issuer 不是 https 地址：其内容可能在传输途中被伪造。",
}
