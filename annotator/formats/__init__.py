"""Readers and writers of files. Each module is one format; all speak the records of records.py.

reading.py chooses the reader of a file; documents.py reads those that are one article (text, Markdown, HTML).
"""
