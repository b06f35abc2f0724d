// Completes names after an @ while a comment is typed. Without it people write the whole name.
const WAIT = 150;

export function start(root) {
  enhance(root);
}

export function enhance(root) {
  for (const form of root.querySelectorAll("form[data-mentions]")) {
    for (const area of form.querySelectorAll("textarea")) complete(area, form.dataset.mentions);
  }
}

function complete(area, address) {
  if (area.dataset.completes) return;
  area.dataset.completes = "yes";
  const list = document.createElement("ul");
  list.className = "names";
  list.id = `${area.id}-names`;
  list.setAttribute("role", "listbox");
  list.hidden = true;
  area.after(list);
  // a text of several lines may not be a combobox: it stays a text field with a list, and says when names come
  const said = document.createElement("span");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  list.after(said);
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-haspopup", "listbox");
  area.setAttribute("aria-controls", list.id);
  let timer, asked = 0, chosen = -1;

  const close = () => {
    list.hidden = true;
    list.replaceChildren();
    said.textContent = "";
    chosen = -1;
    area.removeAttribute("aria-activedescendant");
  };
  const options = () => [...list.children];
  const choose = (index) => {
    chosen = (index + options().length) % options().length;
    options().forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
    area.setAttribute("aria-activedescendant", options()[chosen].id);
  };
  const take = (option) => {
    const begun = begunName(area);
    if (begun) area.setRangeText(`@${option.dataset.write} `, begun.at, area.selectionStart, "end");
    close();
    area.focus();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const show = (people) => {
    const same = (name) => people.filter((one) => one.name === name).length > 1;
    list.replaceChildren(
      ...people.map((one, index) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${index}`;
        option.setAttribute("role", "option");
        // two of one name are told apart by their address
        option.dataset.write = same(one.name) ? one.email : one.name;
        const name = document.createElement("strong");
        name.textContent = one.name;
        const email = document.createElement("span");
        email.className = "muted small";
        email.textContent = one.email;
        option.append(name, " ", email);
        option.addEventListener("mousedown", (event) => {
          event.preventDefault();
          take(option);
        });
        return option;
      }),
    );
    list.hidden = people.length === 0;
    said.textContent = people.length ? document.getElementById("names-text").content.textContent : "";
    if (people.length) choose(0);
  };
  const ask = async () => {
    const begun = begunName(area);
    if (!begun) return close();
    const mine = ++asked;
    const response = await fetch(`${address}?q=${encodeURIComponent(begun.word)}`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!response?.ok || mine !== asked) return;
    const { people } = await response.json();
    if (mine === asked && begunName(area)) show(people);
  };

  area.addEventListener("input", () => {
    clearTimeout(timer);
    if (!begunName(area)) return close();
    timer = setTimeout(ask, WAIT);
  });
  area.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Enter" || event.key === "Tab") take(options()[chosen]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  area.addEventListener("blur", close);
}

// The name being written before the caret: an @ that begins a word, and at most two words after it.
function begunName(area) {
  const before = area.value.slice(0, area.selectionStart);
  const found = /(?:^|[^\w@.])@([\p{L}][\p{L}\p{N}'’.-]*(?: [\p{L}\p{N}'’.-]*)?)?$/u.exec(before);
  if (!found) return null;
  const word = found[1] ?? "";
  return { word, at: before.length - word.length - 1 };
}
