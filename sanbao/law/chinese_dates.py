"""Dates as Chinese papers write them: in characters for the seal line, in figures for the text."""

from datetime import date, datetime

DIGITS = "〇一二三四五六七八九"


def in_characters(day: date) -> str:
    """`2026-11-23` as `二〇二六年十一月二十三日`."""
    year = "".join(DIGITS[int(digit)] for digit in f"{day.year:04d}")
    return f"{year}年{_below_hundred(day.month)}月{_below_hundred(day.day)}日"


def in_figures(day: date) -> str:
    """`2026-11-23` as `2026年11月23日`."""
    return f"{day.year}年{day.month}月{day.day}日"


def to_the_minute(at: datetime) -> str:
    """`2026-11-23 16:05` as `2026年11月23日16时05分`, in the zone the instant carries."""
    return f"{in_figures(at.date())}{at.hour}时{at.minute:02d}分"


def _below_hundred(number: int) -> str:
    tens, ones = divmod(number, 10)
    if not tens:
        return DIGITS[ones]
    return ("" if tens == 1 else DIGITS[tens]) + "十" + (DIGITS[ones] if ones else "")
