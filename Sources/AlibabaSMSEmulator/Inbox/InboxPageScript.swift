/// The script of the inbox page.
///
/// What came from outside is put into the page as text only, never as markup.
enum InboxPageScript {
    static let javaScript = #"""
        "use strict";
        const list = document.getElementById("messages");
        const empty = document.getElementById("empty");
        const count = document.getElementById("count");
        const state = document.getElementById("state");
        const row = document.getElementById("row");
        let shown = "";
        document.getElementById("hint").textContent = "endpoint  " + location.origin;

        const masked = (number) => number.slice(0, 3) + "••••" + number.slice(-2);

        async function copy(text, button) {
          try { await navigator.clipboard.writeText(text); button.textContent = "Copied"; }
          catch { button.textContent = "Select and copy by hand"; }
          setTimeout(() => { button.textContent = "Copy"; }, 1500);
        }

        function render(message) {
          const item = row.content.cloneNode(true).firstElementChild;
          const part = (name) => item.querySelector(name);
          const to = part(".to");
          to.textContent = masked(message.to);
          to.setAttribute("aria-pressed", "false");
          to.addEventListener("click", () => {
            const open = to.getAttribute("aria-pressed") === "true";
            to.textContent = open ? masked(message.to) : message.to;
            to.setAttribute("aria-pressed", String(!open));
          });
          part(".from").textContent = message.from ? "from " + message.from : "";
          part(".type").textContent = message.type || "";
          part(".type").hidden = !message.type;
          const time = part("time");
          time.dateTime = message.receivedAt;
          time.textContent = new Date(message.receivedAt).toLocaleTimeString();
          const parts = message.segments === 1 ? "1 part" : message.segments + " parts";
          part(".segments").textContent = parts + " · " + (message.encoding === "gsm7" ? "GSM-7" : "UCS-2");
          part(".text").textContent = message.text;
          part(".codes").hidden = !message.code;
          part(".code").textContent = message.code || "";
          const button = part(".copy");
          button.addEventListener("click", () => copy(message.code, button));
          return item;
        }

        function show(messages) {
          const key = messages.map((message) => message.id).join();
          if (key !== shown) { list.replaceChildren(...messages.map(render)); shown = key; }
          empty.hidden = messages.length > 0;
          count.textContent = messages.length === 0 ? "" : messages.length === 1 ? "1 message" : messages.length + " messages";
        }

        async function poll() {
          try {
            const answer = await fetch("/api/v1/messages?limit=200", { cache: "no-store" });
            if (!answer.ok) throw new Error(answer.status);
            show(await answer.json());
            state.textContent = "live";
            state.className = "state live";
          } catch {
            state.textContent = "emulator not reachable";
            state.className = "state lost";
          }
          setTimeout(poll, document.hidden ? 5000 : 1000);
        }

        document.getElementById("clear").addEventListener("click", async () => {
          await fetch("/api/v1/messages", { method: "DELETE" });
          show([]);
        });
        poll();
        """#
}
