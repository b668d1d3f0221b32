// Called with the element that is wanted: where the focus is, seen from there.
(wanted) => {
  const now = document.activeElement;
  const isNowhere = !now || now === document.body || now === document.documentElement;
  const visible = (node) => {
    const style = getComputedStyle(node);
    const clear = /^(transparent|rgba\(.*, 0\))$/.test(style.outlineColor);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 && !clear;
  };
  // A radio button drawn by its label may let the label carry the outline.
  const carriers = isNowhere ? [] : [now, ...(now.labels || [])];
  // The parts inside a day or a time draw their own mark, which a page can neither see nor remove.
  const isInside = !isNowhere && /^(date|time|month|week|datetime-local)$/.test(now.type)
    && !now.matches(":focus-visible");
  const isSeen = () => {
    const box = now.getClientRects()[0] || now.getBoundingClientRect();
    const places = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]];
    return places.some(([across, down]) => {
      const top = document.elementFromPoint(box.left + box.width * across, box.top + box.height * down);
      return top && carriers.some((node) => node.contains(top) || top.contains(node));
    });
  };
  const said = isNowhere
    ? "the page itself"
    : `${now.tagName.toLowerCase()} "${(now.getAttribute("aria-label") || now.labels?.[0]?.innerText || now.innerText || now.name || "").trim().slice(0, 60)}"`;
  const order = isNowhere ? 0 : now.compareDocumentPosition(wanted);
  return {
    is_here: now === wanted,
    is_gone: !wanted.isConnected,
    is_nowhere: isNowhere,
    is_sibling_radio: !isNowhere && now !== wanted && now.type === "radio" && wanted.type === "radio"
      && now.name === wanted.name && now.form === wanted.form,
    is_outlined: isNowhere || isInside || carriers.some(visible),
    is_covered: !isNowhere && !isSeen(),
    comes_before: Boolean(order & Node.DOCUMENT_POSITION_PRECEDING),
    place: isNowhere ? -1 : [...document.querySelectorAll("*")].indexOf(now),
    said,
  };
}
