import requests.sessions as sessions
from urllib import parse, request
from http import client

from . import secret


def again():
    import requests.sessions
    import importlib

    return importlib.import_module("requests.adapters")
