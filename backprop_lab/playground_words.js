// The page's words in English and in Traditional Chinese; an English sentence is its own key.

const CHINESE = {
  Play: "播放",
  Pause: "暫停",
  Epoch: "一個 epoch",
  Sample: "一個樣本",
  Layer: "一層",
  Rewind: "回到開頭",
  "New start": "換起始權重",
  Training: "訓練",
  "Train until all points are right": "訓練到所有點都分類正確",
  "Train one epoch": "訓練一個 epoch",
  "Train one sample": "訓練一個樣本",
  "The next formula of this sample, with its numbers": "這個樣本的下一條公式，代入數字",
  "Back to the same starting weights": "回到同樣的起始權重",
  "Draw other starting weights: the next seed": "用下一個亂數種子抽出別的起始權重",
  Points: "資料點",
  Set: "資料集",
  Number: "點數",
  Noise: "雜訊",
  "Held out": "保留不訓練的比例",
  "Seed of the points": "資料點的種子",
  Curve: "曲線",
  "Points as at first": "恢復原來的點",
  "XOR (report)": "XOR（實驗報告）",
  "linear (report)": "線性（實驗報告）",
  linear: "線性",
  circle: "圓",
  gauss: "兩團雲",
  spiral: "兩條螺旋",
  "above a curve": "曲線上方",
  own: "自己的點",
  Network: "網路",
  Layers: "各層寬度",
  "one unit less": "少一個單元",
  "one unit more": "多一個單元",
  "One layer more": "多一層",
  "One layer less": "少一層",
  "Layer {l}": "第 {l} 層",
  Bias: "偏權值",
  Start: "起始權重",
  Seed: "種子",
  Steps: "更新",
  "Learning rate": "學習率",
  Batch: "批次大小",
  "Epochs a picture": "每張圖的 epoch 數",
  Pace: "節奏",
  epochs: "epoch",
  "sample by sample": "逐一樣本",
  "layer by layer": "逐層",
  Show: "顯示",
  "forward: weights, surfaces": "前向：權重與曲面",
  "backward: gradients, deltas": "反向：梯度與 delta",
  Axes: "座標軸",
  "A click on the plane": "在平面上點一下",
  "adds blue": "加藍點",
  "adds red": "加紅點",
  "adds {name}": "加上 {name}",
  removes: "移除點",
  reads: "讀數值",
  Keep: "保存",
  "Save weights": "儲存權重",
  "Save points": "儲存資料點",
  "Save picture": "儲存圖片",
  "Copy link": "複製連結",
  "Read a table": "讀取表格",
  "Table of points: numbers, and a label in the last column": "資料點的表格：數字，最後一欄是標籤",
  "Take these points": "使用這些點",
  "The same run in Python": "用 Python 做同樣的訓練",
  "What am I looking at?": "這些圖是什麼？",
  Formula: "公式",
  "The plane of the points and the output over it": "資料點的平面與其上的輸出",
  "The network": "網路",
  "Learning curve": "學習曲線",
  "epochs done; the loss has a logarithmic axis": "完成的 epoch 數；損失為對數軸",
  "{n} epochs done": "完成 {n} 個 epoch",
  "{n} epochs and {s} samples done": "完成 {n} 個 epoch 與 {s} 個樣本",
  "loss {loss}": "損失 {loss}",
  "{right} of {n} points right": "{n} 個點中 {right} 個分類正確",
  "{right} of {n} held out right, loss {loss}": "保留的 {n} 個點中 {right} 個正確，損失 {loss}",
  "seed {seed}": "種子 {seed}",
  "all points are classified correctly": "所有點都已分類正確",
  "Before training: the outputs at the points lie between {low} and {high}.":
    "尚未訓練：各點的輸出介於 {low} 與 {high} 之間。",
  "All points lie on their side of the black line: training has ended by itself.":
    "所有點都在黑線正確的一側：訓練自動結束。",
  "For {n} epochs the loss has hardly changed: a plateau. It may be left suddenly.":
    "損失已有 {n} 個 epoch 幾乎不變：停滯期（plateau）。之後可能突然離開。",
  "The loss falls: from {from} at epoch {n} to {to}.":
    "損失下降：從第 {n} 個 epoch 的 {from} 到 {to}。",
  "The loss rises: from {from} at epoch {n} to {to}.":
    "損失上升：從第 {n} 個 epoch 的 {from} 到 {to}。",
  "Nothing is learned: the outputs are saturated (slope {slope}). Choose the start glorot.":
    "學不到東西：輸出都飽和（斜率 {slope}）。請選用起始權重 glorot。",
  "output {y} for {name} at ({x0}, {x1})": "{name} 在 ({x0}, {x1}) 的輸出為 {y}",
  Settings: "設定",
  "output {y} at ({x0}, {x1})": "在 ({x0}, {x1}) 的輸出為 {y}",
  "unit a{l}[{i}] gives {y} at ({x0}, {x1})": "單元 a{l}[{i}] 在 ({x0}, {x1}) 為 {y}",
  "Large: unit a{l}[{i}]. Escape shows the output again.":
    "放大：單元 a{l}[{i}]。按 Escape 回到輸出。",
  "Point at the plane to read the output. Shift and click: red. A click on a point removes it.":
    "指著平面可讀輸出。按住 Shift 再點一下，加上紅點。點一下已有的點，就會移除。",
  "Point at a line or a unit to read its number; drag a line up or down to change the weight.":
    "指著線或單元可讀數值；把線上下拖曳可改權重。",
  "Point at the curve to read it.": "指著曲線可讀數值。",
  "at sample {s}": "在第 {s} 個樣本",
  "epoch {n}: loss {loss}": "第 {n} 個 epoch：損失 {loss}",
  "held out {loss}": "保留的點，損失 {loss}",
  "only the stronger weights are drawn": "只畫較強的權重",
  "sample {s} of {n}": "第 {s} 個樣本，共 {n} 個",
  "Layer {l}, weighted input and activation": "第 {l} 層，加權輸入與活化值",
  Loss: "損失",
  "Delta of the output layer {l}": "輸出層 {l} 的 delta",
  "Delta of layer {l}": "第 {l} 層的 delta",
  "Gradient for the weights from layer {l} to {m}": "第 {l} 層到第 {m} 層權重的梯度",
  "Update of the weights from layer {l} to {m}": "第 {l} 層到第 {m} 層權重的更新",
  "red circle: target 0": "紅色圓：目標值 0",
  "blue triangle: target 1": "藍色三角：目標值 1",
  "hollow: held out": "空心：保留不訓練",
  "black line: output one half": "黑線：輸出為二分之一",
  "colour: output from 0 to 1": "顏色：輸出從 0 到 1",
  "blue line: positive weight": "藍色實線：正權重",
  "red dashes: negative weight": "紅色虛線：負權重",
  "square: a unit's output over the plane": "方格：單元在平面上的輸出",
  "line: points that learn": "實線：訓練的點",
  "dashes: points held out": "虛線：保留的點",
  "The kernel does not answer any more. This page goes on by itself, from the same weights.":
    "kernel 已沒有回應。本頁從同樣的權重自行繼續訓練。",
  "The kernel compiles this network …": "kernel 正在編譯這個網路……",
  "Training rests while nobody sees it.": "看不到這一頁時，訓練會暫停。",
  "Column {name} is left out: it counts the rows.": "不使用「{name}」欄：它是列的編號。",
  "Link copied.": "連結已複製。",
  "The link is above; it could not be copied by itself.": "連結在上方，無法自動複製。",
  "The points are too many for a link; save them as CSV.": "點太多，無法放進連結；請存成 CSV。",
  '{name}: "{typed}" was typed; expected {wanted}.': "{name}：輸入了「{typed}」；應填：{wanted}。",
  nothing: "空白",
  "whole numbers, like 2 4 4 1": "整數，例如 2 4 4 1",
  "a number": "數字",
  "a whole number, 1 or more": "1 以上的整數",
  "a whole number, 2 or more": "2 以上的整數",
  "a whole number, 0 or more": "0 以上的整數",
  "a positive number": "正數",
  "a number from 0 to 1": "0 到 1 的數字",
  "a number from 0 to 0.9": "0 到 0.9 的數字",
  "Weights or points are not from a seed alone: save the weights, then":
    "權重或點不是只由種子決定：請先儲存權重，然後執行",
  ", ": "，",
  ": ": "：",
  "At each point the output of its class is the largest: training has ended by itself.":
    "在每個點上，所屬類別的輸出都最大：訓練自動結束。",
  "Marks and colours are of {name}; point at another output for its own.":
    "記號與顏色畫的是 {name}；指著另一個輸出單元，就換成那一個。",
  "The last point stays: a network needs one to learn from.":
    "最後一個點要留著：網路至少要有一個點才能學習。",
  "In batches all but the last digits agree.": "分批時，除了最後幾位數字，其餘都相同。",
  "The sample that is under way is not in it.": "進行中的樣本不包含在內。",
  "Chinese 中文": "English",
};

