"""Access tokens and what else only programs meet, in Chinese."""

from __future__ import annotations

API: dict[str, str] = {
    "An access token makes no other. Sign in, and make it there.": "访问令牌不能再生成令牌。请登录后在页面上新建。",
    "Choose at least one scope, each from this list: {scopes}.": "请至少选择一项权限，可选项为：{scopes}。",
    "A token ends after today, and at most {days} days from now.": "令牌的到期时间须在此刻之后，且不超过 {days} 天。",
    "There is no such token of yours that is in force.": "您没有这个有效的令牌。",
}
