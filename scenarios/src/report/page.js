(() => {
  const root = document.documentElement;
  const scenarios = () => document.querySelectorAll("details.scenario");
  const speak = (lang) => {
    root.lang = lang;
    for (const button of document.querySelectorAll("[data-lang]")) {
      button.setAttribute("aria-pressed", String(button.dataset.lang === lang));
    }
  };
  for (const button of document.querySelectorAll("[data-lang]")) {
    button.addEventListener("click", () => speak(button.dataset.lang));
  }
  for (const button of document.querySelectorAll("[data-open]")) {
    button.addEventListener("click", () => {
      for (const one of scenarios()) one.open = button.dataset.open === "all";
    });
  }
  const reveal = () => {
    const target = document.getElementById(location.hash.slice(1));
    const folded = target && target.closest("details.scenario");
    if (folded && !folded.open) {
      folded.open = true;
      target.scrollIntoView();
    }
  };
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...scenarios()].filter((one) => !one.open);
    for (const one of closed) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of closed) one.open = false;
  });
  addEventListener("hashchange", reveal);
  document.querySelector(".tools").hidden = false;
  speak(new URLSearchParams(location.search).get("lang") === "en" ? "en" : "ja");
  reveal();
})();
