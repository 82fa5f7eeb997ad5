"""Who takes part in the demo: the 41 districts by their public names, all other units plainly made up."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


DISTRICTS = _words(
    """
    万州区 涪陵区 渝中区 大渡口区 江北区 沙坪坝区 九龙坡区 南岸区 北碚区 綦江区 大足区 渝北区 巴南区
    黔江区 长寿区 江津区 合川区 永川区 南川区 璧山区 铜梁区 潼南区 荣昌区 开州区 梁平区 武隆区 城口县
    丰都县 垫江县 忠县 云阳县 奉节县 巫山县 巫溪县 石柱县 秀山县 酉阳县 彭水县
    """
)
BEYOND = ("万盛经开区科协", "两江新区科创局", "高新区科协")
SUBJECTS = _words(
    """
    数学 物理 化学 天文 地理 地质 气象 测绘 海洋 植物 动物 微生物 遗传 心理 力学 机械 电机 电子 通信
    计算机 自动化 土木 水利 建筑 交通 航空 汽车 船舶 铁道 煤炭 石油 化工 材料 金属 硅酸盐 纺织 造纸 印刷
    粮油 食品 农学 园艺 林学 畜牧 兽医 水产 蚕学 茶叶 医学 药学 中医 护理 营养 环境 生态 能源 照明 仪器
    标准化 科普作家
    """
)
TRADES = _words(
    """
    机床 轴承 齿轮 电缆 仪表 阀门 水泵 风机 锅炉 变压器 玻璃 陶瓷 水泥 钢管 铝材 铜材 橡胶 塑料 涂料
    医药 制剂 生物 种业 乳品 酿造 纺机 服装 家具 造纸 印务 软件 芯片 光电 传感 电池 物流 园区 检测 设计
    研究
    """
)
SCHOOLS = _words(
    """
    理工 工商 师范 医科 交通 邮电 科技 农业 林业 财经 政法 外语 艺术 体育 传媒 建筑 航空 电力 石油 信息
    城市 工程 护理 旅游 水利 化工 机电 轨道 应用 开放
    """
)
# How many units of each track the demo has; `--units N` keeps their shares.
SHARES = {"district": 41, "society": 60, "enterprise": 40, "university": 30}


def names_of(track: str, count: int) -> list[str]:
    """`count` names for a track; beyond the known ones they are numbered."""
    known = {
        "district": [*(f"{name}科协" for name in DISTRICTS), *BEYOND],
        "society": [f"示例市{subject}学会" for subject in SUBJECTS],
        "enterprise": [f"示例{trade}厂科协" for trade in TRADES],
        "university": [f"示例{school}大学科协" for school in SCHOOLS],
    }[track]
    return [*known[:count], *(f"示例{track}{number}号科协" for number in range(len(known) + 1, count + 1))]


def shares(total: int | None) -> dict[str, int]:
    """How many units of each track make `total`, at least two of each; the demo's own numbers for None."""
    if total is None:
        return dict(SHARES)
    whole = sum(SHARES.values())
    counts = {code: max(2, total * share // whole) for code, share in SHARES.items()}
    counts["society"] += max(0, total - sum(counts.values()))
    return counts
