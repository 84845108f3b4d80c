"""The whole bulletin, from 报头 to 版记."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO

from docx import Document

from nuanliu.contract.bulletin import BulletinWords, bulletin_words
from nuanliu.reporting.summary.bulletin.figure_marks import EditionMarks, MarkKeeper, Number, add_marks
from nuanliu.reporting.summary.bulletin.imprint import write_imprint
from nuanliu.reporting.summary.bulletin.masthead import write_masthead, write_title
from nuanliu.reporting.summary.bulletin.open_matters import next_step_lines, problem_lines
from nuanliu.reporting.summary.bulletin.page import lay_out_page
from nuanliu.reporting.summary.bulletin.progress import write_overall, write_progress, write_revisions
from nuanliu.reporting.summary.bulletin.tables import Said, add_table
from nuanliu.reporting.summary.bulletin.typefaces import define_styles
from nuanliu.reporting.summary.bulletin.writing import Writer
from nuanliu.reporting.summary.contents import Summary


def render_bulletin(summary: Summary, published_at: datetime, pictures: Mapping[str, bytes]) -> bytes:
    """``summary.docx``. ``pictures``: PNG as ``draw_png`` gives them; the tables say the numbers of the pictures."""
    words, keeper = bulletin_words(), MarkKeeper()
    document = Document()
    define_styles(document)
    lay_out_page(document)
    writer = Writer(document, keeper)
    write_masthead(writer, summary, words, published_at)
    write_title(writer, summary, words)
    write_revisions(writer, summary)
    write_overall(writer, summary, pictures)
    write_progress(writer, summary, pictures)
    _write_problems(writer, summary, words)
    _write_next_steps(writer, summary, words)
    write_imprint(writer, words, published_at)
    add_marks(document, EditionMarks(str(summary.week), summary.edition, keeper.numbers, tuple(keeper.names)))
    document.core_properties.author = "暖流"
    document.core_properties.title = summary.title
    document.core_properties.created = document.core_properties.modified = published_at.replace(tzinfo=None)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _write_problems(writer: Writer, summary: Summary, words: BulletinWords) -> None:
    writer.head("存在问题")
    names = (*summary.missing, *summary.held, *summary.returned, *summary.late)
    for line in problem_lines(summary, words):
        writer.say(line, names=names)
    if summary.restatements:
        writer.subhead("累计数调低")
        add_table(
            writer,
            ("单位", "活动", "指标", "上次", "本次", "计量单位", "说明"),
            [
                (x.union, x.activity, x.measure, Number(x.old, x.figure_id), Number(x.new, x.figure_id), x.unit, Said(x.explanation))
                for x in summary.restatements
            ],
        )  # fmt: skip
    if summary.explanations:
        writer.subhead("情况说明")
        add_table(
            writer,
            ("单位", "活动", "项目", "上报", "说明"),
            [(x.union, x.activity, x.what, x.value, Said(x.explanation)) for x in summary.explanations],
        )


def _write_next_steps(writer: Writer, summary: Summary, words: BulletinWords) -> None:
    writer.head("下一步")
    for line in next_step_lines(summary, words):
        said = writer.say(line, names=(matter.union for matter in summary.open_matters))
    said.paragraph_format.keep_with_next = True  # no page has 版记 alone
