import requests.sessions as sessions
from urllib import parse, request
from http import client
import requests.exceptions, requests.exceptions_of_ours

from . import secret


def again():
    import requests.sessions
    import importlib

    return importlib.import_module("requests.adapters")
