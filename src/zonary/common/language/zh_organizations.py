"""Organisations and who acts for them, in Chinese."""

from __future__ import annotations

ORGANIZATIONS: dict[str, str] = {
    "You may look at what this organisation has here, not change it. Ask an owner of it.": "您对该机构仅有查看权限，不能更改；如需更改，请联系该机构的负责人。",
    "You no longer act for this organisation. Nothing was changed.": "您已不再代表该机构，本次操作未作任何更改。",
    "Only an owner of the organisation may do this.": "只有该机构的负责人可以这样做。",
    "Only an officer of the zone may do this.": "只有片区工作人员可以这样做。",
    "This access token has no scope “{scope}”. Make one that has.": "此访问令牌没有“{scope}”权限，请新建一个具有该权限的令牌。",
    "“{uscc}” has {count} characters; a unified social credit code has 18.": "“{uscc}”共 {count} 个字符；统一社会信用代码应为 18 位。",
    "“{uscc}” is no unified social credit code: its check character does not fit. Compare it with the licence.": "“{uscc}”不是有效的统一社会信用代码：校验位不符，请与营业执照核对。",
    "This zone has been set up already, as “{name}”.": "片区已经设立，名称为“{name}”。",
    "Somebody acts for {name} ({uscc}) here already. Ask an owner of it to invite you, or the zone to help.": "{name}（{uscc}）在这里已有人代表。请由其负责人邀请您，或向片区求助。",
    "There is a department “{name}” already.": "部门“{name}”已经存在。",
    "The term would end on {day}, which is past.": "委托期限的最后一天 {day} 已经过去。",
    "There is no such department.": "没有这个部门。",
    "There is no such invitation that is still open.": "没有这份尚未使用的邀请。",
    "This invitation is not known. Check that the link is whole.": "找不到这份邀请，请检查链接是否完整。",
    "This invitation was withdrawn. Ask whoever sent it for another.": "这份邀请已被撤回，请向邀请人另要一份。",
    "This invitation was used already.": "这份邀请已经用过。",
    "This invitation has expired. Ask whoever sent it for another.": "这份邀请已过期，请向邀请人另要一份。",
    "You act for {name} already.": "您已经代表{name}。",
    "There is no such member of this organisation.": "该机构没有这名成员。",
    "You are the owner already. Choose the member who is to take over.": "您已是负责人，请选择接任的成员。",
    "The organisation would be without an owner. Hand it over first.": "这样该机构将没有负责人，请先移交。",
}
