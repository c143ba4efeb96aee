// Sends the page's forms without a reload: the server answers with the same page as ever, and the
// parts that it has changed are put in place. Nothing here builds markup from what people wrote.

const form = document.getElementById("form");

async function load(url, options) {
  const answer = await fetch(url, { ...options, headers: { accept: "text/html" } });
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of fresh.querySelectorAll("[data-live]")) {
    const old = document.getElementById(part.id);
    // The status region itself stays, or screen readers would not speak its new words.
    old.replaceChildren(...part.childNodes);
  }
  return answer;
}

function say(sentence) {
  const notice = document.createElement("p");
  notice.className = "notice refused";
  notice.textContent = sentence;
  document.getElementById("status").replaceChildren(notice);
}

async function submit(target, button) {
  const body = new FormData(target, button);
  if (button) button.disabled = true;
  try {
    return await load(target.action, { method: "POST", body });
  } catch {
    say("The server can't be reached. Your text is still here: try again in a moment.");
    return null;
  } finally {
    if (button) button.disabled = false;
  }
}

document.addEventListener("submit", async (event) => {
  const target = event.target;
  if (target === form) {
    event.preventDefault();
    const answer = await submit(form, event.submitter);
    if (answer) form.elements.homepage.value = ""; // Only an example fills it in.
    if (answer?.ok) form.elements.text.value = "";
  } else if (target.matches(".decide")) {
    event.preventDefault();
    await submit(target, event.submitter);
    // The button that had the focus is gone.
    document.getElementById("moderation-title").focus({ preventScroll: true });
  }
});

document.querySelector(".samples").addEventListener("click", (event) => {
  const sample = event.target.closest("a");
  if (!sample) return;
  event.preventDefault();
  for (const field of ["name", "text", "homepage"]) {
    form.elements[field].value = sample.dataset[field];
  }
  form.querySelector("button").focus();
});

// The chat.

const lines = document.getElementById("lines");
const message = document.getElementById("message");
const state = document.getElementById("chat-state");
const rejoin = document.getElementById("rejoin");
const endings = {
  1008: "The chat has ended: too many refused messages.",
  1009: "The chat has ended: that message was too long.",
  1013: "The chat has ended: too many messages at a time.",
};
let socket;

function join() {
  socket = new WebSocket(new URL("/chat", location.href.replace(/^http/, "ws")));
  lines.replaceChildren();
  rejoin.hidden = true;
  socket.onopen = () => {
    state.textContent = "Connected. Three refused messages end the chat.";
  };
  socket.onmessage = async ({ data }) => {
    const { kind, name, text } = JSON.parse(data);
    const line = document.createElement("p");
    line.className = kind;
    if (name) {
      const by = document.createElement("b");
      by.textContent = name;
      line.append(by, " ");
    }
    line.append(text);
    lines.append(line);
    lines.scrollTop = lines.scrollHeight;
    if (socket.waiting) {
      socket.waiting = false;
      await load("/");
    }
  };
  socket.onclose = ({ code }) => {
    state.textContent = endings[code] ?? "The connection is gone.";
    rejoin.hidden = false;
  };
}

document.getElementById("say").addEventListener("submit", (event) => {
  event.preventDefault();
  if (socket.readyState !== WebSocket.OPEN) return;
  socket.waiting = true;
  socket.send(message.value);
  message.value = "";
});
rejoin.addEventListener("click", () => {
  join();
  message.focus();
});
document.getElementById("no-chat").hidden = true;
document.getElementById("chat-box").hidden = false;
join();
