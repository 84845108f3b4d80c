"""The board's pages inside Airflow's web server: every route behind its login, read-only, nothing fetched from outside."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Engine
from starlette.exceptions import HTTPException as StarletteHTTPException

from nuanliu.board.access import login_url, require_login
from nuanliu.board.pages import ledger_page, receipt_page
from nuanliu.errors import (
    InvalidSetting,
    NuanliuError,
    ObjectMissing,
    ReceiptMissing,
    Transient,
    UnknownFigure,
    UnknownObject,
    UnknownUnion,
    UsageError,
)
from nuanliu.operations.context import Context
from nuanliu.operations.weeks.ledger import read_ledger, read_receipt_file, read_submission_view
from nuanliu.reporting.templates import render
from nuanliu.settings import Settings
from nuanliu.storage.bucket import open_bucket
from nuanliu.storage.database import open_engine, warehouse_dsn
from nuanliu.warehouse.schema.board_role import for_reading

BoardSettings = Callable[[], tuple[Settings, Mapping[str, Any] | None]]


log = logging.getLogger(__name__)

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_MEDIA = {
    "json": "application/json",
    "html": "text/html; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_NOT_FOUND = (ReceiptMissing, ObjectMissing, UnknownObject, UnknownUnion, UnknownFigure)
_PROBLEMS = {
    403: ("没有权限", "您的账号不能查看这一页。如有需要,请联系数据组。"),
    404: ("没有找到", "没有这一页,或没有这份回执、这个文件。请核对网址或回执号。"),
    422: ("网址不对", "网址中的内容无法识别;周次应写成 2024-W49 这样的形式。"),
    500: ("系统出错", "这一页暂时打不开,不是您的操作有误。请联系数据组处理。"),
    503: ("暂时无法读取数据", "请稍后再试;如果一直这样,请联系数据组。"),
}
"""Title and line by status. What an error says itself is for engineers and goes to the log."""


def create_app(board_settings: BoardSettings) -> FastAPI:
    """The application that the plugin mounts under ``/nuanliu``.

    ``board_settings``: asked at each request for the settings, whose warehouse is the one to read, and the bucket's options.
    """
    app = FastAPI(
        title="暖流看板", docs_url=None, redoc_url=None, openapi_url=None, dependencies=[Depends(require_login)]
    )
    app.add_exception_handler(401, _to_login(login_url))
    for error in (403, 404, NuanliuError, Exception):
        app.add_exception_handler(error, _explain)
    app.state.board_settings = board_settings
    app.add_api_route("/", _show_ledger, response_class=HTMLResponse)
    app.add_api_route("/receipts/{receipt_no}", _show_receipt, response_class=HTMLResponse)
    app.add_api_route("/receipts/{receipt_no}/files/{ending}", _send_file)
    return app


def _board_context(request: Request) -> Context:
    """The adapters of one request."""
    return open_for_reading(*request.app.state.board_settings())


def open_for_reading(settings: Settings, bucket_options: Mapping[str, Any] | None) -> Context:
    """Adapters whose database sessions cannot write."""
    bucket = open_bucket(settings.bucket_url, bucket_options or settings.bucket_key)
    return Context(settings, bucket, _reading_engine(warehouse_dsn(settings)))


@lru_cache(maxsize=1)
def _reading_engine(dsn: str) -> Engine:
    """Kept with its connections: making one anew is a quarter of a page's time, and what it leaves behind costs more."""
    return for_reading(open_engine(dsn))


BoardContext = Annotated[Any, Depends(_board_context)]


def _show_ledger(request: Request, ctx: BoardContext, until: str | None = None) -> HTMLResponse:
    return _page(ledger_page(read_ledger(ctx, until), root=request.scope["root_path"]))


def _show_receipt(request: Request, ctx: BoardContext, receipt_no: str) -> HTMLResponse:
    return _page(receipt_page(read_submission_view(ctx, receipt_no), root=request.scope["root_path"]))


def _send_file(ctx: BoardContext, receipt_no: str, ending: str) -> Response:
    if ending not in _MEDIA:
        raise HTTPException(404)
    data = read_receipt_file(ctx, receipt_no, ending)
    shown = "inline" if ending == "html" else "attachment"
    disposition = f'{shown}; filename="{receipt_no}.{ending}"'
    return Response(data, media_type=_MEDIA[ending], headers={**_HEADERS, "Content-Disposition": disposition})


def _page(html: str) -> HTMLResponse:
    return HTMLResponse(html, headers=_HEADERS)


def _to_login(login_url: Any) -> Any:
    def redirect(request: Request, error: Exception) -> Response:
        return RedirectResponse(login_url(str(request.url)), status_code=303)

    return redirect


def _explain(request: Request, error: Exception) -> Response:
    """One clear line for readers; what happened goes to the log, and may name host and user there."""
    status = _status_of(error)
    if isinstance(error, NuanliuError):
        level = logging.ERROR if status >= 500 else logging.INFO
        log.log(level, "%r is answered %s: %s: %s", request.url.path, status, type(error).__name__, error.message)
    title, line = _PROBLEMS[status]
    page = render("board/problem.html.j2", title=title, line=line, root=request.scope["root_path"])
    return HTMLResponse(page, status_code=status, headers=_HEADERS)


def _status_of(error: Exception) -> int:
    """Not there is 404, an address that means nothing 422, a passing outage 503; what is ours to mend is 500."""
    if isinstance(error, StarletteHTTPException):
        return error.status_code
    if isinstance(error, Transient):
        return 503
    if isinstance(error, _NOT_FOUND):
        return 404
    is_wrong_use = isinstance(error, UsageError) and not isinstance(error, InvalidSetting)
    return 422 if is_wrong_use else 500
