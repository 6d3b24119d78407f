"""From another district's notice to a draft of its plan. Pure.

``lines`` joins what a page broke, :mod:`domain.notice` numbers the paragraphs, ``chapters`` tells what each is about; the
other modules read one part of the plan each, and ``draft`` puts it together. What cannot be read is left out and told
(:class:`~domain.drafting.desk.Doubt`).
"""
