"""Appraise: rubrics, indicators, scores, rankings. Fines and case numbers are out of reach here (PL 74)."""
