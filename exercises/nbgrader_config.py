"""nbgrader's settings for the exercises; `make assignment` and `make grade` use them."""
c = get_config()  # noqa: F821  (nbgrader defines it)
c.CourseDirectory.course_id = "backprop_lab"
c.ExecutePreprocessor.timeout = 90               # seconds a cell; an endless one is interrupted and the rest still graded
c.ExecutePreprocessor.interrupt_on_timeout = True
c.ClearSolutions.code_stub = {"python": "# your code here\nraise NotImplementedError()"}
