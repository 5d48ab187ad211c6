"""To be imported is all it is for: it loads what a worker answers with, in the process that workers are forked off.

Nothing is opened here: no database, no key, no thread. A setting that cannot be used is told by the worker itself.
"""

from __future__ import annotations

import gc
import os
from importlib import import_module

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zonary.config.settings")

import django

gc.disable()  # what is made here stays: looking for cycles in it would take a tenth of the time
django.setup()
for _module in ("zonary.config.application", "zonary.config.listener", "zonary.config.urls"):
    import_module(_module)

# The collector would write to every page of what was loaded, and each worker would have its own copy.
gc.collect()
gc.freeze()
gc.enable()
