"""The page of permissions: which role may do what, from `core.access.GRANTS`."""

from sanbao.console.reference.wording import both, chinese, table, whole
from sanbao.core.access import GRANTS, ROLES

INTRODUCTION = """# Permissions 权限

A person holds roles through postings (任职) with dates; a verb is granted when one of the roles held on that day has it. Services ask
first, before anything else; lists are narrowed besides. The headquarters assigns and follows, but opens no case, order or inspection
(PL-17; 国办发〔2024〕54号). 指挥部只交办督办，不立案、不下达责令改正、不检查。"""


def page() -> str:
    """One table for each group of verbs, roles as columns."""
    roles = table(
        ("Role", "English", "中文", "Verbs"),
        ((f"`{role}`", _english(role), chinese(name), len(GRANTS.get(role, ()))) for role, name in ROLES.items()),
    )
    verbs = sorted(set().union(*GRANTS.values()))
    nouns = sorted({verb.split(".")[0] for verb in verbs})
    groups = (f"## {noun}\n\n{_group([verb for verb in verbs if verb.split('.')[0] == noun])}" for noun in nouns)
    return whole(INTRODUCTION, f"## Roles 角色\n\n{roles}", *groups)


def _group(verbs: list[str]) -> str:
    holders = [role for role in ROLES if set(verbs) & GRANTS.get(role, frozenset())]
    rows = ([f"`{verb}`", *("●" if verb in GRANTS[role] else "" for role in holders)] for verb in verbs)
    return table(("Verb", *(both(ROLES[role]) for role in holders)), rows)


def _english(role: str) -> str:
    return both(ROLES[role]).removesuffix(chinese(ROLES[role])).strip()
