"""Registries of enterprises that do not exist, for tests and measurements: the same seed makes the same."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

HEADER = ("统一社会信用代码", "企业名称", "法定代表人", "成立日期", "住所", "行业代码")
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_CITIES = ("长沙", "武汉", "株洲", "湘潭", "岳阳", "合肥", "成都", "西安")
_WORDS = "星河远航精工华宇天成博瑞鼎新启明中科云帆汇智瑞丰安泰永兴"
_TRADES = ("机械", "生物", "软件", "新材料", "物流", "环保", "电子", "仪器")
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"
_INDUSTRIES = ("C3512", "C2710", "I6513", "C3091", "G5990", "N7722", "C3979", "C4011")


def make_uscc(random_bits: random.Random) -> str:
    """A number with the right check character (GB 32100-2015) that names nobody: its region is 430199."""
    body = "91430199MA" + "".join(random_bits.choices(_ALPHABET, k=7))
    total = sum(_ALPHABET.index(character) * weight for character, weight in zip(body, _WEIGHTS, strict=True))
    return body + _ALPHABET[-total % 31]


def enterprises(count: int, *, seed: int = 1) -> Iterator[list[str]]:
    """Rows under :data:`HEADER`; no number comes twice."""
    drawn = random.Random(seed)
    seen: set[str] = set()
    while len(seen) < count:
        uscc = make_uscc(drawn)
        if uscc in seen:
            continue
        seen.add(uscc)
        city, trade = drawn.choice(_CITIES), drawn.choice(_TRADES)
        word = "".join(drawn.sample(_WORDS, 3))
        day = f"{drawn.randrange(1995, 2026)}-{drawn.randrange(1, 13):02d}-{drawn.randrange(1, 29):02d}"
        yield [
            uscc,
            f"{city}{word}{trade}有限公司（虚构）",
            drawn.choice(_SURNAMES) + "".join(drawn.sample(_GIVEN, 2)),
            day,
            f"{city}市示例路{drawn.randrange(1, 999)}号{drawn.randrange(1, 30)}栋",
            drawn.choice(_INDUSTRIES),
        ]


def csv_of(rows: Sequence[Sequence[str]], *, header: Sequence[str] = HEADER) -> bytes:
    """``rows`` as CSV in UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


def write_csv(path: Path, count: int, *, seed: int = 1) -> Path:
    """A registry of ``count`` enterprises at ``path``, row by row: it may be large."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(enterprises(count, seed=seed))
    return path


def write_xlsx(path: Path, count: int, *, seed: int = 1) -> Path:
    """The same as a workbook."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("企业名录")
    sheet.append(list(HEADER))
    for row in enterprises(count, seed=seed):
        sheet.append(row)
    book.save(path)
    return path


def write_parquet(path: Path, count: int, *, seed: int = 1) -> Path:
    """The same as Parquet."""
    import pyarrow as pa
    from pyarrow import parquet

    columns = zip(*enterprises(count, seed=seed), strict=True)
    parquet.write_table(pa.table(dict(zip(HEADER, map(list, columns), strict=True))), path)
    return path
