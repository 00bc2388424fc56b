// The review of hits: y, n and u judge the candidate in view, z takes the last judgement back. The keys act only inside
// the focused review (WCAG 2.2, 2.1.4) and never in a field; each presses a button that everybody sees.
//
// <section data-review="address of the review"> holds one [data-hit], a <template data-next> with the candidate after
// it, and <div data-last> with the way back. A button with data-key is pressed by that key. The node answers with the
// next candidate to keep ready, so the one that is shown has always come before it is judged.
"use strict";
(() => {
  const review = document.querySelector("[data-review]");
  if (!review) return;
  const on = document.body.dataset.singleKeys !== "off";
  const said = document.querySelector("[data-said]");
  const ready = review.querySelector("template[data-next]");
  const last = review.querySelector("[data-last]");
  const inView = () => review.querySelector("[data-hit]");

  let line = Promise.resolve(); // one judgement after the other
  let turn = 0; // grows when something went wrong: what was pressed after it does not count

  const show = (card) => {
    inView().replaceWith(card);
    card.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  };
  const take = () => {
    const card = ready.content.querySelector("[data-hit]");
    ready.content.replaceChildren();
    return card && document.importNode(card, true);
  };
  const keep = (card) => ready.content.replaceChildren(...(card ? [card] : []));
  const tell = (sentence) => { said.textContent = sentence; };

  const post = async (address, body) => {
    let response;
    try {
      response = await fetch(address, { method: "POST", body, headers: { "X-Part": "card" }, credentials: "same-origin" });
    } catch {
      throw new Error(review.dataset.offline);
    }
    if (response.redirected || response.status === 403) throw new Error(review.dataset.ended);
    const text = await response.text();
    if (!response.ok) throw new Error(response.status < 500 ? text : review.dataset.offline);
    const answer = document.createElement("template");
    answer.innerHTML = text;
    return (name) => answer.content.querySelector(`template[data-${name}]`)?.content ?? document.createDocumentFragment();
  };

  const judge = async (form, body) => {
    const judged = inView();
    const next = take();
    if (next) {
      body.set("shown", next.dataset.hit);
      show(next);
    } else {
      judged.setAttribute("aria-busy", "true");
    }
    try {
      const part = await post(form.action, body);
      last.replaceChildren(part("last"));
      tell(last.querySelector("[data-told]")?.textContent.trim() ?? "");
      if (next) keep(part("card").querySelector("[data-hit]"));
      else location.assign(review.dataset.review);
    } catch (wrong) {
      turn += 1;
      judged.removeAttribute("aria-busy");
      if (next) { keep(next.cloneNode(true)); show(judged); }
      tell(wrong.message);
    }
  };

  const undo = async (form, body) => {
    const present = inView();
    try {
      const part = await post(form.action, body);
      const card = part("card").querySelector("[data-hit]");
      last.replaceChildren(part("last"));
      tell(review.dataset.undone);
      keep(present.cloneNode(true));
      show(card);
    } catch (wrong) {
      turn += 1;
      tell(wrong.message);
    }
  };

  review.addEventListener("submit", (event) => {
    const form = event.target;
    const work = form.matches("[data-judge]") ? judge : form.matches("[data-undo]") ? undo : null;
    if (!work || !inView()) return;
    event.preventDefault();
    const body = new FormData(form, event.submitter);
    const pressed = turn;
    const card = inView();
    line = line.then(() => (pressed === turn && card === inView() ? work(form, body) : undefined));
  });

  document.addEventListener("keydown", (event) => {
    if (!on || event.repeat || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const target = event.target;
    if (!review.contains(target) || target.matches("input, select, textarea, summary")) return;
    const button = review.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!button || event.key.length !== 1) return;
    event.preventDefault();
    button.click();
  });
})();
