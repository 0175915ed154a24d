"""A project as one file, and an equal project from that file.

Out: `exporting` gives the lines of the file, from `exported_frame` (settings, labels, guideline, people),
`exported_articles` (the texts), `exported_work` (what people did on them) and `exported_links`.

In: `importing` has the file looked through (`checked_file`), finds out what its things are called here (`names_here`)
and stores it in short transactions: `imported_frame`, `imported_articles` with `imported_history`, and at last
`imported_references`, from one article to another.

Both know the file by the parts of formats/project_records.py and work_records.py; `parts` goes between these and the
columns of the database.
"""
