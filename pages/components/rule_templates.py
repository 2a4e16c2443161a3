"""Ready rules by domain: ticked and added."""

import streamlit as st

from pages.components import criterion_form, plain, redraw, rule_lines
from pages.components.state import Current
from pages.components.steps import examples_id
from pages.components.words import plural, points_of
from rft_core.records import AnswerPart, Example, Rubric, content_id
from rft_core.rubric.templates import Offer, domain_of, offers, taken, templates


def show() -> None:
    """Offer ready rules; they are tried on the cases once it is opened."""
    redraw.once_opened("Add from a template", ":material/library_add:", "templates", _offer)


def _offer(found: Current) -> None:
    """Offer the ready rules of a domain, each with how it would be checked here."""
    domains = list(templates())
    domain = st.selectbox(
        "Domain", domains, index=domains.index(domain_of(found.project.domain)),
        key=f"template-domain-{found.project.id}",
    )  # fmt: skip
    form = found.project.answer
    ids = examples_id(found), content_id(found.rubric), content_id(list(form))
    kept = {rule.text for rule in found.project.review}
    every = _offers(*ids, domain, found.train, found.rubric, form)
    offered = [offer for offer in every if offer.text not in kept]
    if not offered:
        st.caption("You have all of these rules.")
    chosen = [
        offer for number, offer in enumerate(offered) if _is_ticked(found, offer, domain, number)
    ]
    if chosen and st.button(
        f"Add {plural('rule', len(chosen))}", type="primary", key="template-add"
    ):
        rule_lines.add(found, taken(chosen, found.rubric), f"rules from the template {domain}")
        st.rerun()


@st.cache_data(show_spinner=False, max_entries=20)
def _offers(
    train_id: str,
    rubric_id: str,
    form_id: str,
    domain: str,
    _train: tuple[Example, ...],
    _rubric: Rubric,
    _form: tuple[AnswerPart, ...],
) -> list[Offer]:
    return offers(domain, _train, _rubric, _form)


def _is_ticked(found: Current, offer: Offer, domain: str, number: int) -> bool:
    with st.container(gap="xxsmall"):
        ticked = st.checkbox(
            f"**{points_of(offer.points)}** {plain.label(offer.text, 200)}",
            key=f"template-{domain}-{number}-{content_id(offer.text)}",
        )
        st.caption(_said(found, offer))
    return ticked


def _said(found: Current, offer: Offer) -> str:
    if offer.criterion is not None:
        told = criterion_form.read_back(offer.criterion.check, Rubric(), offer.criterion.points)
        return plain.label(found.told(told), 300)
    if offer.needs:
        return f"For your own review: no check works here. It would need {offer.needs}."
    return "For your own review: no check here can tell."
