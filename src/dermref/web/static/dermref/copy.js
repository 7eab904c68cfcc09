// Copies attributions and citations, and remembers the style of a citation. Without it the page has the same as text to
// select and a form to choose the style.
"use strict";
(() => {
  const KEY = "dermref-style";
  const panel = document.querySelector(".credit-panel");
  if (!panel) return;
  const told = panel.querySelector("[data-told]");

  const recall = () => { try { return localStorage.getItem(KEY); } catch { return null; } };
  const remember = (style) => { try { localStorage.setItem(KEY, style); } catch { /* private windows keep nothing */ } };

  const byHand = (shown) => {  // where the clipboard is not to be had, as over plain http
    const selection = getSelection();
    if ("select" in shown) shown.select(); else selection.selectAllChildren(shown);
    const done = document.execCommand("copy");
    if (done) selection.removeAllRanges();
    return done;
  };

  const copy = async (shown, isRich) => {
    const text = "value" in shown ? shown.value : shown.innerText;
    try {
      if (isRich) {
        const kinds = { "text/html": shown.innerHTML.trim(), "text/plain": text };
        const parts = Object.entries(kinds).map(([kind, said]) => [kind, new Blob([said], { type: kind })]);
        await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(parts))]);
      } else {
        await navigator.clipboard.writeText(text);
      }
      return true;
    } catch {
      return byHand(shown);
    }
  };

  const tell = (button, isDone) => {
    told.textContent = isDone ? `${button.dataset.what} copied.` : "Your browser did not copy it: select the text, and copy it.";
    button.textContent = isDone ? "Copied" : button.dataset.label;
    setTimeout(() => { button.textContent = button.dataset.label; }, 2500);
  };

  const wake = (part) => {
    for (const button of part.querySelectorAll("[data-copy]")) {
      button.hidden = false;
      button.dataset.label = button.textContent;
      button.addEventListener("click", async () => {
        tell(button, await copy(document.getElementById(button.dataset.from), button.dataset.copy === "rich"));
      });
    }
  };
  wake(panel);

  const select = panel.querySelector("[data-styles]");
  if (!select) return;
  const drawn = (style) => panel.querySelector(`[data-style="${style}"]`);
  const fetched = async (style) => {  // a long list is drawn in one style; the others come when they are wanted
    const address = new URL(location.href);
    address.searchParams.set("style", style);
    const page = new DOMParser().parseFromString(await (await fetch(address)).text(), "text/html");
    const part = page.querySelector(`[data-style="${style}"]`);
    if (!part) return;
    part.hidden = true;
    select.form.after(part);
    wake(part);
  };
  const show = async (style) => {
    if (!drawn(style)) await fetched(style);
    if (!drawn(style) || select.value !== style) return;
    for (const one of panel.querySelectorAll("[data-style]")) one.hidden = one.dataset.style !== style;
  };
  const known = [...select.options].map((one) => one.value);
  const kept = recall();
  if (!("asked" in select.dataset) && known.includes(kept)) {
    select.value = kept;
    show(kept);
  }
  panel.querySelector("[data-choose]").hidden = true;
  select.addEventListener("change", () => { remember(select.value); show(select.value); });
})();
