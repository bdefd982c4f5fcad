// Runs before the first paint: a chosen theme must not flash the other one.
try {
  const chosen = localStorage.getItem('auspex.theme');
  if (chosen === 'dark' || chosen === 'light') document.documentElement.dataset['theme'] = chosen;
} catch {
  // storage is refused in some private modes; the system's theme stands then
}
