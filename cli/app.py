"""The ``guanai`` command: one subcommand for each thing that an office does from the shell."""

import sys

import typer

from cli import (
    audit,
    bench,
    contact,
    demo,
    notify,
    opening,
    plan,
    proof,
    rehearse,
    remind,
    report,
    review,
    rollup,
    score,
    status,
    testing,
    token,
    up,
    user,
    workbook,
    worker,
)

app = typer.Typer(
    help="guanai（关爱）：把一份行动方案从通知管到年度报告。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # locals may hold what units wrote
)
app.add_typer(plan.app, name="plan")
app.command("open", help="启用方案，并开出到期应开的事项；已开的不动，可以反复运行。")(opening.open_command)
app.add_typer(workbook.app, name="workbook")
app.add_typer(review.app, name="review")
app.add_typer(report.app, name="report")
app.add_typer(audit.app, name="audit")
app.add_typer(user.app, name="user")
app.add_typer(token.app, name="token")
app.add_typer(notify.app, name="notify")
app.add_typer(contact.app, name="contact")
app.command("remind", help="按方案的督办阶梯生成当天的提醒；加 --dry-run 只查看某一天会发出什么。")(
    remind.remind_command
)
app.command("pause", help="暂缓提醒：在一段日期内不提醒某个单位、某个事项或全部。")(remind.pause_command)
app.command("up", help="启动整个平台：流程引擎、定时调度和页面；按 Ctrl-C 停止。")(up.up_command)
app.command("worker", help="在另一台机器上接入正在运行的平台，分担运行；按 Ctrl-C 停止。")(
    worker.worker_command
)
app.command(
    "status", help="查看哪些即将到期、逾期、待审核，平台有无异常；有逾期以 1 结束，有异常以 3 结束。"
)(status.status_command)
app.command("score", help="按方案的规则给各单位计分排名；指定单位的，列出逐条明细。")(score.score_command)
app.command("demo", help="演示：用示例数据走完一个报送年度，最后生成年度报告；不影响正式数据。")(
    demo.demo_command
)
app.command("rehearse", help="推演：按虚拟日历把方案期限走一遍，对照案例核对，并画出年度职责轮盘。")(
    rehearse.rehearse_command
)
app.command("trace", help="溯源：报告中的一个数字来自哪些单位的哪次报送、由谁审核。")(proof.trace_command)
app.command("rollup", help="汇总：核验各地区的上报包，按对应关系生成汇总报告。")(rollup.rollup_command)
app.command("bench", help="测速：开出事项、填报表、综合报告、完整演示各要多久，与同机的最低耗时相比。")(
    bench.bench_command
)
app.command(
    "test",
    help="检查代码并运行全部测试；其余参数交给 pytest，如 guanai test -k calendar。",
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)(testing.test_command)


def run() -> None:
    """Run the command line; Ctrl-C ends it without a traceback."""
    try:
        app()
    except KeyboardInterrupt:
        typer.echo("已中断。再次运行同一命令即可继续。", err=True)
        sys.exit(130)
