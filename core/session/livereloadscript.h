// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace cleat::session {

/// What stands behind a page that loads again by itself. It tells the server how old its page is (by durations, so that no clock has to agree), and loads again when something has
/// changed since. On a page that shows a problem itself (data-cleat-problem) it puts no other one. All texts go in by textContent, all styles by the object model, which a
/// Content-Security-Policy lets pass.
inline constexpr std::string_view liveReloadScript = R"html(
<script>
(() => {
  const key = Symbol.for("cleat.live-reload");
  if (window[key] || !location.host) return;
  Object.defineProperty(window, key, { value: true });
  let overlay = null;
  let wait = 100;
  const hide = () => { if (overlay) overlay.remove(); overlay = null; };
  const add = (parent, tag, style, text) => {
    const element = document.createElement(tag);
    element.style.cssText = style;
    if (text !== undefined) element.textContent = text;
    parent.append(element);
    return element;
  };
  const show = ({ title, place, message }) => {
    hide();
    overlay = document.createElement("cleat-problem");
    overlay.style.cssText = "all: initial; position: fixed; inset: 0; z-index: 2147483647;";
    const root = overlay.attachShadow({ mode: "open" });
    const back = add(root, "div", "position: absolute; inset: 0; overflow: auto; background: rgba(0, 0, 0, .6); padding: 5vh 5vw; box-sizing: border-box;");
    const card = add(back, "div", "background: #1d1f23; color: #f3f3f3; border-top: 4px solid #ff6b5e; padding: 20px 24px; max-width: 900px; margin: 0 auto; font: 15px/1.5 system-ui, sans-serif;");
    card.setAttribute("role", "alert");
    const button = add(card, "button", "float: right; font: inherit; color: inherit; background: none; border: 1px solid #777; padding: 2px 12px; cursor: pointer;", "Close");
    button.onclick = hide;
    add(card, "div", "font-weight: 600; color: #ff8d83;", title);
    if (place) add(card, "div", "margin-top: 8px; font: 14px/1.5 ui-monospace, monospace;", place);
    add(card, "pre", "margin: 12px 0 0; font: 14px/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere;", message);
    add(card, "div", "margin-top: 12px; color: #aaa;", "The code from before answers until this is mended. Esc closes this.");
    document.documentElement.append(overlay);
  };
  addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  const connect = () => {
    const socket = new WebSocket((location.protocol === "https:" ? "wss://" : "ws://") + location.host + "/cdn-cgi/live-reload", "cleat-live-reload");
    socket.onopen = () => { wait = 100; socket.send("age " + Math.ceil(performance.now())); };
    socket.onmessage = ({ data }) => {
      const told = JSON.parse(data);
      if (told.type === "reload") location.reload();
      else if (told.type === "fine") hide();
      else if (told.type === "problem" && !document.documentElement.hasAttribute("data-cleat-problem")) show(told);
    };
    socket.onclose = () => { setTimeout(connect, wait); wait = Math.min(wait * 2, 5000); };
  };
  connect();
})();
</script>
)html";

} // namespace cleat::session
