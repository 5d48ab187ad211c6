"""The words of codes: two syllables or so, told apart by ear, and none that anybody minds to say aloud. Pure."""

from __future__ import annotations

from collections.abc import Callable

DIGITS = {"zh": "二三四五六七八九", "en": "23456789"}
"""Without those that are said in two ways, or sound like another over a telephone."""
WORDS = {
    "zh": (
        "松树 灯塔 白云 石桥 海浪 竹林 雪山 草原 苹果 葡萄 西瓜 核桃 花生 玉米 南瓜 蘑菇 老虎 骆驼 企鹅 海豚 "
        "蜻蜓 青蛙 孔雀 刺猬 火车 帆船 飞机 单车 雨伞 眼镜 钢笔 书包 月亮 星星 彩虹 露珠 瀑布 沙漠 岛屿 火山 "
        "毛笔 算盘 风筝 鼓楼 茶壶 米饭 豆腐 馒头 钥匙 窗户 屋顶 台阶 棉花 丝绸 陶瓷 琥珀 足球 围棋 二胡 笛子 "
        "清晨 黄昏 春天 冬天"
    ),
    "en": (
        "anchor apple arrow autumn balcony bamboo basket beacon bridge butter camel candle canyon carpet castle "
        "cedar cherry cobalt cotton dolphin dragon eagle falcon feather forest garden ginger glacier guitar hammer "
        "harbour island jacket jungle kettle ladder lantern lemon marble meadow mirror mountain needle ocean olive "
        "orange paper parrot pepper pillow planet puzzle rabbit ribbon river saddle silver spider summer teapot "
        "tiger tunnel velvet window"
    ),
}


def draw_code(language: str, below: Callable[[int], int]) -> str:
    """Four digits and two different words, of some sixteen million.

    :param below: gives a random number below its argument, from a cryptographic generator.
    """
    digits, words = DIGITS[language], WORDS[language].split()
    drawn = "".join(digits[below(len(digits))] for _place in range(4))
    chosen = [words.pop(below(len(words))) for _place in range(2)]
    return " ".join([drawn, *chosen])
