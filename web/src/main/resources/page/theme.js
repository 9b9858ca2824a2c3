// Applies a saved theme before the page is drawn.
try {
  const chosen = localStorage.getItem('counterex.theme');
  if (chosen === 'light' || chosen === 'dark') {
    document.documentElement.dataset.theme = chosen;
  }
} catch {
  // Storage is disabled; the system setting applies.
}
