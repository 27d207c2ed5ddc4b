"use strict";
(() => {
  const statements = JSON.parse(document.getElementById("statements").textContent);
  const target = document.getElementById("target");
  const search = document.getElementById("search");
  const tip = document.getElementById("tip");
  const articles = [...document.querySelectorAll("details.article")];
  const labels = ["support", "oppose", "neutral", "unrelated", "abstained"];
  let chosen = null;

  const ids = (node, name) => (node.dataset[name] || "").split(" ").filter(Boolean).map(Number);
  const chosenTarget = () => (chosen && chosen.target) || (target && target.value);

  function colour() {
    for (const node of document.querySelectorAll(".text .c")) {
      node.classList.remove(...labels);
      const stance = statements[ids(node, "c")[0]].stances[chosenTarget()];
      if (stance) node.classList.add(stance.abstained ? "abstained" : stance.label);
    }
  }

  function week(day) {
    const date = new Date(day + "T00:00:00Z");
    date.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7));
    const start = Date.UTC(date.getUTCFullYear(), 0, 1);
    const number = Math.ceil(((date - start) / 86400000 + 1) / 7);
    return `${date.getUTCFullYear()}-W${String(number).padStart(2, "0")}`;
  }

  // An estimate's filter holds its groups; of its target only statements that address it count.
  function counted(statement) {
    if (!chosen) return true;
    const stance = chosen.target ? statement.stances[chosen.target] : null;
    const fields = { ...statement, month: (statement.published || "").slice(0, 7), speaker_kind: statement.kind,
      week: statement.published ? week(statement.published) : null, label: stance && stance.label };
    if (chosen.target && (!stance || stance.label === "unrelated")) return false;
    return Object.entries(chosen).every(([key, value]) =>
      key === "target" || value.startsWith("(") || fields[key] === value);
  }

  function apply() {
    const words = search.value.trim().toLowerCase();
    let shown = 0;
    for (const article of articles) {
      const first = Number(article.dataset.first), end = first + Number(article.dataset.count);
      let some = !chosen;
      for (let i = first; i < end && !some; i += 1) some = counted(statements[i]);
      article.hidden = !some || (words !== "" && !article.textContent.toLowerCase().includes(words));
      if (chosen && !article.hidden) article.open = true;
    }
    for (let i = 0; i < statements.length; i += 1) shown += counted(statements[i]) ? 1 : 0;
    for (const node of document.querySelectorAll(".text [data-s]")) {
      node.classList.toggle("dim", chosen !== null && !ids(node, "s").some((i) => counted(statements[i])));
    }
    document.getElementById("filter").hidden = !chosen;
    if (chosen) {
      const said = Object.entries(chosen).map(([key, value]) => `${key}: ${value}`).join(" · ");
      document.getElementById("filter-text").textContent = `${said} — ${shown} statements on this page`;
    }
    colour();
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
    add("speaker", s.name ? `${s.name} (${[s.role, s.kind].filter(Boolean).join(", ")})` : "no source in the text");
    add("resolved", s.name ? s.resolution : "");
    add("statement", `${s.type}${s.cue ? ", " + s.cue : ""}, confidence ${s.confidence}`);
    for (const [name, stance] of Object.entries(s.stances)) {
      const side = stance.label + (stance.conditional ? ", conditional" : "");
      add(name, `${stance.abstained ? "abstained; most likely " : ""}${side}, p ${stance.p}`);
      add("because", stance.reasons.join("; "));
    }
    return list;
  }

  function showTip(node) {
    tip.replaceChildren(...ids(node, "s").map(describe));
    tip.hidden = false;
    const box = node.getClientRects()[0], width = tip.offsetWidth;
    const left = Math.min(Math.max(8, box.left), document.documentElement.clientWidth - width - 8);
    const below = box.bottom + tip.offsetHeight + 12 < window.innerHeight;
    tip.style.left = `${left + window.scrollX}px`;
    tip.style.top = `${window.scrollY + (below ? box.bottom + 6 : Math.max(4, box.top - tip.offsetHeight - 6))}px`;
  }

  document.addEventListener("pointerover", (event) => {
    const node = event.target.closest && event.target.closest(".text [data-s]");
    if (node) showTip(node); else if (event.pointerType === "mouse") tip.hidden = true;
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-filter]");
    const node = event.target.closest(".text [data-s]");
    if (button) {
      chosen = JSON.parse(button.dataset.filter);
      if (target && chosen.target) target.value = chosen.target;
      apply();
      document.getElementById("articles").scrollIntoView({ behavior: "smooth" });
    } else if (event.target.id === "clear") {
      chosen = null;
      apply();
    } else if (node) showTip(node); else tip.hidden = true;
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") tip.hidden = true; });
  if (target) target.addEventListener("change", () => { if (chosen) delete chosen.target; colour(); });
  search.addEventListener("input", apply);
  apply();
})();
