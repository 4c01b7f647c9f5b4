// Tables that come in; weights, points, pictures and links that go out.

import { readPoints, writePoints } from "./playground_points.js";
import { weightsFile } from "./playground_trainer.js";
import { download, onePicture } from "./playground_controls.js";
import { sayFault } from "./playground_words.js";
import { writeAddress } from "./playground_messages.js";
import { Hands } from "./playground_hands.js";

/** The page's way to files and links. */
export class Files extends Hands {
  acceptFiles() {
    this.root.ondragover = (event) => event.preventDefault();
    this.root.ondrop = async (event) => {
      event.preventDefault();
      const file = event.dataTransfer.files[0];
      this.takeTable(file ? await file.text() : event.dataTransfer.getData("text"));
    };
  }

  takeTable(text) {
    try {
      const { X, T, names, labels, leftOut } = readPoints(text);
      Object.assign(this.options, { names, classes: labels, scale: undefined });
      this.nodes.axes.replaceChildren();
      this.act({ do: "load", X, T });
      this.nodes.notice.textContent = leftOut
        ? this.say("Column {name} is left out: it counts the rows.", { name: leftOut })
        : "";
    } catch (error) {
      this.alert(sayFault(this.language, error.message));
    }
  }

  saveWeights() {
    const { trainer } = this.connection;
    if (!trainer) this.ask({ do: "export" });
    else download("network.safetensors", weightsFile(trainer, this.about));
  }

  savePoints() {
    const { X, T } = this.state,
      rows = X.map((x) => x.map((value, i) => this.unscaled(value, i)));
    const text = writePoints(rows, T, this.about);
    download("points.csv", new Blob([text], { type: "text/csv" }));
  }

  savePicture() {
    const style = getComputedStyle(this.root),
      background = style.backgroundColor;
    const clear = /rgba\(0, 0, 0, 0\)|transparent/.test(background);
    const picture = onePicture(
      [this.plane, this.graph, this.curve],
      this.nodes.status.textContent,
      clear ? (style.colorScheme === "dark" ? "#111111" : "#ffffff") : background,
      style.color,
    );
    picture.toBlob((blob) => download("playground.png", blob));
  }

  address() {
    const { hide, question } = this.options;
    const more = {
      view: this.backward ? "backward" : "",
      hide: (hide ?? []).join(","),
      question: question ?? "",
      lang: this.language,
      at: this.options.at ?? "",
    };
    return writeAddress(this.state, more, this.options.own ?? null);
  }

  writeAddress() {
    if (!this.options.address || !this.state || this.goal) return;
    if (this.options.at && !this.acted) return; // of several playgrounds the one that is used
    try {
      history.replaceState(null, "", this.address().text);
    } catch {
      // a frame without an address of its own; the link can be copied all the same
    }
  }

  async copyLink() {
    const { text, whole } = this.address();
    const link = location.href.replace(/#.*/, "") + text;
    Object.assign(this.nodes.link, { value: link, hidden: false });
    this.nodes.link.select();
    let copied = true;
    try {
      await navigator.clipboard.writeText(link);
    } catch {
      copied = false;
    }
    const told = copied ? "Link copied." : "The link is above; it could not be copied by itself.";
    this.nodes.notice.textContent = whole
      ? this.say(told)
      : this.say("The points are too many for a link; save them as CSV.");
  }
}
