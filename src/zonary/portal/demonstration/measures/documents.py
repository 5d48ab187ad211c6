"""What the eight documents offer, the first four."""

from __future__ import annotations

from typing import Final

from zonary.portal.demonstration.measures.further import FURTHER
from zonary.portal.demonstration.measures.offers import INSTANT, Issued, award, relief, right, share, title

_RESEARCH = Issued("qingyu-research", 1, "青屿片区支持企业研发创新若干措施",
    "Qingyu Area: measures to support research in enterprises", "青屿片区科技创新局", (
    share("rd-subsidy", "研发费用补助", "Subsidy of R&D spending", 5, "rd-expense", 100, "age-1", "rd-100", "rd-3",
          budget=120),
    share("rd-growth", "研发投入增长奖励", "Award for growing R&D spending", 8, "rd-expense", 200,
          "rd-500", "rd-grows-10"),
    award("rd-intensity", "研发强度领先奖励", "Award for R&D intensity", 30, "revenue-2000", "rd-5", "researchers-10"),
    award("rd-leap", "研发投入跃升奖励", "Award for a leap in R&D spending", 50, "rd-1000", "rd-grows-20"),
    award("high-tech-first", "高新技术企业认定奖励", "Award for recognised high-tech enterprises", 20,
          "high-tech", "age-1"),
    award("high-tech-large", "高新技术企业规模奖励", "Award for large high-tech enterprises", 40,
          "high-tech", "revenue-20000"),
    award("high-tech-growing", "高新技术企业成长奖励", "Award for growing high-tech enterprises", 25,
          "high-tech", "revenue-grows-20"),
    award("young-research", "初创企业研发奖励", "Award for research in young enterprises", 10, "young-5", "rd-5"),
    award("research-team", "科研团队建设奖励", "Award for building a research team", 15, "researchers-20", "staff-20"),
    title("research-centre", "片区级企业研发中心", "Research centre of the area",
          "rd-500", "researchers-10", ("any", "inventions-5", "utility-5")),
    title("research-institute", "片区级企业研究院", "Research institute of the area",
          "rd-1000", "inventions-5", "rd-3"),
    right("test-vouchers", "检验检测设备共享", "Use of shared test equipment", "rd-100", "staff-to-300"),
    right("compute-vouchers", "算力资源优先使用", "Priority use of computing capacity", "software", "rd-5"),
    award("software-research", "软件企业研发奖励", "Award for research in software", 20, "software", "rd-100", "rd-5"),
), alike=(
    ("high-tech-first", "high-tech-large", "high-tech-growing"),
))  # fmt: skip

_GROWTH = Issued("qingyu-growth", 2, "青屿片区支持企业做大做强若干措施",
    "Qingyu Area: measures to support growth", "青屿片区经济发展局", (
    award("step-2000", "营业收入首上二千万元奖励", "Award for revenue above 20 million", 10,
          "revenue-2000", "revenue-grows-10"),
    award("step-10000", "营业收入上亿元奖励", "Award for revenue above 100 million", 30,
          "revenue-10000", "revenue-grows-10"),
    award("step-20000", "营业收入上二亿元奖励", "Award for revenue above 200 million", 60,
          "revenue-20000", "revenue-grows-10"),
    award("step-50000", "营业收入上五亿元奖励", "Award for revenue above 500 million", 150,
          "revenue-50000", "revenue-grows-10"),
    award("fast-growth", "高成长企业奖励", "Award for fast growth", 20,
          "revenue-2000", "revenue-grows-20", "tax-grows-10"),
    award("tax-step-50", "纳税贡献成长奖励", "Award for growing tax contributions", 5, "tax-50", "tax-grows-10"),
    award("tax-step-500", "纳税贡献突出奖励", "Award for outstanding tax contributions", 40, "tax-500", "tax-grows-10"),
    award("industry-upper", "工业企业升规奖励", "Award for growing into a larger industrial enterprise", 20,
          "manufacturing", "revenue-2000", "age-1"),
    award("service-upper", "服务业企业升规奖励", "Award for growing into a larger service enterprise", 15,
          "services", "revenue-2000", "age-1"),
    award("equipment-leader", "装备制造龙头培育奖励", "Award for leading equipment makers", 80,
          "equipment", "revenue-20000", "rd-3"),
    title("backbone", "片区骨干企业", "Backbone enterprise of the area",
          "age-3", "revenue-10000", ("2", "rd-3", "inventions-5", "export-1000")),
    title("champion", "片区单项冠军培育企业", "Coming single-product champion", "age-5", "rd-3", "inventions-5",
          ("any", "revenue-20000", "export-5000")),
    right("case-manager", "重点企业服务专员", "A case officer of one's own", "revenue-10000", "tax-200"),
    right("loan-interest", "成长贷贴息名额", "A place in the scheme of interest subsidies", "revenue-2000",
          "revenue-grows-10", "staff-20"),
), alike=(
    ("step-2000", "step-10000", "step-20000", "step-50000"),
    ("tax-step-50", "tax-step-500"),
    ("industry-upper", "service-upper"),
))  # fmt: skip

