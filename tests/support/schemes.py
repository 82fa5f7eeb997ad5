"""A small scheme in the shape of contract 1: one track with all components, one with the work assessment only."""

from copy import deepcopy
from typing import Any

from scoring.engine.scheme import scheme_sha256
from scoring.models import Scheme

_PART = {"at_least": None, "rate": None, "per": None}

BODY: dict[str, Any] = {
    "year": 2026,
    "title": "2026年度科协工作考核",
    "number": "测科协发〔2026〕1号",
    "issuer": "测试市科学技术协会",
    "issued": "2026-12-01",
    "deadline": "2026-12-31",
    "publicity_working_days": 5,
    "grades": ["特等", "一等", "二等"],
    "tracks": [
        {
            "code": "district",
            "name": "区县（自治县）科协",
            "annex": 1,
            "desk": "组织人事部",
            "components": [
                {"code": "work", "weight": "70"},
                {"code": "recipients", "weight": "20"},
                {"code": "leaders", "weight": "10"},
            ],
            "recipients": {"sample": 3, "categories": ["科技志愿者", "基层“三长”"]},
            "materials": ["summary", "score_sheet", "roster"],
            "full_marks": "100",
            "bonus_cap": "10",
            "deduction_cap": "10",
            "deduction_bars": ["特等"],
            "incident_rule": True,
            "indicators": [
                {
                    "code": "1",
                    "text": "1.开展系列活动3次以上（40分），开展志愿服务（20分）。",
                    "points": "60",
                    "implied": False,
                    "parts": [
                        {**_PART, "code": "1.1", "text": "开展系列活动3次以上", "points": "40", "at_least": 3},
                        {**_PART, "code": "1.2", "text": "开展志愿服务", "points": "20"},
                    ],
                },
                {
                    "code": "2",
                    "text": "2.开展学术交流活动（40分，5分/项）。",
                    "points": "40",
                    "implied": False,
                    "parts": [
                        {
                            "code": "2.1",
                            "text": "开展学术交流活动",
                            "points": "40",
                            "at_least": None,
                            "rate": "5",
                            "per": "项",
                        }
                    ],
                },
            ],
            "adjustments": [
                {
                    "code": "B1",
                    "kind": "bonus",
                    "text": "1.获得市科协表彰（加1分/次）",
                    "cap": "3",
                    "rules": [{"code": "B1.1", "text": "获得市科协表彰", "rate": "1", "per": "次", "cap": None}],
                },
                {
                    "code": "D1",
                    "kind": "deduction",
                    "text": "2.未完成交办的工作（扣2分/次）",
                    "cap": None,
                    "rules": [{"code": "D1.1", "text": "未完成交办的工作", "rate": "2", "per": "次", "cap": None}],
                },
            ],
        },
    ],
    "findings": [],
}
_society = deepcopy(BODY["tracks"][0])
_society |= {
    "code": "society",
    "name": "市级学会（协会、研究会）",
    "annex": 2,
    "desk": "学会学术部",
    "components": [{"code": "work", "weight": "100"}],
    "recipients": None,
    "materials": ["summary", "score_sheet"],
    "deduction_bars": [],
    "incident_rule": False,
}
BODY["tracks"].append(_society)


def a_body(**changes: Any) -> dict[str, Any]:
    """A fresh copy of the scheme, with top-level values replaced."""
    return deepcopy(BODY) | changes


def put_rules(scheme: Scheme, body: dict[str, Any]) -> None:
    """Let a scheme in force have other rules, under the SHA-256 that is theirs: a process reads each only once."""
    Scheme.objects.filter(pk=scheme.pk).update(body=body, sha256=scheme_sha256(body))
