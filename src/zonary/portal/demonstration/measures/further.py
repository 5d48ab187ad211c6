"""What the eight documents offer, the last four."""

from __future__ import annotations

from typing import Final

from zonary.portal.demonstration.measures.offers import INSTANT, REVIEWED, Issued, award, relief, right, share, title

_PEOPLE = Issued("qingyu-people", 5, "青屿片区人才与稳岗支持办法",
    "Qingyu Area: support for talent and employment", "青屿片区组织人事局", (
    award("stable-jobs", "稳岗奖励", "Award for keeping jobs", 5, "staff-20", "insured-80"),
    award("large-employer", "吸纳就业奖励", "Award for large employers", 10, "insured-100", "insured-80"),
    award("researchers", "科技人才集聚奖励", "Award for attracting researchers", 12, "researchers-20", "rd-3"),
    award("researchers-high-tech", "高新技术企业引才奖励", "Award for hiring in high-tech enterprises", 15,
          "high-tech", "researchers-10", "insured-20"),
    award("young-employer", "创业带动就业奖励", "Award for young employers", 3, "young-5", "staff-20"),
    share("training", "职工技能培训补助", "Subsidy of training", 1, "tax-paid", 5, "insured-20", "manufacturing"),
    right("residence", "集体户口办理", "Collective household registration", "insured-20", "age-1"),
    right("flats", "人才公寓配租", "Flats for talent", "researchers-10", "rd-100"),
    right("school-places", "重点企业员工子女入学协调", "Help with school places", "tax-200", "insured-100"),
    right("titles", "职称自主评审推荐", "Recommendation for judging professional titles",
          "researchers-10", "revenue-10000", mode=REVIEWED),
    title("practice-base", "博士后实践基地", "Base for post-doctoral practice", "rd-500", "researchers-10",
          ("any", "high-tech", "inventions-5")),
    relief("training-rooms", "实训场地使用费减免", "Relief from fees of training rooms", "staff-to-100", "age-1"),
), alike=(
    ("stable-jobs", "large-employer"),
    ("researchers", "researchers-high-tech"),
))  # fmt: skip

_EQUIPMENT = Issued("qingyu-equipment", 6, "青屿片区设备更新与制造业升级若干措施",
    "Qingyu Area: renewing equipment and upgrading industry", "青屿片区经济发展局", (
    award("renewal", "设备更新奖励", "Award for renewing equipment", 20, "manufacturing", "assets-5000", "age-3"),
    award("renewal-equipment", "装备企业设备更新奖励", "Award for renewing equipment in equipment makers", 30,
          "equipment", "assets-5000"),
    award("renewal-medicine", "医药企业设备更新奖励", "Award for renewing equipment in medicine", 30,
          "medicine", "assets-5000"),
    award("smart-workshop", "智能车间奖励", "Award for smart workshops", 25, "manufacturing", "rd-3", "floor-2000"),
    share("digital", "数字化改造补助", "Subsidy of going digital", 3, "rd-expense", 50, "manufacturing", "rd-100"),
    share("software-buyers", "工业软件采购补助", "Subsidy of industrial software", 2, "rd-expense", 20,
          "manufacturing", "staff-to-300", "rd-100"),
    award("service-manufacturing", "服务型制造奖励", "Award for manufacturing with services", 15,
          "equipment", "revenue-2000", ("any", "marks-1", "inventions-1")),
    award("remanufacturing", "再制造产业奖励", "Award for remanufacturing", 30, "equipment", "export-100", "utility-5"),
    title("first-set", "首台（套）装备培育", "First set of an equipment", "equipment", "rd-3", "inventions-1"),
    title("green-works", "片区绿色工厂", "Green factory of the area", "manufacturing", "age-3", "tax-by-area-15"),
    relief("test-fees", "检测认证费减免", "Relief from fees of tests and certification", "manufacturing",
           "revenue-to-5000"),
    right("energy-check", "免费节能诊断", "Free advice on saving energy", "manufacturing", "floor-2000",
          promised=("floor-2000",)),
), alike=(
    ("renewal", "renewal-equipment", "renewal-medicine"),
    ("digital", "software-buyers"),
))  # fmt: skip

