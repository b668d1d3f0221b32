// Runs before every page: tells the driver of each click, of Enter on a control, and of each breach of the CSP.
(() => {
  const tell = (what) => window.vestibuleTestHears(what);
  // One press of a key or of the mouse can make several events (Enter clicks, a label clicks its
  // field): only the first of one turn of the event loop counts.
  let isCounted = false;
  const count = () => {
    if (isCounted) return;
    isCounted = true;
    const channel = new MessageChannel();
    channel.port1.onmessage = () => { isCounted = false; };
    channel.port2.postMessage(0);
    tell("act");
  };
  const isControl = (node) =>
    node instanceof Element && node.matches("a[href], button, input, select, summary, [role], [tabindex]");
  const listening = { capture: true, passive: true };
  addEventListener("click", (event) => { if (event.isTrusted) count(); }, listening);
  addEventListener("keydown", (event) => {
    if (event.isTrusted && event.key === "Enter" && !event.repeat && isControl(event.target)) count();
  }, listening);
  document.addEventListener("securitypolicyviolation", (event) =>
    tell(`policy: ${event.violatedDirective} refused ${event.blockedURI} in ${event.sourceFile}:${event.lineNumber}`));
})();
