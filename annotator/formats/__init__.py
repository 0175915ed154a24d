"""Readers and writers of files. Each module is one format; all speak the records of records.py."""
