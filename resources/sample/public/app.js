const list = document.querySelector("#tasks");
const count = document.querySelector("#count");
const problem = document.querySelector("#problem");
const form = document.querySelector("#add");

let tasks = [];

async function call(method, path, body) {
  const response = await fetch(`api/tasks${path}`, {
    method,
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body ? JSON.stringify(body) : undefined,
  });
  if (response.status === 204) return null;
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `The server answered ${response.status}.`);
  return answer;
}

// Does something, then shows the list as it is now; a failure is shown below it.
async function act(action) {
  problem.hidden = true;
  try {
    await action();
  } catch (error) {
    problem.textContent = error.message;
    problem.hidden = false;
  }
  show();
}

function element(name, properties, ...children) {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
}

function row(task) {
  const box = element("input", { type: "checkbox", checked: task.done });
  box.addEventListener("change", () => act(async () => {
    Object.assign(task, await call("PATCH", `/${task.id}`, { done: box.checked }));
  }));
  const remove = element("button", { type: "button", title: "Delete", textContent: "\u2715" });
  remove.setAttribute("aria-label", `Delete ${task.title}`);
  remove.addEventListener("click", () => act(async () => {
    await call("DELETE", `/${task.id}`);
    tasks = tasks.filter((other) => other !== task);
  }));
  const label = element("label", {}, box, element("span", { textContent: task.title }));
  return element("li", { className: task.done ? "done" : "" }, label, remove);
}

function show() {
  list.replaceChildren(...tasks.map(row));
  const open = tasks.filter((task) => !task.done).length;
  count.textContent = tasks.length === 0 ? "Nothing yet" : `${open} of ${tasks.length} to do`;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const title = new FormData(form).get("title").trim();
  if (!title) return;
  act(async () => {
    tasks.push(await call("POST", "", { title }));
    form.reset();
  });
});

act(async () => {
  tasks = await call("GET", "");
});
