// Before anything is drawn: the choice between light and dark, if one was made.
try {
  const chosen = localStorage.getItem('counterex.theme');
  if (chosen === 'light' || chosen === 'dark') {
    document.documentElement.dataset.theme = chosen;
  }
} catch {
  // Storage is switched off; the system decides.
}
