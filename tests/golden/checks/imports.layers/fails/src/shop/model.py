def later():
    from . import web

    return web
