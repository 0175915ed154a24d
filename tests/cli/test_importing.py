"""`annotator import`: a line for each file, whole or not at all, and what the exit status says."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from tests.support.office import Drawn, docx, paragraph, pdf


@pytest.fixture
def slug(run) -> str:
    run("project", "add", "idlib", "--name", "Idlib")
    return "idlib"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "stories"
    (folder / "deeper").mkdir(parents=True)
    (folder / "a.txt").write_text("A truce began.\n\nIt was calm.")
    (folder / "deeper" / "b.md").write_text("# A title\n\nBy [Reuters](#)\n\nA story of two sentences. Here it ends.")
    (folder / ".hidden").write_text("Not imported.")
    return folder


def test_a_folder_comes_in_with_paths_relative_to_it(run, listed, slug: str, folder: Path) -> None:
    lines = run("import", slug, folder).stdout.splitlines()
    assert [line for line in lines if "warning" not in line] == ["a.txt: 1 added", "deeper/b.md: 1 added"]
    articles = listed("article", "list", slug)
    assert [article["source_file"] for article in articles] == ["a.txt", "deeper/b.md"]
    assert articles[1]["title"] == "A title"


def test_office_documents_come_in_with_the_rest(run, listed, slug: str, folder: Path) -> None:
    (folder / "c.pdf").write_bytes(pdf([Drawn("It was calm in the whole province on Sunday.", 700)]))
    (folder / "d.docx").write_bytes(docx(paragraph("Nobody could say who had fired.")))
    run("import", slug, folder)
    assert [article["source_file"] for article in listed("article", "list", slug)] == [
        "a.txt", "c.pdf", "d.docx", "deeper/b.md",
    ]  # fmt: skip
    assert "c.pdf: 1 there already" in run("import", slug, folder).stdout


def test_again_adds_nothing_and_says_so(run, listed, slug: str, folder: Path) -> None:
    run("import", slug, folder)
    assert "a.txt: 1 there already" in run("import", slug, folder).stdout
    assert len(listed("article", "list", slug)) == 2


def test_good_files_come_in_beside_bad_ones(run, listed, slug: str, folder: Path) -> None:
    (folder / "broken.csv").write_text("title,url\nA,B\n")
    (folder / "empty.txt").touch()
    (folder / "lines.jsonl").write_text('{"text": "One."}\nnot JSON\n')
    (folder / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(1_000))
    refused = run("import", slug, folder, folder / "absent.txt", status=1)
    assert refused.stderr == "Error: 5 of 7 files were refused, for what is named above.\n"
    for sentence in (
        "broken.csv: refused: Line 1, field 'text'",
        "empty.txt: refused: The file is empty",
        "lines.jsonl: refused: Line 2: This is not JSON",
        "picture.txt: refused: This is a picture",
        "absent.txt: refused: The file cannot be read",
    ):
        assert sentence in refused.stdout
    assert len(listed("article", "list", slug)) == 2


def test_a_single_error_is_told_on_standard_error(run, slug: str, folder: Path) -> None:
    (folder / "lines.jsonl").write_text('{"text": "One."}\n{"text": "Two.", "published": "2019-13-01"}\n')
    refused = run("import", slug, folder / "lines.jsonl", status=1)
    assert refused.stderr.startswith("Error: lines.jsonl: Line 2, field 'published': '2019-13-01' is not a date")


def test_a_dry_run_stores_nothing(run, listed, slug: str, folder: Path) -> None:
    assert "a.txt: 1 would be added" in run("import", slug, folder, "--dry-run").stdout
    assert listed("article", "list", slug) == []


def test_json_is_a_bare_array_also_when_files_are_refused(run, slug: str, folder: Path) -> None:
    (folder / "lines.jsonl").write_text("not JSON\n")
    reports = json.loads(run("import", slug, folder, "--json", status=1).stdout)
    assert [(each["file"], each["added"], len(each["errors"])) for each in reports] == [
        ("a.txt", 1, 0), ("deeper/b.md", 1, 0), ("lines.jsonl", 0, 1),
    ]  # fmt: skip
    assert reports[2]["errors"][0]["line"] == 1


def test_a_pipe_can_be_imported(run, listed, slug: str, tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, b'{"text": "Through a pipe."}\n')
    os.close(writing)
    run("import", slug, f"/dev/fd/{reading}", "--format", "jsonl")
    os.close(reading)
    assert len(listed("article", "list", slug)) == 1


def test_the_encoding_can_be_named(run, listed, slug: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("text,title\nA story.,Łódź\n".encode("cp1250"))
    run("import", slug, tmp_path / "a.csv", "--encoding", "windows-1250")
    assert listed("article", "list", slug)[0]["title"] == "Łódź"


def test_assign_gives_each_article_its_reviewers(run, slug: str, folder: Path) -> None:
    run("import", slug, folder)
    for name in ("ada", "ben"):
        run("user", "add", f"{name}@example.org", "--name", name)
        run("member", "add", slug, f"{name}@example.org", "--role", "reviewer")
    assert run("assign", slug).stdout == "Assigned 4.\n"
    assert run("assign", slug).stdout == "Assigned 0.\n"


def test_assign_says_what_lacks_reviewers(run, slug: str, folder: Path) -> None:
    run("import", slug, folder)
    assert "2 articles have too few reviewers" in run("assign", slug).stderr


# A column mapping

CSV = "Headline,Body,Day,Mood\nA truce,It was calm.,2019-06-12,good\n"


def test_columns_of_other_names_are_mapped_and_the_rest_is_named(run, listed, slug: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(CSV)
    mapped = ("--column", "text=body", "--column", "title=Headline", "--column", "published=Day")
    told = run("import", slug, path, *mapped).stdout
    assert "a.csv: 1 added" in told
    assert "'Mood'" in told
    (article,) = listed("article", "list", slug)
    assert (article["title"], article["published"]) == ("A truce", "2019-06-12")
    assert "a.csv: 1 there already" in run("import", slug, path, *mapped).stdout


def test_a_missing_text_column_is_guessed_at_and_a_wrong_choice_refused(run, slug: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(CSV)
    assert "say so with --column text=Body" in run("import", slug, path, status=1).stderr
    assert "There is no column 'gone' for it. The columns are 'Headline'" in (
        run("import", slug, path, "--column", "text=gone", status=1).stderr
    )
    assert "is chosen for 'text' too" in (
        run("import", slug, path, "--column", "text=Body", "--column", "title=Body", status=1).stderr
    )
    assert "no field of an article" in run("import", slug, path, "--column", "body=Body", status=2).stderr
    assert "two names" in run("import", slug, path, "--column", "text", status=2).stderr


def test_a_key_that_is_no_field_is_told_once(run, slug: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "Calm.", "mood": 5}\n' * 2 + '{"text": "Rain.", "mood": 6, "sky": 1, "title": 3}\n')
    told = run("import", slug, path, status=1).stdout
    assert re.findall(r"[Ll]ine (\d), field '(\w+)'", told) == [("1", "mood"), ("3", "sky"), ("3", "title")]


def test_the_articles_layer_is_refused_with_the_way_out(run, slug: str, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"text": "Calm."}\n{"text": "Rain."}\n')
    run("import", slug, tmp_path / "in.jsonl")
    path = tmp_path / "articles.jsonl"
    run("export", slug, "--layer", "articles", "--format", "jsonl", "-o", path)
    told = run("import", slug, path, status=1).stdout
    assert told.count("export the layer 'all'") == 1
    assert "no field" not in told


def test_keys_of_other_names_are_mapped_and_the_rest_is_named(run, listed, slug: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"body": "It was calm.", "id": "w1", "mood": 5, "\\ud800\\u0000": 1}\n{"body": "It rained.", "id": "w2", "mood": 6}\n'
    )
    assert "'body': This is not a field of an article" in run("import", slug, path, status=1).stdout
    mapped = ("--column", "text=body", "--column", "external_id=id")
    told = run("import", slug, path, *mapped).stdout
    assert "a.jsonl: 2 added" in told
    assert told.count("'mood'") == 1
    assert {article["external_id"] for article in listed("article", "list", slug)} == {"w1", "w2"}
    assert "a.jsonl: 2 there already" in run("import", slug, path, *mapped).stdout
    assert "'text': An article needs text" in run("import", slug, path, "--column", "text=gone", status=1).stdout


# Annotations


@pytest.fixture
def reviewed(run, slug: str, folder: Path) -> str:
    run("user", "add", "ada@example.org", "--name", "Ada")
    run("member", "add", slug, "ada@example.org", "--role", "reviewer")
    run("import", slug, folder)
    return slug


def annotated(tmp_path: Path, **more: object) -> Path:
    path = tmp_path / "old.jsonl"
    row = {"article_title": "A title", "exact": "Here it ends.", "label": "TRUE", "claim_id": "a", "reviewer": "Pia"}
    path.write_text(json.dumps(row | more) + "\n")
    return path


def test_annotations_become_a_reviewer_s_work(run, reviewed: str, tmp_path: Path) -> None:
    path = annotated(tmp_path)
    refused = run("import", reviewed, path, "--as-reviewer", "ada@example.org", status=1).stderr
    assert "“TRUE” (1 claim) is none of this project's labels: sourced (Sourced)" in refused
    mapped = ("--as-reviewer", "ada@example.org", "--label", "TRUE=sourced")
    assert "1 claims would be added" in run("import", reviewed, path, *mapped, "--dry-run").stdout
    told = run("import", reviewed, path, *mapped).stdout
    assert "old.jsonl: 1 claims added" in told
    assert "“TRUE” is sourced (1)" in told
    (report,) = json.loads(run("import", reviewed, path, *mapped, "--json").stdout)
    assert (report["added"], report["known"], report["authors"]) == (0, 1, {"Pia": 1})
    exported = run("export", reviewed, "--layer", "annotations", "--format", "jsonl", "-o", "-").stdout
    assert json.loads(exported)["exact"] == "Here it ends."


def test_web_annotations_of_another_tool_come_in_and_ours_come_back(run, reviewed: str, tmp_path: Path) -> None:
    annotation = {
        "id": "urn:uuid:5b9c8f3e-0000-4000-8000-000000000001",
        "type": "Annotation",
        "creator": {"type": "Person", "name": "Pia"},
        "body": {"type": "TextualBody", "purpose": "classifying", "value": "sourced"},
        "target": {
            "source": "https://elsewhere.example/1",
            "selector": {"type": "TextQuoteSelector", "exact": "Here it ends."},
        },
        "annotator:article_title": "A title",
    }
    context = ["http://www.w3.org/ns/anno.jsonld", {"annotator": "urn:annotator:terms:"}]
    page = {"@context": context, "id": "urn:page", "type": "AnnotationPage", "items": [annotation]}
    path = tmp_path / "theirs.json"
    path.write_text(json.dumps(page))
    assert "theirs.json: 1 claims added" in run("import", reviewed, path, "--as-reviewer", "ada@example.org").stdout
    ours = tmp_path / "ours.json"
    run("export", reviewed, "--layer", "annotations", "--format", "web-annotation", "-o", ours)
    (item,) = json.loads(ours.read_text())["items"]
    assert item["id"] == annotation["id"]
    assert item["target"]["selector"][1]["exact"] == "Here it ends."
    (report,) = json.loads(run("import", reviewed, ours, "--as-reviewer", "ada@example.org", "--json").stdout)
    assert (report["added"], report["known"]) == (0, 1)


def test_annotations_become_suggestions(run, reviewed: str, tmp_path: Path) -> None:
    told = run("import", reviewed, annotated(tmp_path), "--as-suggestions").stdout
    assert "1 suggestions added" in told
    assert "does not offer suggestions" in told


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--as-reviewer", "ada@example.org", "--as-suggestions"), "Choose one"),
        (("--label", "a=b"), "--as-reviewer"),
        (("--format", "doccano"), "holds annotations: add --as-reviewer"),
        (("--as-suggestions", "--format", "pdf"), "holds articles"),
        (("--as-suggestions", "--column", "text=x"), "for articles"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(
    run, reviewed: str, tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    assert words in run("import", reviewed, annotated(tmp_path), *options, status=2).stderr


def test_who_is_no_reviewer_is_refused_with_the_names_of_those_who_are(run, reviewed: str, tmp_path: Path) -> None:
    refused = run("import", reviewed, annotated(tmp_path), "--as-reviewer", "sam@example.org", status=1).stderr
    assert "Its reviewers: ada@example.org" in refused
