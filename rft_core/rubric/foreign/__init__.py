"""Rubrics and graders of other tools: read with what they say, written again as they were.

intake.py           which kind of file it is, and what taking it in would change
imported.py         what a file gave: criteria, rules for review, remarks
rubric_lines.py     HealthBench, PRBench and ProfBench
openai_graders.py   OpenAI graders in, formulas.py the weighted sums among them
openai_export.py    OpenAI graders out, openai_writing.py one kind of check after the other
"""
