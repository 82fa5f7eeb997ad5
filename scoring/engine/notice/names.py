"""What a track is called: its name out of a title, its code by whom the name speaks of."""

import re

from scoring.engine.notice.fold import fold, squeeze

DISTRICTS = (
    r"(?<![园社])区(?:县|市|、县)|县(?:市|区|、市|、区)|市(?:县|区|州|、县|、区|、州)|州(?:市|、市)|旗县"
    r"|[区县市州旗]\([市县区州旗]"
)
KINDS = (
    ("district", re.compile(DISTRICTS)),
    ("society", re.compile("学会|协会|研究会")),
    ("enterprise", re.compile("企业|园区|科研院所|企事业")),
    ("university", re.compile("高校|高等学校|高等院校|大专院校")),
)
YEAR = re.compile(r"(?:20\d\d|二[〇零○]..)\s*年度?")
FORM_WORDS = re.compile(
    "(?:年度|重点|工作|目标|综合|绩效|业务|管理|责任|实绩)*(?:考核|考评|评价|评估|评分)"
    r"(?:自评|扣分|加分|评分|打分|计分|评价|量化|指标|体系|内容|标准|细则|项目|评估|考核|说明|及|和|与|\(.*\))*(?:表|办法|方案)?(?:\(.*\))?$"
    r"|[加扣]分表(?:\(.*\))?$"
)


def track_name(title: str) -> str:
    """Return an annex's title without the year and the words for the form, as printed."""
    title = squeeze(title)
    year = YEAR.search(fold(title))
    if year:
        title = title[: year.start()] + title[year.end() :]
    form = FORM_WORDS.search(fold(title))
    name = title[: form.start()] if form and form.start() else title
    name = name.strip("《》")
    return name.strip('“”"') if name[:1] in '“"' else name


def kind_of(name: str) -> str | None:
    """Return which of the four groups of units a name speaks of, None when of none."""
    folded = re.sub("科学技术协会", "科协", squeeze(fold(name)))
    return next((code for code, words in KINDS if words.search(folded)), None)


def track_code(name: str, annex: int, taken: set[str]) -> str:
    """Return the code of a track: by its name, else (or when the code is taken) by the annex's number."""
    code = kind_of(name) or f"annex-{annex}"
    if code in taken:
        code = f"annex-{annex}"
    while code in taken:
        code += "b"
    return code


def bare(name: str) -> str:
    """Return a name for comparison: folded, without brackets, `各` and the words for assessing."""
    folded = re.sub(r"\([^()]*\)", "", squeeze(fold(name))).strip(":。,;")
    for around in ("^各|的$", "(?:工作)?(?:考核|考评|评价)$", "科协$"):
        folded = re.sub(around, "", folded)
    return folded
