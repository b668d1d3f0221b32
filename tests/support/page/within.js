// Called with controls and words: the places of those controls that the words single out.
(controls, words) => {
  const plain = (text) => (text || "").replace(/\s+/g, " ").trim();
  const known = new Map();
  const says = (node) => {
    if (!known.has(node)) {
      known.set(node, [node.innerText, node.getAttribute("aria-label"), ...(node.labels ? [...node.labels].map((label) => label.innerText) : [])]
        .some((text) => plain(text).includes(plain(words))));
    }
    return known.get(node);
  };
  const surroundings = (control) => {
    let node = control;
    while (node && !says(node)) node = node.parentElement;
    return node;
  };
  const found = controls.map(surroundings);
  return found.flatMap((node, place) =>
    node && controls.every((other, index) => index === place || !node.contains(other)) ? [place] : []);
}
