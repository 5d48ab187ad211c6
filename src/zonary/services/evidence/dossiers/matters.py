"""The templates: what is asked for in each kind of matter. Weights are parameters; sources say what they say.

Cited: 专利法 2020, 专利法实施细则 2023, 商标法 2019, 著作权法 2020, 著作权法实施条例 2013, 民法典, interpretations of
the Supreme People's Court by their numbers; each article was compared with its text. Of 反不正当竞争法 none is named:
the revision of 2025 numbers them anew. A zone that has other advice changes weights here, not the keys.
"""

from __future__ import annotations

from zonary.services.evidence.dossiers.rules import Ask, Stage, Template


def _damage(source: str) -> Ask:
    return Ask(
        key="enforcement.damage",
        stage=Stage.ENFORCEMENT,
        name="Loss, the other side's profit, or a licence fee to go by",
        source=source,
        weight=2,
    )


INVENTION = Template(
    key="invention",
    name="Invention or design",
    asks=(
        Ask(
            key="idea.record",
            stage=Stage.IDEA,
            name="The idea as it was first written down",
            source="法释〔2019〕19号 第九十三条",
            weight=2,
            only_then=True,
        ),
        Ask(
            key="idea.task",
            stage=Stage.IDEA,
            name="Task, contract or agreement that says whose invention it is",
            source="专利法 第六条、第八条",
            weight=3,
        ),
        Ask(
            key="development.drawings",
            stage=Stage.DEVELOPMENT,
            name="Technical drawings and process documents as they were made",
            source="法释〔2009〕21号 第十五条",
            weight=3,
            only_then=True,
        ),
        Ask(
            key="development.tests",
            stage=Stage.DEVELOPMENT,
            name="Records of tests and of who took part",
            source="专利法实施细则 第十四条",
            weight=2,
            only_then=True,
        ),
        Ask(
            key="development.silence",
            stage=Stage.DEVELOPMENT,
            name="Agreements of confidentiality with all who saw it before filing",
            source="专利法 第二十二条、第二十四条",
            weight=3,
            only_then=True,
        ),
        Ask(
            key="filing.application",
            stage=Stage.FILING,
            name="The application as it was filed, and the office's receipt",
            source="专利法 第二十六条、第二十八条",
            weight=3,
        ),
        Ask(
            key="filing.abroad",
            stage=Stage.FILING,
            name="Secrecy review before filing abroad",
            source="专利法 第十九条",
            weight=1,
        ),
        Ask(
            key="licensing.contract",
            stage=Stage.LICENSING,
            name="The licence contract in writing",
            source="民法典 第八百六十三条",
            weight=2,
        ),
        Ask(
            key="licensing.fees",
            stage=Stage.LICENSING,
            name="What was paid for licences",
            source="专利法 第七十一条",
            weight=1,
        ),
        Ask(
            key="enforcement.title",
            stage=Stage.ENFORCEMENT,
            name="Certificate, register entry and paid annual fees",
            source="专利法 第三十九条、第四十条、第四十三条、第四十四条",
            weight=3,
        ),
        Ask(
            key="enforcement.report",
            stage=Stage.ENFORCEMENT,
            name="The office's evaluation report, for a utility model or design",
            source="专利法 第六十六条",
            weight=2,
        ),
        Ask(
            key="enforcement.infringement",
            stage=Stage.ENFORCEMENT,
            name="What the other side makes or sells, captured while it is there",
            source="专利法 第十一条、第七十三条",
            weight=3,
            only_then=True,
        ),
        _damage("专利法 第七十一条"),
    ),
)

