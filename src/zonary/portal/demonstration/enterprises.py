"""The 82 enterprises of the demonstration's registry: none exists, and their numbers name no region (990199)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from zonary.portal.demonstration.cast import MAKER, RIVAL, House

COUNT = 82
HEADER = ("统一社会信用代码", "企业名称", "法定代表人", "成立日期", "住所", "行业代码")
CLAIMED = (7, 23)
"""Rows whose enterprises somebody says to act for, and an officer has not yet answered."""

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_TEXT = """
    澄海 砺锋 岸芷 汀兰 沧溟 云帆 渔火 星槎 潮生 海晏 清越 鹭洲 帆影 礁石 远汐 微澜 屿光 沐川 溯流 临港
    听雪 栖梧 南乔 北辰 东篱 西泠 惊鸿 照影 扶摇 鲲鹏 青禾 白露 谷雨 芒种 霜降 惊蛰 知白 守黑 若谷 含章
    致远 明德 格物 笃行 怀瑾 握瑜 景行 维岳 经纬 方圆 规矩 准绳 衡石 度支 司南 指微 见素 抱朴 行健 载物
    鸣谦 履霜 观颐 涣然 丰泽 萃英 升恒 井养 鼎革 震泽 渐鸿 兑泽 巽风 坎流 离光 艮岳 乾元 坤载 泰来 复始
"""
_STEMS = _TEXT.split()
_TRADES = (
    ("精密机械", "C3484"),
    ("液压科技", "C3444"),
    ("智能装备", "C3490"),
    ("新材料", "C3091"),
    ("生物医药", "C2762"),
    ("跨境物流", "G5990"),
    ("软件", "I6513"),
    ("检测技术", "M7452"),
    ("电子", "C3989"),
    ("环保设备", "C3591"),
)
_SURNAMES, _GIVEN = "林陈黄周吴徐孙马朱胡郭高罗郑梁谢", "安宁明远思源书言景行清和知行若水怀远承志"
_ROADS = ("望潮路", "听涛路", "观澜路", "临港大道", "鸥鹭街", "灯塔路")


def fictional_uscc(number: int) -> str:
    """A unified social credit code with the right check character (GB 32100-2015) that names nobody."""
    left, code = number * 7919 + 31**4, ""
    while left:
        left, value = divmod(left, 31)
        code = _ALPHABET[value] + code
    body = f"91990199MA{code:0>7}"
    total = sum(_ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(body))
    return body + _ALPHABET[-total % 31]


def rows() -> Iterator[tuple[str, ...]]:
    """Under :data:`HEADER`: the two of the story first."""
    for house in (MAKER, RIVAL):
        yield _row(house)
    for number, stem in enumerate(_STEMS):
        trade, industry = _TRADES[number % len(_TRADES)]
        given = 2 * (number % (len(_GIVEN) // 2))
        yield (
            fictional_uscc(number),
            f"青屿{stem}{trade}有限公司",
            _SURNAMES[number * 5 % len(_SURNAMES)] + _GIVEN[given : given + 2],
            f"{1999 + number * 7 % 26}-{1 + number * 5 % 12:02d}-{1 + number * 11 % 28:02d}",
            f"青屿片区{_ROADS[number % len(_ROADS)]} {1 + number * 13 % 188} 号",
            industry,
        )


def registry_csv() -> bytes:
    """The registry as the registration authority would hand it over."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEADER, *rows()])
    return text.getvalue().encode()


def _row(house: House) -> tuple[str, ...]:
    person = "沈怀川" if house is MAKER else "霍启东"
    return fictional_uscc(house.number), house.name, person, house.established, house.address, house.industry
