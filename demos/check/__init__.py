"""`python -m demos check`: a student's own file, held against the steps of an exercise.

`engine` has the steps of the lessons `engine` and `engine_trains` and what may go wrong in them;
`student` runs a file through them, in a process of its own; `command` starts that process and
shows what came of it.
"""
