"""The tables of the office."""

from sanbao.core.models.jobs import Job
from sanbao.core.models.ledger import Entry, Seal
from sanbao.core.models.papers import Attachment, IssuedDocument, Photo, Sequence
from sanbao.core.models.people import Certificate, Department, District, Posting, User

__all__ = [
    "Attachment",
    "Certificate",
    "Department",
    "District",
    "Entry",
    "IssuedDocument",
    "Job",
    "Photo",
    "Posting",
    "Seal",
    "Sequence",
    "User",
]
