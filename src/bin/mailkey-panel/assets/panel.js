// What makes the panel more comfortable. Every page works without it.
"use strict";

document.documentElement.classList.add("scripted");

// The text of a button for a moment, read out by screen readers (aria-live).
function say(button, text) {
  const label = button.querySelector("[aria-live]");
  button.dataset.label ??= label.textContent;
  label.textContent = text;
  clearTimeout(button.sayTimer);
  button.sayTimer = setTimeout(() => { label.textContent = button.dataset.label; }, 2500);
}

// What an element shows as text: a list line by line, everything else without gaps.
function textOf(element) {
  const lines = element.querySelectorAll("li");
  return lines.length > 0 ? Array.from(lines, (line) => line.textContent.trim()).join("\n") : element.textContent.trim();
}

async function copy(button) {
  const element = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(textOf(element));
    say(button, button.dataset.done);
  } catch {
    getSelection().selectAllChildren(element);
    say(button, button.dataset.failed);
  }
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", () => copy(button));
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => print());
}

// A button beside each password that shows it.
for (const input of document.querySelectorAll("input[type=password]")) {
  const button = document.createElement("button");
  const show = (shown) => {
    input.type = shown ? "text" : "password";
    button.textContent = shown ? input.dataset.hide : input.dataset.show;
    button.setAttribute("aria-label", shown ? input.dataset.hideLabel : input.dataset.showLabel);
  };
  button.type = "button";
  button.setAttribute("aria-controls", input.id);
  button.addEventListener("click", () => show(input.type === "password"));
  show(false);
  input.after(button);
  // Sent as a password, so that the browser offers to keep it and forms remember nothing.
  input.form.addEventListener("submit", () => show(false));
}

// A date chooses "up to a day".
for (const input of document.querySelectorAll("[data-chooses]")) {
  input.addEventListener("input", () => { document.getElementById(input.dataset.chooses).checked = true; });
}

// A second click sends nothing.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    form.querySelector("button[type=submit]").setAttribute("aria-busy", "true");
  });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("button[type=submit]").removeAttribute("aria-busy");
  }
});

// Times in the visitor's time zone and, where the browser speaks the language of the page, in its form.
const pageLanguage = document.documentElement.lang;
const spoken = (tag) => tag.split("-")[0];
const own = navigator.languages.find((tag) => spoken(tag) === spoken(pageLanguage)) ?? pageLanguage;
const formats = {
  date: new Intl.DateTimeFormat(own, { dateStyle: "medium" }),
  minute: new Intl.DateTimeFormat(own, { dateStyle: "medium", timeStyle: "short" }),
};
for (const element of document.querySelectorAll("time[data-show]")) {
  const time = new Date(element.dateTime);
  if (element.dataset.show === "title") {
    element.title = formats.minute.format(time);
  } else {
    element.textContent = formats[element.dataset.show].format(time);
  }
}