_LAND = Issued("qingyu-land", 7, "青屿片区用地与亩均效益激励办法",
    "Qingyu Area: incentives for using land well", "青屿片区自然资源和规划局", (
    award("tax-by-area", "亩均税收奖励", "Award for tax by area", 10, "tax-by-area-15", "land-10"),
    award("tax-by-area-high", "亩均税收领先奖励", "Award for much tax by area", 30, "tax-by-area-30", "land-10"),
    award("revenue-by-area", "亩均产出奖励", "Award for revenue by area", 15, "revenue-by-area-300", "manufacturing"),
    award("small-land", "集约用地奖励", "Award for using little land", 10, "land-to-30", "revenue-10000",
          "manufacturing"),
    relief("land-tax", "城镇土地使用税困难减免指引", "Guide to relief from land tax", "manufacturing",
           "revenue-to-5000", mode=REVIEWED),
    relief("infrastructure-fee", "厂房加层免收配套费", "Relief from fees of raising factory floors",
           "manufacturing", "land-10"),
    right("land-first", "扩产用地优先保障", "Priority in land for growing", "tax-by-area-15", "revenue-grows-10"),
    right("power-first", "用电优先保障", "Priority in electricity", "manufacturing", "tax-200"),
    right("standard-land", "标准地直接受让", "Standard land without further questions", "manufacturing", "tax-200",
          ("any", "rd-3", "high-tech"), mode=REVIEWED),
    share("rent", "标准厂房租金补助", "Subsidy of rent", 10, "tax-paid", 20, "young-3", "manufacturing"),
    title("efficient", "亩均效益领先企业", "Leading in use of land", "tax-by-area-15", "rd-3"),
), alike=(
    ("tax-by-area", "tax-by-area-high"),
))  # fmt: skip

_SMALL = Issued("qingyu-small", 8, "青屿片区小微企业与创业扶持办法",
    "Qingyu Area: help for small and young enterprises", "青屿片区经济发展局", (
    award("start", "创业启动奖励", "Award for starting", 2, "young-3", "revenue-to-2000", "insured-20"),
    award("small-growing", "小微企业成长奖励", "Award for growing small enterprises", 5,
          "revenue-to-5000", "revenue-grows-20"),
    award("small-research", "小微企业创新奖励", "Award for research in small enterprises", 5,
          "revenue-to-5000", "rd-5"),
    award("small-exports", "小微企业开拓市场奖励", "Award for small enterprises that export", 3,
          "revenue-to-5000", "export-100"),
    award("small-patents", "小微企业专利奖励", "Award for patents of small enterprises", 2,
          "staff-to-100", "inventions-1"),
    award("high-tech-coming", "高新技术企业培育入库奖励", "Award for coming high-tech enterprises", 5,
          "not-high-tech", "rd-5", "age-1", ("any", "inventions-1", "utility-5")),
    relief("rent-free", "创业场地租金减免", "Relief from rent for starting", "young-3", "staff-to-100"),
    relief("bookkeeping", "代理记账费减免", "Relief from fees of bookkeeping", "revenue-to-2000", "staff-to-100"),
    right("credit-loan", "信用贷款白名单推荐", "Recommendation for loans on credit", "age-1", "tax-50", mode=INSTANT),
    right("vouchers", "法律与财税服务券", "Vouchers for legal and tax advice", "staff-to-100", mode=INSTANT),
    right("market-access", "政府采购预留份额提示", "Told of procurement reserved for small ones", "revenue-to-5000",
          ("none", "young-3")),
    title("innovative-small", "片区创新型中小企业推荐", "Recommended as an innovative small enterprise",
          "staff-to-300", "rd-3", ("2", "inventions-1", "utility-5", "marks-1")),
), alike=(
    ("small-growing", "small-research"),
))  # fmt: skip

FURTHER: Final = (_PEOPLE, _EQUIPMENT, _LAND, _SMALL)

PROPOSED: Final = Issued("qingyu-data", 9, "青屿片区支持企业数据应用若干措施",
    "Qingyu Area: measures for the use of data in enterprises", "青屿片区数据局", (
    award("data-team", "数据团队建设奖励", "Award for building a data team", 6, "software", "staff-20"),
    relief("data-storage", "数据存储费减免", "Relief from fees of storing data", "rd-100", "staff-to-300"),
))  # fmt: skip
"""Its rules are proposed and wait for their release: no measure is published from it."""
