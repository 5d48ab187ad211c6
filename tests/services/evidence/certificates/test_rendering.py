"""What stands on the pages, read back by other programs."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.proof.package.factory import Zone, changed, members
from tests.services.evidence.certificates.making import NAME, NUMBER, URL, CertifyingZone, disclosure

from zonary.proof.tlog.keys import MLDSA44_COSIGNATURE, VerifierKey


def _text(pdf: bytes, folder: Path) -> str:
    path = folder / "read.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True)
    return re.sub(r"\s+", "", done.stdout.decode())


def _rendered(certifying: CertifyingZone, package: bytes, folder: Path, *, is_full: bool = True) -> str:
    return _text(certifying.rendered(certifying.facts(package, is_full=is_full), package), folder)


def test_a_judge_reads_who_what_when_and_what_is_not_proven(
    certifying: CertifyingZone, package: bytes, tmp_path: Path, poppler: Any
) -> None:
    text = _rendered(certifying, package, tmp_path)
    for said in (
        "存证证书",
        "EVIDENCECERTIFICATE",
        NUMBER,
        "星火燎原智能工程机械与高端装备制造技术研究开发股份有限公司第一分公司（虚构）",
        "91430100MA4L1234X5",
        "片区工作人员已确认何人代表该单位",
        "不晚于2026年11月22日11:00:01（北京时间）",
        "湘网信备00000000000000000001号",
        "Itdoesnotprovewhotheauthoris",
        "存证不等于专利申请",
        "以加密移动硬盘交付，交接单编号JJ-118。",
        "第十六条",
        "第九十四条",
        "第1页，共",
        "DEVELOPMENTAUTHORITY",
    ):
        assert said in text, said
    # Words that would claim what nobody can: domain notes.
    for claimed in ("courtcertificate", "validincourt", "具有法律效力", "法院认可", "公证书"):
        assert claimed not in text, claimed


def test_what_nobody_stated_is_not_filled_in(
    certifying: CertifyingZone, package: bytes, tmp_path: Path, poppler: Any
) -> None:
    text = _rendered(certifying, package, tmp_path, is_full=False)
    for said in (
        "运营方：未填写",
        "片区：未填写",
        "区块链信息服务备案编号：未填写",
        "网络安全等级保护备案：未填写",
        "登记账号属于何人仅凭其自述，未经核实",
        "（未提供姓名）",
    ):
        assert said in text, said
    assert text.count("存证主体陈述Holder未填写") >= 9


def test_declared_and_observed_are_told_apart(certifying: CertifyingZone, package: bytes) -> None:
    page = certifying.page(certifying.facts(package), package)
    declared = {each.text for each in certifying.facts(package).declared}
    for article in page["questions"]["articles"]:
        for question in article["questions"]:
            for answer in question["answers"]:
                told = any(text in answer["text"]["zh"] for text in declared)
                assert not told or answer["sources"] == ["存证主体陈述 Holder"]


def test_of_twenty_thousand_files_the_first_stand_there_and_all_are_inside(
    certifying: CertifyingZone, tmp_path: Path, poppler: Any
) -> None:
    # Made by hand of two hundred: what is printed depends on the list alone, and its count is checked.
    package = certifying.zone.package({f"图纸/{n:05d}.dwg".encode(): b"%d" % n for n in range(200)})
    text = _rendered(certifying, package, tmp_path)
    assert "清单所列200项" in text
    assert "图纸/00011.dwg" in text
    assert "图纸/00012.dwg" not in text
    assert "共200项，此处按名称列出前12项" in text


def test_a_disclosure_says_that_the_rest_is_not_shown(certifying: CertifyingZone, tmp_path: Path, poppler: Any) -> None:
    text = _rendered(certifying, disclosure(certifying.zone), tmp_path)
    assert "某清单中披露的2项；清单其余内容未披露" in text
    assert "sub/b.bin" not in text


def test_a_contract_is_not_told_about_patents(certifying: CertifyingZone, package: bytes) -> None:
    import msgspec

    facts = certifying.facts(package)
    record = msgspec.structs.replace(facts.record, about="contract", is_patentable=False)
    said = [
        each["label"]["zh"]
        for each in certifying.page(msgspec.structs.replace(facts, record=record), package)["statements"]
    ]
    assert said == ["试用件", "结论", "限度"]
    assert [each["label"]["zh"] for each in certifying.page(facts, package)["statements"]] == [
        "试用件",
        "结论",
        "限度",
        "提示",
    ]


def test_what_a_holder_wrote_is_text_and_no_markup(certifying: CertifyingZone, package: bytes, tmp_path: Path,
                                                   poppler: Any) -> None:  # fmt: skip
    import msgspec

    facts = certifying.facts(package)
    title = '#read("/etc/passwd") *bold* $x$ ]} <label>'
    record = msgspec.structs.replace(facts.record, title=title)
    text = _text(certifying.rendered(msgspec.structs.replace(facts, record=record), package), tmp_path)
    assert '#read("/etc/passwd")*bold*$x$]}<label>' in text


def test_everything_needed_is_embedded(pdf: Path, poppler: Any) -> None:
    fonts = subprocess.run(["pdffonts", str(pdf)], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in fonts.splitlines()[2:]]
    assert any("NotoSansCJK" in row[0] for row in rows)
    assert all("yes" in row for row in rows)
    assert all(row[-5:-2] == ["yes", "yes", "yes"] for row in rows)
    listed = subprocess.run(["pdfdetach", "-list", str(pdf)], capture_output=True, text=True, check=True).stdout
    assert [name for name in ("evidence.zonary", "certificate.json", "steps.sh") if name in listed] == [
        "evidence.zonary",
        "certificate.json",
        "steps.sh",
    ]
    content = pdf.read_bytes()
    assert b"/AFRelationship" in content
    assert b"pdfaid:part>3<" in content or b'pdfaid:part="3"' in content


def test_the_same_facts_give_the_same_pages(certifying: CertifyingZone, package: bytes) -> None:
    facts = certifying.facts(package)
    assert certifying.rendered(facts, package) == certifying.rendered(facts, package)
    assert f"{URL}/certificates/{NUMBER}" == facts.address


def test_no_english_sentence_is_missing(certifying: CertifyingZone, package: bytes) -> None:
    page = certifying.page(certifying.facts(package), package)
    for row in page["rows"]:
        assert row["label"]["en"]
        assert all(value["en"] for value in row["values"]), row
    for article in page["questions"]["articles"]:
        assert article["title"]["en"]
        assert all(question["asked"]["en"] for question in article["questions"])


@pytest.mark.parametrize("moment", ["2026-11-22T16:00:00Z"])
def test_times_are_those_of_beijing_and_of_utc(moment: str) -> None:
    from zonary.services.evidence.certificates.rendering.sentences import beijing, utc

    assert beijing(moment) == "2026年11月23日 00:00:00（北京时间）"
    assert utc(moment) == "2026-11-22 16:00:00 UTC"


def _first_page(pdf: bytes, folder: Path) -> str:
    path = folder / "cover.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-raw", "-l", "1", str(path), "-"], capture_output=True, check=True)
    return re.sub(r"\s+", "", done.stdout.decode())


def test_the_cover_tells_the_time_that_counts_from_the_operators_clock(
    certifying: CertifyingZone, package: bytes, tmp_path: Path, poppler: Any
) -> None:
    import msgspec

    facts = certifying.facts(package)
    text = _first_page(certifying.rendered(facts, package), tmp_path)
    later = "令牌在收到之后一日以上才取得；只有证明的时间为准。"
    for said in (
        "证明的时间（以此为准）：不晚于2026年11月22日11:00:01（北京时间）",
        "依据：令牌2026年11月22日11:00:00（北京时间），加所述误差",
        "服务器收到（仅供参考，运营方自有时钟）：2026年11月22日11:00:00（北京时间）",
        "签发方（电子签名人）",
        "Zonarydevelopmentcertificatesigner（开发用）",
        "不得作为正式证明使用",
        "此后未变；以时间戳与日志的签名可信为前提",
        "不产生优先权",
        "以电子文件为准",  # the last sentence of the cover: it is one page
    ):
        assert said in text, said
    assert later not in text
    assert "故略晚于签发时刻" not in text
    assert "OU=" not in text

    record = msgspec.structs.replace(facts.record, registered_at="2026-11-20T03:00:00Z")
    early = msgspec.structs.replace(facts, record=record, issued_at="2026-11-22T03:00:00Z")
    text = _first_page(certifying.rendered(early, package), tmp_path)
    assert later in text
    assert "加所述误差（故略晚于签发时刻）" in text
    assert "以电子文件为准" in text


def test_second_tree_further_tokens_and_the_keys_to_compare_stand_on_paper(certifying: CertifyingZone) -> None:
    import hashlib
    import io

    from tests.proof.package.factory import members, opened

    from zonary.proof.package.build import write_with_further
    from zonary.proof.package.further import FurtherToken

    zone, grown = certifying.zone, io.BytesIO()
    plain = zone.package({b"a": b"first"}, second={})
    token = FurtherToken("other", zone.token(members(plain)["statement.json"])[0], zone.tsa.ca_pem)
    write_with_further(grown, opened(plain), [token])
    page = certifying.page(certifying.facts(grown.getvalue()), grown.getvalue())
    rows = {row["label"]["zh"]: row["value"] for row in page["technical"]["rows"]}
    assert "timestamps/other.tst" in rows["其他机构（登记记录）"]
    assert "timestamp/a.tsr" in rows["时间戳一（文件）"]
    assert "META-INF/timestamp.tst" in rows["时间戳二（登记记录）"]
    assert rows["第二棵树（SM3/SM2）"] == zone.second_key.verifier.name
    assert rows["其索引 / 总项数"].startswith("2 / 5")
    assert "DEVELOPMENT SIGNER" in rows["签名证书"]
    keys = {row["label"]["zh"]: row["value"] for row in page["annex"]["keys"]}
    assert keys["时间戳根证书 SHA-256"] == hashlib.sha256(zone.trust.timestamp_roots[0]).hexdigest()
    assert keys["日志公钥"] == zone.key.verifier.encode()


def test_an_address_of_this_machine_is_called_one_for_trial(certifying: CertifyingZone, package: bytes) -> None:
    import msgspec

    facts = certifying.facts(package)
    assert certifying.page(facts, package)["scan"]["zh"] == "扫码查看本编号"
    for host in ("127.0.0.1:8799", "localhost:8799", "[::1]"):
        local = msgspec.structs.replace(facts, address=f"http://{host}/certificates/{NUMBER}")
        assert "试用地址" in certifying.page(local, package)["scan"]["zh"], host


def test_what_is_declared_of_any_topic_stands_under_the_question_it_answers(
    certifying: CertifyingZone, package: bytes
) -> None:
    from zonary.services.evidence.declarations.rules import Topic

    facts = certifying.facts(package)
    said = {each.topic: each.text for each in facts.declared}
    assert set(said) == set(Topic)
    page = certifying.page(facts, package)
    asked = {
        question["asked"]["zh"]: " ".join(answer["text"]["zh"] for answer in question["answers"])
        for article in page["questions"]["articles"]
        for question in article["questions"]
    }
    for topic, question in (
        (Topic.SOURCE, "具体来源"),
        (Topic.CREATION, "生成机制"),
        (Topic.TOOL, "生成机制"),
        (Topic.CUSTODY, "存储过程"),
        (Topic.HANDOVER, "移交与传输"),
        (Topic.NOTARISATION, "公证、第三方见证、关联印证"),
        (Topic.WITNESS, "公证、第三方见证、关联印证"),
        (Topic.CORROBORATION, "公证、第三方见证、关联印证"),
        (Topic.OTHER, "其他因素"),
    ):
        assert said[topic] in asked[question], topic


def test_a_key_too_long_to_compare_on_paper_is_left_out(
    certifying: CertifyingZone, package: bytes, tmp_path: Path, poppler: Any
) -> None:
    keys = members(package)["log/log.vkey"]
    # ML-DSA-44: its verifier key has more than 1,700 characters.
    long = VerifierKey.of("zonary/long", MLDSA44_COSIGNATURE, bytes(1312))
    both = changed(package, **{"log/log.vkey": keys + long.encode().encode() + b"\n"})
    text = _rendered(certifying, both, tmp_path)
    assert keys.decode().strip() in text
    assert "zonary/long+" not in text


def _answers(page: Any, asked: str) -> list[tuple[list[str], str]]:
    return [
        (answer["sources"], answer["text"]["zh"])
        for article in page["questions"]["articles"]
        for question in article["questions"]
        if question["asked"]["zh"] == asked
        for answer in question["answers"]
    ]


def _with_statement(certifying: CertifyingZone, package: bytes, **said: Any) -> Any:
    """The page of a certificate whose record says this, too."""
    from dataclasses import replace

    from zonary.services.evidence.certificates.rendering.beside import beside
    from zonary.services.evidence.certificates.rendering.page import page_of

    aside = beside(package, certifying.means.signer.chain)
    aside = replace(aside, statement=replace(aside.statement, **said))
    return page_of(certifying.facts(package, is_full=False), aside)


def test_what_was_sealed_of_the_origin_stands_apart_from_what_was_said_later(
    certifying: CertifyingZone, package: bytes
) -> None:
    from zonary.proof.origin import declared_origin

    reported = {"by": "program", "program": "zonary 0.1.0", "selection": "folder"}
    origin = declared_origin({"source": "研发部 PDM 导出", "custodian": "档案室"}, reported)
    page = _with_statement(certifying, package, declared=origin)
    assert _answers(page, "具体来源") == [(["存证主体随存证陈述 Holder, sealed"], "来源：研发部 PDM 导出")]
    [(source, said), silent] = _answers(page, "生成机制")
    assert source == ["存证主体设备报告 Holder’s machine, sealed"]
    assert "存证所用程序：zonary 0.1.0" in said
    assert silent == (["存证主体陈述 Holder"], "未填写")
    assert "档案室" in str(_answers(page, "存储过程"))


def test_of_a_web_page_the_system_says_what_it_opened(certifying: CertifyingZone, package: bytes) -> None:
    seen = {
        "capture": "019ab0c4",
        "address": "https://example.com/a",
        "began": "2026-11-22T03:00:00Z",
        "ended": "2026-11-22T03:01:00Z",
        "outcome": "captured",
        "told_by_browser": {"device": "a phone"},  # as earlier releases wrote it
    }
    page = _with_statement(certifying, package, observed=seen)
    [(source, said), _silent] = _answers(page, "具体来源")
    assert source == ["系统记录 System"]
    assert "https://example.com/a；2026年11月22日 11:00:00（北京时间） 开始" in said
    assert "由本平台取证服务自行取得" in str(_answers(page, "是否被完整保存、传输、提取，方法是否可靠"))
    for damaged in ({}, {**seen, "began": "soon"}, {"told_by_browser": "x"}):
        page = _with_statement(certifying, package, observed=damaged)
        assert _answers(page, "具体来源") == [(["存证主体陈述 Holder"], "未填写")]
    assert "phone" not in said


def test_a_declaration_tells_the_day_on_which_it_was_made(certifying: CertifyingZone, package: bytes) -> None:
    page = certifying.page(certifying.facts(package), package)
    assert "（何人 李某某；发生于 2026-11-18；陈述于 2026-11-22）" in str(_answers(page, "具体来源"))


def test_what_nobody_is_asked_is_not_held_against_the_holder(certifying: CertifyingZone, package: bytes) -> None:
    page = certifying.page(certifying.facts(package), package)
    for asked in ("是否于己不利", "是否处于正常运行状态", "是否以档案管理方式保管"):
        assert _answers(page, asked) == [([], "本系统不收集此项，由当事人另行说明")]
    told = str(page["questions"]["articles"])
    assert "未填写" not in told.replace("未填写不表示没有", "")


def test_long_declarations_run_on_over_pages_and_what_is_left_out_is_counted(
    certifying: CertifyingZone, package: bytes, tmp_path: Path, poppler: Any
) -> None:
    import msgspec

    from zonary.proof.certificate.facts import Declared

    facts = certifying.facts(package)
    many = tuple(
        Declared(topic="source", text=f"第{n}条" + "长" * 900 + f"终{n}", declared_at="2026-11-22T03:00:00Z")
        for n in range(60)
    )
    text = _text(certifying.rendered(msgspec.structs.replace(facts, declared=many), package), tmp_path)
    assert [n for n in range(12) if f"第{n}条" not in text or f"终{n}" not in text] == []
    assert "第12条" not in text
    assert "另有48项陈述，见所附certificate.json。" in text


def test_nothing_runs_over_the_edge_of_the_paper(tmp_path: Path, poppler: Any) -> None:
    import msgspec
    from tests.services.evidence.certificates.making import make_zone

    certifying = make_zone(tmp_path)
    certifying.zone = Zone(origin="zonary/04b7005e5c2582fcc60a8999eb411154")  # as a first start names a log
    long = "https://example.com/" + "x" * 180
    package = certifying.zone.package({long[8:].encode(): b"first", NAME: b"second"})
    facts = certifying.facts(package)
    record = msgspec.structs.replace(facts.record, title=long)
    declared = tuple(msgspec.structs.replace(each, text=long, who=long[:120]) for each in facts.declared)
    operator = msgspec.structs.replace(facts.operator, system=long, name=long)
    facts = msgspec.structs.replace(facts, record=record, declared=declared, operator=operator)
    (tmp_path / "wide.pdf").write_bytes(certifying.rendered(facts, package))
    done = subprocess.run(
        ["pdftotext", "-bbox", str(tmp_path / "wide.pdf"), "-"], capture_output=True, text=True, check=True
    )
    edges = [float(each) for each in re.findall(r'<word [^>]*xMax="([0-9.]+)"', done.stdout)]
    assert len(edges) > 500
    assert max(edges) <= 595.28 - 22 * 72 / 25.4 + 8  # A4 with a margin of 22 mm; a bracket may hang into it
    assert certifying.zone.key.verifier.encode() in _text(
        certifying.rendered(certifying.facts(package), package), tmp_path
    )


def test_every_outcome_of_a_capture_has_its_words(certifying: CertifyingZone, package: bytes) -> None:
    from zonary.services.evidence.capture.rules import OUTCOMES

    seen = {"capture": "1", "address": "https://example.com", "began": "2026-11-22T03:00:00Z"}
    for outcome in OUTCOMES:
        told = {**seen, "ended": "2026-11-22T03:01:00Z", "outcome": outcome}
        [(_source, said), _silent] = _answers(_with_statement(certifying, package, observed=told), "具体来源")
        assert f"结果：{outcome}" not in said
