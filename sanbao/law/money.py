"""Yuan: rounding, figures with separators, and capitals (人民币大写) as banks and decisions write them."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")
LIMIT = Decimal(10) ** 16


def to_cents(amount: Decimal) -> Decimal:
    """Round half up to two places, as fines are."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def figures(amount: Decimal) -> str:
    """`12345.6` as `12,345.60`: yuan with separators and two places."""
    return f"{to_cents(amount):,.2f}"


def capitals(amount: Decimal) -> str:
    """`10200` as `壹万零贰佰元整`: yuan in capitals; cents are rounded half up.

    Follows the banks' rules: 整 after 元 only, one 零 for each gap of zeros, none before 角 (the rules leave it open). Raises
    `ValueError` for negative amounts and for ten thousand billion yuan and more.
    """
    if not amount.is_finite() or amount < 0:
        raise ValueError(f"{amount} yuan cannot be written in capitals.")
    rounded = to_cents(amount)
    if rounded >= LIMIT:
        raise ValueError(f"{amount} yuan is more than can be written in capitals.")
    yuan, cents = divmod(int(rounded * 100), 100)
    jiao, fen = divmod(cents, 10)
    whole = f"{_whole(yuan)}元" if yuan else ""
    if not cents:
        return f"{whole or '零元'}整"
    if not jiao:
        return f"{whole}{'零' if whole else ''}{DIGITS[fen]}分"
    return f"{whole}{DIGITS[jiao]}角" + (f"{DIGITS[fen]}分" if fen else "")


def _whole(number: int) -> str:
    """A positive whole number below 10**16 in capitals."""
    groups: list[int] = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    parts: list[str] = []
    gap = False
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if not group:
            gap = bool(parts)
            continue
        if parts and (gap or group < 1000):
            parts.append("零")
        parts.append(_four(group))
        parts.append(_mark(groups, place))
        gap = False
    return "".join(parts)


def _mark(groups: list[int], place: int) -> str:
    """万, 亿 or 万亿; 亿 is said once where the hundred-millions follow."""
    return "万" if place == 3 and groups[2] else GROUPS[place]


def _four(group: int) -> str:
    """1 to 9999 in capitals, inner gaps filled by one 零."""
    written, gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit:
            written += ("零" if gap and written else "") + DIGITS[digit] + PLACES[place]
        gap = not digit
    return written
