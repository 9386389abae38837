"""Draws a week, and three months, as PNG. Imports quickly: it runs in the processes of a pool."""

from bot.chart.letters import missing_letters
from bot.chart.months import draw_months
from bot.chart.pictures import DayPicture, LegendLine, MonthsLine, MonthsPicture, MonthStart, WeekPicture
from bot.chart.week import draw_week

__all__ = [
    "DayPicture",
    "LegendLine",
    "MonthStart",
    "MonthsLine",
    "MonthsPicture",
    "WeekPicture",
    "draw_months",
    "draw_week",
    "missing_letters",
]
