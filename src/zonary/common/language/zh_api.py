"""Access tokens and what else only programs meet, in Chinese."""

from __future__ import annotations

API: dict[str, str] = {
    "An access token makes no other. Sign in, and make it there.": "访问令牌不能再生成令牌。请登录后在页面上新建。",
    "Choose at least one scope, each from this list: {scopes}.": "请至少选择一项权限，可选项为：{scopes}。",
    "A token ends after today, and at most {days} days from now.": "令牌的到期时间须在此刻之后，且不超过 {days} 天。",
    "There is no such token of yours that is in force.": "您没有这个有效的令牌。",
    "Only a person can do this. Sign in, or use a token of your own.": "此操作只能由个人完成。请登录，或使用您本人的令牌。",
    "Only the zone can have an organisation of the kind “{kind}”.": "“{kind}”类单位只能由片区设立。",
    "The address of a webhook is one of the form https://host/path.": "Webhook 地址的格式应为 https://主机/路径。",
    "A webhook is posted over https alone.": "Webhook 只能通过 https 投递。",
    "This address is inside, and nothing is posted there.": "该地址属于内部网络，不向其投递。",
    "There are {most} webhooks already. Stop one first.": "已有 {most} 个 Webhook，请先停用一个。",
    "There is no such webhook that is active.": "没有这个正在使用的 Webhook。",
}
