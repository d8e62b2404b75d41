"use strict";
(() => {
  const tools = document.querySelector("form.tools");
  const search = tools.querySelector("input[type=search]");
  const boxes = [...tools.querySelectorAll("input[type=checkbox]")];
  const cases = [...document.querySelectorAll("details.case")];
  const sections = [...document.querySelectorAll("main > section")];
  const told = tools.querySelector("output");
  const none = document.querySelector("p.none");
  const texts = new Map();

  const textOf = (element) => {
    if (!texts.has(element)) texts.set(element, element.textContent.toLowerCase());
    return texts.get(element);
  };

  const apply = () => {
    const verdicts = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const each of cases) {
      const fits = verdicts.has(each.dataset.verdict) && words.every((word) => textOf(each).includes(word));
      each.hidden = !fits;
      shown += fits;
    }
    for (const each of sections) each.hidden = !each.querySelector("details.case:not([hidden])");
    none.hidden = shown > 0;
    told.value = shown === cases.length ? `${shown} cases` : `${shown} of ${cases.length} cases`;
  };

  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    const hiding = target.hidden || target.matches("section[hidden]");
    if (hiding) {
      search.value = "";
      for (const box of boxes) box.checked = true;
      apply();
    }
    if (target.matches("details")) target.open = true;
    target.scrollIntoView();
  };

  tools.addEventListener("submit", (event) => event.preventDefault());
  tools.addEventListener("input", apply);
  tools.addEventListener("click", (event) => {
    const open = event.target.dataset?.open;
    if (open) for (const each of cases) each.open = open === "true" && !each.hidden;
  });
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.matches("input") && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      search.focus();
    } else if (event.key === "Escape" && event.target === search && search.value) {
      search.value = "";
      apply();
    }
  });

  const opened = [];
  addEventListener("beforeprint", () => {
    for (const each of cases) {
      if (each.open || each.hidden || !["FAIL", "INCONCLUSIVE"].includes(each.dataset.verdict)) continue;
      each.open = true;
      opened.push(each);
    }
  });
  addEventListener("afterprint", () => {
    for (const each of opened.splice(0)) each.open = false;
  });
  addEventListener("hashchange", reveal);
  tools.hidden = false;
  apply();
  reveal();
})();