SOFTWARE = Template(
    key="software",
    name="Software or another work",
    asks=(
        Ask(
            key="idea.draft",
            stage=Stage.IDEA,
            name="First drafts, with who wrote them",
            source="法释〔2002〕31号 第七条",
            weight=2,
            only_then=True,
        ),
        Ask(
            key="idea.ownership",
            stage=Stage.IDEA,
            name="Contract that says who owns what is written",
            source="著作权法 第十七条至第十九条",
            weight=3,
        ),
        Ask(
            key="development.versions",
            stage=Stage.DEVELOPMENT,
            name="Source code and its history, version by version",
            source="法释〔2002〕31号 第七条",
            weight=3,
            only_then=True,
        ),
        Ask(
            key="development.foreign",
            stage=Stage.DEVELOPMENT,
            name="List of foreign parts and their licences",
            source="",
            weight=2,
        ),
        Ask(
            key="filing.registration",
            stage=Stage.FILING,
            name="Certificate of registration of the copyright",
            source="法释〔2002〕31号 第七条",
            weight=2,
        ),
        Ask(
            key="licensing.contract",
            stage=Stage.LICENSING,
            name="The licence contract in writing",
            source="著作权法 第二十六条、著作权法实施条例 第二十三条",
            weight=2,
        ),
        Ask(
            key="enforcement.access",
            stage=Stage.ENFORCEMENT,
            name="That the other side could see it",
            source="",
            weight=2,
        ),
        Ask(
            key="enforcement.infringement",
            stage=Stage.ENFORCEMENT,
            name="What the other side publishes or sells, captured while it is there",
            source="著作权法 第五十二条、第五十三条",
            weight=3,
            only_then=True,
        ),
        _damage("著作权法 第五十四条"),
    ),
)

MARK = Template(
    key="mark",
    name="Trade mark",
    asks=(
        Ask(
            key="idea.design",
            stage=Stage.IDEA,
            name="How the mark was found and drawn, with who did it",
            source="法释〔2002〕31号 第七条",
            weight=1,
            only_then=True,
        ),
        Ask(
            key="development.search",
            stage=Stage.DEVELOPMENT,
            name="Search for earlier marks and rights, with its day",
            source="商标法 第三十条、第三十二条",
            weight=2,
        ),
        Ask(
            key="filing.application",
            stage=Stage.FILING,
            name="The application as it was filed, and the office's receipt",
            source="商标法 第二十二条",
            weight=3,
        ),
        Ask(
            key="licensing.contract",
            stage=Stage.LICENSING,
            name="The licence contract, and that it was put on record",
            source="商标法 第四十三条",
            weight=2,
        ),
        Ask(
            key="enforcement.use",
            stage=Stage.ENFORCEMENT,
            name="That the mark was really used in the last three years",
            source="商标法 第四十九条、第六十四条",
            weight=3,
            only_then=True,
        ),
        Ask(
            key="enforcement.infringement",
            stage=Stage.ENFORCEMENT,
            name="What the other side sells under it, captured while it is there",
            source="商标法 第五十七条",
            weight=3,
            only_then=True,
        ),
        _damage("商标法 第六十三条"),
    ),
)

TRADE_SECRET = Template(
    key="trade-secret",
    name="Trade secret",
    asks=(
        Ask(
            key="idea.scope",
            stage=Stage.IDEA,
            name="What exactly the secret is, and what it is worth",
            source="法释〔2020〕7号 第一条、第七条、第二十七条",
            weight=3,
            only_then=True,
        ),
        Ask(
            key="development.measures",
            stage=Stage.DEVELOPMENT,
            name="How it was kept secret: who had access, marks, rooms, machines",
            source="法释〔2020〕7号 第五条、第六条",
            weight=3,
            only_then=True,
        ),
        Ask(
            key="development.agreements",
            stage=Stage.DEVELOPMENT,
            name="Agreements of confidentiality with staff and partners",
            source="法释〔2020〕7号 第六条",
            weight=3,
            only_then=True,
        ),
        Ask(
            key="licensing.contract",
            stage=Stage.LICENSING,
            name="The licence contract, with the duty to keep it secret",
            source="民法典 第八百六十三条、第八百六十八条、第八百六十九条",
            weight=2,
        ),
        Ask(
            key="enforcement.access",
            stage=Stage.ENFORCEMENT,
            name="That the other side had access to it",
            source="反不正当竞争法（举证责任）、法释〔2020〕7号 第十二条",
            weight=2,
        ),
        Ask(
            key="enforcement.sameness",
            stage=Stage.ENFORCEMENT,
            name="That what the other side uses is the same in substance",
            source="法释〔2020〕7号 第十三条",
            weight=3,
            only_then=True,
        ),
        _damage("法释〔2020〕7号 第二十条"),
    ),
)

TEMPLATES = {each.key: each for each in (INVENTION, SOFTWARE, MARK, TRADE_SECRET)}
STAGES = {
    Stage.IDEA: "Idea",
    Stage.DEVELOPMENT: "Development",
    Stage.FILING: "Filing",
    Stage.LICENSING: "Licensing",
    Stage.ENFORCEMENT: "Enforcement",
}
"""What each stage is called."""
