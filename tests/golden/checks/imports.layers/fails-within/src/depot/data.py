from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from depot.api import views
