// The few things that only a script in the browser can do. Pages call it as airouter.NAME.
(() => {
  'use strict';

  const touchPath = '/session/touch';
  const touchEvery = 60_000;
  let watcher = null;
  let lastTouch = 0;

  // The circuit and the cookie must both learn that somebody is there: the cookie is renewed by a request only.
  function used() {
    const now = Date.now();
    if (watcher === null || now - lastTouch < touchEvery) {
      return;
    }
    lastTouch = now;
    watcher.invokeMethodAsync('Used').catch(() => {});
    fetch(touchPath, { method: 'POST' }).catch(() => {});
  }

  const does = {
    reload: () => location.reload(),
    reconnect: async () => {
      // False: the server is there, but no longer knows this page.
      if (!(await Blazor.reconnect())) {
        location.reload();
      }
    },
    skip: () => document.getElementById('content')?.focus(),
  };

  document.addEventListener('click', event => does[event.target.closest?.('[data-does]')?.dataset.does]?.());
  document.addEventListener('pointerdown', used, { passive: true });
  document.addEventListener('keydown', used, { passive: true });

  window.airouter = {
    watch: reference => { watcher = reference; used(); },
    unwatch: () => { watcher = null; },

    theme: () => document.documentElement.dataset.theme,
    setTheme: theme => {
      document.cookie = `airouter.theme=${theme}; path=/; max-age=31536000; samesite=lax`;
      document.documentElement.dataset.theme = theme;
      for (const sheet of document.querySelectorAll('link[data-shade]')) {
        const shade = sheet.dataset.shade;
        sheet.media = theme === 'system' ? `(prefers-color-scheme: ${shade})` : theme === shade ? 'all' : 'not all';
      }
    },

    // The clipboard's own interface is there over https and on this machine only.
    copy: async text => {
      try {
        await navigator.clipboard.writeText(text);
        return true;
      } catch {
        const area = document.createElement('textarea');
        area.value = text;
        area.className = 'visually-hidden';
        document.body.append(area);
        area.select();
        const isCopied = document.execCommand('copy');
        area.remove();
        return isCopied;
      }
    },

    // Gives the browser a text as a file.
    download: (name, type, text) => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([text], { type }));
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    },

    focus: selector => document.querySelector(selector)?.focus(),
  };
})();
