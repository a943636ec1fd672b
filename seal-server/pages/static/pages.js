// The part of the pages that needs a script: a file that is dropped on the page, or chosen, is looked up by its digests. They
// are made here; nothing of the file is sent.
"use strict";

function start(drop) {
  const field = drop.querySelector("input[type=file]");
  const progress = drop.querySelector("progress");
  const status = drop.querySelector("[role=status]");
  const form = drop.querySelector("form");
  let worker = null;

  function finish(words) {
    if (worker) worker.terminate();
    worker = null;
    progress.hidden = true;
    status.textContent = words;
  }

  function lookUp(file) {
    finish("");
    progress.hidden = false;
    progress.max = file.size || 1;
    progress.value = 0;
    status.textContent = drop.dataset.busy;
    worker = new Worker("/static/digest.js");
    worker.onerror = () => finish(drop.dataset.failed);
    worker.onmessage = ({ data }) => {
      if (data.failed) finish(drop.dataset.failed);
      if (data.done) progress.value = data.done;
      if (!data.parts) return;
      finish(drop.dataset.done);
      form.elements.parts.value = data.parts.map((part) => `${part.size}:${part.digest}`).join(",");
      form.submit();
    };
    worker.postMessage(file);
  }

  field.addEventListener("change", () => field.files.length && lookUp(field.files[0]));
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  document.addEventListener("dragleave", () => drop.classList.remove("over"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (event.dataTransfer.files.length) lookUp(event.dataTransfer.files[0]);
  });
  drop.hidden = false;
}

const drop = document.querySelector(".drop");
if (drop) start(drop);
