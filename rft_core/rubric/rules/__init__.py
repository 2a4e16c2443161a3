"""Rules in an expert's own words: what they ask for, and the checks they become.

pasting.py         many rules at once, reading.py one that is typed
two_criteria.py    a rule that asks for several things, several_parts.py for one of several parts
proposals.py       the ways to check a rule that work on the expert's own cases
cues.py            what its words lead to (candidates.py), before any is tried; value_cues.py and
                   quote_cues.py where they speak of an expected value or a quotation
case_parts.py      how a rule may call the parts of the expert's answers, negation.py what it denies
said_*.py          points, lengths, words, lines and keys that it names
faults.py          rules that name a fault or take points off
qualities.py       judgements that no check makes
conditions.py      "if …", two_demands.py "… and …", left_out.py what a check leaves out of a rule
cases_meant.py     the cases that a rule is for, and the tags of these that it names
"""
