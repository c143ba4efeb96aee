// Sends the page's forms without a reload: the server answers with the same page as ever, and the
// parts that it has changed are put in place. Nothing here builds markup from what people wrote.

const form = document.getElementById("form");
const status = document.getElementById("status");

async function load(parts, url, options) {
  const answer = await fetch(url, options);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of parts) {
    // The status region itself stays, or screen readers would not speak its new words.
    document.getElementById(part).replaceChildren(...fresh.getElementById(part).childNodes);
  }
  return answer;
}

function say(sentence) {
  const notice = document.createElement("p");
  notice.className = "notice refused";
  notice.textContent = sentence;
  status.replaceChildren(notice);
}

async function submit(target, button, parts) {
  if (target.ariaBusy) return null;
  target.ariaBusy = "true"; // A disabled button would lose the focus.
  try {
    const body = new FormData(target, button);
    return await load(parts, target.action, { method: "POST", body });
  } catch {
    // No network, or an answer that is no page.
    say("That did not work. Nothing is lost: try again in a moment.");
    return null;
  } finally {
    target.ariaBusy = null;
  }
}

document.addEventListener("submit", async (event) => {
  const target = event.target;
  if (target === form) {
    event.preventDefault();
    const answer = await submit(form, event.submitter, ["status", "comments", "moderation"]);
    status.scrollIntoView({ block: "nearest" });
    if (answer) form.elements.homepage.value = ""; // Only an example fills it in.
    if (answer?.ok) form.elements.text.value = "";
  } else if (target.matches(".decide")) {
    event.preventDefault();
    await submit(target, event.submitter, ["comments", "moderation"]);
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
      await load(["moderation"], "/");
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
