"""Closing an account and erasing a person, in Chinese."""

from __future__ import annotations

LEAVING: dict[str, str] = {
    "Only the person and the security administrator close an account.": "只有本人和安全管理员可以注销账号。",
    "There is no such account that is open.": "没有这个有效账号。",
    "An administrator's account cannot be closed. The appointment has to end first.": "管理员账号不能注销，须先解除其任命。",
    "Only the person and the security administrator have a person erased.": "只有本人和安全管理员可以要求删除个人信息。",
    "There is no such closed account. An account is closed before it is erased.": "没有这个已注销的账号。删除个人信息前须先注销账号。",
    "What is known of this person has to be kept until {day} ({basis}). Until then it is restricted: nobody but the security administrator sees it.": "此人的信息须保存至 {day}（依据：{basis}）。在此之前限制处理：除安全管理员外任何人不得查看。",
    "ZONARY_RETENTION_DAYS is a number of days from 0 to {most}.": "ZONARY_RETENTION_DAYS 应为 0 至 {most} 的天数。",
}
