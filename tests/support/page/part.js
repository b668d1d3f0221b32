// Called with the body and words: the text of the smallest row, group or part of the page that has them.
(body, words) => {
  const plain = (text) => (text || "").replace(/\s+/g, " ").trim();
  const parts = "li, tr, article, fieldset, dialog, details, section, form, nav, aside, header, footer, "
    + "ul, ol, dl, table, main, [role=alert], [role=status], [role=group], [role=region]";
  const texts = [...body.querySelectorAll(parts)]
    .filter((part) => plain(`${part.getAttribute("aria-label") || ""} ${part.innerText}`).includes(plain(words)))
    .map((part) => plain(part.innerText));
  return texts.sort((one, other) => one.length - other.length)[0] ?? null;
}
