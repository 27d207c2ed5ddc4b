"use strict";
(() => {
  const { articles, statements } = JSON.parse(document.getElementById("data").textContent);
  const target = document.getElementById("target");
  const search = document.getElementById("search");
  const tip = document.getElementById("tip");
  const pages = [...document.querySelectorAll("details.article")];
  const texts = pages.map((page) => page.textContent.toLowerCase());
  const states = ["support", "oppose", "neutral", "unrelated", "abstained"];
  let chosen = null;
  let button = null;

  const ids = (node, name) => (node.dataset[name] || "").split(" ").filter(Boolean).map(Number);
  const stanceOf = (statement, name) => statement.stances[name] || { state: null };

  // The conditions hold for a statement whose fields, its article's fields and its stance have the values asked for.
  function counts(i) {
    if (!chosen) return true;
    const statement = statements[i];
    const fields = { ...articles[statement.article], ...statement, ...stanceOf(statement, chosen.target) };
    return Object.entries(chosen.where).every(([field, values]) => values.includes(fields[field])) &&
      !Object.entries(chosen.unless).some(([field, values]) => values.includes(fields[field]));
  }

  // Of statements inside one another the innermost gives the colour, of those chosen if there is one.
  function colour() {
    for (const node of document.querySelectorAll(".text .c")) {
      const here = ids(node, "c");
      const first = here.filter(counts).pop() ?? here[here.length - 1];
      node.classList.remove(...states);
      const state = target && stanceOf(statements[first], target.value).state;
      if (state) node.classList.add(state);
    }
  }

  function apply() {
    const words = search.value.trim().toLowerCase();
    let shown = 0;
    pages.forEach((page, number) => {
      const first = Number(page.dataset.first), count = Number(page.dataset.count);
      let here = 0;
      for (let i = first; i < first + count; i += 1) here += counts(i) ? 1 : 0;
      page.hidden = (chosen !== null && !here) || !texts[number].includes(words);
      if (chosen && !page.hidden) page.open = true;
      if (!page.hidden) shown += here;
      page.querySelector(".count").textContent = chosen ? `${here} of ${count}` : count;
    });
    for (const node of document.querySelectorAll(".text [data-s]")) {
      node.classList.toggle("dim", chosen !== null && !ids(node, "s").some(counts));
    }
    document.getElementById("filter").hidden = !chosen;
    if (chosen) {
      const said = chosen.said ? [chosen.said] : [chosen.target, ...Object.entries(chosen.where).map(([field, values]) => `${field}: ${values.join(" or ")}`)];
      const noun = shown === 1 ? "statement" : "statements";
      document.getElementById("filter-text").textContent = `${said.filter(Boolean).join(" · ")} — ${shown} ${noun} on this page`;
    }
    colour();
  }

  function choose(next) {
    if (button) button.removeAttribute("aria-pressed");
    button = next;
    if (button) button.setAttribute("aria-pressed", "true");
    chosen = button && JSON.parse(button.dataset.conditions);
    if (chosen && chosen.target && target) target.value = chosen.target;
    apply();
  }

  function describe(i) {
    const s = statements[i];
    const list = document.createElement("dl");
    const add = (term, text) => {
      if (!text) return;
      const dt = document.createElement("dt"), dd = document.createElement("dd");
      dt.textContent = term;
      dd.textContent = text;
      list.append(dt, dd);
    };
    add("speaker", s.name ? `${s.name} (${[s.role, s.speaker_kind].filter(Boolean).join(", ")})` : "no source in the text");
    add("resolved", s.name ? s.resolution : "");
    add("statement", `${s.quote_type}${s.cue_class === "(none)" ? "" : ", " + s.cue_class}, confidence ${s.confidence}`);
    const first = ([name]) => (target && name === target.value ? 0 : 1);
    for (const [name, stance] of Object.entries(s.stances).sort((a, b) => first(a) - first(b))) {
      const side = stance.label + (stance.conditional ? ", conditional" : "");
      add(name, `${stance.state === "abstained" ? "abstained; most likely " : ""}${side}, p ${stance.p}`);
      if (target && name === target.value) add("because", stance.reasons.join("; "));
    }
    return list;
  }

  function showTip(node) {
    tip.replaceChildren(...ids(node, "s").map(describe));
    tip.hidden = false;
    const box = node.getClientRects()[0];
    const left = Math.min(Math.max(8, box.left), document.documentElement.clientWidth - tip.offsetWidth - 8);
    const below = box.bottom + tip.offsetHeight + 12 < window.innerHeight;
    tip.style.left = `${Math.max(8, left) + window.scrollX}px`;
    tip.style.top = `${window.scrollY + (below ? box.bottom + 6 : Math.max(4, box.top - tip.offsetHeight - 6))}px`;
  }

  document.addEventListener("pointerover", (event) => {
    const node = event.target.closest && event.target.closest(".text [data-s]");
    if (node) showTip(node); else if (event.pointerType === "mouse") tip.hidden = true;
  });
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-conditions]");
    const node = event.target.closest(".text [data-s]");
    if (pressed) {
      choose(pressed);
      document.getElementById("articles").scrollIntoView({ behavior: "smooth" });
    } else if (event.target.id === "clear") choose(null);
    else if (node) showTip(node); else tip.hidden = true;
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") tip.hidden = true; });
  if (target) target.addEventListener("change", () => choose(null));
  search.addEventListener("input", apply);
  apply();
})();
