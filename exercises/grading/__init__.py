"""Marks for the exercises: see grade.py beside this folder."""
