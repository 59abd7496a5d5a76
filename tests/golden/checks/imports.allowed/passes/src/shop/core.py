from __future__ import annotations

import json
import urllib.parse
from typing import TYPE_CHECKING
from urllib import parse
from urllib.parse import quote

import msgspec

from . import prices
from .prices import price
from shop.prices import price as again

if TYPE_CHECKING:
    import requests
