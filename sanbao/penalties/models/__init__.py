"""The tables of the room: the case and its file, what runs beside it, and what follows its decision."""

from sanbao.penalties.models.beside import Measure, MeasureStep
from sanbao.penalties.models.case import (
    Case,
    CaseDeadline,
    CaseDocument,
    Defence,
    Discussion,
    Evidence,
    Hearing,
    Notice,
    Remedy,
    Review,
    StepTaken,
)
from sanbao.penalties.models.execution import Instalment, Payment, Reminder

__all__ = [
    "Case",
    "CaseDeadline",
    "CaseDocument",
    "Defence",
    "Discussion",
    "Evidence",
    "Hearing",
    "Instalment",
    "Measure",
    "MeasureStep",
    "Notice",
    "Payment",
    "Remedy",
    "Reminder",
    "Review",
    "StepTaken",
]
