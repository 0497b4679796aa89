// Tells the page whether somebody can see it.
export function watch(page) {
  const tell = () => page.invokeMethodAsync('Shown', !document.hidden);
  document.addEventListener('visibilitychange', tell);
  if (document.hidden) {
    tell();
  }
  return { stop: () => document.removeEventListener('visibilitychange', tell) };
}
