"""A made-up shop that copies the rig: the page somebody captures. Nobody sells anything there, and it says so.

It is served by the demonstration itself, so that a capture needs no other machine; as data, because it is not a page of
ours and looks like none.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.urls import reverse

from zonary.common.clock import Clock
from zonary.foundation.organizations.queries import standing_of
from zonary.portal.demonstration.queries import made_demonstration, person_of, role_called
from zonary.services.evidence.capture.actions import request_capture
from zonary.services.evidence.capture.models import Capture
from zonary.services.evidence.capture.queries import captures
from zonary.services.evidence.capture.rules import wanted_address
from zonary.services.evidence.capture.tasks.machine import missing

TITLE = "旋挖钻机 LC220 同款 现货直发 - 擎北二手设备旺铺（演示）"
_PAGE = f"""<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{TITLE}</title><link rel="stylesheet" href="shop/style.css"></head>
<body>
<p class="made-up">演示页面：店铺、商品与价格均为虚构，不销售任何商品。
Made up for a demonstration: nothing is sold here.</p>
<header><strong>擎北二手设备旺铺</strong><span>主营：二手旋挖钻机、桩工配件</span></header>
<main>
<img src="shop/rig.svg" alt="商品图：一台旋挖钻机" width="520" height="400">
<section>
<h1>旋挖钻机 LC220 同款 原厂减振钻杆 出口整备 现货直发</h1>
<p class="price">￥ 1,980,000 <small>一口价</small></p>
<table>
<tr><th>型号</th><td>LC220（“岚川”同款）</td></tr>
<tr><th>最大扭矩</th><td>220 kN·m</td></tr>
<tr><th>钻杆</th><td>五节伸缩，减振环间距 850 mm，与原厂图纸一致</td></tr>
<tr><th>适用孔深</th><td>58 m</td></tr>
<tr><th>发货地</th><td>青屿片区</td></tr>
</table>
<p>图纸参数齐全，动力头改造方案可随机提供。支持出口报关。</p>
</section>
</main>
<footer>店铺编号 QB-演示-0042 · 商品编号 220-演示-7</footer>
</body></html>
"""
_STYLE = """
body { margin: 0; font: 16px/1.6 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; color: #333; background: #f6f3ee; }
.made-up { margin: 0; padding: .4rem 1rem; background: #222; color: #fff; font-size: .85rem; }
header { display: flex; flex-wrap: wrap; gap: 1rem; align-items: baseline; padding: 1rem; color: #fff; }
header { background: #c8102e; }
header strong { font-size: 1.4rem; }
main { display: flex; flex-wrap: wrap; gap: 1.5rem; max-width: 70rem; margin: 1.5rem auto; }
main { padding: 1.5rem; background: #fff; }
main img { max-width: 100%; height: auto; background: #eef2f4; }
section { flex: 1 1 22rem; }
h1 { font-size: 1.3rem; margin: 0; }
.price { color: #c8102e; font-size: 1.9rem; margin: .6rem 0; }
small { font-size: .9rem; color: #777; }
th { text-align: left; padding: .2rem 1.2rem .2rem 0; color: #777; font-weight: normal; white-space: nowrap; }
footer { padding: 1rem; text-align: center; color: #777; font-size: .85rem; }
"""
_PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 520 400" role="img">
<rect width="520" height="400" fill="#eef2f4"/><path d="M0 340h520v60H0z" fill="#c9b79c"/>
<path d="M300 330 316 30h14l16 300z" fill="#e0a100"/><path d="M316 30h14l40 26-6 10-41-22z" fill="#8a6400"/>
<path d="M318 60h10v262h-10z" fill="#555"/><path d="M306 300h34v20l-10 26h-14l-10-26z" fill="#333"/>
<path d="M120 230h150v70H120z" fill="#e0a100"/><path d="M132 240h52v34h-52z" fill="#9fc3d6"/>
<path d="M250 250l58-120 12 6-50 124z" fill="#8a6400"/>
<rect x="104" y="300" width="190" height="44" rx="22" fill="#333"/>
<g fill="#888"><circle cx="128" cy="322" r="14"/><circle cx="168" cy="322" r="14"/><circle cx="208" cy="322" r="14"/>
<circle cx="248" cy="322" r="14"/><circle cx="272" cy="322" r="10"/></g></svg>
"""
FILES: Mapping[str, tuple[str, str]] = {
    "style.css": ("text/css; charset=utf-8", _STYLE),
    "rig.svg": ("image/svg+xml", _PICTURE),
}
"""What the page refers to: name -> media type and content."""


def page() -> str:
    return _PAGE


def address() -> str:
    """Where the shop is, for whoever captures it."""
    return str(settings.ZONARY_URL) + reverse("demonstration:copycat")


def have_copycat_captured(*, at: Clock) -> bool:
    """Ask, as the rig's maker, for the shop to be captured, where this server can and nobody did; whether it was done.

    Called once the server answers. A server without captures tells the story without one; one that is started with
    them later makes it then.
    """
    made = made_demonstration()
    role = role_called("owner")
    person = person_of(made, role) if made and role else None
    if made is None or person is None or missing() is not None:
        return False
    moment = at()
    by = standing_of(person, made.organisations["maker"], at=moment)
    if captures(by).filter(address=address()).exclude(state=Capture.State.FAILED).exists():
        return False
    request_capture(
        wanted_address(address(), settings.ZONARY_CAPTURE_HOSTS),
        goes_on=False,
        subject="infringement",
        by=by,
        at=moment,
    )
    return True
