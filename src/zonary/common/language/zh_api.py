"""Access tokens and what else only programs meet, in Chinese."""

from __future__ import annotations

API: dict[str, str] = {
    "An access token makes no other. Sign in, and make it there.": "访问令牌不能再生成令牌。请登录后在页面上新建。",
    "Choose at least one scope, each from this list: {scopes}.": "请至少选择一项权限，可选项为：{scopes}。",
    "A token ends after today, and at most {days} days from now.": "令牌的到期时间须在此刻之后，且不超过 {days} 天。",
    "There is no such token of yours that is in force.": "您没有这个有效的令牌。",
    "Only a person can do this. Sign in, or use a token of your own.": "此操作只能由个人完成。请登录，或使用您本人的令牌。",
    "Only the zone can have an organisation of the kind “{kind}”.": "“{kind}”类机构只能由片区设立。",
}
