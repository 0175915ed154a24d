"""Who may call which route: one row for each endpoint. A route without a row fails tests/test_permissions.py.

A row says who may call it, and values for the variables of its rule; `{article}`, `{annotation}`, `{user}`, `{label}`
and `{slug}` stand for those of the project in which everything is tried: Ada and Ben reviewed its one article, Jo
adjudicates, Mia manages, Kim administers the installation, Sam is a stranger.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

ANYBODY = frozenset({"", "Sam", "Ada", "Jo", "Mia", "Kim"})
SIGNED_IN = ANYBODY - {""}
MEMBERS = SIGNED_IN - {"Sam"}
MANAGERS = frozenset({"Mia", "Kim"})
ADJUDICATORS = frozenset({"Jo"})
RESULTS = ADJUDICATORS | MANAGERS
REVIEWERS = frozenset({"Ada"})
# What only its owner finds, or what is not there: everybody who is signed in gets the same 404.
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Row:
    """Who may, the values of the rule's variables, and what is sent, so that no refusal is one of the form's.

    `once` is for what can only be done once: then one of those who may tries it, after all who may not.
    """

    may: frozenset[str]
    values: dict[str, str] = field(default_factory=dict)
    sends: dict[str, Any] = field(default_factory=dict)
    once: bool = False


MISSING = "2222222222222222"
NO_QUESTION = "00000000-0000-4000-8000-000000000000"
IN_PROJECT = {"slug": "{slug}"}
IN_ARTICLE = {"article_id": "{article}"}
COMPARED = {**IN_PROJECT, "left": "{article}", "right": "{article}"}
OF_ANNOTATION = {"annotation_id": "{annotation}"}
OF_LABEL = {"slug": "{slug}", "key": "{label}"}
CLAIM = {"start": 4, "end": 13, "exact": "ceasefire", "label": "unverified"}
DECISION = {"question": None, "outcome": "edit", "claim": CLAIM, "justification": "Nobody marked it."}
OF_ERRAND = {"slug": "{slug}", "kind": "exports", "errand_id": MISSING}
OF_WEBHOOK = {"slug": "{slug}", "webhook_id": MISSING}
SAME_TEXT = "The ceasefire held on Sunday. Nobody was hurt."
"""What the article says already, so that nothing is corrected."""
OF_UPLOAD = {"slug": "{slug}", "upload_id": MISSING}

ROUTES: dict[str, Row] = {
    "static": Row(ANYBODY, {"filename": "css/base.css"}),
    # Signing in
    "sign_in.show": Row(ANYBODY),
    "sign_in.by_password": Row(ANYBODY),
    "sign_in.link": Row(ANYBODY, {"token": "any"}),
    "sign_in.by_link": Row(NOBODY, {"token": "unknown"}),
    # One's own
    "home.index": Row(SIGNED_IN),
    "account.show": Row(SIGNED_IN),
    "account.rename": Row(SIGNED_IN),
    "account.theme": Row(SIGNED_IN),
    "account.password": Row(SIGNED_IN),
    "account.show_keys": Row(SIGNED_IN),
    "account.show_reading": Row(SIGNED_IN),
    "account.choose_reading": Row(
        SIGNED_IN,
        sends={
            "text_size": "large",
            "line_height": "normal",
            "text_width": "wide",
            "typeface": "sans",
            "theme": "dark",
        },
    ),
    "account.change_keys": Row(SIGNED_IN),
    "account.reset_keys": Row(SIGNED_IN),
    "account.end_session": Row(NOBODY, {"id_hash": "0" * 64}),
    "account.end_sessions": Row(SIGNED_IN),
    "account.add_token": Row(SIGNED_IN),
    "account.revoke_token": Row(NOBODY, {"token_id": MISSING}),
    "account.sign_out": Row(ANYBODY),
    # Projects
    "projects.index": Row(SIGNED_IN),
    "projects.new": Row(SIGNED_IN),
    "projects.show": Row(MEMBERS, IN_PROJECT),
    "projects.articles": Row(MEMBERS, IN_PROJECT),
    "projects.next_article": Row(REVIEWERS, IN_PROJECT),
    "projects.guideline": Row(MEMBERS, IN_PROJECT),
    "projects.edit_guideline": Row(MANAGERS, IN_PROJECT),
    "projects.note_guideline": Row(MEMBERS, {**IN_PROJECT, "version": "1"}),
    "projects.labels": Row(MEMBERS, IN_PROJECT),
    "projects.new_label": Row(MANAGERS, IN_PROJECT),
    "projects.edit_label": Row(MANAGERS, OF_LABEL),
    "projects.act_on_label": Row(MANAGERS, {**OF_LABEL, "act": "retire"}),
    "projects.people": Row(MANAGERS, IN_PROJECT),
    "projects.add_member": Row(MANAGERS, IN_PROJECT),
    "projects.remove_member": Row(MANAGERS, {**IN_PROJECT, "user_id": "{user}", "role": "reviewer"}, once=True),
    "projects.another_link": Row(frozenset({"Kim"}), {**IN_PROJECT, "user_id": "{user}"}),
    "projects.settings": Row(MANAGERS, IN_PROJECT),
    "projects.assign": Row(MANAGERS, IN_PROJECT),
    "projects.assignments": Row(MANAGERS, IN_PROJECT),
    "projects.assign_by_hand": Row(
        MANAGERS, IN_PROJECT, {"act": "give", "articles": "{article}", "reviewer": "{user}"}
    ),
    "projects.return_abandoned": Row(MANAGERS, IN_PROJECT),
    "projects.one_more": Row(MANAGERS, {**IN_PROJECT, **IN_ARTICLE}),
    "projects.set_capacity": Row(MANAGERS, {**IN_PROJECT, "user_id": "{user}"}, {"capacity": "5"}),
    "projects.work": Row(MANAGERS, IN_PROJECT),
    "projects.training": Row(MANAGERS, IN_PROJECT),
    "projects.act_on_trainee": Row(MANAGERS, {**IN_PROJECT, "user_id": "{user}", "act": "pass"}),
    "projects.mark_training": Row(MANAGERS, {**IN_PROJECT, **IN_ARTICLE}),
    # Comparing an article with itself.
    "projects.compare": Row(MEMBERS, COMPARED),
    "projects.link_compared": Row(MEMBERS, COMPARED),
    "projects.compared": Row(MEMBERS, COMPARED),
    "projects.act_on_link": Row(
        NOBODY, {**IN_PROJECT, "link_id": MISSING}, {"act": "delete", "relation": "qualifies", "aspect": ""}
    ),
    # Ada reviewed the article; nobody did it in training.
    "articles.feedback": Row(NOBODY, IN_ARTICLE),
    # Import and export
    "imports.new": Row(MANAGERS, IN_PROJECT),
    "imports.upload": Row(MANAGERS, IN_PROJECT),
    "imports.preview": Row(NOBODY, OF_UPLOAD),
    "imports.confirm": Row(NOBODY, OF_UPLOAD),
    "imports.discard": Row(NOBODY, OF_UPLOAD),
    "imports.new_annotations": Row(MANAGERS, IN_PROJECT),
    "imports.upload_annotations": Row(MANAGERS, IN_PROJECT),
    "imports.preview_annotations": Row(NOBODY, OF_UPLOAD),
    "imports.confirm_annotations": Row(NOBODY, OF_UPLOAD),
    "copies.index": Row(RESULTS, IN_PROJECT),
    "copies.paragraphs": Row(RESULTS, IN_PROJECT),
    "copies.look": Row(MANAGERS, IN_PROJECT),
    "copies.show": Row(NOBODY, {**IN_PROJECT, "group_id": MISSING}),
    "copies.decide": Row(NOBODY, {**IN_PROJECT, "group_id": MISSING, "act": "confirm"}),
    "agreement.show": Row(RESULTS, IN_PROJECT),
    "agreement.claims": Row(RESULTS, IN_PROJECT),
    "agreement.links": Row(RESULTS, IN_PROJECT),
    "agreement.articles": Row(RESULTS, IN_PROJECT),
    "agreement.reviewers": Row(MANAGERS, IN_PROJECT),
    "agreement.own": Row(REVIEWERS, IN_PROJECT),
    "exports.show": Row(RESULTS, IN_PROJECT),
    "exports.check": Row(RESULTS, IN_PROJECT),
    "exports.download": Row(RESULTS, IN_PROJECT),
    "exports.whole": Row(MANAGERS, IN_PROJECT),
    # Nobody has anything under way; a format that there is not makes no file.
    "errands.export": Row(RESULTS, IN_PROJECT, {"format": "none"}),
    "errands.show": Row(NOBODY, OF_ERRAND),
    "errands.fragment": Row(NOBODY, OF_ERRAND),
    "errands.cancel": Row(NOBODY, OF_ERRAND),
    "errands.again": Row(NOBODY, OF_ERRAND),
    "errands.file": Row(NOBODY, {"slug": "{slug}", "errand_id": MISSING}),
    "releases.index": Row(RESULTS, IN_PROJECT),
    # Nothing is finished, so there is nothing to release.
    "releases.make": Row(MANAGERS, IN_PROJECT, {"version": "1.0.0"}),
    "releases.new": Row(MANAGERS, IN_PROJECT),
    "releases.confirm": Row(MANAGERS, IN_PROJECT),
    "releases.card": Row(MANAGERS, IN_PROJECT),
    "releases.package": Row(NOBODY, {**IN_PROJECT, "version": "9.9.9"}),
    "releases.show": Row(NOBODY, {**IN_PROJECT, "version": "9.9.9"}),
    "releases.manifest": Row(NOBODY, {**IN_PROJECT, "version": "9.9.9"}),
    "releases.download": Row(NOBODY, {**IN_PROJECT, "version": "9.9.9"}),
    # Annotating
    "articles.annotate": Row(MEMBERS, IN_ARTICLE),
    "articles.blocks": Row(MEMBERS, IN_ARTICLE),
    "articles.add_claim": Row(REVIEWERS, IN_ARTICLE, {"quote": "ceasefire", "label": "unverified"}),
    "articles.read": Row(REVIEWERS, IN_ARTICLE),
    "articles.report": Row(REVIEWERS, IN_ARTICLE, {"until": "5", "seconds": "3"}),
    "articles.review": Row(REVIEWERS, IN_ARTICLE),
    "articles.submit": Row(REVIEWERS, IN_ARTICLE),
    "articles.reopen": Row(REVIEWERS, IN_ARTICLE),
    # A question that came back; nothing was sent back here.
    "articles.answer_question": Row(NOBODY, {**IN_ARTICLE, "decision_id": MISSING}),
    "articles.take_back_answer": Row(NOBODY, {**IN_ARTICLE, "decision_id": MISSING}),
    # Revealing and discussing, as adjudicator and manager; its reviewers read nothing before a reveal.
    "articles.reveal": Row(RESULTS, IN_ARTICLE),
    "articles.show_thread": Row(RESULTS, {**IN_ARTICLE, "question": "{annotation}"}),
    "articles.add_post": Row(RESULTS, {**IN_ARTICLE, "question": "{annotation}"}, {"text": "Which one?"}),
    "home.see_mention": Row(NOBODY, {"post_id": MISSING}),
    # Corrected texts
    "articles.versions": Row(MEMBERS, IN_ARTICLE),
    "articles.add_version": Row(MANAGERS, IN_ARTICLE, {"text": SAME_TEXT}),
    "articles.look_again": Row(MANAGERS, IN_ARTICLE),
    "articles.details": Row(MANAGERS, IN_ARTICLE),
    "articles.change_details": Row(MANAGERS, IN_ARTICLE, {"edition": "1", "publisher": "The Bay"}),
    "articles.claims_to_place": Row(MEMBERS, IN_ARTICLE),
    "articles.place_claim": Row(REVIEWERS, {**IN_ARTICLE, **OF_ANNOTATION}, {"start": "4", "end": "13"}),
    "articles.drop_claim": Row(REVIEWERS, {**IN_ARTICLE, **OF_ANNOTATION}),
    # Claims
    "projects.search": Row(MEMBERS, IN_PROJECT),
    "timeline.show": Row(MEMBERS, IN_PROJECT),
    "timeline.picture": Row(MEMBERS, IN_PROJECT),
    "timeline.table": Row(MEMBERS, IN_PROJECT),
    "claims.index": Row(SIGNED_IN),
    "claims.speakers": Row(REVIEWERS, IN_ARTICLE),
    "claims.show": Row(MEMBERS, OF_ANNOTATION),
    "claims.place": Row(MEMBERS, OF_ANNOTATION),
    # It is no gold claim.
    "claims.changes": Row(MEMBERS, OF_ANNOTATION),
    "claims.counterparts": Row(MEMBERS, OF_ANNOTATION),
    "claims.list_counterparts": Row(MEMBERS, OF_ANNOTATION),
    "articles.cues": Row(REVIEWERS, IN_ARTICLE),
    "articles.switch_suggestions": Row(REVIEWERS, IN_ARTICLE),
    "articles.switch_suggestions_off": Row(REVIEWERS, IN_ARTICLE),
    "articles.switch_offers": Row(REVIEWERS, IN_ARTICLE),
    "articles.switch_offers_off": Row(REVIEWERS, IN_ARTICLE),
    "articles.dismiss_suggestion": Row(REVIEWERS, {**IN_ARTICLE, "start": "4", "end": "13"}),
    "articles.restore_suggestion": Row(REVIEWERS, {**IN_ARTICLE, "start": "4", "end": "13"}),
    # Adjudicating
    "adjudication.show": Row(ADJUDICATORS, IN_ARTICLE),
    "adjudication.fragment": Row(ADJUDICATORS, IN_ARTICLE),
    "adjudication.agreed": Row(ADJUDICATORS, IN_ARTICLE),
    # The project has no rule: whoever adjudicates is told so.
    "adjudication.first_pass": Row(ADJUDICATORS, IN_ARTICLE),
    "adjudication.decide": Row(ADJUDICATORS, IN_ARTICLE),
    "adjudication.undo": Row(NOBODY, {**IN_ARTICLE, "decision_id": MISSING}),
    "adjudication.decide_link": Row(ADJUDICATORS, IN_ARTICLE),
    "adjudication.undo_link": Row(NOBODY, {**IN_ARTICLE, "decision_id": MISSING}),
    "adjudication.finish": Row(ADJUDICATORS, IN_ARTICLE),
    # Nothing was finished, so there is nothing to reopen.
    "adjudication.reopen": Row(NOBODY, IN_ARTICLE),
    # Webhooks; nobody added one, and no place is allowed.
    "webhooks.index": Row(MANAGERS, IN_PROJECT),
    "webhooks.add": Row(MANAGERS, IN_PROJECT, {"url": "https://hooks.example.org", "events": "release.created"}),
    "webhooks.show": Row(NOBODY, OF_WEBHOOK),
    "webhooks.renew": Row(NOBODY, OF_WEBHOOK),
    "webhooks.remove": Row(NOBODY, OF_WEBHOOK),
    "webhooks.act_on": Row(NOBODY, {**OF_WEBHOOK, "act": "pause"}),
    "webhooks.send_again": Row(NOBODY, {**OF_WEBHOOK, "message_id": MISSING}),
    "webhook_origins.index": Row(frozenset({"Kim"})),
    "webhook_origins.allow": Row(frozenset({"Kim"}), sends={"origin": "https://hooks.example.org"}),
    "webhook_origins.forbid": Row(NOBODY, sends={"origin": "https://hooks.example.org"}),
    # The API
    "api_docs.document": Row(ANYBODY),
    "api_docs.page": Row(ANYBODY),
    "api_docs.problem": Row(ANYBODY, {"key": "not-found"}),
    "api.show_me": Row(SIGNED_IN),
    "api.list_projects": Row(SIGNED_IN),
    "api.create_project": Row(SIGNED_IN, sends={"slug": "another", "name": "Another"}),
    "api.show_project": Row(MEMBERS, IN_PROJECT),
    "api.change_project": Row(MANAGERS, IN_PROJECT),
    "api.list_articles": Row(MEMBERS, IN_PROJECT),
    "api.add_articles": Row(MANAGERS, IN_PROJECT, {"text": "Another story."}),
    "api.show_article": Row(MEMBERS, IN_ARTICLE),
    "api.change_article": Row(MANAGERS, IN_ARTICLE, {"language": None}),
    "api.list_versions": Row(MEMBERS, IN_ARTICLE),
    "api.add_version": Row(MANAGERS, IN_ARTICLE, {"text": SAME_TEXT}),
    "api.look_again": Row(MANAGERS, IN_ARTICLE),
    "api.list_claims_to_place": Row(MEMBERS, IN_ARTICLE),
    "api.drop_claim_to_place": Row(REVIEWERS, {**IN_ARTICLE, **OF_ANNOTATION}),
    "api.list_annotations": Row(MEMBERS, IN_ARTICLE),
    "api.put_annotation": Row(REVIEWERS, {**IN_ARTICLE, **OF_ANNOTATION}, {**CLAIM, "note": "new"}),
    "api.put_annotations": Row(
        REVIEWERS, IN_ARTICLE, {"annotations": [{**CLAIM, "id": "{annotation}", "version": 1, "note": "new"}]}
    ),
    "api.show_annotation": Row(MEMBERS, OF_ANNOTATION),
    "api.list_counterparts": Row(MEMBERS, OF_ANNOTATION),
    "api.delete_annotation": Row(REVIEWERS, OF_ANNOTATION),
    "api.submit_review": Row(REVIEWERS, IN_ARTICLE),
    "api.reopen_review": Row(REVIEWERS, IN_ARTICLE),
    "api.list_links": Row(MEMBERS, IN_PROJECT),
    "api.create_link": Row(MEMBERS, IN_PROJECT, {"a": "{annotation}", "b": "{other}", "relation": "qualifies"}),
    "api.change_link": Row(NOBODY, {"link_id": MISSING}, {"relation": "qualifies"}),
    "api.delete_link": Row(NOBODY, {"link_id": MISSING}),
    "api.export_dataset": Row(RESULTS, IN_PROJECT),
    "api.list_releases": Row(RESULTS, IN_PROJECT),
    "api.make_release": Row(MANAGERS, IN_PROJECT, {"version": "1.0.0"}),
    "api.preview_release": Row(MANAGERS, IN_PROJECT, {"version": "1.0.0"}),
    "api.show_dataset_card": Row(RESULTS, IN_PROJECT),
    "api.change_dataset_card": Row(MANAGERS, IN_PROJECT, {"licence": "CC-BY-4.0"}),
    "api.download_package": Row(NOBODY, {**IN_PROJECT, "version": "9.9.9"}),
    "api.show_release": Row(NOBODY, {**IN_PROJECT, "version": "9.9.9"}),
    "api.changes_of_release": Row(NOBODY, {**IN_PROJECT, "version": "9.9.9"}),
    "api.show_agreement": Row(RESULTS, IN_PROJECT),
    "api.show_reviewers_agreement": Row(MANAGERS, IN_PROJECT),
    "api.show_own_agreement": Row(REVIEWERS, IN_PROJECT),
    "api.list_copies": Row(RESULTS, IN_PROJECT),
    "api.search_project": Row(MEMBERS, IN_PROJECT),
    "api.list_questions": Row(ADJUDICATORS, IN_ARTICLE),
    "api.preview_first_pass": Row(ADJUDICATORS, IN_ARTICLE),
    "api.apply_first_pass": Row(ADJUDICATORS, IN_ARTICLE),
    "api.make_decision": Row(ADJUDICATORS, IN_ARTICLE, DECISION),
    "api.list_link_questions": Row(ADJUDICATORS, IN_ARTICLE),
    # No reviewer linked anything there.
    "api.make_link_decision": Row(
        NOBODY, IN_ARTICLE, {"question": NO_QUESTION, "outcome": "no_link", "justification": ""}
    ),
    "api.undo_link_decision": Row(NOBODY, {"decision_id": MISSING}),
    "api.undo_decision": Row(NOBODY, {"decision_id": MISSING}),
    "api.finish_adjudication": Row(ADJUDICATORS, IN_ARTICLE),
    "api.list_rounds": Row(SIGNED_IN),
    "api.list_article_rounds": Row(MEMBERS, IN_ARTICLE),
    "api.answer_round": Row(NOBODY, {**IN_ARTICLE, "decision_id": MISSING}),
    "api.take_back_answer": Row(NOBODY, {**IN_ARTICLE, "decision_id": MISSING}),
    "api.reveal_article": Row(RESULTS, IN_ARTICLE),
    "api.show_thread": Row(RESULTS, {**IN_ARTICLE, "question": "{annotation}"}),
    "api.add_post": Row(RESULTS, {**IN_ARTICLE, "question": "{annotation}"}, {"text": "Which one?"}),
    "api.list_webhooks": Row(MANAGERS, IN_PROJECT),
    "api.add_webhook": Row(MANAGERS, IN_PROJECT, {"url": "https://hooks.example.org"}),
    "api.show_webhook": Row(NOBODY, OF_WEBHOOK),
    "api.change_webhook": Row(NOBODY, OF_WEBHOOK),
    "api.remove_webhook": Row(NOBODY, OF_WEBHOOK),
    "api.renew_webhook_secret": Row(NOBODY, OF_WEBHOOK),
    "api.test_webhook": Row(NOBODY, OF_WEBHOOK),
    "api.list_messages": Row(NOBODY, OF_WEBHOOK),
    "api.send_message_again": Row(NOBODY, {**OF_WEBHOOK, "message_id": MISSING}),
}
