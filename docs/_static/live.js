// Playgrounds in the book: one page in frames, in the book's language, as high as it is, light or dark as the book is.
(() => {
  const script = document.currentScript.src, book = document.documentElement;
  addEventListener("DOMContentLoaded", () => {
    const frames = [...document.querySelectorAll("iframe.live")];
    const dress = () => frames.forEach((frame) => frame.contentWindow.postMessage({ scheme: book.dataset.theme }, "*"));
    addEventListener("message", ({ data, source }) => {
      const frame = frames.find(({ contentWindow }) => contentWindow === source);
      if (!frame || !(data?.playground > 0)) return;
      if (!frame.style.height) dress();
      frame.style.height = `${Math.ceil(data.playground) + 2}px`;
    });
    new MutationObserver(dress).observe(book, { attributeFilter: ["data-theme"] });
    for (const frame of frames) frame.src = `${new URL("playground.html", script)}#lang=${book.lang}&${frame.dataset.link}`;
  });
})();
