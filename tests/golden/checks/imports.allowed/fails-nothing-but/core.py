import json
from typing import TYPE_CHECKING, Any

import msgspec.json
import os.path

if TYPE_CHECKING:
    import httpx
