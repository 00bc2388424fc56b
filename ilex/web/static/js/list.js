// Lists that work with single keys: j k move, / searches, ? lists the keys, l opens the shift log. The keys act only
// while the list holds the focus (WCAG 2.2, 2.1.4), and not at all for an officer who switched them off.
//
// <table data-list data-keys="address of the list of keys" data-log="address of the shift log">: the first link of a row opens it. If that is an
// <a data-row id="..." hx-get="..." hx-target="#pane">, the first Enter or click shows the row in the pane and the
// second goes to its page.
"use strict";
(() => {
  const on = document.body.dataset.singleKeys !== "off";
  const narrow = matchMedia("(max-width: 63.99rem)");
  const first = (row) => row.querySelector("a[data-row]") ?? row.querySelector("a[href]");
  const rows = (list) => [...list.querySelectorAll("tbody > tr, :scope > li")].map(first).filter(Boolean);
  let lastRow = ""; // the id of the row that had the focus last
  let shown = ""; // the id of the row that the pane shows

  const step = {
    j: (at) => at + 1, ArrowDown: (at) => at + 1,
    k: (at) => at - 1, ArrowUp: (at) => at - 1,
    Home: () => 0, End: (_, all) => all.length - 1,
  };

  const move = (list, key) => {
    const all = rows(list);
    if (!all.length) return;
    const at = all.findIndex((link) => link.closest("tr, li").contains(document.activeElement));
    const to = Math.min(Math.max(step[key](at, all), 0), all.length - 1);
    all[to].focus();
    all[to].scrollIntoView({ block: "nearest" });
  };

  const search = () => document.querySelector("[data-search]");

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (event.key === "Escape" && event.target === search()) {
      (document.getElementById(lastRow) ?? document.querySelector("a[data-row]"))?.focus();
      return;
    }
    const list = event.target.closest?.("[data-list]");
    if (!list || event.target.matches("input, select, textarea, summary, button")) return;
    const single = event.key.length === 1;
    if (single && !on) return;
    if (event.key in step) move(list, event.key);
    else if (event.key === "/" && search()) search().focus();
    else if (event.key === "?" && list.dataset.keys) location.assign(list.dataset.keys);
    else if (event.key === "l" && list.dataset.log) location.assign(list.dataset.log);
    else return;
    event.preventDefault();
  });

  document.addEventListener("focusin", (event) => {
    if (event.target.matches("a[data-row]")) lastRow = event.target.id;
  });

  // In the capture phase, before htmx sees it: let the link be a link when there is no room for a pane,
  // and when the pane shows this row already.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-row][hx-get]");
    if (!link) return rowClicked(event);
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey; // a tab or a window of its own
    if (elsewhere || narrow.matches || link.id === shown) event.stopPropagation();
  }, true);

  const rowClicked = (event) => {
    const row = event.target.closest("[data-list] tbody tr");
    if (row && !event.target.closest("a, button, input, label, summary") && !String(getSelection())) {
      row.querySelector("a[data-row]")?.click();
    }
  };

  const mark = () => {
    for (const link of document.querySelectorAll("a[data-row][aria-current]")) link.removeAttribute("aria-current");
    document.getElementById(shown)?.setAttribute("aria-current", "true");
  };

  document.addEventListener("htmx:afterRequest", (event) => {
    const link = event.target.closest?.("a[data-row]");
    if (!link) return;
    if (!event.detail.successful) { location.assign(link.href); return; } // its page says what is wrong
    shown = link.id;
    mark();
  });

  // Rows are renewed every half minute: who stands in the list goes on standing there.
  let held = "";
  document.addEventListener("htmx:beforeSwap", (event) => {
    held = event.detail.target.contains(document.activeElement) ? document.activeElement.id : "";
  });
  document.addEventListener("htmx:afterSwap", () => {
    if (held && document.activeElement?.id !== held) {
      (document.getElementById(held) ?? document.querySelector("a[data-row]"))?.focus({ preventScroll: true });
    }
    held = "";
    mark();
  });

  // A list that cannot be renewed must not look as if it were fresh.
  const fresh = document.querySelector("[data-fresh]");
  let since = 0;
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!fresh || event.target.id !== "rows") return;
    since = event.detail.successful ? 0 : since || Date.now();
    const hour = since && new Intl.DateTimeFormat("en-GB", {
      timeZone: document.querySelector("[data-clock]")?.dataset.zone, hour: "2-digit", minute: "2-digit",
    }).format(since);
    fresh.textContent = since ? document.getElementById("words").dataset.stale.replace("{time}", hour) : "";
  });
})();
