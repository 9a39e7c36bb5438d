"""What reports share: sections of words, drawings of figures, one HTML file that loads nothing, tables in the terminal.

- `sections`: sentences, tables and drawings as values; `words`: figures as people read them.
- `charts`: drawings as SVG; `page`: all of it as one file; `terminal`: the tables for a console.
"""

from corpenv.report.sections import Caption, Chart, Part, Row, Section, Sentence

__all__ = ["Caption", "Chart", "Part", "Row", "Section", "Sentence"]
