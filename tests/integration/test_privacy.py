"""Personal numbers come in by every door and leave by none: database, bucket, mails and logs are searched for each."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from random import Random
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import xlwt
from openpyxl.comments import Comment
from sqlalchemy import text
from tests.corpus.personal_numbers import (
    invent_card,
    invent_id_number,
    invent_mobile,
    secret_part,
    written_variants,
)
from tests.smtp_server import SmtpScript, serving

from nuanliu.errors import ObjectMissing
from nuanliu.operations.alerts import raise_alert
from nuanliu.operations.claiming import claim_waiting
from nuanliu.operations.intake import take_all
from nuanliu.operations.publishing import publish_week
from nuanliu.operations.reconciling import reconcile
from nuanliu.operations.reminding import remind_unions
from nuanliu.operations.replay_scope import ReplayScope
from nuanliu.operations.replaying import replay
from nuanliu.operations.watching import watch_pipeline
from nuanliu.orchestration.drops import alert_lines, next_batch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nuanliu.operations.context import Context

WEEK = "2024-W49"
_MAKERS = (invent_id_number, invent_mobile, invent_card)
HEADER = (
    "活动编号", "填报单位", "主办单位", "活动名称", "活动类别", "专项/品牌", "开始日期", "结束日期", "活动地点", "服务对象", "统计口径", "物资名称",
    "联合单位", "服务人数(人)", "投入资金(元)", "说明", "备注",
)  # fmt: skip


class Planted:
    """Hands out personal numbers, each once and each time in another writing, and remembers them with their place."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.places: dict[str, str] = {}

    def plain(self, place: str, kind: int | None = None) -> str:
        """A number as it is."""
        make = _MAKERS[len(self.places) % 3 if kind is None else kind]
        number = make(self.rng)
        self.places[number] = place
        return number

    def __call__(self, place: str, kind: int | None = None) -> str:
        """A number with words around it, in one of the ways people write it."""
        number = self.plain(place, kind)
        variants = written_variants(number)
        return f"找王某{variants[len(self.places) % len(variants)]}联系"

    def found_in(self, content: str) -> set[str]:
        """Places whose number, or the middle of it, stands in a text however it is written."""
        plain = content.translate(str.maketrans("０１２３４５６７８９Ｘ", "0123456789X"))
        plain = re.sub(r"\b[0-9a-f]{32,64}\b", " ", plain)  # hashes
        joined = re.sub(r"(?<=[0-9])[ \-\u00a0\u3000_.]{1,2}(?=[0-9])", "", plain)
        return {
            place
            for number, place in self.places.items()
            if any(part in whole for part in (number, secret_part(number)) for whole in (plain, joined))
        }


def row(**says: Any) -> list[Any]:
    """One good activity, with what ``says`` puts into its cells by header."""
    good = {
        "活动名称": "慰问活动", "活动类别": "走访慰问", "开始日期": "2024-12-03", "结束日期": "2024-12-04", "统计口径": "本次", "服务人数(人)": 50,
    }  # fmt: skip
    return [{**good, **says}.get(header) for header in HEADER]


