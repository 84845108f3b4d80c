"""The command line. Answers go to stdout (``--json``: one document and nothing else), progress and logs to stderr."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nuanliu.cli.answers import NEGATIVE, AsJson, UnionOption, command_context, exit_unless, print_answer, say, union_of
from nuanliu.cli.logins import logins_app
from nuanliu.cli.mails import mails_app
from nuanliu.cli.proof import proof
from nuanliu.cli.proposals import proposals_app
from nuanliu.cli.publishing import publish
from nuanliu.cli.recipients import recipients_app
from nuanliu.cli.revisions import revisions
from nuanliu.cli.sample_weeks import sample_weeks
from nuanliu.cli.tolerances import tolerance_app
from nuanliu.cli.waivers import release
from nuanliu.errors import NuanliuError, UsageError
from nuanliu.settings import Settings

if TYPE_CHECKING:
    from nuanliu.warehouse.marts.editions import Edition

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="暖流: weekly trade-union activity files in, figures that can be trusted out.",
)
app.add_typer(tolerance_app, name="tolerance")
app.add_typer(proposals_app, name="proposals")
app.add_typer(logins_app, name="logins")
app.add_typer(mails_app, name="mails")
app.add_typer(recipients_app, name="recipients")
app.command()(proof)
app.command()(publish)
app.command()(release)
app.command()(revisions)
app.command("sample-weeks")(sample_weeks)

WeekOption = Annotated[str | None, typer.Option("--week", help="ISO week, e.g. 2024-W49.")]
FilesArgument = Annotated[list[Path], typer.Argument(help="Workbooks or CSV files.")]
FileArgument = Annotated[Path, typer.Argument(help="A workbook or CSV file.")]


def main() -> None:
    """Run a command; an error of ours is one line on stderr and exit 2 (wrong use) or 1."""
    try:
        app()
    except NuanliuError as error:
        say(f"nuanliu: {error.message}")
        sys.exit(2 if isinstance(error, UsageError) else 1)


@app.command()
def init(as_json: AsJson = False) -> None:
    """Create or upgrade the warehouse and its reference data."""
    from nuanliu.operations.upkeep.initialising import initialise
    from nuanliu.operations.upkeep.standstill import require_standstill_to_upgrade

    with command_context(as_owner=True) as ctx:
        require_standstill_to_upgrade(ctx.engine)
        print_answer(initialise(ctx), as_json, lambda document: f"ready: {document['home']}")


@app.command()
def roles(as_json: AsJson = False) -> None:
    """Make the logins and databases of a server's installation; needs NUANLIU_SERVER_DSN."""
    from nuanliu.operations.upkeep.database_roles import make_roles

    print_answer(
        make_roles(),
        as_json,
        lambda answer: "\n".join(f"{each['role']}: {each['name']} in {each['database']}" for each in answer["logins"]),
    )


@app.command()
def standstill(as_json: AsJson = False) -> None:
    """Say whether anything of Airflow still runs; exit 1 while it does. For the step before an upgrade."""
    from nuanliu.operations.upkeep.standstill import look_for_standstill
    from nuanliu.reporting.console import standstill_lines

    document = look_for_standstill()
    print_answer(document, as_json, standstill_lines)
    exit_unless(document["ok"])


@app.command()
def check(file: FileArgument, union: UnionOption, week: WeekOption = None, as_json: AsJson = False) -> None:
    """Check a file as the intake would, store nothing, print the receipt."""
    from nuanliu.operations.drops.check_drop import check_file
    from nuanliu.operations.drops.dropping import read_local_file
    from nuanliu.reporting.receipts.receipt_text import receipt_text

    settings = Settings.from_env()
    data = read_local_file(file)
    receipt = check_file(data, file.name, union_id=union_of(union), week=week, received_at=settings.clock())
    print_answer(receipt.as_json(), as_json, lambda _: receipt_text(receipt))
    exit_unless(receipt.status not in NEGATIVE)


@app.command()
def drop(
    files: FilesArgument,
    union: UnionOption,
    week: WeekOption = None,
    trial: Annotated[bool, typer.Option("--trial", help="试报: checked and answered, never loaded.")] = False,
    as_json: AsJson = False,
) -> None:
    """Put files into a union's intake folder, whole and never over a waiting one."""
    from nuanliu.operations.drops.dropping import drop_files
    from nuanliu.storage.bucket import open_bucket

    settings = Settings.from_env()
    bucket = open_bucket(settings.bucket_url, settings.bucket_key)
    document = drop_files(bucket, files, union_id=union_of(union), week=week, is_trial=trial)
    print_answer(document, as_json, lambda answer: "\n".join(answer["objects"]))


