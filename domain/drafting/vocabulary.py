"""Bodies that every district has, by the names under which notices call them. Pure.

Only for ids, kinds and for telling that two names mean one body; a notice's other bodies are read all the same.
"""

import re

from domain.plan import UnitKind

_DEPARTMENT, _MASS, _PARTY = UnitKind.DEPARTMENT, UnitKind.MASS_ORGANISATION, UnitKind.PARTY_ORGAN

_BODIES: tuple[tuple[str, UnitKind, str], ...] = (
    ("civil-affairs", _DEPARTMENT, "民政局?"),
    ("education", _DEPARTMENT, "教育局?|教体局?|教育体育局|教科体局|教育和体育局|教育科技局|教育委|教委"),
    ("police", _DEPARTMENT, "公安局?|公安分局|公安局?.{2,4}分局|.{2,4}公安分局"),
    ("justice", _DEPARTMENT, "司法局?"),
    ("finance", _DEPARTMENT, "财政局?"),
    ("human-resources", _DEPARTMENT, "人社局?|人力资源社会保障局?|人力资源和社会保障局"),
    ("health", _DEPARTMENT, "卫健局?|卫健委|卫生健康局?|卫生健康委(员会)?|卫生和健康局|卫计局"),
    ("emergency", _DEPARTMENT, "应急局?|应急管理局?"),
    ("development", _DEPARTMENT, "发改局|发改委|发展改革局|发展改革委|发展和改革(局|委员会)"),
    (
        "industry",
        _DEPARTMENT,
        "工信局|工业和信息化局|工信委|工业信息化局|经信局|经济和信息化局|科工局|科技和工业信息化局",
    ),
    ("science", _DEPARTMENT, "科技局|科学技术局"),
    ("housing", _DEPARTMENT, "住建局|住房和城乡建设局|住房城乡建设局|住建委|住房城乡建设委"),
    ("transport", _DEPARTMENT, "交通局|交通运输局|交运局"),
    ("water", _DEPARTMENT, "水利局|水务局"),
    ("agriculture", _DEPARTMENT, "农业农村局|农业农村委(员会)?|农业局"),
    ("rural-revitalisation", _DEPARTMENT, "乡村振兴局"),
    ("commerce", _DEPARTMENT, "商务局|商务和?粮食局|商务委"),
    (
        "culture-tourism",
        _DEPARTMENT,
        "文旅局|文化和旅游局|文化旅游局|文广旅局|文体旅局|文旅体局|文化广电和?旅游局|文化旅游委|文化旅游和体育局|文体广电和旅游局",
    ),
    ("sports", _DEPARTMENT, "体育局|体育中心"),
    ("veterans", _DEPARTMENT, "退役军人局|退役军人事务局"),
    ("market-regulation", _DEPARTMENT, "市场监管局|市场监督管理局|市监局|市场局"),
    ("medical-insurance", _DEPARTMENT, "医保局|医疗保障局"),
    ("natural-resources", _DEPARTMENT, "自然资源局|自然资源分局|自然资源和规划局|规划和自然资源局"),
    ("environment", _DEPARTMENT, "生态环境局|生态环境分局|环保局"),
    (
        "urban-management",
        _DEPARTMENT,
        "城管局|城市管理局|综合执法局|城市管理(综合)?(行政)?执法局|行政执法局|城管执法局",
    ),
    ("audit", _DEPARTMENT, "审计局"),
    ("statistics", _DEPARTMENT, "统计局"),
    ("tax", _DEPARTMENT, "税务局"),
    ("petitions", _DEPARTMENT, "信访局"),
    ("government-office", _DEPARTMENT, "政府办|政府办公室|人民政府办公室"),
    (
        "government-services",
        _DEPARTMENT,
        "政务服务局|政务服务中心|政务服务和数字化建设管理局|行政审批局|行政审批服务局|政数局",
    ),
    ("data", _DEPARTMENT, "大数据(局|中心|管理局|发展局)|数据局"),
    ("ethnic-religious", _DEPARTMENT, "民宗局|民族宗教局|民族宗教事务局|民族宗教服务中心|民宗委"),
    ("fire-rescue", _DEPARTMENT, "消防(救援)?大队|消防救援局"),
    ("internet-info", _PARTY, "网信办|互联网信息(办公室|中心)|网络安全和信息化委员会办公室"),
    ("united-front", _PARTY, "统战部"),
    ("publicity", _PARTY, "宣传部"),
    ("organisation", _PARTY, "组织部"),
    ("political-legal", _PARTY, "政法委(员会)?"),
    ("discipline", _PARTY, "纪委监委|纪委"),
    ("staffing-office", _PARTY, "编办|机构编制委员会办公室"),
    ("civilisation-office", _PARTY, "文明办|精神文明建设指导委员会办公室"),
    ("party-school", _PARTY, "党校"),
    ("social-work", _PARTY, "社会工作部|社工部"),
    ("court", UnitKind.COURT, "(人民)?法院"),
    ("procuratorate", UnitKind.PROCURATORATE, "(人民)?检察院"),
    ("youth-league", _MASS, "团委|团[区县市旗]委|共青团|共青团.{0,6}[区县市旗]?委(员会)?"),
    ("womens-federation", _MASS, "妇联|妇女联合会"),
    ("disabled-federation", _MASS, "残联|残疾人联合会"),
    ("trade-union", _MASS, "总?工会"),
    ("science-association", _MASS, "科协|科学技术协会"),
    ("next-generation", _MASS, "关工委|关心下一代工作委员会"),
    ("red-cross", _MASS, "红十字会"),
    ("charity", _MASS, "慈善(总|协|联合)会"),
    ("women-children-committee", _MASS, "妇儿工委办?|妇女儿童工作委员会(办公室)?"),
)