_TRADE = Issued("qingyu-trade", 3, "青屿片区促进外贸稳定发展若干措施",
    "Qingyu Area: measures for stable foreign trade", "青屿片区商务局", (
    award("export-first", "出口破百万元奖励", "Award for exports above one million", 3, "export-100", "export-to-1000"),
    award("export-1000", "出口上千万元奖励", "Award for exports above ten million", 10, "export-1000"),
    award("export-5000", "出口上五千万元奖励", "Award for exports above fifty million", 30, "export-5000"),
    share("export-growth", "出口增量奖励", "Award for growing exports", 1, "export-value", 80,
          "export-1000", "export-grows-10"),
    award("export-leap", "出口快速增长奖励", "Award for fast growing exports", 20, "export-100", "export-grows-20"),
    award("export-share", "外向型企业奖励", "Award for enterprises that live by exports", 15,
          "export-30", "revenue-2000"),
    award("export-equipment", "装备出海奖励", "Award for exporting equipment", 40,
          "equipment", "export-1000", "rd-3"),
    share("export-insurance", "出口信用保险保费补助", "Subsidy of export credit insurance", 1, "export-value", 20,
          "export-100", "staff-to-300"),
    right("fair-places", "境外展会优先展位", "Priority places at fairs abroad", "export-100", "marks-1", mode=INSTANT),
    right("origin-desk", "原产地证自助打印", "Printing certificates of origin oneself", "export-100"),
    relief("storage-fees", "口岸堆存费减免", "Relief from storage fees at the port", "logistics", "staff-20"),
    relief("inspection-fees", "查验无问题免除吊装移位费", "Relief from fees of inspections without findings",
           "export-100", "age-1"),
), alike=(
    ("export-first", "export-1000", "export-5000"),
))  # fmt: skip

_PROPERTY = Issued("qingyu-property", 4, "青屿片区知识产权促进办法",
    "Qingyu Area: promotion of intellectual property", "青屿片区知识产权局", (
    award("first-invention", "首件发明专利奖励", "Award for a first invention patent", 2,
          "inventions-1", "staff-to-300"),
    award("inventions-5", "发明专利培育奖励", "Award for five invention patents", 8, "inventions-5", "rd-100"),
    award("inventions-20", "发明专利高拥有量奖励", "Award for twenty invention patents", 30,
          "inventions-20", "rd-500"),
    award("utility", "实用新型转化奖励", "Award for utility models in use", 3, "utility-5", "revenue-2000"),
    award("designs", "外观设计奖励", "Award for designs", 2, "designs-3"),
    award("marks", "商标品牌奖励", "Award for trade marks", 3, "marks-10", "revenue-2000"),
    award("export-marks", "出海商标保护补助", "Subsidy of trade marks abroad", 6, "marks-1", "export-1000"),
    award("property-both", "专利商标双优奖励", "Award for patents and trade marks", 10, "inventions-5", "marks-10"),
    share("pledge-interest", "知识产权质押贷款贴息", "Interest subsidy of loans on intellectual property", 1,
          "rd-expense", 30, "inventions-1", "revenue-2000", mode=INSTANT),
    relief("registration-fees", "存证服务费减免", "Relief from fees of registering evidence", "staff-to-300"),
    title("property-advantage", "片区知识产权优势企业", "Enterprise strong in intellectual property",
          "inventions-5", "rd-3", ("2", "utility-5", "designs-3", "marks-1")),
    right("fast-examination", "专利预审备案", "Pre-examination of patents", "inventions-1", "rd-100"),
    right("infringement-help", "海外维权援助", "Help against infringement abroad", "export-100", ("any", "inventions-1",
          "marks-1")),
), alike=(
    ("first-invention", "inventions-5", "inventions-20"),
))  # fmt: skip

DOCUMENTS: Final = (_RESEARCH, _GROWTH, _TRADE, _PROPERTY, *FURTHER)
"""The eight of them: a hundred measures."""
