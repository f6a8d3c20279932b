// The little that the pages need beyond Blazor: the reader's time zone, keys, the unread count in the title, and one click on Send.
(() => {
  "use strict";

  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone)
    document.cookie = `tz=${zone}; path=/; max-age=31536000; samesite=lax`;

  const isTyping = target => target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && target.type !== "checkbox");

  const moveBy = step => {
    const rows = [...document.querySelectorAll("[data-list] .row-link, [data-list] [data-row]")];
    if (rows.length === 0)
      return;
    const focused = rows.indexOf(document.activeElement);
    const at = focused >= 0 ? focused : rows.findIndex(row => row.getAttribute("aria-current") === "true");
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey))
        document.querySelector("[data-send]")?.click();
      return;
    }
    if (isTyping(event.target)) {
      if (event.key === "Escape")
        event.target.blur();
      return;
    }
    if (event.key === "j" || event.key === "k") {
      moveBy(event.key === "j" ? 1 : -1);
      event.preventDefault();
      return;
    }
    if (event.key === "Escape") {
      closeMenus();
      return;
    }
    const control = [...document.querySelectorAll("[data-key]")].find(element => element.dataset.key === event.key);
    if (!control)
      return;
    event.preventDefault();
    if (control instanceof HTMLInputElement)
      control.select();
    else
      control.click();
  });

  const closeMenus = except => {
    for (const menu of document.querySelectorAll("details.account[open]"))
      if (menu !== except)
        menu.open = false;
    if (document.body.classList.contains("menu-open"))
      toggleMenu(false);
  };

  const toggleMenu = open => {
    document.body.classList.toggle("menu-open", open);
    document.querySelector("[data-toggle=menu]")?.setAttribute("aria-expanded", String(open));
  };

  document.addEventListener("click", event => {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("[data-toggle=menu]")) {
      toggleMenu(!document.body.classList.contains("menu-open"));
      return;
    }
    if (target && !target.closest("details.account"))
      closeMenus();
    // Where a picture's arrow leads, the protocol lines are what one came for.
    const step = target?.closest("a.mark");
    if (step)
      document.getElementById(step.getAttribute("href").split("#")[1])?.querySelector("details.dialogue")?.setAttribute("open", "");
  });

  // The draft's id makes a second click harmless; this only says that the first was heard.
  document.addEventListener("submit", event => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches("[data-compose]"))
      return;
    form.setAttribute("aria-busy", "true");
    setTimeout(() => form.querySelectorAll("button").forEach(button => { button.disabled = true; }), 0);
  });

  const showFiles = () => {
    const input = document.querySelector("#attachment");
    if (!(input instanceof HTMLInputElement))
      return;
    const label = document.querySelector("label[for=attachment] span");
    const count = input.files?.length ?? 0;
    if (label)
      label.textContent = count === 0 ? "Attach files" : count === 1 ? input.files[0].name : `${count} files chosen`;
  };
  document.addEventListener("change", event => {
    if (event.target instanceof HTMLInputElement && event.target.id === "attachment")
      showFiles();
  });
  document.addEventListener("drop", event => {
    const input = document.querySelector("#attachment");
    if (!(input instanceof HTMLInputElement) || !event.dataTransfer?.files.length)
      return;
    event.preventDefault();
    input.files = event.dataTransfer.files;
    showFiles();
  });
  document.addEventListener("dragover", event => {
    if (document.querySelector("#attachment") && event.dataTransfer?.types.includes("Files"))
      event.preventDefault();
  });

  // A server that was restarted does not know this page's circuit any more.
  document.addEventListener("components-reconnect-state-changed", event => {
    if (event.detail?.state === "rejected" || event.detail?.state === "failed")
      location.reload();
  }, true);

  globalThis.mailsuite = {
    // Whether a message from the server stands on the screen; the drawing may be some moments behind.
    async isShown(id) {
      for (let tries = 0; tries < 40; tries++) {
        if (document.getElementById(id))
          return true;
        await new Promise(resolve => setTimeout(resolve, 50));
      }
      return false;
    },
    showUnread(count) {
      const bare = document.title.replace(/^\(\d+\) /, "");
      const title = count > 0 ? `(${count}) ${bare}` : bare;
      if (document.title !== title)
        document.title = title;
    },
  };
})();
