"""`page`: a circuit as one HTML file in which both passes can be stepped through, and changed."""

from viz.page.document import Page, page

__all__ = ["Page", "page"]
