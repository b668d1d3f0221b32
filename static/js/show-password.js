// Shows what is typed in a password field while the button is pressed in; without it the field stays as it is.
"use strict";

for (const line of document.querySelectorAll("[data-password]")) {
  const input = line.querySelector("input");
  const button = line.querySelector("button");
  button.hidden = false;
  button.addEventListener("click", () => {
    const isShown = input.type === "text";
    input.type = isShown ? "password" : "text";
    button.firstElementChild.textContent = isShown ? button.dataset.show : button.dataset.hide;
  });
  // What a browser remembers of text fields would hold the password in clear.
  input.form?.addEventListener("submit", () => { input.type = "password"; });
}
