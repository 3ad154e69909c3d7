"""The foundation: procedure law as pure Python and dated data.

Nothing here knows Django, a database, a clock or a network; the standard library is all it uses, so anyone who
writes software for administrative enforcement can take this package alone.
"""
