"""``adhere serve``: the latest report, its pages, health and numbers over HTTP."""
