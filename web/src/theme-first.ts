/** Before anything is drawn: the theme that the person chose, so that nothing flashes at night. */
const chosen = localStorage.getItem("bouncer-theme");
if (chosen === "dark" || chosen === "light") document.documentElement.dataset["theme"] = chosen;

export {};