def saved(book: openpyxl.Workbook | xlwt.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(*rows: list[Any]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "活动明细"
    for cells in (list(HEADER), *rows):
        sheet.append(cells)
    return book


def stray_workbook(planted: Planted) -> bytes:
    """A workbook with one number in each place that has nothing to do with its table."""
    book = workbook(row(活动名称="慰问环卫工人"), row(活动名称="慰问货车司机", 备注=planted("备注")))
    sheet = book["活动明细"]
    sheet.insert_rows(1)
    sheet["A1"] = planted("标题")
    sheet["D3"].comment = Comment(planted("批注"), planted("批注作者"))
    sheet["R2"], sheet["R3"] = planted("表头"), planted("多余的列")
    sheet.append([])
    sheet.append(["备注:" + planted("表下备注")])
    sheet.append([f"填报人:王某 联系电话:{planted.plain('表下电话', 1)}"])
    sheet.oddHeader.center.text = planted("页眉")
    sheet.oddFooter.center.text = planted.plain("页脚", 1)
    hidden = book.create_sheet("备查")
    hidden["A1"] = planted("隐藏的表")
    hidden.sheet_state = "hidden"
    other = book.create_sheet(f"说明{planted.plain('表名')}")
    other["B2"] = planted("未读的表")
    cover = book.create_sheet("报送信息", 0)
    for cells in (
        ["报送单位", "白银市总工会"],
        ["报告期", "2024年第49周"],
        ["填报人", f"王某{planted.plain('封面填报人')}"],
        ["联系电话", planted.plain("封面电话", 1)],
        ["附注", planted("封面其他格")],
    ):
        cover.append(cells)
    for name in ("creator", "title", "subject", "keywords", "description", "lastModifiedBy", "category"):
        setattr(book.properties, name, planted(f"属性{name}"))
    return saved(book)


def cells_workbook(planted: Planted) -> bytes:
    """A workbook with a number in a cell of every column, each in a row of its own."""
    rows = [row(活动名称="慰问矿工", 活动编号="G-1")]
    rows += [
        row(**{"活动名称": f"慰问第{at}车间", header: planted(f"格:{header}")}) for at, header in enumerate(HEADER)
    ]
    rows += [row(活动名称="数字格", **{"服务人数(人)": int(planted.plain("数字格里的手机号", 1))})]
    rows += [row(活动名称="数字格二", **{"投入资金(元)": planted.plain("数字格里的卡号", 2)})]
    rows += [row(活动名称="数字格三", **{"服务人数(人)": int(planted.plain("数值存的身份证", 0)[:17].ljust(18, "0"))})]
    return saved(workbook(*rows))


def stray_csv(planted: Planted, encoding: str) -> bytes:
    rows = [
        list(HEADER),
        row(活动名称="慰问铁路职工", 备注=planted(f"{encoding}备注")),
        row(活动名称=planted(f"{encoding}名称")),
    ]
    return "\r\n".join(",".join("" if cell is None else str(cell) for cell in cells) for cells in rows).encode(encoding)


def stray_xls(planted: Planted) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("活动明细")
    for at, cells in enumerate(
        [list(HEADER), row(活动名称="慰问供电职工", 备注=planted("xls备注")), row(说明=planted("xls说明"))]
    ):
        for column, content in enumerate(cells):
            sheet.write(at, column, content)
    hidden = book.add_sheet(f"备查{planted.plain('xls表名')}")
    hidden.write(0, 0, planted("xls隐藏的表"))
    hidden.visibility = 1
    book.owner = planted.plain("xls作者")
    return saved(book)


def persons_workbook(planted: Planted, *, hidden: bool) -> bytes:
    book = workbook(row(活动名称="困难职工慰问"))
    sheet = book.create_sheet("名单")
    for cells in (
        ["姓名", "身份证号", "手机", "银行卡号"],
        *([f"职工{n}", *(planted.plain(f"名单{n}{kind}", kind) for kind in range(3))] for n in "甲乙丙"),
    ):
        sheet.append(cells)
    sheet.sheet_state = "hidden" if hidden else "visible"
    return saved(book)


def persons_csv(planted: Planted) -> bytes:
    lines = ["姓名,身份证号,服务人数", *(f"职工{n},{planted.plain(f'CSV名单{n}', 0)},1" for n in "甲乙丙")]
    return "\n".join(lines).encode("gb18030")


def drops(planted: Planted) -> dict[str, bytes]:
    """Object keys and bytes: every door that a number may come in by."""
    return {
        f"intake/620400/周报{planted.plain('文件名')}.xlsx": stray_workbook(planted),
        f"intake/620400/2024-W48/周报 {written_variants(planted.plain('文件名分段', 1))[2]}.xlsx": saved(workbook(row(活动名称="慰问"))),
        "intake/620100/周报.xlsx": cells_workbook(planted),
        "intake/620300/周报.csv": stray_csv(planted, "gb18030"),
        "intake/620500/周报.csv": stray_csv(planted, "utf-8-sig"),
        f"intake/620600/{planted.plain('文件夹名')}/周报.csv": stray_csv(planted, "utf-16"),
        "intake/620700/周报.xls": stray_xls(planted),
        "intake/620800/名单.xlsx": persons_workbook(planted, hidden=False),
        f"intake/620900/名单{planted.plain('封存文件名', 0)}.xlsx": persons_workbook(planted, hidden=True),
        "intake/621000/名单.csv": persons_csv(planted),
        f"intake/621100/{planted.plain('坏文件名', 0)}.xlsx": b"%PDF-1.7\n" + planted.plain("坏文件").encode(),
        f"intake/999999/{planted.plain('未知单位的文件名')}.xlsx": saved(workbook(row(备注=planted("未知单位")))),
        f"intake/{planted.plain('未知单位', 1)}/周报.xlsx": saved(workbook(row(备注=planted("未知单位二")))),
        "intake/621200/试报/周报.xlsx": saved(workbook(row(备注=planted("试报"), 活动类别=planted("试报类别")))),
    }  # fmt: skip


def database_texts(ctx: Context) -> Iterator[tuple[str, str]]:
    """Every column of every table as text; mails are taken apart."""
    with ctx.engine.connect() as connection:
        columns = connection.execute(
            text(
                "select table_name, column_name, data_type from information_schema.columns "
                "where table_schema not in ('pg_catalog', 'information_schema') order by 1, 2"
            )
        ).all()
        for table, column, kind in columns:
            quoted = f'select "{column}" from "{table}" where "{column}" is not null'
            values = connection.exec_driver_sql(quoted.replace(f'"{column}"', f'"{column}"::text', 1)).scalars().all()
            yield f"{table}.{column}", "\n".join(values)
            if kind == "bytea":
                for value in connection.exec_driver_sql(quoted).scalars():
                    yield f"{table}.{column}", "\n".join(mail_texts(bytes(value)))


def mail_texts(message: bytes) -> Iterator[str]:
    """All of a mail: headers, bodies, attachments with what is in them."""
    mail = message_from_bytes(message, policy=default)
    for part in mail.walk():
        yield "\n".join(f"{name}: {value}" for name, value in part.items())
        if not part.is_multipart():
            yield from texts_of(part.get_payload(decode=True) or b"")  # type: ignore[arg-type]


def texts_of(data: bytes) -> Iterator[str]:
    """Bytes as text, and the members of a zip (xlsx, docx) as text."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name
                yield from texts_of(archive.read(name))
    else:
        yield data.decode("utf-8", "replace")


def bucket_texts(ctx: Context) -> Iterator[tuple[str, str]]:
    """Every object that people see, by name and content; archive/ and quarantine/ by name only."""
    for item in ctx.bucket.list(""):
        if item.key.startswith("intake/"):
            continue
        yield f"key {item.key.split('/')[0]}", item.key
        if not item.key.startswith(("archive/", "quarantine/")):
            for content in texts_of(ctx.bucket.read(item.key)):
                yield item.key, content


def leaks(planted: Planted, texts: Iterator[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted({(where, place) for where, content in texts for place in planted.found_in(content)})


@pytest.fixture
def mailed(ctx: Context, tmp_path: Path) -> Iterator[tuple[Context, SmtpScript]]:
    recipients = tmp_path / "recipients.csv"
    unions = "".join(f"u{n}@x.example,工会,union,62{n:02}00\n" for n in range(1, 13))
    recipients.write_text(
        f"address,name,role,union_id\nleader@x.example,领导,leader,\ne@x.example,工程师,engineer,\n{unions}", "utf-8"
    )
    with serving(SmtpScript()) as script:
        yield replace(ctx, settings=replace(ctx.settings, smtp_url=script.url, recipients=recipients)), script


def test_no_personal_number_leaves_the_original_bytes(
    mailed: tuple[Context, SmtpScript], caplog: pytest.LogCaptureFixture
) -> None:
    ctx, script = mailed
    planted = Planted(49)
    for key, data in drops(planted).items():
        assert ctx.bucket.create(key, data)
    # PostgreSQL's and S3's own clients log statements and requests at DEBUG; no setting of ours turns that on.
    caplog.set_level(logging.DEBUG, logger="nuanliu")
    caplog.set_level(logging.INFO)
    progress: list[str] = []
    claims = claim_waiting(ctx)
    assert leaks(planted, database_texts(ctx)) == []
    answered = take_all(ctx, progress.append)["receipts"]
    assert len(answered) == len(drops(Planted(49)))
    assert publish_week(ctx, WEEK, send=True)["published"]
    remind_unions(ctx, WEEK)
    handed_on = repr(next_batch(claims))
    raise_alert(ctx, purpose="test", title="投递", lines=alert_lines(next_batch(claims), []))
    watch_pipeline(ctx)

    assert leaks(planted, database_texts(ctx)) == []
    assert leaks(planted, bucket_texts(ctx)) == []
    assert leaks(planted, (("mail", part) for message in script.messages for part in mail_texts(message))) == []
    assert script.messages
    # werkzeug serves the S3 API of this test; what an object store logs of requests is not ours
    logged = [record.getMessage() for record in caplog.records if record.name != "werkzeug"]
    said = [*progress, handed_on, repr(answered), *logged]
    assert leaks(planted, (("said", part) for part in said)) == []
    assert reconcile(ctx)["differences"] == []

    by_union = {receipt["union_id"]: receipt for receipt in answered}
    quarantined = {union for union, receipt in by_union.items() if "pii.person_level" in rules_of(receipt)}
    assert quarantined == {"620800", "620900", "621000"}
    assert len(ctx.bucket.list("quarantine/")) == 3
    assert {by_union[union]["status"] for union in quarantined} == {"rejected"}
    strays = [receipt for receipt in answered if "pii.number.masked" in rules_of(receipt)]
    assert {receipt["union_id"] for receipt in strays} >= {"620400", "620100", "620300", "620500", "620600", "620700"}


def rules_of(receipt: dict[str, Any]) -> set[str]:
    return {finding["rule"] for finding in receipt["findings"]}


def test_the_search_itself_finds_a_number_however_it_is_written() -> None:
    planted = Planted(1)
    for kind in range(3):
        number = planted.plain(f"{kind}", kind)
        for written in written_variants(number):
            assert planted.found_in(f"第{written}号") == {f"{kind}"}
        planted.places.clear()


def test_a_drop_with_a_number_in_its_name_is_answered_after_a_crash_too(ctx: Context) -> None:
    planted = Planted(7)
    key = f"intake/620400/周报{planted.plain('文件名')}.xlsx"
    assert ctx.bucket.create(key, saved(workbook(row())))
    claim_waiting(ctx)
    assert claim_waiting(ctx)[0].object_id == 1  # claimed once, though its name is not stored
    (receipt,) = take_all(ctx)["receipts"]
    assert receipt["status"] == "accepted_with_warnings"
    assert "pii.file_name.masked" in rules_of(receipt)
    assert ctx.bucket.list("intake/") == []
    assert [item.key.rpartition(".")[2] for item in ctx.bucket.list("archive/")] == ["xlsx"]


def test_a_replay_that_knows_the_name_as_masked_changes_no_receipt(ctx: Context) -> None:
    planted = Planted(8)
    for kind in range(3):
        key = f"intake/{('620400', '620100', '620300')[kind]}/周报{planted.plain('文件名', kind)}.xlsx"
        assert ctx.bucket.create(key, saved(workbook(row(活动名称=f"慰问第{kind}车间"))))
    receipts = take_all(ctx)["receipts"]
    assert all("pii.file_name.masked" in rules_of(receipt) for receipt in receipts)
    assert replay(ctx, ReplayScope())["receipts"] == []
    with ctx.engine.connect() as connection:
        documents = connection.exec_driver_sql("select document from receipt order by receipt_no").scalars().all()
    assert documents == sorted(receipts, key=lambda receipt: str(receipt["receipt_no"]))
    assert leaks(planted, database_texts(ctx)) == []


def test_messages_about_missing_objects_name_no_file(ctx: Context) -> None:
    planted = Planted(9)
    with pytest.raises(ObjectMissing) as caught:
        ctx.bucket.read(f"intake/620400/{planted.plain('文件名')}.xlsx")
    assert caught.value.__cause__ is None
    assert planted.found_in(caught.value.message) == set()
    assert "620400" in caught.value.message
