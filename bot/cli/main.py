"""The commands and their options. Each command imports what it needs when it runs: `dondoc --help` is instant."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, ParamSpec

import typer

from bot.complaint import Complaint
from domain.permissions import Action, allows

app = typer.Typer(
    name="dondoc",
    help="Đôn Đốc: nhắc hạn, thu số liệu chỉ tiêu và báo cáo tiến độ cho xã, phường.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
plan = typer.Typer(
    help="Đọc và nhập kế hoạch của xã, phường.", no_args_is_help=True, add_completion=False, rich_markup_mode=None
)
app.add_typer(plan, name="plan")
reminders = typer.Typer(help="Tin nhắc sẽ gửi.", no_args_is_help=True, add_completion=False, rich_markup_mode=None)
app.add_typer(reminders, name="reminders")
units = typer.Typer(
    help="Tỉnh, xã có trong hệ thống.", no_args_is_help=True, add_completion=False, rich_markup_mode=None
)
app.add_typer(units, name="units")

Config = Annotated[Path | None, typer.Option("--config", help="Tệp thiết lập (mặc định: config.toml).")]
PlanFile = Annotated[Path, typer.Argument(metavar="TỆP", help="Tệp phụ lục của kế hoạch.")]
Province = Annotated[str, typer.Option(help='Tỉnh, thành phố, ví dụ "Ninh Bình".')]
Commune = Annotated[str, typer.Option(help='Xã, phường, ví dụ "xã Vũ Dương".')]
Year = Annotated[int | None, typer.Option(min=2000, max=2100, help="Năm của kế hoạch, khi tệp không ghi.")]
Period = Annotated[str | None, typer.Option(help='Một kỳ báo cáo, ví dụ "quý IV/2026" hoặc quarter:2026-4.')]

_P = ParamSpec("_P")


def acts(action: Action) -> Callable[[Callable[_P, None]], Callable[_P, None]]:
    """Say what a command does, in the words of `domain.permissions`; whoever sits at the machine is its operator."""

    def guard(command: Callable[_P, None]) -> Callable[_P, None]:
        @wraps(command)
        def guarded(*args: _P.args, **options: _P.kwargs) -> None:
            if not allows({"operator"}, action):
                raise Complaint("operator_may_not")
            command(*args, **options)

        guarded.action = action  # type: ignore[attr-defined]
        return guarded

    return guard


@app.command()
@acts("operate")
def demo() -> None:
    """Xem thử trên màn hình với kế hoạch của xã Vũ Dương."""
    from bot.cli import demo as command

    command.run()


@app.command()
@acts("operate")
def run(config: Config = None) -> None:
    """Chạy lâu dài: nhận tin, nhắc hạn, gửi tin."""
    from bot.cli import run as command

    command.run(config)


@app.command()
@acts("operate")
def check(
    offline: Annotated[bool, typer.Option("--offline", help="Chỉ xem trên máy này, không hỏi Telegram.")] = False,
    config: Config = None,
) -> None:
    """Kiểm tra trước khi chạy: thiết lập, dữ liệu, Telegram, giờ."""
    from bot.cli import check as command

    command.run(config, offline=offline)


@app.command()
@acts("operate")
def console(
    name: Annotated[str, typer.Option("--as", help="Tên người đang nói chuyện với chương trình.")],
    config: Config = None,
) -> None:
    """Nói chuyện với chương trình trên màn hình này."""
    from bot.cli import console as command

    command.run(config, name)


@app.command()
@acts("operate")
def migrate(config: Config = None) -> None:
    """Đưa cơ sở dữ liệu lên phiên bản mới nhất."""
    from bot.cli import migrate as command

    command.run(config)


@app.command()
@acts("invite")
def invite(
    commune: Commune,
    name: Annotated[str, typer.Option(help="Họ tên người được mời.")],
    agency: Annotated[str | None, typer.Option(help="Cơ quan mà người này làm đầu mối.")] = None,
    role: Annotated[
        str,
        typer.Option(help="officer (đầu mối), alternate (dự phòng), head (đứng đầu cơ quan), leader, admin, auditor."),
    ] = "officer",
    province: Annotated[str | None, typer.Option(help="Tỉnh, khi nhiều nơi có xã cùng tên.")] = None,
    config: Config = None,
) -> None:
    """Cấp mã mời dùng một lần cho một người."""
    from bot.cli import invite as command

    command.run(config, commune, name, agency, role, province)


@app.command()
@acts("read_audit")
def audit(
    verify: Annotated[
        bool, typer.Option("--verify", help="Kiểm tra nhật ký có bị sửa, xóa hay chen dòng không.")
    ] = False,
    commune: Annotated[str | None, typer.Option(help="Chỉ xem nhật ký của một xã, phường.")] = None,
    province: Annotated[str | None, typer.Option(help="Tỉnh, khi nhiều nơi có xã cùng tên.")] = None,
    last: Annotated[int, typer.Option(min=1, max=10_000, help="Số dòng mới nhất.")] = 50,
    config: Config = None,
) -> None:
    """Xem nhật ký: ai đã làm gì, lúc nào."""
    from bot.cli import audit as command

    if command.run(config, commune, province, last, check=verify):
        raise typer.Exit(1)


@app.command()
@acts("read_status")
def status(
    commune: Annotated[str | None, typer.Argument(metavar="XÃ", help="Xã, phường; bỏ trống để xem tất cả.")] = None,
    province: Annotated[str | None, typer.Option(help="Tỉnh, khi nhiều nơi có xã cùng tên.")] = None,
    period: Period = None,
    json: Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON cho chương trình khác.")] = False,
    config: Config = None,
) -> None:
    """Xem tình hình chỉ tiêu, như lãnh đạo xem bằng /status."""
    from bot.cli import status as command

    command.run(config, commune, province, period, as_data=json)


@app.command()
@acts("read_status")
def report(
    commune: Annotated[str, typer.Argument(metavar="XÃ", help="Xã, phường; hoặc cả tỉnh, với --format png.")],
    kind: Annotated[
        str,
        typer.Option(
            "--format", help="docx (báo cáo), xlsx (số liệu), appendix (phụ lục điền kết quả), png (biểu đồ)."
        ),
    ] = "docx",
    out: Annotated[Path | None, typer.Option(help="Tệp ghi ra; bỏ trống thì đặt tên theo xã và giờ.")] = None,
    template: Annotated[Path | None, typer.Option(help="Mẫu báo cáo Word của cơ quan.")] = None,
    indicator: Annotated[
        str | None, typer.Option(help="Vẽ diễn biến một chỉ tiêu (png): số thứ tự hoặc tên chỉ tiêu.")
    ] = None,
    period: Period = None,
    number: Annotated[
        str | None, typer.Option("--plan", help="Số kế hoạch cần phụ lục, khi xã có nhiều kế hoạch.")
    ] = None,
    province: Annotated[str | None, typer.Option(help="Tỉnh, khi nhiều nơi có xã cùng tên.")] = None,
    config: Config = None,
) -> None:
    """Lập báo cáo của một xã thành tệp."""
    from bot.cli import report as command

    wanted = command.Wanted(commune, province, kind, period, indicator, number)
    command.run(config, wanted, out, template)


@plan.command("check")
@acts("manage_plan")
def plan_check(
    file: PlanFile,
    json: Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON cho chương trình khác.")] = False,
    year: Year = None,
    config: Config = None,
) -> None:
    """Đọc thử một kế hoạch, chưa lưu gì."""
    from bot.cli import plan as command

    command.check(file, as_json=json, year=year, config=config)


@plan.command("import")
@acts("manage_plan")
def plan_import(
    file: PlanFile,
    province: Province,
    commune: Commune,
    year: Year = None,
    answers: Annotated[
        Path | None, typer.Option(help='Tệp TOML trả lời các câu hỏi, ví dụ: Q1 = "31/12/2026".')
    ] = None,
    leave: Annotated[
        bool, typer.Option("--leave", help="Điểm nào chưa trả lời thì để sau: lưu chỉ tiêu, chưa nhắc ai.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Nhập dù tên xã khác, hoặc gần giống xã hay kế hoạch đã có.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Thay kế hoạch gần giống đã có bằng tệp này, không hỏi lại.")
    ] = False,
    cycle: Annotated[
        str | None,
        typer.Option(help='Kỳ báo cáo, ví dụ month, quarter, half_year, year; theo dương lịch thì "quarter:calendar".'),
    ] = None,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Số liệu chờ người đứng đầu cơ quan chốt; chưa chốt thì ghi là sơ bộ.")
    ] = False,
    config: Config = None,
) -> None:
    """Nhập một kế hoạch vào cơ sở dữ liệu."""
    from bot.cli import plan_import as command

    command.store(
        config,
        file,
        province,
        commune,
        year,
        answers,
        leave=leave,
        force=force,
        replace=replace,
        cycle=cycle,
        confirm=confirm,
    )


@plan.command("cycle")
@acts("manage_plan")
def plan_cycle(
    commune: Commune,
    cycle: Annotated[
        str | None, typer.Argument(metavar="KỲ", help="Ví dụ quarter, month:calendar, deadlines. Bỏ trống thì chỉ xem.")
    ] = None,
    number: Annotated[int | None, typer.Option("--plan", help="Số của kế hoạch, khi xã có nhiều kế hoạch.")] = None,
    province: Annotated[str | None, typer.Option(help="Tỉnh, khi nhiều nơi có xã cùng tên.")] = None,
    config: Config = None,
) -> None:
    """Xem hoặc đổi kỳ báo cáo của một kế hoạch."""
    from bot.cli import cycles as command

    command.run(config, commune, cycle, number, province)


@reminders.command("preview")
@acts("read_schedule")
def reminders_preview(
    until: Annotated[str, typer.Option(metavar="NGÀY", help="Đến ngày nào, ví dụ 31/12/2026.")],
    commune: Annotated[str | None, typer.Option(help='Xã, phường, ví dụ "xã Vũ Dương"; bỏ trống là tất cả.')] = None,
    province: Annotated[str | None, typer.Option(help="Tỉnh, khi nhiều nơi có xã cùng tên.")] = None,
    config: Config = None,
) -> None:
    """Xem trước sẽ nhắc ai, khi nào, vì sao; không gửi gì."""
    from bot.cli import reminders as command

    command.preview(config, until, commune, province)


@units.command("import")
@acts("manage_units")
def units_import(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="Tệp CSV có hai cột province (tỉnh), commune (xã).")],
    config: Config = None,
) -> None:
    """Nhập danh sách tỉnh, xã từ tệp CSV; chạy lại không nhập trùng."""
    from bot.cli import units as command

    command.load(config, file)


@units.command("list")
@acts("manage_units")
def units_list(
    province: Annotated[str | None, typer.Option(help="Chỉ xem các xã của một tỉnh.")] = None,
    config: Config = None,
) -> None:
    """Xem các tỉnh, xã đã có."""
    from bot.cli import units as command

    command.show(config, province)
