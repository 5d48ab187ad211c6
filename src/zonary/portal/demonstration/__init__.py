"""The demonstration: one fictional area with one story, made by the actions everybody uses.

``cast`` and ``figures`` are the story as data, ``steps`` tell it in order: to tell more, add a step to ``steps.STORY``.
"""