const HELP = [
  [
    "Plane",
    "Each mark is a point with two numbers and a target: a red circle 0, a blue triangle 1. " +
      "The colour behind them is the network's output, the black line is where it is one half. " +
      "Training moves the line until every point is on its side.",
    "平面",
    "每個記號是一個資料點：兩個數字與一個目標值，紅色圓為 0，藍色三角為 1。" +
      "背後的顏色是網路在該處的輸出，黑線是輸出為二分之一的地方。訓練會移動黑線，直到每個點都在正確的一側。",
  ],
  [
    "Network",
    "From left to right: the inputs, hidden units, the output. A square shows one unit's output " +
      "over the whole plane. A line is a weight: blue positive, red and dashed negative, " +
      "the thicker the larger. The circle 1 is the constant that feeds a bias row.",
    "網路",
    "由左到右：輸入、隱藏單元、輸出。方格是一個單元在整個平面上的輸出。線是權重：" +
      "藍色為正，紅色虛線為負，越粗越大。寫著 1 的圓是常數，也就是偏權值那一列的輸入。",
  ],
  [
    "Backward",
    "The same network at one sample: lines are gradients ∂E/∂W, squares are deltas, " +
      "each layer with a scale of its own: above it the largest δ, below the largest ∂E/∂W.",
    "反向",
    "同一個網路在一個樣本上：線是梯度 ∂E/∂W，方格是 delta。" +
      "每一層有自己的尺度：上方是最大的 δ，下方是最大的 ∂E/∂W。",
  ],
  [
    "Learning curve",
    "The mean loss over the points after each epoch. Its axis is logarithmic: " +
      "equal steps are equal factors. Points held out have a dashed curve of their own.",
    "學習曲線",
    "每個 epoch 之後各點損失的平均。縱軸是對數的：同樣的距離代表同樣的倍數。保留的點有自己的虛線。",
  ],
  [
    "Stop",
    "After each epoch all points are asked. When all are right, training ends by itself.",
    "停止",
    "每個 epoch 之後檢查所有點；全部分類正確時，訓練自動結束。",
  ],
];

