"""What is written at the end: grades.csv, a page for each student, and one for the class."""
import csv
import io
from collections import Counter
from html import escape

WORDS = {
    "en": {"title": "Exercises", "of": "of", "right": "right", "blank": "nothing here yet",
           "partly": "partly", "wrong": "not yet", "piece": "piece", "points": "points",
           "exercise": "exercise", "total": "total", "code": "your code", "remarks": "Remarks",
           "what": "what the tests say", "hand": "marked by hand"},
    "zh_TW": {"title": "練習", "of": "／", "right": "正確", "blank": "尚未作答",
              "partly": "部分正確", "wrong": "尚未通過", "piece": "小題", "points": "分數",
              "exercise": "練習", "total": "總分", "code": "你的程式", "remarks": "備註",
              "what": "測試結果", "hand": "人工評分"},
}
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46em; margin: 2em auto; padding: 0 1em;
       color: #1a1a1a; background: #fff; }
table { border-collapse: collapse; margin: 1em 0; width: 100%; }
td, th { text-align: left; padding: .3em .7em .3em 0; border-bottom: 1px solid #ccc;
         vertical-align: top; }
td { overflow-wrap: anywhere; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
pre { background: #f4f4f4; padding: .8em; overflow-x: auto; white-space: pre-wrap;
      font-size: 14px; }
.right { color: #0a5c2b; } .partly { color: #7a4d00; } .wrong, .blank { color: #a01c1c; }
.bar { background: #e4e4e4; width: 6em; max-width: 100%; height: .7em; display: inline-block; }
.bar i { background: #2a6f97; height: 100%; display: block; }
@media (max-width: 600px) { body { font-size: 13px; } td, th { padding: .3em .3em .3em 0; }
                            .bar { width: 3em; } }
"""
STATES = ["right", "partly", "wrong", "blank"]
COLUMNS = ["assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
           "raw_score", "late_submission_penalty", "score", "max_score"]


def page(title, body, language="en"):
    """A whole page without anything from elsewhere."""
    return (f'<!doctype html><html lang="{language.replace("_", "-")}"><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{escape(title)}</title><style>{STYLE}</style>{body}</html>\n")


def number(value):
    """A mark as a person writes it: 2, 1.5, 0.67."""
    return f"{round(value, 2):g}"


def table(head, rows):
    """A table; cells are HTML, numbers of columns with a leading "#" in the head stand right."""
    kinds = [' class="n"' if word.startswith("#") else "" for word in head]
    lines = ["".join(f"<th{kind}>{word.lstrip('#')}</th>" for kind, word in zip(kinds, head))]
    lines += ["".join(f"<td{kind}>{cell}</td>" for kind, cell in zip(kinds, row)) for row in rows]
    return "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"


def student_page(result, language):
    """The page for a student. result: see `grade.Result`."""
    say = WORDS[language]
    rows, details = [], []
    for piece in result.pieces:
        rows.append([escape(piece.exercise), escape(piece.name),
                     f'<span class="{piece.state}">{say[piece.state]}</span>',
                     f"{number(piece.score)} {say['of']} {number(piece.points)}"])
        if piece.texts and piece.state != "right":
            code = f"<summary>{say['code']}</summary><pre>{escape(piece.code)}</pre>"
            details.append(f"<h2>{escape(piece.name)}</h2>"
                           + (f"<details>{code}</details>" if piece.code else "")
                           + "".join(f"<pre>{escape(text)}</pre>" for text in piece.texts))
    rows += [[escape(name), say["hand"], "", f"{number(score)} {say['of']} {number(points)}"]
             for name, score, points in result.by_hand]
    rows.append(["", f"<b>{say['total']}</b>", "",
                 f"<b>{number(result.score)} {say['of']} {number(result.points)}</b>"])
    remarks = "".join(f"<li>{escape(remark)}</li>" for remark in result.remarks)
    body = (f"<h1>{say['title']}: {escape(result.student)}</h1>"
            + table([say["exercise"], say["piece"], say["what"], "#" + say["points"]], rows)
            + "".join(details) + (f"<h2>{say['remarks']}</h2><ul>{remarks}</ul>" if remarks else ""))
    return page(f"{say['title']}: {result.student}", body, language)


def bar(share):
    """A share of 1 as a bar."""
    return f'<span class="bar"><i style="width:{100 * share:.0f}%"></i></span>'


def class_page(results, sentence):
    """How many got which piece, the commonest mistakes by name, and every student's sum."""
    n = len(results)
    pieces = [(piece.exercise, piece.name) for piece in results[0].pieces] if results else []
    rows = []
    for place, (exercise, name) in enumerate(pieces):
        states = Counter(result.pieces[place].state for result in results)
        rows.append([escape(exercise), escape(name), bar(states["right"] / n),
                     *(str(states[state]) for state in STATES)])
    students = [[escape(result.student), f"{number(result.score)} of {number(result.points)}",
                 "<br>".join(map(escape, result.remarks))] for result in results]
    body = (f"<h1>The class: {n} students</h1>"
            + table(["exercise", "piece", "all points", *map("#{}".format, STATES)], rows)
            + "<h2>Commonest mistakes</h2>" + mistakes(results, sentence)
            + "<h2>Students</h2>" + table(["student", "#points", "to look at"], students))
    return page("The class", body)


def mistakes(results, sentence):
    """The causes found, by the number of students who made them, once a student and piece."""
    counts = Counter((cause, piece.name) for result in results for piece in result.pieces
                     for cause in set(piece.causes))
    if not counts:
        return "<p>None was named.</p>"
    say = lambda cause: escape(sentence(cause, "en", *["…"] * 3))        # what it counts is left open
    rows = [[f"{count} of {len(results)}", escape(name), say(cause)]
            for (cause, name), count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]
    return table(["#students", "piece", "mistake"], rows)


def grades(results):
    """The text of grades.csv: nbgrader's columns, then one for each piece, then the remarks."""
    names = [piece.name for piece in results[0].pieces] if results else []
    out = io.StringIO()
    writer = csv.DictWriter(out, [*COLUMNS, *names, "remarks"], restval="", lineterminator="\n")
    writer.writeheader()
    for result in results:
        writer.writerow({
            "assignment": result.assignment, "timestamp": result.timestamp,
            "student_id": result.student, "raw_score": number(result.score),
            "late_submission_penalty": "0", "score": number(result.score),
            "max_score": number(result.points), "remarks": "; ".join(result.remarks),
            **{piece.name: number(piece.score) for piece in result.pieces}})
    return out.getvalue()