@app.command()
def intake(as_json: AsJson = False) -> None:
    """Take and answer everything that waits."""
    from nuanliu.operations.take_all import take_all
    from nuanliu.reporting.console import intake_lines

    with command_context() as ctx:
        document = take_all(ctx, _progress)
    print_answer(document, as_json, intake_lines)
    exit_unless(not document["failures"] and all(receipt["status"] not in NEGATIVE for receipt in document["receipts"]))


@app.command()
def status(week: WeekOption = None, as_json: AsJson = False) -> None:
    """Show who has reported a week."""
    from nuanliu.operations.weeks.inquiries import status as read_status
    from nuanliu.reporting.console import status_lines

    with command_context() as ctx:
        print_answer(read_status(ctx, week), as_json, status_lines)


@app.command()
def rollup(
    week: Annotated[str, typer.Option("--week", help="ISO week, e.g. 2024-W49.")],
    as_known_at: Annotated[
        str | None, typer.Option("--as-known-at", help="As published by then, e.g. 2024-12-16T18:00+08:00.")
    ] = None,
    edition: Annotated[int | None, typer.Option("--edition", help="As published in this edition.")] = None,
    as_json: AsJson = False,
) -> None:
    """Rebuild and print a week's figures, or print them as they were published."""
    from nuanliu.operations.weeks.known_at import edition_known_at, edition_numbered, parse_instant
    from nuanliu.operations.weeks.roll_up import roll_up_week
    from nuanliu.reporting.console import rollup_lines

    if as_known_at is not None and edition is not None:
        raise UsageError("give --as-known-at or --edition, not both")
    instant = parse_instant(as_known_at) if as_known_at is not None else None
    known: Edition | None = None
    with command_context() as ctx:
        if edition is not None:
            known = edition_numbered(ctx, week, edition)
        elif instant is not None:
            known = edition_known_at(ctx, week, instant)
        document = roll_up_week(ctx, week) if known is None else known.document
    print_answer(document, as_json, lambda answer: rollup_lines(answer, known.notes if known else {}))


@app.command()
def trace(
    figure_id: Annotated[str, typer.Argument(help="A figure_id of the rollup.")], as_json: AsJson = False
) -> None:
    """Show the cells a figure was added from."""
    from nuanliu.operations.weeks.inquiries import trace as trace_figure
    from nuanliu.reporting.console import trace_lines

    with command_context() as ctx:
        print_answer(trace_figure(ctx, figure_id), as_json, trace_lines)


@app.command()
def reconcile(as_json: AsJson = False) -> None:
    """Hold bucket, registry, receipts, facts and figures against each other."""
    from nuanliu.operations.weeks.reconciling import reconcile as run_reconcile
    from nuanliu.reporting.console import reconcile_lines

    with command_context() as ctx:
        document = run_reconcile(ctx)
    print_answer(document, as_json, reconcile_lines)
    exit_unless(document["ok"])


@app.command()
def template(
    union: UnionOption,
    output: Annotated[Path, typer.Option("--output", "-o", help="The workbook to write, e.g. 模板.xlsx.")],
    week: WeekOption = None,
    as_json: AsJson = False,
) -> None:
    """Write a union's template workbook, with drop-downs and instructions; without a week that of the last closed one."""
    from nuanliu.domain.reporting_week import ReportingWeek
    from nuanliu.operations.upkeep.template import write_template

    now = Settings.from_env().clock()
    reported = ReportingWeek.parse(week) if week else ReportingWeek.last_closed_before(now)
    print_answer(write_template(union_of(union), output, reported), as_json, lambda document: document["file"])


