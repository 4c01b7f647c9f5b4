"""nbgrader's settings: for `make assignment`, and for its form grader where marks are by hand."""
c = get_config()  # noqa: F821  (nbgrader defines it)
c.CourseDirectory.course_id = "backprop_lab"
c.ClearSolutions.code_stub = {"python": "# your code here\nraise NotImplementedError()"}
