// Tables of adhere's pages can be sorted and filtered. Everything is there without this.
(() => {
  "use strict";
  const order = new Intl.Collator(undefined, { numeric: true }).compare;
  const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
  const word = (row, at) => (row.cells[at] ? row.cells[at].textContent.trim() : "");

  function sortable(table, body, rows, say) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, at) => {
      const name = head.textContent.trim();
      const button = make("button", { type: "button", textContent: name });
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const next = { ascending: "descending", descending: "" }[head.getAttribute("aria-sort")] ?? "ascending";
        heads.forEach((one) => one.removeAttribute("aria-sort"));
        let sorted = rows;
        if (next) {
          head.setAttribute("aria-sort", next);
          const way = next === "ascending" ? 1 : -1;
          sorted = [...rows].sort((a, b) => way * order(word(a, at), word(b, at)));
        }
        body.append(...sorted);
        say(next ? `Sorted by ${name}, ${next}` : "In the order of the page");
      });
    });
  }

  function filterable(region, rows, say) {
    const label = make("label", { className: "adhere-filter", textContent: "Filter " });
    const field = make("input", { type: "search", autocomplete: "off" });
    label.append(field);
    region.before(label);
    field.addEventListener("input", () => {
      const wanted = field.value.trim().toLowerCase();
      let shown = 0;
      for (const row of rows) {
        row.hidden = !row.textContent.toLowerCase().includes(wanted);
        shown += row.hidden ? 0 : 1;
      }
      say(`${shown} of ${rows.length} rows`);
    });
  }

  function start() {
    for (const region of document.querySelectorAll(".adhere-table:not([data-adhere])")) {
      region.dataset.adhere = "ready";
      const table = region.querySelector("table");
      const body = table && table.tBodies[0];
      const rows = body ? [...body.rows] : [];
      if (!table || !table.tHead || rows.length < 2) continue;
      const status = make("p", { className: "adhere-status" });
      status.setAttribute("role", "status");
      region.after(status);
      const say = (text) => { status.textContent = text; };
      sortable(table, body, rows, say);
      if (rows.length > 9) filterable(region, rows, say);
    }
  }

  // Material replaces the page without loading another one.
  if (window.document$) window.document$.subscribe(start);
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