_COMPILED = tuple((slug, kind, re.compile(pattern)) for slug, kind, pattern in _BODIES)

UNIT_END = (
    "局|委|办|厅|部|院|会|中心|站|所|大队|支队|分局|公司|集团|政府|街道|镇|乡|苏木|办事处|街道办|联|团委|公室|党校|学校|医院|"
    "银行|园区|开发区|新区|社区|报社|电视台|台|协会|学会|工委|网|馆|队|组|专班|机构|单位|部门|农场|林场|街|科|股|室|管委会|法院|检察院|高新区|示范区|度假区|景区|处|社"
)
LOOKS_LIKE_UNIT = re.compile(rf"[\w·（）()“”]{{0,24}}(?:{UNIT_END})(?:[（(][^（）()]*[）)])?")

TOWNSHIP = re.compile(r"[\w]{1,8}(?:镇|乡|苏木)")
STREET = re.compile(r"[\w]{1,8}(?:街道|街)")

_DEGREES = "一二三四"
JOB = re.compile(
    r"(?:党组|党委|党工委|党总支|党支部|政府党组|常务|代理?副?(?:[区县市镇乡院局主])|副|局长|主任|书记|部长|镇长|乡长|区长|县长|市长|院长|检察长|主席|"
    rf"理事长|武装|[{_DEGREES}]级|分管|主要|政委|大队长|支队长|队长|所长|站长|科长|股长|校长|会长|秘书长|社长|台长|总经理|经理|总|负责|"
    r"政治|人大|纪委|纪检|工会主席|班子|相关|有关|宣传|组织委员|委员|教导员|指导员|调研员|科员|干事|专职)"
)
PERSON_JOB_END = re.compile(
    r"(?:局长|主任|书记|部长|镇长|乡长|区长|县长|市长|院长|检察长|主席|理事长|政委|队长|所长|站长|科长|校长|会长|秘书长|社长|台长|经理|调研员|科员|委员)"
)


def known_body(core: str) -> tuple[str, UnitKind] | None:
    """Id and kind of a body that every district has, by its name without the district's; None for any other."""
    return next(((slug, kind) for slug, kind, pattern in _COMPILED if pattern.fullmatch(core)), None)
