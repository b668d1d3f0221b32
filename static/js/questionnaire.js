// Shows the parts of a questionnaire that depend on answers on the same page, as soon as they are asked.
// Without it the server shows them on the next step.
"use strict";

function answersOf(form, name) {
  const found = [];
  for (const control of form.querySelectorAll(`[name="${CSS.escape(name)}"], [name="${CSS.escape(name)}.own"]`)) {
    if (control.closest("[data-when][hidden]")) continue;
    const isButton = control.type === "radio" || control.type === "checkbox";
    if (control.value && (!isButton || control.checked)) found.push(control.value.trim());
  }
  return found;
}

function isNumber(text) {
  return text !== "" && !Number.isNaN(Number(text));
}

function compares(answer, is, to) {
  const areNumbers = isNumber(answer.replace(",", ".")) && isNumber(to);
  const one = areNumbers ? Number(answer.replace(",", ".")) : answer;
  const other = areNumbers ? Number(to) : to.slice(0, is === "=" ? undefined : answer.length);
  if (is === "=") return one === other || (!areNumbers && to.startsWith(answer) && /^\d\d:\d\d$/.test(answer));
  if (is === ">") return one > other;
  if (is === "<") return one < other;
  return is === ">=" ? one >= other : one <= other;
}

function isMet(form, told) {
  if (typeof told === "boolean") return told;
  const answers = answersOf(form, told.name);
  if ("exists" in told) return told.exists === (answers.length > 0);
  const fits = answers.some((answer) =>
    told.keys ? told.keys.includes(answer) : compares(answer, told.is, told.to),
  );
  return fits !== told.none;
}

function look(form) {
  const parts = [...form.querySelectorAll("[data-when]")];
  // What comes up can bring up more; a circle was refused when the form came in.
  for (let round = 0; round <= parts.length; round += 1) {
    let hasChanged = false;
    for (const part of parts) {
      const { any, of } = JSON.parse(part.dataset.when);
      const isAsked = any ? of.some((told) => isMet(form, told)) : of.every((told) => isMet(form, told));
      if (part.hidden === isAsked) {
        part.hidden = !isAsked;
        hasChanged = true;
      }
    }
    if (!hasChanged) return;
  }
}

function begin(root) {
  for (const box of root.querySelectorAll("[data-questionnaire]")) {
    const form = box.closest("form");
    if (!form) continue;
    // So that the server asks for what came up at once, and need not show the page again.
    box.querySelector("[name=live]").value = "1";
    form.addEventListener("input", () => look(form));
    form.addEventListener("change", () => look(form));
    look(form);
  }
}

document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) begin(event.detail.elt);
});
begin(document);