/** A function that says a sentence in this language, with values in its {braces}. */
export function speaker(language) {
  const chinese = /^zh/i.test(language);
  return (text, values = {}) => {
    const words = chinese ? (CHINESE[text] ?? text) : text;
    return fill(words, values);
  };
}

const WRONG = [
  [
    "{name} is {value}; expected a whole number from {least} to {most}",
    "{name} 是 {value}；應為 {least} 到 {most} 的整數",
  ],
  [
    "{name} is {value}; expected a number from {least} to {most}",
    "{name} 是 {value}；應為 {least} 到 {most} 的數字",
  ],
  ["{name} is {value}; expected a positive number", "{name} 是 {value}；應為正數"],
  [
    "layers is {layers}; expected {d} inputs first and {k} outputs last",
    "各層寬度是 {layers}；最前面應為 {d} 個輸入，最後應為 {k} 個輸出",
  ],
  [
    "layers is {layers}; expected {d} inputs first and {k} output last",
    "各層寬度是 {layers}；最前面應為 {d} 個輸入，最後應為 {k} 個輸出",
  ],
  [
    "training diverged by epoch {n}; rewind, and take a smaller learning rate",
    "到第 {n} 個 epoch 時，訓練已經發散；請回到開頭，改用較小的學習率",
  ],
  [
    'curve is "{text}"; expected a formula in x, like {example}',
    "曲線是「{text}」；應為 x 的公式，例如 {example}",
  ],
  ["data is {data}; expected one of {names}", "資料集是 {data}；應為 {names} 之一"],
  ["{name} is no setting of the playground", "{name} 不是這裡的設定"],
  ["points in the link are not numbers", "連結中的資料點不是數字"],
  [
    "The text is empty; expected rows of two numbers and a label.",
    "內容是空的；每一列應為兩個數字與一個標籤。",
  ],
  ["Line {line} has {n} cells; expected {m}.", "第 {line} 行有 {n} 格；應為 {m} 格。"],
  [
    'Line {line}, column {column} holds "{cell}"; expected a number.',
    "第 {line} 行第 {column} 欄是「{cell}」；應為數字。",
  ],
  [
    "The last column holds {n} labels ({some}); expected 2 to {most}.",
    "最後一欄有 {n} 種標籤（{some}）；應為 2 到 {most} 種。",
  ],
];

/** A fault in this language: the trainer, the reader of tables and the kernel say it in English. */
export function sayFault(language, text) {
  const say = speaker(language);
  for (const [english, chinese] of /^zh/i.test(language) ? WRONG : []) {
    const names = [...english.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const parts = english.split(/\{\w+\}/).map((part) => part.replace(/[().*+?^$]/g, "\\$&"));
    const found = text.match(new RegExp(`^${parts.join("(.*)")}$`, "s"));
    const values = () => Object.fromEntries(names.map((name, i) => [name, found[i + 1]]));
    if (found) return fill(chinese, values());
  }
  return say(text);
}

const fill = (words, values) =>
  words.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));

/** The parts of "What am I looking at?" as [name, sentence]. */
export function help(language) {
  return HELP.map((row) => (/^zh/i.test(language) ? row.slice(2) : row.slice(0, 2)));
}

/** Every sentence that has a Chinese twin, for the test that none is missing. */
export const sentences = () => Object.keys(CHINESE);