@app.command()
def policies(
    output: Annotated[Path, typer.Option("-o", "--output", help="A folder for the documents.")],
    bucket: Annotated[
        str | None, typer.Option("--bucket", help="s3://bucket[/prefix]; default: NUANLIU_BUCKET.")
    ] = None,
    retention: Annotated[
        bool, typer.Option("--retention", help="The pipeline may delete what NUANLIU_KEEP_… lets go.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write the object store's policies: each union, the pipeline, quarantine/; and all as the shipped store reads them."""
    from nuanliu.operations.upkeep.access_documents import write_policies

    document = write_policies(bucket or Settings.from_env().bucket_url, output, retention=retention)
    print_answer(document, as_json, lambda answer: f"{output}: {len(answer['files'])} documents for {answer['bucket']}")


@app.command()
def replay(
    union: Annotated[
        str | None, typer.Option("--union", help="Take over only this union's drops; all are played.")
    ] = None,
    weeks: Annotated[str | None, typer.Option("--weeks", help="Only these weeks, e.g. 2024-W46..2024-W49.")] = None,
    rule: Annotated[str | None, typer.Option("--rule", help="Only drops that this rule speaks of.")] = None,
    as_json: AsJson = False,
) -> None:
    """Rebuild weeks from archive/ under today's rules, and show which figures differ."""
    from nuanliu.operations.recovery.replay_scope import parse_replay_scope
    from nuanliu.operations.recovery.replaying import replay as run_replay
    from nuanliu.reporting.console import replay_lines

    scope = parse_replay_scope(None if union is None else union_of(union), weeks, rule)
    with command_context(as_owner=True) as ctx:
        document = run_replay(ctx, scope, _progress)
    print_answer(document, as_json, replay_lines)


@app.command()
def backup(
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="A new or empty folder; default: a new one in NUANLIU_BACKUPS."),
    ] = None,
    objects: Annotated[
        bool | None,
        typer.Option(
            "--objects/--no-objects", help="Copy the objects too; default: of a folder, or with NUANLIU_BACKUPS."
        ),
    ] = None,
    verify: Annotated[
        Path | None, typer.Option("--verify", help="Save nothing; read this backup anew and name what is damaged.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Save the warehouse, the bucket and the settings as they are now, or verify what was saved."""
    from nuanliu.operations.recovery.backing_up import back_up
    from nuanliu.operations.recovery.second_place import folder_for
    from nuanliu.operations.recovery.verifying import verify_backup
    from nuanliu.reporting.console import backup_check_lines

    if verify is not None:
        if output is not None or objects is not None:
            raise UsageError("--verify reads a backup and saves none: give it alone")
        found = verify_backup(verify)
        print_answer(found, as_json, backup_check_lines)
        exit_unless(found["ok"])
        return
    folder = output or folder_for(Settings.from_env())
    with command_context() as ctx:
        manifest = back_up(ctx, folder, with_objects=objects, progress=_progress)
    print_answer(
        manifest,
        as_json,
        lambda answer: f"{folder}: {len(answer['objects'])} objects {'copied' if answer['with_objects'] else 'listed'}",
    )


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(help="What nuanliu backup wrote.")], as_json: AsJson = False
) -> None:
    """Put a backup into an empty warehouse and bucket, then reconcile."""
    from nuanliu.operations.recovery.backing_up import restore as run_restore
    from nuanliu.reporting.console import restore_lines

    with command_context(as_owner=True) as ctx:
        document = run_restore(ctx, folder, _progress)
    print_answer(document, as_json, restore_lines)
    exit_unless(document["ok"])


@app.command()
def drill(
    folder: Annotated[
        Path | None, typer.Argument(help="What nuanliu backup wrote; default: the newest in NUANLIU_BACKUPS.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Restore a backup into an empty place of its own, reconcile, take the place away and say how long it took."""
    from nuanliu.operations.recovery.drilling import drill as run_drill
    from nuanliu.operations.recovery.second_place import backup_to_try
    from nuanliu.reporting.console import drill_lines

    settings = Settings.from_env()
    document = run_drill(settings, backup_to_try(settings, folder), _progress)
    print_answer(document, as_json, drill_lines)
    exit_unless(document["ok"])


@app.command()
def demo(
    year: Annotated[bool, typer.Option("--year", help="With sixty sample weeks before it (minutes).")] = False,
    as_json: AsJson = False,
) -> None:
    """Play a real week of a province through Airflow: drop, check, load, roll up, publish, mail."""
    from nuanliu.running.demo import run_demo

    document = run_demo(Settings.from_env(), _progress, has_year=year)
    print_answer(document, as_json, lambda answer: "\n".join(answer["lines"]))
    exit_unless(document["ok"])


def _progress(line: str) -> None:
    say(line)
