"""Every refusal the platform can utter, numbered in one place.

A number never changes its meaning and is never used twice; the hundreds group them by subject. The title says
what happened, the mend what the reader can do; both are Chinese, because officers and liaisons read them.
"""

from enum import Enum
from typing import NamedTuple


class Kind(NamedTuple):
    """One numbered problem: ``title`` and ``mend`` are templates for :meth:`str.format`."""

    number: int
    title: str
    mend: str


class ProblemKind(Enum):
    """The catalogue; ``docs`` and support staff refer to the numbers."""

    # 1xx the plan
    PLAN_NOT_FOUND = Kind(101, "找不到方案文件：{path}", "请检查路径；随附方案在 plans/ 目录下。")
    PLAN_FAULTY = Kind(
        102, "方案“{path}”有 {count} 处问题。", "请运行 guanai plan check {path} 查看并逐处改正。"
    )
    UNKNOWN_UNIT = Kind(103, "方案中没有单位“{name}”。", "可用的单位：{known}。")
    UNKNOWN_INDICATOR = Kind(104, "方案中没有指标“{name}”。", "请运行 guanai plan show 查看指标目录。")
    YEAR_OUTSIDE_PLAN = Kind(105, "{year} 年不在方案期限（{first}—{last}）内。", "请换一个年度。")
    PLAN_CHANGED = Kind(
        106,
        "方案“{plan}”的文件与已启用的版本不同。",
        "如确需修订，请运行 guanai open --adopt 启用新版本；已开出的事项不会被改写。",
    )
    NOTICE_NOT_FOUND = Kind(107, "找不到通知文件：{path}", "请检查路径。")
    PLAN_NOT_IN_FORCE = Kind(108, "方案“{plan}”尚未启用。", "请先运行 guanai open 启用方案并开出事项。")
    # 2xx the calendar
    CALENDAR_UNKNOWN = Kind(
        201,
        "{day} 的放假调休安排尚未掌握（已知至 {last}）。",
        "请升级 chinesecalendar，或在方案 rules.calendar 中写明 beyond_known: assume_weekdays。",
    )
    FESTIVAL_UNKNOWN = Kind(
        202,
        "{festival}的放假日期尚未公布（已知至 {last}）。",
        "请升级 chinesecalendar；或在方案中给该节日写明固定日期 on，或以 active_until 结束该事项。",
    )
    # 3xx settings and the store
    SETTING_INVALID = Kind(301, "配置项 {name} 无效：{found}。", "{mend}")
    STORE_UNREACHABLE = Kind(
        302, "无法连接数据库：{reason}。", "请检查 GUANAI_DATABASE_URL 以及数据库是否已启动。"
    )
    STORE_NEWER = Kind(303, "数据库的版本（{found}）比本程序新。", "请升级本程序后再使用。")
    AUDIT_BROKEN = Kind(
        304, "审计记录第 {line} 条不符：{reason}。", "请停止使用并保留现场，从备份中恢复后核对。"
    )
    DEMO_FOLDER_TAKEN = Kind(
        305, "目录“{folder}”不是演示留下的，未敢清空。", "请移走该目录，或换一个 GUANAI_HOME。"
    )
    # 4xx submitting and reviewing
    ITEM_UNKNOWN = Kind(401, "没有编号为“{key}”的事项。", "请先运行 guanai open 开出本年度事项，或核对编号。")
    ITEM_NOT_OPEN = Kind(402, "事项“{key}”自 {opens} 起才能填报。", "请届时再报。")
    ITEM_CLOSED = Kind(
        403, "事项“{key}”已审核通过，不能再改。", "如需更正，请联系领导小组办公室，由其允许更正后再报。"
    )
    ITEM_NOT_YOURS = Kind(404, "事项“{key}”不属于{unit}。", "请使用本单位的填报表。")
    REVIEW_OWN = Kind(405, "{reviewer}不能审核自己提交的材料。", "请由办公室另一位同志审核。")
    REVIEW_NOTHING = Kind(406, "事项“{key}”没有待审核的材料。", "请先查看事项状态。")
    REVIEW_REASON = Kind(407, "退回必须写明理由。", "请写清需要补正的内容，报送单位会看到。")
    REVIEW_STALE = Kind(408, "事项“{key}”已有更新的版本（第 {version} 版）。", "请审核最新版本。")
    FIGURE_INVALID = Kind(409, "指标“{name}”的数值“{found}”无效。", "{mend}")
    FIGURE_NOT_ASKED = Kind(410, "事项“{key}”不填报指标“{name}”。", "请删去该指标。")
    FIGURE_NOT_YOURS = Kind(411, "指标“{name}”不由{unit}填报。", "请删去该指标。")
    FIGURE_MISSING = Kind(
        412, "指标“{name}”未填报。", "没有发生的请填 0；确实没有数据的，请留空并在说明中写明原因。"
    )
    FIGURE_FAR_OFF = Kind(
        413, "指标“{name}”与{period}的 {last} 相差较大。", "请核对；数值无误的，请在说明中写明原因。"
    )
    PASSAGE_NOT_ASKED = Kind(414, "事项“{key}”没有“{slot}”这一栏。", "请使用本事项的填报表。")
    PASSAGE_MISSING = Kind(415, "“{slot}”未填写，或少于 {least} 个字。", "{mend}")
    PASSAGE_TOO_LONG = Kind(416, "“{slot}”共 {length} 个字，超过上限 {limit} 个字。", "请精简后重新填报。")
    ENTRY_TWICE = Kind(417, "“{name}”重复填报。", "请只保留一处。")
    PERSON_MISSING = Kind(418, "未写明{role}姓名，或姓名超过 {limit} 个字。", "请补填姓名。")
    CORRECTION_NOTHING = Kind(
        419, "事项“{key}”的最新一版尚未审核通过，无需允许更正。", "请直接审核；需要补正的请退回。"
    )
    CORRECTION_STANDS = Kind(420, "事项“{key}”已允许更正。", "请等报送单位提交更正后的材料。")
    CORRECTION_OWN = Kind(421, "{by}不能允许更正自己提交的材料。", "请由办公室另一位同志办理。")
    CORRECTION_REASON = Kind(422, "允许更正必须写明理由。", "请写清需要更正的内容。")
    EXTENSION_LATE = Kind(
        423,
        "事项“{key}”的截止日（{due}）已过，不能再申请延期。",
        "请尽快报送；确有困难的，请与领导小组办公室联系。",
    )
    EXTENSION_DATE = Kind(424, "不能延期至 {until}。", "请选择晚于 {due}、不晚于 {last} 的日期。")
    EXTENSION_CLOSED = Kind(425, "事项“{key}”已审核通过，无需延期。", "如需更正，请联系领导小组办公室。")
    EXTENSION_WAITS = Kind(
        426, "事项“{key}”已有一份延期申请等待办理。", "请等领导小组办公室答复；在此之前仍以原截止日为准。"
    )
    EXTENSION_REASON = Kind(
        427, "申请延期必须写明理由（不少于 {least} 个字）。", "请写清为什么不能按时报送。"
    )
    EXTENSION_UNKNOWN = Kind(428, "没有第 {number} 号延期申请。", "请刷新延期申请列表后再办。")
    EXTENSION_DECIDED = Kind(429, "第 {number} 号延期申请已经办理。", "请刷新延期申请列表查看结果。")
    EXTENSION_OWN = Kind(430, "{by}不能办理自己提出的延期申请。", "请由办公室另一位同志办理。")
    EXTENSION_REFUSAL = Kind(431, "不同意延期必须写明理由。", "请写清理由，报送单位会看到。")
    EXTENSION_TWICE = Kind(432, "事项“{key}”已延期至 {until}，每个事项只能延期一次。", "请在此日期之前报送。")
    RECEIPT_UNKNOWN = Kind(433, "没有这个编号的回执。", "请核对回执编号。")
    ATTACHMENT_REFUSED = Kind(441, "附件“{file}”未收：{reason}。", "请按提示处理后重新上传。")
    ATTACHMENT_CHILD_DATA = Kind(
        442, "附件“{file}”未收：其中可能含有能够识别儿童身份的信息。{places}", "请删去后重新上传。"
    )
    ATTACHMENT_TOO_LARGE = Kind(443, "附件“{file}”超过 {most} MB。", "请压缩篇幅或分成几个文件后上传。")
    ATTACHMENTS_TOO_MANY = Kind(444, "一个事项最多附 {most} 个文件。", "请减少附件后再试。")
    ATTACHMENT_UNKNOWN = Kind(445, "没有这个附件，或它不属于本事项。", "请重新选择或上传附件。")
    ATTACHMENT_ALTERED = Kind(
        446, "附件“{file}”的文件缺失或被改动过，未予打开。", "请将此信息转给系统管理员。"
    )
    # 5xx workbooks
    WORKBOOK_REFUSED = Kind(501, "填报表“{file}”未导入：共 {count} 处问题。", "请按提示逐处改正后重新导入。")
    WORKBOOK_UNREADABLE = Kind(502, "无法读取“{file}”：{reason}。", "{mend}")
    WORKBOOK_NOTHING = Kind(503, "{unit}目前没有可填报的事项。", "请先运行 guanai open，或核对单位与年度。")
    WORKBOOK_UNSAFE = Kind(
        504, "“{file}”含有{found}，未予打开。", "请删去后另存为 .xlsx，或重新导出填报表填写。"
    )
    WORKBOOK_NOT_OURS = Kind(
        505,
        "“{file}”不是可用的填报表：{reason}。",
        "请重新下载（导出）填报表，把内容抄入新表后再报。",
    )
    WORKBOOK_OUTDATED = Kind(
        506,
        "“{file}”是旧的填报表：{reason}。",
        "请重新下载（导出）填报表，把内容抄入新表后再报。",
    )
    WORKBOOK_OTHER_UNIT = Kind(
        507, "“{file}”是{found}的填报表，不是{expected}的。", "请核对后报送{expected}自己的填报表。"
    )
    SHEET_MISSING = Kind(508, "缺少工作表“{sheet}”（可能被删除或改名）。", "请恢复该工作表及其名称。")
    HEADING_CHANGED = Kind(509, "表头缺少“{titles}”。", "请把表头恢复为：{expected}。")
    ROW_MISSING = Kind(510, "缺少编号为“{number}”的行。", "请恢复该行；不报的事项留空即可，不必删除。")
    ROW_TWICE = Kind(511, "编号“{number}”出现了不止一次。", "请只保留一行。")
    ROW_CHANGED = Kind(
        512, "编号“{number}”这一行的固定内容被改动。", "请恢复原样（只填黄色单元格）；排序时请选中整行。"
    )
    CELL_INVALID = Kind(513, "单元格中是{found}。", "请{expected}。")
    STATE_MISSING = Kind(514, "这一事项填写了内容，但没有选择“完成情况”。", "请{expected}。")
    WORKBOOK_EXISTS = Kind(
        515, "“{file}”已存在，未覆盖。", "请换一个目录；确需覆盖的，请加 --overwrite（已填写的内容会丢失）。"
    )
    CELLS_MERGED = Kind(516, "单元格 {range} 被合并，无法分清各行内容。", "请取消合并，逐行填写。")
    ROW_UNKNOWN = Kind(
        517, "这一行没有可识别的编号，填写的内容无处登记。", "请把内容填到有编号的行，然后删去这一行。"
    )
    FIGURE_CELL_INVALID = Kind(
        518, "指标“{name}”处是{found}。", "请{expected}；没有发生填 0，暂缺的留空并在“说明”中写明原因。"
    )
    # 6xx privacy
    CHILD_DATA = Kind(601, "内容中可能含有能够识别儿童身份的信息：{reason}。", "请删去后重新填报。")
    COUNT_NOT_RELEASED = Kind(602, "未经脱敏的数值不得输出。", "请先经过小数值抑制（domain.suppression）。")
    # 7xx reports
    REPORT_NOTHING = Kind(
        701, "{year} 年尚未开出任何事项，无法生成报告。", "请先运行 guanai open --year {year}。"
    )
    REPORT_FAULTY = Kind(702, "生成的文件“{file}”未通过检查：{reasons}。", "请将此信息转给系统管理员。")
    FONT_MISSING = Kind(703, "缺少字体：{roles}。", "请运行 ./guanai 补装，或安装：{packages}。")
    GLYPH_MISSING = Kind(
        704, "文件“{file}”中有字体里没有的字：{characters}。", "请改用常用字，或安装含有这些字的字体。"
    )
    RESOURCE_REFUSED = Kind(705, "文件引用了不允许的资源：{url}。", "报告只能使用本项目自带的文件。")
    RENDERER_UNKNOWN = Kind(
        706, "排版引擎版本为 {found}，本程序只认 {known}。", "请运行 ./guanai 恢复锁定的版本。"
    )
    REPORT_BUSY = Kind(707, "同一目录“{folder}”正在生成报告。", "请等它结束后再试。")
    REPORT_ALTERED = Kind(708, "已归档的报告“{folder}”被改动过：{files}。", "请移走或恢复该目录后重新生成。")

    ENGINE_SILENT = Kind(
        709, "流程引擎没有启动。", "原因见日志 {log}；请重新运行，仍不行的请将日志转给系统管理员。"
    )
    REPORT_UNKNOWN = Kind(710, "没有编号为 {number} 的报告。", "请从报告列表中选择。")
    REPORT_GONE = Kind(711, "报告所在的目录“{folder}”不见了。", "请从备份中恢复该目录，或重新生成报告。")
    REPORT_RELEASED = Kind(712, "这份报告已由{by}发布。", "无需再办。")
    REPORT_NO_ENGINE = Kind(
        713,
        "平台的定时调度没有在运行，不能从页面生成报告。",
        "请由系统管理员运行 guanai up，或在命令行运行 guanai report annual。",
    )
    REPORT_RUN_UNKNOWN = Kind(
        714, "流程引擎中没有这次运行的记录。", "记录可能已过期；请从报告列表查看是否已归档。"
    )
    # 8xx the running platform
    PORT_TAKEN = Kind(
        801,
        "端口 {port} 已被占用，{part}无法启动。",
        "请用 {option} 换一个端口，或停掉占用它的程序（ss -ltnp 'sport = :{port}' 可查）。",
    )
    PART_SILENT = Kind(
        802, "“{part}”没有启动。", "原因见日志 {log}；请重新运行，仍不行的请将日志转给系统管理员。"
    )
    TWO_SERVERS = Kind(
        803,
        "另一个 guanai up 正在使用同一个数据库。",
        "一个数据库只能由一个 guanai up 使用；请先停掉另一个，或为本机另设 GUANAI_DATABASE_URL。",
    )
    ENGINE_UNGUARDED = Kind(
        804,
        "流程引擎要在 {host} 上对其他机器开放，但没有设口令。",
        "请设 GUANAI_ENGINE_PASSWORD（或 GUANAI_ENGINE_PASSWORD_FILE），各机器相同。",
    )
    STORE_NOT_SHARED = Kind(
        805,
        "几台机器一起运行，{name} 须是各自都能连到的 PostgreSQL 数据库。",
        "请把 {name} 设为 postgresql://用户:口令@主机/库名。",
    )
    REPORTS_NOT_SHARED = Kind(
        806,
        "报告目录“{folder}”不是各机器共用的那一个。",
        "请把 GUANAI_REPORTS 设为各机器都挂载的共享目录，并先在主机上启动 guanai up --pool。",
    )
    ENGINE_UNREACHABLE = Kind(
        807,
        "连不到流程引擎 {engine}。",
        "请确认主机上 guanai up --pool 正在运行，--engine-host 对本机开放，防火墙放行该端口。",
    )
    ENGINE_PASSWORD = Kind(
        808, "流程引擎 {engine} 不接受本机的口令。", "请使 GUANAI_ENGINE_PASSWORD 与主机上的相同。"
    )
    POOL_MISSING = Kind(
        809, "{engine} 上没有工作池。", "请在那台机器上用 guanai up --pool 启动，并核对地址。"
    )
    # 9xx phases and rounds
    PHASE_UNKNOWN = Kind(901, "方案中没有阶段“{name}”。", "可用的阶段：{known}。")
    PHASE_NOT_BEGUN = Kind(902, "“{phase}”阶段 {start} 才开始，现在不能关闭。", "请届时再办。")
    PHASE_CLOSED = Kind(903, "“{phase}”阶段已于 {day} 关闭。", "无需再办；关闭后不能撤回。")
    PHASE_REASON = Kind(904, "关闭阶段必须写明理由。", "请写清各未达成节点如何处理。")
    MEASURE_UNKNOWN = Kind(
        905,
        "现行方案中没有第 {number} 项任务举措（可能已在修订时取消）。",
        "请重新登记计划任务，使其与现行方案一致。",
    )
    REHEARSAL_SPAN = Kind(
        906,
        "推演的起止日期（{first} 至 {last}）不对。",
        "请使起始日不早于印发日 {issued}、不晚于结束日，结束日不晚于方案期满 {end}。",
    )
    CASES_FAULTY = Kind(
        907, "案例文件“{file}”无法读取：{reason}。", "请对照 docs/rehearsal.md 改正后再推演。"
    )
    PHASE_UNCONFIRMED = Kind(
        908, "没有确认关闭“{phase}”阶段。", "关闭后不能撤回；确需关闭的，请勾选确认后再提交。"
    )
    # 10xx people and signing in
    LOGIN_INVALID = Kind(
        1001, "登录名“{login}”不能使用。", "请用 1—{limit} 个汉字、字母或数字，可含 . _ - @，不含空格。"
    )
    ACCOUNT_TAKEN = Kind(1002, "{what}已被使用。", "请换一个；同名同姓的，请在姓名后加括号注明科室。")
    ROLE_MISSING = Kind(
        1003, "没有指定角色，或联络员没有指定单位。", "请至少指定一个角色；联络员须写明单位。"
    )
    ACCOUNT_UNKNOWN = Kind(1004, "没有登录名为“{login}”的账号。", "请运行 guanai user list 查看现有账号。")
    LAST_ADMINISTRATOR = Kind(1005, "这是最后一个在用的系统管理员。", "请先指定另一位系统管理员。")
    PASSWORD_WEAK = Kind(1006, "这个密码{reason}。", "请换一个，比如用几个不相干的词连在一起。")
    SIGN_IN_REFUSED = Kind(1007, "登录名或密码不对。", "请重新输入；忘记密码的，请向办公室索取登录链接。")
    ACCOUNT_LOCKED = Kind(
        1008, "密码连续输错，账号暂停登录至 {until}。", "请届时再试，或向办公室索取登录链接。"
    )
    LINK_USELESS = Kind(
        1009, "这个登录链接已经用过、已过期或不完整。", "请用密码登录，或向办公室索取新的链接。"
    )
    FORM_STALE = Kind(1010, "页面停留过久，为安全起见没有受理。", "请返回上一页，刷新后再提交一次。")
    TOO_MANY_TRIES = Kind(1011, "操作过于频繁。", "请过 {seconds} 秒后再试。")
    # 11xx contacts and the ladder
    CONTACT_UNKNOWN = Kind(
        1101, "没有第 {number} 号联系人，或其信息已按规定删除。", "请刷新联系人列表后再办。"
    )
    CONTACT_POST = Kind(
        1102, "岗位“{post}”{fault}。", "单位联络员和单位分管领导须写明单位，其他岗位不写单位。"
    )
    ADDRESS_INVALID = Kind(
        1103,
        "第 {rank} 个收件地址不能用：{fault}。",
        "请写明渠道名称和地址，地址不含空格，不超过 {limit} 个字符。",
    )
    ADDRESS_TWICE = Kind(1104, "渠道“{channel}”写了不止一个地址。", "每个渠道只保留一个地址。")
    CONTACT_TAKEN = Kind(1105, "{name}已登记在这个岗位上（第 {number} 号）。", "请直接修改原有的联系人。")
    CONTACT_ACCOUNT = Kind(
        1106, "登录名“{login}”与这个联系人对不上：{fault}。", "请核对登录名；不需要登录的，不必填写。"
    )
    CONTACTS_REFUSED = Kind(
        1107, "联系人表“{file}”未导入：共 {count} 处问题。", "请按提示逐处改正后重新导入。"
    )
    CONTACT_ROW = Kind(1108, "{fault}。", "{mend}")
    REMIND_NOT_TODAY = Kind(
        1109, "提醒只能在当天生成，{day} 不是今天。", "查看其他日期会发出什么，请加 --dry-run。"
    )
    PAUSE_SPAN = Kind(
        1110, "暂缓的起止日期（{first} 至 {last}）不对。", "请使结束日不早于开始日，也不早于今天。"
    )
    PAUSE_REASON = Kind(1111, "暂缓提醒必须写明理由。", "请写清为什么暂缓。")
    DUTY_UNKNOWN = Kind(1112, "方案中没有职责事项“{name}”。", "{mend}")
    # 12xx the API
    TOKEN_INCOMPLETE = Kind(
        1201,
        "令牌没有写明名称或权限，名称超过 {limit} 个字，或有效期不在 1—{days} 天之内。",
        "请补全或改正后重试。",
    )
    TOKEN_UNKNOWN = Kind(1202, "没有编号为 {number} 的令牌。", "请运行 guanai token list 查看现有令牌。")
    TOKEN_REFUSED = Kind(
        1203,
        "没有可用的访问令牌：未随请求送来、不对、已过期或已停用。",
        "请在 Authorization 头写明“Bearer 令牌”；需要新令牌的，请联系系统管理员。",
    )
    SCOPE_MISSING = Kind(
        1204, "这个令牌没有“{scope}”权限。", "请改用有此权限的令牌，或请系统管理员另发一个。"
    )
    REQUEST_INVALID = Kind(1205, "请求中的{place}{fault}。", "请对照接口说明（/api/v1/docs）改正。")
    ENTRY_REFUSED = Kind(1206, "事项“{key}”没有收下：共 {count} 处问题。", "请按 faults 逐处改正后重新报送。")
    KEY_REUSED = Kind(
        1207,
        "这个 Idempotency-Key 已用于另一份内容。",
        "重发同一份内容时沿用原值；内容有改动的，请换一个新值。",
    )
    NOT_THERE = Kind(
        1208, "没有这个地址，或其中的内容不归本单位。", "请核对地址；可用的地址见 /api/v1/docs。"
    )
    METHOD_WRONG = Kind(1209, "这个地址不接受 {method} 请求。", "可用的请求方法见 Allow 头。")
    BODY_TOO_LARGE = Kind(1210, "请求的内容超过 {limit} KB。", "请精简后重试。")
    BODY_UNREADABLE = Kind(
        1211, "请求的内容不是可读的 JSON 或表单。", "请核对格式、编码（UTF-8）和嵌套层数。"
    )
    SERVICE_FAULT = Kind(
        1212,
        "平台出了差错，请求没有办成。",
        "请稍后用同一个 Idempotency-Key 重试；仍不行的，请联系系统管理员。",
    )
    # 15xx messages
    CHANNELS_UNREADABLE = Kind(
        1501,
        "渠道文件“{file}”无法读取：{reason}。",
        "请对照 docs/operating.md 改正；改好以前不发送任何消息。",
    )
    CHANNEL_FAULTY = Kind(
        1502,
        "渠道文件“{file}”中的“{name}”有误：{reason}。",
        "请对照 docs/operating.md 改正；其他渠道照常发送。",
    )
    CHANNEL_UNKNOWN = Kind(1503, "没有名为“{name}”的渠道。", "可用的渠道：{known}；请核对渠道文件与联系人。")
    TEMPLATE_FAULTY = Kind(
        1504, "消息模板“{template}”有误：{reason}。", "请改正模板，改好后自动重发；其他消息照常发送。"
    )
    MESSAGE_UNKNOWN = Kind(1505, "没有编号为 {number} 的消息。", "请从消息台账中选择。")
    MESSAGE_STATE = Kind(1506, "消息 {number} 的状态是“{state}”，不能{act}。", "请刷新消息台账后再办。")
    CLOCK_SET_BACK = Kind(
        1507,
        "本机时钟可能被拨回：现在是 {now}，而台账中已有 {last} 的记录。",
        "请校准本机时钟；消息照常发送，但重试和限流可能不准。",
    )
    MESSAGE_FORGOTTEN = Kind(1508, "消息 {number} 的内容已过保存期限，不能重发。", "确需告知的，请另行催办。")
    ENCLOSURE_MISSING = Kind(
        1510, "消息的附件“{file}”找不到，或不在平台的目录中。", "请恢复该文件；恢复后自动重发。"
    )
    TRIAL_FAILED = Kind(1511, "渠道“{name}”没有发出：{reason}。", "请核对渠道文件和地址，改正后再试。")
    MESSAGE_REASON = Kind(1509, "没有写明理由。", "请写明为何不再发送。")
    # 14xx circulars and assessments of phases
    PERIOD_INVALID = Kind(
        1401, "“{period}”不是可用的期间。", "请写成 2026Q3（季度）、2026-09（月）或 2026H1（半年）。"
    )
    PERIOD_OUTSIDE_PLAN = Kind(
        1402,
        "{period}不在可以通报的期限（{first} 至 {last}）内。",
        "请换一个期间；方案印发以前已结束的期间不通报。",
    )
    PERIOD_NOT_OVER = Kind(
        1403,
        "{period}到 {end} 才结束，尚不能出正式通报。",
        "请在结束以后再出；确需先出阶段性通报的，请写明数据截至哪一天（--as-of）。",
    )
    PERIOD_NOT_BEGUN = Kind(1404, "{day} 时{period}尚未开始（{start} 起）。", "请改正数据截至日。")
    CIRCULAR_NOTHING = Kind(
        1405,
        "截至 {day}，{period}及以前没有开出任何到期事项，没有可以通报的内容。",
        "请先运行 guanai open，或换一个期间。",
    )
    NOT_A_CIRCULAR = Kind(1406, "编号为 {number} 的报告不是通报。", "请从报告列表中选择通报。")
    CIRCULAR_UNRELEASED = Kind(1407, "编号为 {number} 的通报尚未发布。", "请通读后先发布，再催签收。")
    ALREADY_ACKNOWLEDGED = Kind(1408, "{unit}已由{by}签收。", "无需再办。")
    URGED_TODAY = Kind(1409, "尚未签收的单位今天都已催过，或没有联络方式。", "请明天再催，或直接电话联系。")
    PHASE_NOT_ASSESSABLE = Kind(
        1410,
        "{day} 时“{phase}”阶段尚未开始（{start} 起），没有可以评估的内容。",
        "请改正数据截至日，或选择已经开始的阶段。",
    )
    # 16xx a finished document
    PDF_WITHOUT_TEXT = Kind(
        1601, "文件“{file}”的页面上没有可读取的文字。", "扫描件无法检查版式；请用由文字排成的 PDF。"
    )
    # 17xx reports edited in Word
    WORD_ABSENT = Kind(
        1701, "《{title}》归档时没有生成 Word 文件。", "请用同一年度和截至日期重新生成报告，再下载编辑。"
    )
    EDITED_UNREADABLE = Kind(1702, "“{file}”不能比对：{reason}。", "{mend}")
    EDITED_NOT_OURS = Kind(
        1703,
        "“{file}”中没有来源标记，不是由本系统生成的报告。",
        "请在本系统生成的 Word 文件上修改，不要把文字拷贝到新文件中。",
    )
    EDITED_CONTRADICTORY = Kind(
        1704,
        "“{file}”中的来源标记互相矛盾，可能由几份报告拼成。",
        "请从归档目录重新取 Word 文件，把改动誊到上面再比对。",
    )
    EDITED_FOREIGN = Kind(
        1705,
        "“{file}”出自数据快照 {snapshot}…，本系统没有归档过这份快照。",
        "请在生成它的系统上比对；报告目录在手边的，可用 --folder 指明。",
    )
    EDITED_OTHER_FOLDER = Kind(
        1706, "“{file}”不是出自目录“{folder}”中的报告。", "请指明归档这份文件的目录，或不写 --folder。"
    )

    # 13xx supervision
    TERM_UNKNOWN = Kind(
        1301,
        "看不懂期间“{code}”。",
        "请写成 2026-09（月）、2026Q3（季度）、2026H2（半年）或 2026（全年）。",
    )
    URGE_NOTHING = Kind(
        1302, "事项“{key}”现在不欠报（{stage}），没有催办。", "只有未报送或退回待补正的事项才需要催办。"
    )
    URGE_AGAIN = Kind(
        1303,
        "事项“{key}”今天已由{by}催办过。",
        "同一事项一天只催办一次；仍很紧急的，请直接与单位联系。",
    )
    URGE_REASON = Kind(
        1304, "催办必须写明理由（不少于 {least} 个字）。", "请写清催什么、为什么，单位会看到。"
    )
    URGE_NOBODY = Kind(1305, "没有选中要催办的事项，或一次超过 {most} 项。", "请勾选要催办的事项后再办。")
    INSTRUCTION_TEXT = Kind(1306, "批示没有写内容（不少于 {least} 个字）。", "请写清要求单位做什么。")
    INSTRUCTION_DEADLINE = Kind(
        1307, "反馈期限不能定在 {deadline}：{reason}。", "请选今天或以后的一个工作日，一年之内。"
    )
    INSTRUCTION_UNKNOWN = Kind(1308, "没有第 {number} 号批示。", "请从批示列表中选择。")
    ANSWER_TEXT = Kind(1309, "没有写办理情况（不少于 {least} 个字）。", "请写清做了什么、结果如何。")
    APPEAL_FORBIDDEN = Kind(1310, "本方案不受理对得分的申诉。", "有疑问的，请与领导小组办公室联系。")
    APPEAL_NO_LINE = Kind(
        1311, "得分明细中没有这一条，可能已经变动。", "请刷新督查页面，对照现在的明细再提出。"
    )
    APPEAL_LATE = Kind(1312, "这一条的申诉期已于 {until} 截止。", "有疑问的，请与领导小组办公室联系。")
    APPEAL_TWICE = Kind(1313, "这一条已由{by}于 {day} 申诉过。", "每一条只能申诉一次；结果见督查页面。")
    APPEAL_REASON = Kind(
        1314, "申诉必须写明理由（不少于 {least} 个字）。", "请写清事实和依据，办公室据此核实。"
    )
    APPEAL_UNKNOWN = Kind(1315, "没有第 {number} 号申诉。", "请从申诉列表中选择。")
    APPEAL_DECIDED = Kind(1316, "第 {number} 号申诉已经办理。", "请刷新申诉列表查看结果。")
    APPEAL_OWN = Kind(1317, "{by}不能办理自己提出的申诉。", "请由办公室另一位同志办理。")
    APPEAL_DECISION = Kind(1318, "办理申诉必须写明理由。", "请写清核实的情况，单位会看到。")
    CASE_INCOMPLETE = Kind(
        1321,
        "案例的{part}没有写全（{least}—{most} 字）。",
        "请补充后再推荐：题目写做法，正文写背景、做法和成效。",
    )
    CASE_MEASURE = Kind(1322, "本单位没有承担所选的任务举措。", "请从列出的任务举措中选择，或选“综合”。")
    CASE_TERM = Kind(1323, "案例所属期间“{term}”不在方案期限内，或还没有开始。", "请从列出的期间中选择。")
    CASE_UNKNOWN = Kind(1324, "没有第 {number} 号案例。", "请从案例列表中选择。")
    CASE_DECIDED = Kind(1325, "第 {number} 号案例已经评定。", "请刷新案例列表查看结果。")
    CASE_OWN = Kind(1326, "{by}不能评定自己推荐的案例。", "请由办公室另一位同志办理。")
    CASE_REASON = Kind(1327, "评定案例必须写明理由。", "请写清入选或不入选的理由，单位会看到。")
    COMMENDATION_NONE = Kind(
        1331, "本方案没有规定在哪个阶段表扬。", "请在方案的 rules.commendation.phase 中写明阶段。"
    )
    COMMENDATION_EARLY = Kind(1332, "“{phase}”阶段 {start} 才开始，现在不能确定表扬名单。", "请届时再办。")
    COMMENDATION_FIXED = Kind(
        1333, "“{phase}”阶段的表扬名单已由{by}于 {day} 确定。", "名单只能确定一次，无需再办。"
    )
    COMMENDATION_REASON = Kind(1334, "确定表扬名单必须写明理由。", "请写清依据和研究经过。")
    COMMENDATION_EMPTY = Kind(1335, "表扬名单是空的。", "请至少选一个单位或写一位个人。")
    COMMENDATION_PERSON = Kind(
        1336, "表扬个人的第 {line} 行看不懂：{found}。", "请每行写一位：单位、姓名、事由，用逗号分开。"
    )
    COMMENDATION_MERIT = Kind(1337, "没有写{name}的事由。", "请用一句话写清为什么表扬。")
    COMMENDATION_UNCONFIRMED = Kind(
        1338, "没有确认这份名单。", "名单确定后不能更改；确定无误的，请勾选确认后再提交。"
    )
    # 19xx proof of a report
    PDF_UNREADABLE = Kind(1901, "“{file}”不是能打开的 PDF 文件。", "请检查路径，或使用归档的原文件。")
    EVIDENCE_MISSING = Kind(
        1902,
        "“{file}”里没有本平台所附的数据。",
        "只有本平台生成的报告 PDF 才能核验；另存、打印或合并过的，请改用归档的原文件。",
    )
    EVIDENCE_FAULTY = Kind(
        1903, "“{file}”所附的数据无效（{reason}）。", "文件已被改动或损坏，请使用归档的原文件。"
    )
    MARK_UNKNOWN = Kind(
        1904,
        "《{title}》中没有编号为“{mark}”的数字。",
        "编号印在正文数字的右上角和附表的首列，如 31，或带单位序号的 31-04。",
    )
    # 18xx upward
    PACKAGE_NOTHING = Kind(
        1801,
        "{year} 年度还没有归档的年度报告。",
        "请先运行 guanai report annual --year {year}，核对后再打包上报。",
    )
    PACKAGE_OLD = Kind(
        1802,
        "报告目录“{folder}”是旧版本程序生成的，不含上报所需的汇总数据。",
        "请重新运行 guanai report annual --year {year} 生成报告，再打包。",
    )
    PACKAGE_UNREADABLE = Kind(
        1803, "“{file}”不是完好的上报包：{reason}。", "请让报送地区重新发送原文件；不要解压后再压缩。"
    )
    PACKAGE_ALTERED = Kind(
        1804,
        "上报包“{file}”与其清单不符：{files}。",
        "文件在传送中被改动或损坏，请让报送地区重新发送原文件。",
    )
    PACKAGE_UNSIGNED = Kind(
        1805,
        "上报包“{file}”的签名不符。",
        "清单在签名之后被改动，不能采用；请与报送地区联系，重新发送原文件。",
    )
    PACKAGE_STRANGER = Kind(
        1806,
        "上报包“{file}”自称来自{region}，但签名公钥的指纹是 {found}，登记的是 {known}。",
        "请当面或电话与{region}核对指纹；确已更换的，请在汇总口径文件中改写该地区的 key。",
    )
    PACKAGE_TWICE = Kind(1807, "{region}有两个上报包：“{file}”和“{other}”。", "请只保留应采用的一个。")
    PACKAGE_YEARS = Kind(
        1808, "上报包不是同一年度的：{years}。", "请分年度汇总；每次只给出同一年度的上报包。"
    )
    FRAME_FAULTY = Kind(1809, "汇总口径文件“{file}”有问题：{faults}", "请改正后重试。")
    PACKAGES_FAULTY = Kind(
        1810, "{count} 个上报包不能采用，未作汇总：\n{faults}", "请逐个处理后重试；没有写出任何文件。"
    )
    FILE_THERE = Kind(1811, "“{file}”已经存在，未敢覆盖。", "请移走它，或换一个文件名。")

    # 15xx drafting a plan from a notice
    NOTICE_UNREADABLE = Kind(1501, "无法读取通知“{file}”：{reason}。", "{mend}")
    NOTICE_TOO_LARGE = Kind(1502, "通知“{file}”超过 {most}。", "请只留通知正文和分工表后再试。")
    NOTICE_UNNUMBERED = Kind(
        1503,
        "“{file}”中没有读出带编号的段落（一、（一）1. 等）。",
        "请核对是否为通知原文；编号丢失的请补上后再试。",
    )
    DRAFT_EXISTS = Kind(1504, "“{folder}”已存在，未覆盖。", "请换一个目录（--out），或先移走原目录。")
    DRAFT_ID = Kind(1505, "方案编号“{found}”不能使用。", "请用小写字母、数字和短横，如 linhe-2025。")

    @property
    def number(self) -> int:
        """The stable number, as shown to users: ``〔501〕``."""
        return self.value.number


class Problem(Exception):  # noqa: N818 - "problem" is the term of RFC 9457, which the API will speak
    """A refusal with a number, a plain message and what to do.

    Args:
        kind: the entry of the catalogue.
        **details: values for the placeholders of title and mend; never a value that could identify a child.
    """

    def __init__(self, kind: ProblemKind, **details: object) -> None:
        self.kind = kind
        self.details = details
        self.title = kind.value.title.format(**details)
        self.mend = kind.value.mend.format(**details)
        super().__init__(f"〔{kind.number}〕{self.title}{self.mend}")

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the way from one process to another, as problems of a worker must."""
        return _again, (self.kind, self.details)


def _again(kind: ProblemKind, details: dict[str, object]) -> Problem:
    return Problem(kind, **details)
