/** Which claim is selected: by its card, its marks in the text or its address. It changes nothing. */

import { byId } from "./dom.js";
import { highlight } from "./highlights.js";
import { OnceAfterFrame } from "./once-per-frame.js";
import { offsetOn } from "./places.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./panel.js").Panel} Panel */
/** @typedef {import("../elements/claim-form.js").ClaimForm} ClaimForm */

const PREFIX = "#claim-";

export class Selecting extends EventTarget {
  /**
   * @param {Desk} desk
   * @param {ClaimForm} form
   * @param {Panel} panel
   * @param {import("./keys.js").Keys} keys
   */
  constructor(desk, form, panel, keys) {
    super();
    this.desk = desk;
    this.form = form;
    this.panel = panel;
    /** @type {HTMLElement[]} The marks of the selected claim. */
    this.lit = [];
    this.addressing = new OnceAfterFrame(() => this.writeAddress());
    /** @type {string | null} What the address says of claims until the selected one is written there; null once it is. */
    this.outdated = null;
    desk.list.root.addEventListener("click", (event) => this.clickedCard(event));
    desk.text.root.addEventListener("click", (event) => this.clickedText(event));
    desk.addEventListener("drawn", () => this.highlight());
    addEventListener("hashchange", () => this.followAddress());
    keys.on("show-keys", () => byId("keys", HTMLDialogElement).showModal());
    byId("panel-back", HTMLElement).addEventListener("click", () => this.select(null));
    const showKeys = byId("show-keys", HTMLElement);
    showKeys.hidden = false;
    showKeys.addEventListener("click", () => byId("keys", HTMLDialogElement).showModal());
  }

  /** @returns {string | null} */
  get selected() {
    return this.desk.list.selected;
  }

  /** Select the claim that the address names, if the page has it. */
  followAddress() {
    if (location.hash.startsWith(PREFIX) && location.hash !== this.outdated) {
      const id = location.hash.slice(PREFIX.length);
      if (this.desk.list.card(id)) {
        this.select(id, { scroll: true });
      }
    }
  }

  /**
   * @param {string | null} id
   * @param {{scroll?: boolean, sheet?: boolean}} [options] `sheet`: on a narrow screen, bring the form up
   */
  select(id, { scroll = false, sheet = false } = {}) {
    if (id !== this.selected) {
      this.form.flush();
      this.form.remove();
      this.form.claim = null;
    }
    const card = id === null ? undefined : this.desk.list.card(id);
    this.desk.list.select(card ? id : null);
    this.highlight();
    if (card && id !== null) {
      this.open(card, id, scroll);
      if (sheet) {
        this.panel.open();
        if (this.panel.narrow) {
          // The sheet covers the lower part of the text, so the words go to the upper.
          this.placeOf(id)?.scrollIntoView({ block: "start" });
        }
      }
    }
    // In a long article a new address costs the browser as much as the rest of what a key does, so the frame goes first.
    this.outdated = location.hash;
    this.addressing.ask();
    this.dispatchEvent(new Event("selected"));
  }

  /** Name the selected claim in the address, unless the person has gone to another one meanwhile. */
  writeAddress() {
    if (this.outdated === location.hash) {
      history.replaceState(null, "", this.selected === null ? location.pathname : `${PREFIX}${this.selected}`);
    }
    this.outdated = null;
  }

  /**
   * @param {HTMLElement} card
   * @param {string} id
   * @param {boolean} scroll
   */
  open(card, id, scroll) {
    const claim = this.desk.claims.get(id);
    if (claim) {
      this.form.show(claim);
    }
    this.panel.show("claims-pane");
    if (scroll) {
      this.reveal(id);
    }
    // The text goes first: to lay out the form takes longer than to draw the claim, and where a card stands among
    // thousands is known once its part of the list is drawn.
    requestAnimationFrame(() =>
      setTimeout(() => {
        if (this.selected === id) {
          this.place();
          this.bringUp(card);
        }
      }),
    );
  }

  /** Put the form below its claim's card now; whoever gives a field of it the focus calls this first. */
  place() {
    const card = this.selected === null ? undefined : this.desk.list.card(this.selected);
    if (card && this.form.claim && !card.contains(this.form)) {
      card.append(this.form);
    }
  }

  /**
   * Scroll the panel to a card that holds the form; the text stays where the person reads.
   * @param {HTMLElement} card
   */
  bringUp(card) {
    const pane = card.closest(".panel-inner");
    if (pane && card.contains(this.form) && !this.panel.narrow) {
      const [inside, around] = [card.getBoundingClientRect(), pane.getBoundingClientRect()];
      if (inside.top < around.top + 56 || inside.top > around.bottom - 240) {
        pane.scrollTop += inside.top - around.top - 72;
      }
    }
  }

  /**
   * Scroll the text to the claim's marks, unless they can be seen.
   * @param {string} id
   */
  reveal(id) {
    const place = this.placeOf(id);
    if (!place) {
      return;
    }
    const { top, bottom } = place.getBoundingClientRect();
    if (top < 120 || bottom > innerHeight - 80) {
      place.scrollIntoView({ block: "center" });
    }
  }

  highlight() {
    for (const mark of this.lit) {
      mark.classList.remove("is-selected");
    }
    const { selected } = this;
    const span = selected === null ? undefined : this.desk.shown.get(selected);
    this.lit = selected === null || !span ? [] : this.desk.text.marks(selected, span);
    for (const mark of this.lit) {
      mark.classList.add("is-selected");
    }
    const undrawn = selected === null || !span ? null : this.desk.text.undrawn(selected, span);
    highlight("selected", undrawn ? [undrawn] : []);
  }

  /**
   * What of the text to bring into sight for a claim: its first mark, or what holds its first letter.
   * @param {string} id
   * @returns {HTMLElement | null}
   */
  placeOf(id) {
    const { shown, text } = this.desk;
    const span = shown.get(id);
    return span ? (text.marks(id, span)[0] ?? text.rangeOf(span.start, span.end)?.startContainer.parentElement ?? null) : null;
  }

  /** @param {MouseEvent} event */
  clickedCard(event) {
    const head = event.target instanceof Element ? event.target.closest(".claim-head") : null;
    const id = head?.closest(".claim")?.getAttribute("data-id");
    if (id) {
      event.preventDefault();
      this.select(id, { scroll: true });
    }
  }

  /**
   * A click on a mark selects its claim: the innermost first, with the next click the one around it.
   * @param {MouseEvent} event
   */
  clickedText(event) {
    const taken = event.defaultPrevented || document.getSelection()?.isCollapsed === false;
    if (taken || !(event.target instanceof Element)) {
      return;
    }
    const mark = event.target.closest(".mark");
    if (!(mark instanceof HTMLElement)) {
      return;
    }
    // Not every claim has a mark of its own where many lie over each other, so they are found by their places.
    const ids = this.desk.claims.at(offsetOn(this.desk.text, mark, event));
    const here = this.selected === null ? -1 : ids.indexOf(this.selected);
    const next = ids[(here + 1) % ids.length];
    if (next) {
      this.select(next, { sheet: true });
    }
  }
}
