import urllib3


def price():
    import yaml

    return yaml


def yaml_like(requests):
    return requests
